import type { NoticeKind } from "@/gql/types";

/** What somebody may be told, in the order in which people care. */
export const KINDS: readonly NoticeKind[] = [
  "MENTION",
  "ASSIGNED",
  "REPLIED",
  "DUE_SOON",
  "BREACHED",
  "CALL_BACK",
  "RULE",
];
