import type { RulePartsFragment } from "@/gql/types";
import type { Translate } from "@/lib/intl";
import {
  CHOICES,
  choiceLabel,
  isField,
  isStep,
  type MOVES,
  type Operator,
  type PRIORITIES,
} from "./vocabulary";

export interface Names {
  teams: readonly { id: string; name: string }[];
  members: readonly { id: string; name: string }[];
}

const named = (rows: readonly { id: string; name: string }[], id: string): string =>
  rows.find((one) => one.id === id)?.name ?? id;

/** One value as people read it. */
function readable(field: string, value: string, names: Names, t: Translate): string {
  if (value === "") {
    return t("rules.nobody");
  }
  if (field === "team") {
    return named(names.teams, value);
  }
  if (field === "assignee") {
    return named(names.members, value);
  }
  const label = isField(field) && CHOICES[field]?.includes(value) ? choiceLabel(field, value) : undefined;
  return label ? t(label) : `“${value}”`;
}

export function conditionSentence(
  condition: RulePartsFragment["conditions"][number],
  names: Names,
  t: Translate,
): string {
  if (!isField(condition.field)) {
    return condition.field;
  }
  const field = t(`rules.field.${condition.field}`);
  const values = condition.values.map((one) => readable(condition.field, one, names, t)).join(", ");
  return t(`rules.says.${condition.op as Operator}`, { field, values });
}

export function stepSentence(step: RulePartsFragment["steps"][number], names: Names, t: Translate): string {
  if (!isStep(step.do)) {
    return step.do;
  }
  const values = step.values.map((one) => {
    switch (step.do) {
      case "assign":
        return named(names.members, one);
      case "team":
        return named(names.teams, one);
      case "priority":
        return t(`rules.choice.priority.${one as (typeof PRIORITIES)[number]}`);
      case "state":
        return t(`rules.move.${one as (typeof MOVES)[number]}`);
      case "notify":
        return one === "assignee" || one === "team" ? t(`rules.group.${one}`) : named(names.members, one);
      case "note":
      case "reply":
        return one.length > 60 ? `${one.slice(0, 60)}…` : one;
      default:
        return one;
    }
  });
  if (step.do === "state") {
    return values.join(", ");
  }
  return t(`rules.does.${step.do}`, { values: values.join(", ") });
}

/** The whole rule in three sentences. */
export function ruleSentences(rule: RulePartsFragment, names: Names, t: Translate): string[] {
  const when = rule.when.map((one) =>
    one === "WAITED"
      ? t("rules.when.WAITED_FOR", {
          hours: rule.waitHours,
          since: t(`rules.since.${rule.since as "OPENED"}`),
        })
      : t(`rules.when.${one}`),
  );
  const conditions = rule.conditions.map((one) => conditionSentence(one, names, t));
  return [
    t("rules.sentence.when", { what: when.join(t("rules.or")) }),
    conditions.length > 0
      ? t("rules.sentence.if", { what: conditions.join(t(rule.anyIsEnough ? "rules.or" : "rules.and")) })
      : "",
    t("rules.sentence.then", { what: rule.steps.map((one) => stepSentence(one, names, t)).join("; ") }),
    rule.stop ? t("rules.sentence.stop") : "",
  ].filter((one) => one !== "");
}
