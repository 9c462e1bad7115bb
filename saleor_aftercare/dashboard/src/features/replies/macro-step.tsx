import { ArrowDown, ArrowUp, X } from "lucide-react";
import { IconButton } from "@/components/button";
import { Problem } from "@/components/feedback";
import { SelectField, TextField } from "@/components/field";
import { Pair } from "@/components/settings";
import type { MacroFullFragment, MacroStepInput, MacroStepKind, RepliesMacrosQuery } from "@/gql/types";
import { useT } from "@/lib/intl";
import { uniqueKey } from "@/lib/unique";
import styles from "./replies.module.css";
import { TextFields, type Texts, toList, toTexts } from "./texts";

export interface StepValues {
  key: string;
  do: MacroStepKind;
  value: string;
  second: string;
  texts: Texts;
}

const KINDS = [
  "REPLY",
  "NOTE",
  "STATE",
  "SNOOZE",
  "TAG",
  "UNTAG",
  "ASSIGN",
  "TEAM",
  "PRIORITY",
  "FIELD",
  "APPROVE_RETURN",
  "DECLINE_RETURN",
  "ASK_ABOUT_RETURN",
  "SETTLE_RETURN",
  "GIVE_CREDIT",
  "GIVE_REFUND",
  "ACCEPT_REPAIR",
  "DECLINE_REPAIR",
  "ACCEPT_PART",
  "DECLINE_PART",
] as const satisfies MacroStepKind[];
const MOVES = ["solve", "wait", "wait_for_others", "reopen", "close", "spam"] as const;
const PRIORITIES = ["0", "1", "2", "3"] as const;
const WORDED: ReadonlySet<MacroStepKind> = new Set([
  "REPLY",
  "NOTE",
  "DECLINE_RETURN",
  "ASK_ABOUT_RETURN",
  "DECLINE_REPAIR",
  "DECLINE_PART",
]);
const FIRST: Partial<Record<MacroStepKind, string>> = {
  STATE: "solve",
  SNOOZE: "24",
  ASSIGN: "me",
  PRIORITY: "2",
  GIVE_CREDIT: "10",
  GIVE_REFUND: "10",
};
/** What an amount is counted in as long as nobody said: a share of the price. */
const SECOND: Partial<Record<MacroStepKind, string>> = { GIVE_CREDIT: "%", GIVE_REFUND: "%" };

export const newStep = (): StepValues => ({
  key: uniqueKey(),
  do: "REPLY",
  value: "",
  second: "",
  texts: toTexts(),
});

export const toValues = (step: MacroFullFragment["steps"][number]): StepValues => ({
  key: uniqueKey(),
  do: step.do,
  value: step.do === "TAG" || step.do === "UNTAG" ? step.values.join(", ") : (step.values[0] ?? ""),
  second: step.values[1] ?? "",
  texts: toTexts(step.texts),
});

export function toInput(step: StepValues): MacroStepInput {
  if (WORDED.has(step.do)) {
    return { do: step.do, texts: toList(step.texts) };
  }
  switch (step.do) {
    case "TAG":
    case "UNTAG":
      return {
        do: step.do,
        values: step.value
          .split(/[,、，]/u)
          .map((one) => one.trim())
          .filter(Boolean),
      };
    case "FIELD":
    case "GIVE_CREDIT":
    case "GIVE_REFUND":
      return { do: step.do, values: [step.value, step.second] };
    default:
      return step.do in FIRST || step.do === "TEAM" ? { do: step.do, values: [step.value] } : { do: step.do };
  }
}

