import type { TicketDetailFragment } from "@/gql/types";
import type { Command } from "@/lib/commands";
import type { MessageId } from "@/lib/intl";
import type { TicketAction } from "./data";

/** What needs a dialog before it can be done. */
export type TicketDialog = "snooze" | "merge" | "split" | "subject" | "followUp";

/** One thing that can be done with a conversation as a whole. */
export interface TicketVerb {
  id: TicketAction | TicketDialog;
  label: MessageId;
  keys?: readonly string[];
  run: () => void;
}

/** In the order of menus; a snoozed conversation is woken where others are snoozed. */
const MOVES: readonly TicketAction[] = [
  "solve",
  "reopen",
  "not_spam",
  "wait",
  "wait_for_others",
  "wake",
  "close",
  "spam",
];
const KEYS: Partial<Record<TicketAction | TicketDialog, readonly string[]>> = {
  solve: ["e"],
  reopen: ["E"],
  wait: ["w"],
  snooze: ["h"],
  merge: ["M"],
  spam: ["#"],
};
const OVER = new Set(["MERGED", "CLOSED", "SPAM"]);

/** Everything that may be done with a conversation now, by what its workflow allows. */
export function verbsOf(
  ticket: Pick<TicketDetailFragment, "actions" | "state">,
  move: (action: TicketAction) => void,
  open: (dialog: TicketDialog) => void,
): readonly TicketVerb[] {
  const verb = (id: TicketVerb["id"], label: MessageId, run: () => void): TicketVerb => {
    const keys = KEYS[id];
    return keys ? { id, label, keys, run } : { id, label, run };
  };
  const moves = MOVES.filter((action) => ticket.actions.includes(action)).map((action) =>
    verb(action, `ticket.action.${action}`, () => move(action)),
  );
  const at = moves.findIndex(({ id }) => id === "close" || id === "spam");
  const end = at < 0 ? moves.length : at;
  const running = !OVER.has(ticket.state);
  return [
    ...moves.slice(0, end),
    ...(ticket.actions.includes("snooze")
      ? [verb("snooze", "ticket.action.snooze", () => open("snooze"))]
      : []),
    ...(running
      ? [
          verb("subject", "ticket.action.subject", () => open("subject")),
          verb("merge", "ticket.action.merge", () => open("merge")),
          verb("split", "ticket.action.split", () => open("split")),
        ]
      : []),
    ...(ticket.state === "SOLVED" || ticket.state === "CLOSED"
      ? [verb("followUp", "ticket.action.followUp", () => open("followUp"))]
      : []),
    ...moves.slice(end),
  ];
}

/** The same as commands, for keys, palette and cheat sheet; those of `bound` have their keys elsewhere. */
export const commandsOf = (verbs: readonly TicketVerb[], bound: ReadonlySet<string>): readonly Command[] =>
  verbs
    .filter(({ id }) => !bound.has(id))
    .map(({ id, label, keys, run }) => ({
      id: `ticket-${id}`,
      group: "ticket",
      label,
      ...(keys && { keys }),
      run,
    }));
