import type { MessageId } from "@/lib/intl";

export type FieldKind = "choice" | "set" | "text" | "number" | "flag" | "search";

/** What a rule may ask about, and what kind of value it is; the server has the same table (desk/rules/documents.py). */
export const FIELDS = {
  state: "choice",
  priority: "choice",
  channel: "choice",
  language: "choice",
  team: "choice",
  assignee: "choice",
  tag: "set",
  case: "set",
  subject: "text",
  text: "text",
  from: "text",
  order_total: "number",
  order_country: "choice",
  order_channel: "choice",
  earlier_tickets: "number",
  has_order: "flag",
  is_vip: "flag",
  in_working_hours: "flag",
  search: "search",
} as const satisfies Record<string, FieldKind>;

export type FieldName = keyof typeof FIELDS;
export const FIELD_NAMES = Object.keys(FIELDS) as FieldName[];

export const OPERATORS = {
  choice: ["any_of", "none_of"],
  set: ["any_of", "all_of", "none_of"],
  text: ["contains", "contains_not"],
  number: ["at_least", "at_most"],
  flag: ["is", "is_not"],
  search: ["matches", "matches_not"],
} as const satisfies Record<FieldKind, readonly string[]>;

export type Operator = (typeof OPERATORS)[FieldKind][number];

const STATES = ["new", "open", "pending", "waiting", "on_hold", "solved", "closed", "spam"] as const;
export const PRIORITIES = ["0", "1", "2", "3"] as const;
const CHANNELS = ["portal", "email", "form", "chat", "phone", "line", "follow_up", "api", "staff"] as const;
const CASES = ["return", "repair", "spare_part", "follow_up", "withdrawal"] as const;

/** Choices that the product knows. */
export const CHOICES: Partial<Record<FieldName, readonly string[]>> = {
  state: STATES,
  priority: PRIORITIES,
  channel: CHANNELS,
  case: CASES,
};

export const STEPS = [
  "assign",
  "assign_in_turn",
  "unassign",
  "team",
  "tag",
  "untag",
  "priority",
  "state",
  "snooze",
  "note",
  "reply",
  "notify",
] as const;

export type StepName = (typeof STEPS)[number];

/** The moves that a rule may make. */
export const MOVES = [
  "solve",
  "wait",
  "wait_for_others",
  "wake",
  "reopen",
  "close",
  "spam",
  "not_spam",
] as const;

export const EVENTS = [
  "OPENED",
  "CUSTOMER_WROTE",
  "STAFF_ANSWERED",
  "NOTE_WRITTEN",
  "STATE_CHANGED",
  "ASSIGNED",
  "TEAM_CHANGED",
  "TAGGED",
  "PRIORITIZED",
  "SLA_WARNED",
  "SLA_BREACHED",
  "WAITED",
] as const;

export const SINCE = ["OPENED", "CUSTOMER_WROTE", "STAFF_ANSWERED", "STATE_CHANGED"] as const;

export const isField = (name: string): name is FieldName => name in FIELDS;
export const isStep = (name: string): name is StepName => (STEPS as readonly string[]).includes(name);

/** How a value of the product's own choices reads; of other fields a value has no words of ours. */
export function choiceLabel(field: FieldName, value: string): MessageId | undefined {
  switch (field) {
    case "state":
      return `rules.choice.state.${value as (typeof STATES)[number]}`;
    case "priority":
      return `rules.choice.priority.${value as (typeof PRIORITIES)[number]}`;
    case "channel":
      return `rules.choice.channel.${value as (typeof CHANNELS)[number]}`;
    case "case":
      return `rules.choice.case.${value as (typeof CASES)[number]}`;
    default:
      return undefined;
  }
}