/** One step of a macro: what it does, and with what. */
export function MacroStepFields({
  step,
  names,
  error,
  onChange,
  onRemove,
  onUp,
  onDown,
}: {
  step: StepValues;
  names: RepliesMacrosQuery;
  error: string | undefined;
  onChange: (step: StepValues) => void;
  onRemove: () => void;
  onUp: (() => void) | undefined;
  onDown: (() => void) | undefined;
}) {
  const t = useT();
  const title = t(`macros.do.${step.do}`);
  return (
    <fieldset className={styles.step} aria-label={title}>
      <div className={styles.stepHead}>
        <SelectField
          label={t("macros.step")}
          value={step.do}
          onChange={(event) => {
            const chosen = KINDS.find((one) => one === event.target.value) ?? step.do;
            onChange({ ...step, do: chosen, value: FIRST[chosen] ?? "", second: SECOND[chosen] ?? "" });
          }}
        >
          {KINDS.map((one) => (
            <option key={one} value={one}>
              {t(`macros.do.${one}`)}
            </option>
          ))}
        </SelectField>
        <IconButton
          label={t("macros.up", { step: title })}
          icon={<ArrowUp size={16} />}
          disabled={!onUp}
          onClick={onUp}
        />
        <IconButton
          label={t("macros.down", { step: title })}
          icon={<ArrowDown size={16} />}
          disabled={!onDown}
          onClick={onDown}
        />
        <IconButton
          label={t("macros.removeStep", { step: title })}
          icon={<X size={16} />}
          onClick={onRemove}
        />
      </div>
      <Value step={step} names={names} onChange={onChange} />
      {error !== undefined && <Problem>{error}</Problem>}
    </fieldset>
  );
}

function Value({
  step,
  names,
  onChange,
}: {
  step: StepValues;
  names: RepliesMacrosQuery;
  onChange: (step: StepValues) => void;
}) {
  const t = useT();
  const label = t("macros.value");
  const choose = (options: readonly { value: string; text: string }[]) => (
    <SelectField
      label={label}
      value={step.value}
      onChange={(event) => onChange({ ...step, value: event.target.value })}
    >
      {!options.some(({ value }) => value === step.value) && <option value={step.value}>—</option>}
      {options.map(({ value, text }) => (
        <option key={value} value={value}>
          {text}
        </option>
      ))}
    </SelectField>
  );
  if (WORDED.has(step.do)) {
    return (
      <TextFields
        texts={step.texts}
        rows={4}
        errorAt={() => undefined}
        onChange={(texts) => onChange({ ...step, texts })}
      />
    );
  }
  switch (step.do) {
    case "STATE":
      return choose(MOVES.map((value) => ({ value, text: t(`macros.move.${value}`) })));
    case "PRIORITY":
      return choose(PRIORITIES.map((value) => ({ value, text: t(`macros.priority.${value}`) })));
    case "ASSIGN":
      return choose([
        { value: "me", text: t("macros.me") },
        ...names.staffMembers.map((one) => ({ value: one.id, text: one.name })),
      ]);
    case "TEAM":
      return choose(names.teams.map((one) => ({ value: one.id, text: one.name })));
    case "SNOOZE":
      return (
        <TextField
          label={t("macros.hours")}
          inputMode="numeric"
          value={step.value}
          onChange={(event) => onChange({ ...step, value: event.target.value })}
        />
      );
    case "TAG":
    case "UNTAG":
      return (
        <TextField
          label={t("macros.tags")}
          value={step.value}
          onChange={(event) => onChange({ ...step, value: event.target.value })}
        />
      );
    case "GIVE_CREDIT":
    case "GIVE_REFUND":
      return (
        <Pair>
          <TextField
            label={t("macros.amount")}
            inputMode="decimal"
            value={step.value}
            onChange={(event) => onChange({ ...step, value: event.target.value })}
          />
          <TextField
            label={t("macros.unit")}
            maxLength={3}
            value={step.second}
            onChange={(event) => onChange({ ...step, second: event.target.value.toUpperCase() })}
          />
        </Pair>
      );
    case "FIELD":
      return (
        <>
          <TextField
            label={t("macros.fieldKey")}
            value={step.value}
            onChange={(event) => onChange({ ...step, value: event.target.value })}
          />
          <TextField
            label={label}
            value={step.second}
            onChange={(event) => onChange({ ...step, second: event.target.value })}
          />
        </>
      );
    default:
      return null;
  }
}
