import type { Room, ViewerPartsFragment } from "@/gql/types";
import { useCached } from "./cached";
import { keys } from "./query-keys";

interface Need {
  /** What the person's role has to open. */
  room: Room;
  /** One of Saleor's permissions, as the service asks for it. */
  anyOf: readonly string[];
}

const ORDERS = ["MANAGE_ORDERS"];

/** Who may open which pages; a page stands for all that lie under it, and what is not named is for everybody. */
const NEEDS: Readonly<Record<string, Need>> = {
  "/inbox": { room: "DESK", anyOf: ORDERS },
  "/inbox/calls": { room: "OFFICE", anyOf: ORDERS },
  "/inbox/mails": { room: "OFFICE", anyOf: ORDERS },
  "/returns": { room: "CASES", anyOf: ORDERS },
  "/withdrawals": { room: "CASES", anyOf: ORDERS },
  "/repairs": { room: "CASES", anyOf: ORDERS },
  "/parts": { room: "CASES", anyOf: ORDERS },
  "/packing": { room: "DOCK", anyOf: ORDERS },
  "/receiving": { room: "DOCK", anyOf: ["MANAGE_PRODUCTS", "MANAGE_ORDERS"] },
  "/settings": { room: "OFFICE", anyOf: ORDERS },
  "/settings/channels": { room: "OFFICE", anyOf: ORDERS },
  "/settings/service-levels": { room: "OFFICE", anyOf: ORDERS },
  "/settings/satisfaction": { room: "OFFICE", anyOf: ORDERS },
  "/settings/contacts": { room: "OFFICE", anyOf: ORDERS },
  "/settings/replies": { room: "DESK", anyOf: ORDERS },
  "/settings/macros": { room: "OFFICE", anyOf: ORDERS },
  "/settings/writing": { room: "DESK", anyOf: ORDERS },
  "/settings/team": { room: "LEADERS", anyOf: ["MANAGE_SETTINGS"] },
  "/settings/rules": { room: "OFFICE", anyOf: ORDERS },
  "/settings/marks": { room: "OFFICE", anyOf: ORDERS },
  "/settings/policies": { room: "OFFICE", anyOf: ORDERS },
  "/settings/reasons": { room: "OFFICE", anyOf: ORDERS },
  "/settings/labels": { room: "DOCK", anyOf: ORDERS },
  "/settings/words": { room: "OFFICE", anyOf: ORDERS },
};
/** Everybody's, though they lie under a page that is not. */
const EVERYBODYS = new Set(["/settings/notices"]);

/** The nearest page at or above an address of which is known who may open it. */
function needOf(path: string): Need | undefined {
  for (let at = path; at !== ""; at = at.slice(0, at.lastIndexOf("/"))) {
    const need = NEEDS[at];
    if (need !== undefined || EVERYBODYS.has(at)) {
      return need;
    }
  }
  return undefined;
}

/** Whether somebody may open what stands at an address of ours. */
export function isOpen(href: string, viewer: Pick<ViewerPartsFragment, "rooms" | "permissions">): boolean {
  const need = needOf(href.replace(/[?#].*$/, ""));
  return (
    need === undefined ||
    (viewer.rooms.includes(need.room) && need.anyOf.some((one) => viewer.permissions.includes(one)))
  );
}

/** Which pages to offer to the person; all of them until it is known who they are. */
export function useOpen(): (href: string) => boolean {
  const viewer = useCached<ViewerPartsFragment>(keys.viewer);
  return (href) => viewer === undefined || isOpen(href, viewer);
}

/** The same for links: everybody has settings of their own, and their address leads to the first that is open. */
export function useOffered(): (href: string) => boolean {
  const open = useOpen();
  return (href) => href === "/settings" || open(href);
}
