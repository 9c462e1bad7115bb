import { useMemo } from "react";
import type { TicketView } from "@/gql/types";
import { navigate, useOwnSearch } from "@/lib/location";

export const VIEWS = [
  "ASSIGNED_TO_ME",
  "UNASSIGNED",
  "OVERDUE",
  "OPEN",
  "RETURNS",
  "REPAIRS",
  "PARTS",
  "PENDING",
  "SOLVED",
  "SPAM",
  "ALL",
] as const satisfies TicketView[];

const isView = (value: string): value is (typeof VIEWS)[number] =>
  (VIEWS as readonly string[]).includes(value);

export interface Place {
  view: TicketView;
  search: string;
  ticket: number | undefined;
}

/** `/inbox/tickets/4021?view=overdue&q=zipper` */
export function placePath({ view, search, ticket }: Place): string {
  const params = new URLSearchParams();
  if (view !== "OPEN") {
    params.set("view", view.toLowerCase());
  }
  if (search !== "") {
    params.set("q", search);
  }
  const query = params.toString();
  return `/inbox${ticket === undefined ? "" : `/tickets/${ticket}`}${query === "" ? "" : `?${query}`}`;
}

/** Where in the inbox we are, and how to go elsewhere in it. */
export function usePlace(ticket: number | undefined): [Place, (to: Partial<Place>) => void] {
  const own = useOwnSearch();
  const place = useMemo(() => {
    const params = new URLSearchParams(own);
    const view = (params.get("view") ?? "open").toUpperCase();
    return { view: isView(view) ? view : ("OPEN" as const), search: params.get("q") ?? "", ticket };
  }, [own, ticket]);
  return [place, (to) => navigate(placePath({ ...place, ...to }))];
}
