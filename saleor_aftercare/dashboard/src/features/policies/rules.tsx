import { Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { useFieldArray, useFormContext, useWatch } from "react-hook-form";
import { Button, IconButton } from "@/components/button";
import { Choice, SelectField, TextField } from "@/components/field";
import { Pill } from "@/components/pill";
import { Block, Pair } from "@/components/settings";
import type { ReturnExclusion } from "@/gql/types";
import { type Translate, useT } from "@/lib/intl";
import { useCountries } from "./countries";
import { MoveButtons, ResolutionsField, SumsField, TokenField, useFieldError } from "./fields";
import styles from "./policies.module.css";
import { newRule, type PolicyValues, type RuleValues } from "./values";

/** The rules in their order; the first one that matches a line decides. */
export function RulesBlock() {
  const t = useT();
  const { fields, insert, move, remove } = useFieldArray<PolicyValues, "rules">({ name: "rules" });
  const [open, setOpen] = useState<string>();
  const last = fields.length - 1;
  return (
    <Block stacked bare title={t("policies.rules")} help={t("policies.rulesHelp")}>
      <ol className={styles.rules}>
        {fields.map((field, index) => (
          <RuleCard
            key={field.id}
            index={index}
            isLast={index === last}
            isOpen={open === field.id}
            onToggle={() => setOpen(open === field.id ? undefined : field.id)}
            // The last rule is for everything and stays the last.
            canMoveDown={index < last - 1}
            onMove={(by) => move(index, index + by)}
            onRemove={() => remove(index)}
          />
        ))}
      </ol>
      <Button
        icon={<Plus size={14} aria-hidden />}
        onClick={() => insert(last, newRule(), { shouldFocus: false })}
      >
        {t("policies.addRule")}
      </Button>
    </Block>
  );
}

interface RuleCardProps {
  index: number;
  isLast: boolean;
  isOpen: boolean;
  canMoveDown: boolean;
  onToggle: () => void;
  onMove: (by: 1 | -1) => void;
  onRemove: () => void;
}

function RuleCard({ index, isLast, isOpen, canMoveDown, onToggle, onMove, onRemove }: RuleCardProps) {
  const t = useT();
  const countries = useCountries();
  const rule = useWatch<PolicyValues, `rules.${number}`>({ name: `rules.${index}` });
  const { formState } = useFormContext<PolicyValues>();
  const broken = formState.errors.rules?.[index] !== undefined;
  const general = useFieldError(`rules.${index}`);
  const title =
    rule.name || t(isLast ? "policies.ruleForRest" : "policies.ruleNumber", { number: index + 1 });
  const panel = `rule-${index}`;
  return (
    <li className={styles.rule}>
      <div className={styles.ruleHead}>
        <button
          type="button"
          className={styles.ruleTitle}
          aria-expanded={isOpen || broken}
          aria-controls={panel}
          onClick={onToggle}
        >
          <span className={styles.number}>{index + 1}</span>
          <span className={styles.ruleText}>
            <span className={styles.ruleName}>{title}</span>
            <span className={styles.ruleSummary}>
              {[scope(rule, t, countries.name), outcome(rule, t)].filter((one) => one !== "").join(" → ")}
            </span>
          </span>
          {rule.exclusion !== "NONE" && (
            <Pill tone="warning">{t(`policies.exclusion.${rule.exclusion}`)}</Pill>
          )}
        </button>
        {!isLast && (
          <>
            <MoveButtons what={title} first={index === 0} last={!canMoveDown} onMove={onMove} />
            <IconButton
              label={t("policies.removeRule", { rule: title })}
              icon={<Trash2 size={16} />}
              onClick={onRemove}
            />
          </>
        )}
      </div>
      {general !== undefined && (
        <p role="alert" className={styles.error}>
          {general}
        </p>
      )}
      {(isOpen || broken) && (
        <div id={panel} className={styles.ruleBody}>
          <RuleName index={index} />
          {!isLast && <Conditions index={index} />}
          <Outcome index={index} excluded={rule.exclusion !== "NONE"} />
        </div>
      )}
    </li>
  );
}

function RuleName({ index }: { index: number }) {
  const t = useT();
  const { register } = useFormContext<PolicyValues>();
  return (
    <TextField
      maxLength={100}
      label={t("common.optional", { label: t("policies.ruleName") })}
      help={t("policies.ruleNameHelp")}
      error={useFieldError(`rules.${index}.name`)}
      {...register(`rules.${index}.name`)}
    />
  );
}

function Conditions({ index }: { index: number }) {
  const t = useT();
  const countries = useCountries();
  const { register } = useFormContext<PolicyValues>();
  return (
    <fieldset className={styles.group}>
      <legend className={styles.legend}>{t("policies.conditions")}</legend>
      <p className={styles.help}>{t("policies.conditionsHelp")}</p>
      <Pair>
        <TokenField name={`rules.${index}.productTypes`} label={t("policies.productTypes")} />
        <TokenField
          name={`rules.${index}.collections`}
          label={t("policies.collections")}
          help={t("policies.collectionsHelp")}
        />
        <TokenField name={`rules.${index}.skus`} label={t("policies.skus")} />
        <TokenField
          name={`rules.${index}.products`}
          label={t("policies.products")}
          help={t("policies.productsHelp")}
        />
        <TokenField
          name={`rules.${index}.countries`}
          label={t("policies.countries")}
          help={t("policies.countriesHelp")}
          show={countries.name}
          tidy={countries.tidy}
        />
        <TokenField
          name={`rules.${index}.channels`}
          label={t("policies.channels")}
          help={t("policies.channelsHelp")}
        />
      </Pair>
      <TokenField
        name={`rules.${index}.metadata`}
        label={t("policies.metadata")}
        help={t("policies.metadataHelp")}
      />
      <Choice label={t("policies.digital")} {...register(`rules.${index}.digital`)} />
    </fieldset>
  );
}

const EXCLUSIONS: readonly ReturnExclusion[] = [
  "NONE",
  "FINAL_SALE",
  "HYGIENE",
  "CUSTOM_MADE",
  "PERISHABLE",
  "DIGITAL",
  "SEALED_MEDIA",
];

function Outcome({ index, excluded }: { index: number; excluded: boolean }) {
  const t = useT();
  const { register } = useFormContext<PolicyValues>();
  const at = `rules.${index}` as const;
  const errors = {
    windowDays: useFieldError(`${at}.windowDays`),
    graceDays: useFieldError(`${at}.graceDays`),
    restockingPercent: useFieldError(`${at}.restockingPercent`),
    bonus: useFieldError(`${at}.storeCreditBonusPercent`),
  };
  return (
    <>
      <SelectField
        label={t("policies.exclusion")}
        help={t(excluded ? "policies.exclusionHelp" : "policies.noExclusionHelp")}
        {...register(`${at}.exclusion`)}
      >
        {EXCLUSIONS.map((one) => (
          <option key={one} value={one}>
            {t(`policies.exclusion.${one}`)}
          </option>
        ))}
      </SelectField>
      {!excluded && (
        <>
          <Pair>
            <TextField
              inputMode="numeric"
              label={t("policies.windowDays")}
              error={errors.windowDays}
              {...register(`${at}.windowDays`)}
            />
            <SelectField label={t("policies.windowFrom")} {...register(`${at}.windowFrom`)}>
              {(["DELIVERED", "DISPATCHED", "ORDERED"] as const).map((one) => (
                <option key={one} value={one}>
                  {t(`policies.windowFrom.${one}`)}
                </option>
              ))}
            </SelectField>
            <TextField
              inputMode="numeric"
              label={t("policies.graceDays")}
              help={t("policies.graceHelp")}
              error={errors.graceDays}
              {...register(`${at}.graceDays`)}
            />
            <SelectField
              label={t("policies.afterWindow")}
              help={t("policies.afterWindowHelp")}
              {...register(`${at}.afterWindow`)}
            >
              <option value="ASK_STAFF">{t("policies.afterWindow.ASK_STAFF")}</option>
              <option value="REFUSE">{t("policies.afterWindow.REFUSE")}</option>
            </SelectField>
            <SelectField
              label={t("policies.whoPays")}
              help={t("policies.whoPaysHelp")}
              {...register(`${at}.whoPays`)}
            >
              <option value="CUSTOMER">{t("policies.whoPays.CUSTOMER")}</option>
              <option value="MERCHANT">{t("policies.whoPays.MERCHANT")}</option>
            </SelectField>
            <TextField
              inputMode="decimal"
              label={t("policies.restocking")}
              error={errors.restockingPercent}
              {...register(`${at}.restockingPercent`)}
            />
            <TextField
              inputMode="decimal"
              label={t("policies.bonus")}
              error={errors.bonus}
              {...register(`${at}.storeCreditBonusPercent`)}
            />
          </Pair>
          <SumsField
            name={`${at}.returnFee`}
            label={t("policies.returnFee")}
            help={t("policies.returnFeeHelp")}
          />
          <ResolutionsField index={index} />
        </>
      )}
    </>
  );
}

/** What the rule is for, as short as a heading's second line. */
function scope(rule: RuleValues, t: Translate, country: (code: string) => string): string {
  return [
    ...rule.productTypes,
    ...rule.collections,
    ...rule.skus,
    ...rule.products,
    ...rule.metadata,
    ...rule.countries.slice(0, 3).map(country),
    ...(rule.countries.length > 3 ? ["…"] : []),
    ...rule.channels,
    ...(rule.digital ? [t("policies.digital")] : []),
  ].join(", ");
}

function outcome(rule: RuleValues, t: Translate): string {
  return rule.exclusion === "NONE"
    ? t("policies.summary", {
        days: rule.windowDays,
        from: t(`policies.windowFrom.${rule.windowFrom}`),
        payer: t(`policies.whoPays.${rule.whoPays}`),
      })
    : "";
}
