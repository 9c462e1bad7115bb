import { Plus } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/button";
import { Choice, SelectField, TextField } from "@/components/field";
import { OneForm, OnePage, useOne } from "@/components/one-of";
import { Block, Pair } from "@/components/settings";
import { RuleDeleteDocument, RuleSaveDocument } from "@/gql/rules";
import type { RuleEvent, RulePartsFragment } from "@/gql/types";
import { execute } from "@/lib/graphql";
import { useT } from "@/lib/intl";
import { accepted } from "@/lib/mutation";
import { keys } from "@/lib/query-keys";
import { useMay } from "@/lib/viewer";
import { useRuleBook } from "./data";
import { ConditionPart, StepPart } from "./parts";
import styles from "./rules.module.css";
import { RuleRunsBlock } from "./runs-block";
import type { Names } from "./sentences";
import { TrialBlock } from "./trial-block";
import { newCondition, newStep, type Part, type RuleValues, toInput, toValues } from "./values";
import { EVENTS, SINCE } from "./vocabulary";

/** One rule: when it looks, what has to be so, what it does; tried before it acts. */
export function RulePage({ id }: { id: string }) {
  const t = useT();
  const query = useRuleBook();
  const rule = query.data?.rules.find((one) => one.id === id);
  return (
    <OnePage
      id={id}
      name={rule?.name}
      list={{ href: "/settings/rules", label: t("rules.title") }}
      add={t("rules.add")}
      gone={t("rules.gone")}
      query={query}
    >
      {({ names }) => (
        <RuleForm key={rule ? `${rule.id}:${rule.version}` : "new"} rule={rule} names={names} />
      )}
    </OnePage>
  );
}

function RuleForm({ rule, names }: { rule: RulePartsFragment | undefined; names: Names }) {
  const t = useT();
  const mayChange = useMay("MANAGE_SETTINGS");
  const [values, setValues] = useState<RuleValues>(() => toValues(rule));
  const one = useOne({
    list: "/settings/rules",
    saved: "rules.saved",
    stale: { queryKey: keys.rules },
    save: async () =>
      accepted(
        (
          await execute(RuleSaveDocument, {
            id: rule?.id ?? null,
            version: rule?.version ?? null,
            name: values.name,
            input: toInput(values),
          })
        ).ruleSave,
      ),
    remove: rule && (async () => accepted((await execute(RuleDeleteDocument, { id: rule.id })).ruleDelete)),
  });
  const { errorAt } = one;
  const set = (change: Partial<RuleValues>) => {
    setValues({ ...values, ...change });
    one.touch();
  };
  return (
    <>
      <OneForm one={one} removeLabel={t("rules.delete")} mayChange={mayChange} roomy>
        <WhenBlock values={values} set={set} errorAt={errorAt} />
        <Block title={t("rules.if")} help={t("rules.ifHelp")}>
          {values.conditions.length > 1 && (
            <SelectField
              label={t("rules.match")}
              value={values.anyIsEnough ? "any" : "all"}
              onChange={(event) => set({ anyIsEnough: event.target.value === "any" })}
            >
              <option value="all">{t("rules.match.all")}</option>
              <option value="any">{t("rules.match.any")}</option>
            </SelectField>
          )}
          <ul className={styles.list}>
            {values.conditions.map((part, index) => (
              <ConditionPart
                key={part.key}
                part={part}
                names={names}
                error={errorAt(`conditions.${index}`)}
                onChange={(next) => set({ conditions: replaced(values.conditions, next) })}
                onRemove={() => set({ conditions: without(values.conditions, part) })}
              />
            ))}
          </ul>
          <div>
            <Button
              icon={<Plus size={14} aria-hidden />}
              onClick={() => set({ conditions: [...values.conditions, newCondition()] })}
            >
              {t("rules.addCondition")}
            </Button>
          </div>
        </Block>
        <Block title={t("rules.then")} help={t("rules.thenHelp")}>
          <ul className={styles.list}>
            {values.steps.map((part, index) => (
              <StepPart
                key={part.key}
                part={part}
                names={names}
                error={errorAt(`steps.${index}`)}
                onChange={(next) => set({ steps: replaced(values.steps, next) })}
                onRemove={() => set({ steps: without(values.steps, part) })}
              />
            ))}
          </ul>
          <div>
            <Button
              icon={<Plus size={14} aria-hidden />}
              onClick={() => set({ steps: [...values.steps, newStep()] })}
            >
              {t("rules.addStep")}
            </Button>
          </div>
          <Choice
            label={t("rules.stop")}
            help={t("rules.stopHelp")}
            checked={values.stop}
            onChange={(event) => set({ stop: event.target.checked })}
          />
        </Block>
      </OneForm>
      {mayChange && <TrialBlock input={toInput(values)} names={names} />}
      {rule && <RuleRunsBlock id={rule.id} />}
    </>
  );
}

const replaced = (parts: readonly Part[], next: Part): Part[] =>
  parts.map((one) => (one.key === next.key ? next : one));
const without = (parts: readonly Part[], gone: Part): Part[] => parts.filter((one) => one.key !== gone.key);

function WhenBlock({
  values,
  set,
  errorAt,
}: {
  values: RuleValues;
  set: (change: Partial<RuleValues>) => void;
  errorAt: (place: string) => string | undefined;
}) {
  const t = useT();
  const toggle = (event: RuleEvent, on: boolean) =>
    set({ when: on ? [...values.when, event] : values.when.filter((one) => one !== event) });
  const error = errorAt("when");
  return (
    <Block title={t("rules.whenTitle")} help={t("rules.whenHelp")}>
      <TextField
        label={t("rules.name")}
        maxLength={100}
        error={errorAt("name")}
        value={values.name}
        onChange={(event) => set({ name: event.target.value })}
      />
      <fieldset className={styles.checks}>
        <legend>{t("rules.whenTitle")}</legend>
        {EVENTS.map((one) => (
          <Choice
            key={one}
            label={t(`rules.when.${one}`)}
            checked={values.when.includes(one)}
            onChange={(event) => toggle(one, event.target.checked)}
          />
        ))}
      </fieldset>
      {error !== undefined && <p role="alert">{error}</p>}
      {values.when.includes("WAITED") && (
        <Pair>
          <SelectField
            label={t("rules.since")}
            value={values.since}
            onChange={(event) => set({ since: event.target.value as RuleEvent })}
          >
            {SINCE.map((one) => (
              <option key={one} value={one}>
                {t(`rules.since.${one}`)}
              </option>
            ))}
          </SelectField>
          <TextField
            inputMode="numeric"
            label={t("rules.hours")}
            error={errorAt("waitHours")}
            value={values.waitHours}
            onChange={(event) => set({ waitHours: event.target.value })}
          />
        </Pair>
      )}
    </Block>
  );
}
