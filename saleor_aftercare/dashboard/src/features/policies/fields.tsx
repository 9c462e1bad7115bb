import { ArrowDown, ArrowUp, Plus, Trash2 } from "lucide-react";
import { Controller, type FieldPathByValue, useFormContext } from "react-hook-form";
import { Button, IconButton } from "@/components/button";
import { TextField } from "@/components/field";
import { Tokens } from "@/components/tokens";
import type { Resolution } from "@/gql/types";
import { useT } from "@/lib/intl";
import styles from "./policies.module.css";
import type { PolicyValues, Sum } from "./values";

/** What the form, or the server, has against a field. */
export function useFieldError(name: string): string | undefined {
  const { getFieldState, formState } = useFormContext<PolicyValues>();
  const found: unknown = getFieldState(name as keyof PolicyValues, formState).error;
  return typeof found === "object" &&
    found !== null &&
    "message" in found &&
    typeof found.message === "string"
    ? found.message
    : undefined;
}

interface TokenFieldProps {
  name: FieldPathByValue<PolicyValues, string[]>;
  label: string;
  help?: string;
  show?: (value: string) => string;
  tidy?: (text: string) => string;
}

/** Several texts of the form. */
export function TokenField({ name, label, help, show, tidy }: TokenFieldProps) {
  const error = useFieldError(name);
  return (
    <Controller<PolicyValues, typeof name>
      name={name}
      render={({ field, formState }) => (
        <Tokens
          label={label}
          error={error}
          values={field.value}
          onChange={field.onChange}
          disabled={formState.disabled}
          {...(help !== undefined && { help })}
          {...(show && { name: show })}
          {...(tidy && { tidy })}
        />
      )}
    />
  );
}

/** Sums, one per currency; a currency that is not there has none. */
export function SumsField({
  name,
  label,
  help,
}: {
  name: FieldPathByValue<PolicyValues, Sum[]>;
  label: string;
  help: string;
}) {
  const t = useT();
  const error = useFieldError(name);
  return (
    <Controller<PolicyValues, typeof name>
      name={name}
      render={({ field }) => {
        const set = (at: number, change: Partial<Sum>) =>
          field.onChange(field.value.map((sum, index) => (index === at ? { ...sum, ...change } : sum)));
        return (
          <fieldset className={styles.group}>
            <legend className={styles.legend}>{label}</legend>
            {field.value.map((sum, index) => (
              // A sum has no identity but its place while its currency is being typed.
              // biome-ignore lint/suspicious/noArrayIndexKey: see above
              <div key={index} className={styles.sum}>
                <TextField
                  inputMode="decimal"
                  label={t("policies.amount")}
                  value={sum.amount}
                  onChange={(event) => set(index, { amount: event.target.value })}
                />
                <TextField
                  maxLength={3}
                  label={t("policies.currency")}
                  value={sum.currency}
                  onChange={(event) => set(index, { currency: event.target.value.toUpperCase() })}
                />
                <IconButton
                  label={t("policies.removeSum", { currency: sum.currency })}
                  icon={<Trash2 size={16} />}
                  onClick={() => field.onChange(field.value.filter((_, one) => one !== index))}
                />
              </div>
            ))}
            {error !== undefined && (
              <p role="alert" className={styles.error}>
                {error}
              </p>
            )}
            <p className={styles.help}>{help}</p>
            <div>
              <Button
                icon={<Plus size={14} aria-hidden />}
                onClick={() => field.onChange([...field.value, { amount: "", currency: "" }])}
              >
                {t("policies.addCurrency")}
              </Button>
            </div>
          </fieldset>
        );
      }}
    />
  );
}

const RESOLUTIONS: readonly Resolution[] = ["REFUND", "STORE_CREDIT", "EXCHANGE", "REPAIR"];

/** What customers may choose, in the order in which they are asked. */
export function ResolutionsField({ index }: { index: number }) {
  const t = useT();
  const name = `rules.${index}.resolutions` as const;
  const error = useFieldError(name);
  return (
    <Controller<PolicyValues, typeof name>
      name={name}
      render={({ field }) => {
        const left = RESOLUTIONS.filter((one) => !field.value.includes(one));
        const move = (at: number, by: number) => {
          const next = [...field.value];
          next.splice(at + by, 0, ...next.splice(at, 1));
          field.onChange(next);
        };
        return (
          <fieldset className={styles.group}>
            <legend className={styles.legend}>{t("policies.resolutions")}</legend>
            <ul className={styles.choices}>
              {[...field.value, ...left].map((one) => {
                const at = field.value.indexOf(one);
                return (
                  <li key={one} className={styles.choice}>
                    <label className={styles.check}>
                      <input
                        type="checkbox"
                        checked={at >= 0}
                        onChange={(event) =>
                          field.onChange(
                            event.target.checked
                              ? [...field.value, one]
                              : field.value.filter((other) => other !== one),
                          )
                        }
                      />
                      {t(`policies.resolution.${one}`)}
                    </label>
                    {at >= 0 && (
                      <MoveButtons
                        what={t(`policies.resolution.${one}`)}
                        first={at === 0}
                        last={at === field.value.length - 1}
                        onMove={(by) => move(at, by)}
                      />
                    )}
                  </li>
                );
              })}
            </ul>
            {error !== undefined && (
              <p role="alert" className={styles.error}>
                {error}
              </p>
            )}
          </fieldset>
        );
      }}
    />
  );
}

/** Up and down: orders are changed without dragging. */
export function MoveButtons({
  what,
  first,
  last,
  onMove,
}: {
  what: string;
  first: boolean;
  last: boolean;
  onMove: (by: 1 | -1) => void;
}) {
  const t = useT();
  return (
    <span className={styles.moves}>
      <IconButton
        label={t("policies.up", { what })}
        icon={<ArrowUp size={16} />}
        disabled={first}
        onClick={() => onMove(-1)}
      />
      <IconButton
        label={t("policies.down", { what })}
        icon={<ArrowDown size={16} />}
        disabled={last}
        onClick={() => onMove(1)}
      />
    </span>
  );
}
