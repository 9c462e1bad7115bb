import type { RuleEvent, RuleInput, RulePartsFragment } from "@/gql/types";

let last = 0;
/** Parts of a rule have no identity of their own while they are edited. */
const key = (): number => {
  last += 1;
  return last;
};

export interface Part {
  key: number;
  name: string;
  op: string;
  values: string[];
}

/** A rule as the form holds it. */
export interface RuleValues {
  name: string;
  when: RuleEvent[];
  since: RuleEvent;
  waitHours: string;
  anyIsEnough: boolean;
  stop: boolean;
  conditions: Part[];
  steps: Part[];
}

export const newCondition = (): Part => ({ key: key(), name: "state", op: "any_of", values: [] });
export const newStep = (): Part => ({ key: key(), name: "tag", op: "", values: [] });

export function toValues(rule: RulePartsFragment | undefined): RuleValues {
  return {
    name: rule?.name ?? "",
    when: rule ? [...rule.when] : ["OPENED"],
    since: rule?.since ?? "CUSTOMER_WROTE",
    waitHours: String(rule?.waitHours ?? 24),
    anyIsEnough: rule?.anyIsEnough ?? false,
    stop: rule?.stop ?? false,
    conditions:
      rule?.conditions.map((one) => ({ key: key(), name: one.field, op: one.op, values: [...one.values] })) ??
      [],
    steps: rule?.steps.map((one) => ({ key: key(), name: one.do, op: "", values: [...one.values] })) ?? [
      newStep(),
    ],
  };
}

export function toInput(values: RuleValues): RuleInput {
  return {
    when: values.when,
    since: values.since,
    waitHours: Number(values.waitHours) || 0,
    anyIsEnough: values.anyIsEnough,
    stop: values.stop,
    conditions: values.conditions.map(({ name, op, values: of }) => ({ field: name, op, values: of })),
    steps: values.steps.map(({ name, values: of }) => ({ do: name, values: of })),
  };
}
