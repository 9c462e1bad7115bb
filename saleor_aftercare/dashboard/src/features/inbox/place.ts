import { useMemo } from "react";
import type { TicketOrder, TicketView } from "@/gql/types";
import { navigate, useOwnSearch } from "@/lib/location";

/** The lists that every shop has, in the order of the column. */
export const VIEWS = [
  "ASSIGNED_TO_ME",
  "MENTIONED",
  "UNASSIGNED",
  "OVERDUE",
  "NEW",
  "OPEN",
  "PENDING",
  "WAITING",
  "SNOOZED",
  "RETURNS",
  "REPAIRS",
  "PARTS",
  "EMAIL",
  "CHAT",
  "PHONE",
  "LINE",
  "SOLVED",
  "SPAM",
  "ALL",
] as const satisfies TicketView[];

export const ORDERS = ["NEWEST", "OLDEST", "BREACH", "PRIORITY"] as const satisfies TicketOrder[];

const oneOf = <One extends string>(all: readonly One[], value: string | null): One | undefined =>
  all.find((one) => one === value?.toUpperCase());

/** A list: one that every shop has or, with its id, a saved one; narrowed by a search, in an order of one's own. */
export interface ListPlace {
  view: TicketView;
  saved?: string | undefined;
  search: string;
  order?: TicketOrder | undefined;
  /** The search goes through all messages, however long that takes. */
  thorough?: boolean | undefined;
}

export interface Place extends ListPlace {
  ticket: number | undefined;
}

/** What the address of a list says when nothing else is chosen. */
export const inView = (view: TicketView, saved?: string): ListPlace => ({
  view,
  saved,
  search: "",
  order: undefined,
  thorough: undefined,
});

/** `/inbox/tickets/4021?view=overdue&q=zipper` */
export function placePath({ view, saved, search, order, thorough, ticket }: Place): string {
  const params = new URLSearchParams();
  if (saved !== undefined) {
    params.set("saved", saved);
  } else if (view !== "OPEN") {
    params.set("view", view.toLowerCase());
  }
  if (search !== "") {
    params.set("q", search);
    if (thorough) {
      params.set("all", "1");
    }
  }
  if (order !== undefined) {
    params.set("order", order.toLowerCase());
  }
  const query = params.toString();
  return `/inbox${ticket === undefined ? "" : `/tickets/${ticket}`}${query === "" ? "" : `?${query}`}`;
}

/** Where in the inbox we are, and how to go elsewhere in it. */
export function usePlace(ticket: number | undefined): [Place, (to: Partial<Place>) => void] {
  const own = useOwnSearch();
  const place = useMemo((): Place => {
    const params = new URLSearchParams(own);
    return {
      view: oneOf(VIEWS, params.get("view")) ?? "OPEN",
      saved: params.get("saved") ?? undefined,
      search: params.get("q") ?? "",
      order: oneOf(ORDERS, params.get("order")),
      thorough: params.has("all"),
      ticket,
    };
  }, [own, ticket]);
  return [place, (to) => navigate(placePath({ ...place, ...to }))];
}

/** What tells one list from another, for the cache. */
export const listKey = ({ view, saved, search, order, thorough }: ListPlace): [string, string, string] => [
  saved ?? view,
  search,
  `${order ?? ""}${thorough ? " all" : ""}`,
];
