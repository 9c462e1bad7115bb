import type { InboxColumn } from "@/gql/types";
import type { MessageId } from "@/lib/intl";

/** What a wide list may show, in the order in which it is offered, each with the room that it takes. */
export const COLUMNS = {
  NUMBER: "80px",
  CUSTOMER: "minmax(120px, 1fr)",
  SUBJECT: "minmax(200px, 3fr)",
  STATE: "132px",
  PRIORITY: "88px",
  ASSIGNEE: "minmax(96px, 1fr)",
  TEAM: "minmax(96px, 1fr)",
  TAGS: "minmax(120px, 1.5fr)",
  CASE: "112px",
  CHANNEL: "104px",
  ORDER: "96px",
  LANGUAGE: "88px",
  DUE: "148px",
  CREATED: "72px",
  UPDATED: "72px",
} as const satisfies Record<InboxColumn, string>;

export const EVERY_COLUMN = Object.keys(COLUMNS) as InboxColumn[];

/** What no row of the usual list knows. */
const BESIDE = new Set<InboxColumn>(["PRIORITY", "TEAM", "TAGS", "ORDER", "CREATED"]);

export const needsCells = (columns: readonly InboxColumn[]): boolean =>
  columns.some((one) => BESIDE.has(one));

/** The mark of a chosen row comes first. */
export const gridOf = (columns: readonly InboxColumn[]): string =>
  ["24px", ...columns.map((one) => COLUMNS[one])].join(" ");

export const columnLabel = (column: InboxColumn): MessageId => `inbox.column.${column}`;
