import { Trash2 } from "lucide-react";
import { IconButton } from "@/components/button";
import { Choice, SelectField, TextArea, TextField } from "@/components/field";
import { Pair } from "@/components/settings";
import { Tokens } from "@/components/tokens";
import { useT } from "@/lib/intl";
import styles from "./rules.module.css";
import type { Names } from "./sentences";
import type { Part } from "./values";
import {
  CHOICES,
  choiceLabel,
  FIELD_NAMES,
  FIELDS,
  type FieldName,
  isField,
  MOVES,
  OPERATORS,
  PRIORITIES,
  STEPS,
} from "./vocabulary";

interface PartProps {
  part: Part;
  names: Names;
  error: string | undefined;
  onChange: (part: Part) => void;
  onRemove: () => void;
}

/** One condition: what is asked about, how, and which values are meant. */
export function ConditionPart({ part, names, error, onChange, onRemove }: PartProps) {
  const t = useT();
  const field: FieldName = isField(part.name) ? part.name : "state";
  const kind = FIELDS[field];
  return (
    <li className={styles.part}>
      <div className={styles.line}>
        <Pair>
          <SelectField
            label={t("rules.field")}
            value={field}
            onChange={(event) => {
              const name = event.target.value as FieldName;
              onChange({ ...part, name, op: OPERATORS[FIELDS[name]][0], values: [] });
            }}
          >
            {FIELD_NAMES.map((one) => (
              <option key={one} value={one}>
                {t(`rules.field.${one}`)}
              </option>
            ))}
          </SelectField>
          <SelectField
            label={t("rules.op")}
            value={part.op}
            onChange={(event) => onChange({ ...part, op: event.target.value })}
          >
            {OPERATORS[kind].map((one) => (
              <option key={one} value={one}>
                {t(`rules.op.${one}`)}
              </option>
            ))}
          </SelectField>
        </Pair>
        <IconButton label={t("rules.removeCondition")} icon={<Trash2 size={16} />} onClick={onRemove} />
      </div>
      <ConditionValues field={field} part={part} names={names} error={error} onChange={onChange} />
    </li>
  );
}

function ConditionValues({
  field,
  part,
  names,
  error,
  onChange,
}: Omit<PartProps, "onRemove"> & { field: FieldName }) {
  const t = useT();
  const known = CHOICES[field];
  const options = known
    ? known.map((value) => ({ value, label: t(choiceLabel(field, value) ?? "rules.nobody") }))
    : field === "team"
      ? optionsOf(names.teams, t("rules.nobody"))
      : field === "assignee"
        ? optionsOf(names.members, t("rules.nobody"))
        : undefined;
  if (FIELDS[field] === "flag") {
    return null;
  }
  if (options) {
    return (
      <Several
        label={t("rules.values")}
        options={options}
        error={error}
        values={part.values}
        onChange={(values) => onChange({ ...part, values })}
      />
    );
  }
  if (FIELDS[field] === "number") {
    return (
      <TextField
        inputMode="decimal"
        label={t("rules.number")}
        error={error}
        value={part.values[0] ?? ""}
        onChange={(event) => onChange({ ...part, values: [event.target.value] })}
      />
    );
  }
  if (FIELDS[field] === "search") {
    return (
      <TextField
        label={t("rules.search")}
        help={t("rules.searchHelp")}
        error={error}
        value={part.values[0] ?? ""}
        onChange={(event) => onChange({ ...part, values: [event.target.value] })}
      />
    );
  }
  return (
    <Tokens
      label={t("rules.values")}
      help={t("rules.valuesHelp")}
      error={error}
      values={part.values}
      onChange={(values) => onChange({ ...part, values })}
    />
  );
}

const optionsOf = (rows: readonly { id: string; name: string }[], nobody: string) => [
  { value: "", label: nobody },
  ...rows.map(({ id, name }) => ({ value: id, label: name })),
];

function Several({
  label,
  options,
  values,
  error,
  onChange,
}: {
  label: string;
  options: readonly { value: string; label: string }[];
  values: readonly string[];
  error: string | undefined;
  onChange: (values: string[]) => void;
}) {
  return (
    <>
      <fieldset className={styles.checks}>
        <legend>{label}</legend>
        {options.map((one) => (
          <Choice
            key={one.value}
            label={one.label}
            checked={values.includes(one.value)}
            onChange={(event) =>
              onChange(
                event.target.checked ? [...values, one.value] : values.filter((value) => value !== one.value),
              )
            }
          />
        ))}
      </fieldset>
      {error !== undefined && <p role="alert">{error}</p>}
    </>
  );
}

/** One step: what is done, and with what. */
export function StepPart({ part, names, error, onChange, onRemove }: PartProps) {
  const t = useT();
  return (
    <li className={styles.part}>
      <div className={styles.line}>
        <SelectField
          label={t("rules.step")}
          value={part.name}
          onChange={(event) => onChange({ ...part, name: event.target.value, values: [] })}
        >
          {STEPS.map((one) => (
            <option key={one} value={one}>
              {t(`rules.do.${one}`)}
            </option>
          ))}
        </SelectField>
        <IconButton label={t("rules.removeStep")} icon={<Trash2 size={16} />} onClick={onRemove} />
      </div>
      <StepValues part={part} names={names} error={error} onChange={onChange} />
    </li>
  );
}

function StepValues({ part, names, error, onChange }: Omit<PartProps, "onRemove">) {
  const t = useT();
  const set = (values: string[]) => onChange({ ...part, values });
  const one = (label: string, options: readonly { value: string; label: string }[]) => (
    <SelectField
      label={label}
      error={error}
      value={part.values[0] ?? ""}
      onChange={(event) => set(event.target.value === "" ? [] : [event.target.value])}
    >
      <option value="">{t("rules.choose")}</option>
      {options.map(({ value, label: name }) => (
        <option key={value} value={value}>
          {name}
        </option>
      ))}
    </SelectField>
  );
  const rows = (of: readonly { id: string; name: string }[]) =>
    of.map(({ id, name }) => ({ value: id, label: name }));
  switch (part.name) {
    case "assign":
      return one(t("rules.who"), rows(names.members));
    case "team":
      return one(t("rules.team"), rows(names.teams));
    case "priority":
      return one(
        t("rules.field.priority"),
        PRIORITIES.map((value) => ({ value, label: t(`rules.choice.priority.${value}`) })),
      );
    case "state":
      return one(
        t("rules.field.state"),
        MOVES.map((value) => ({ value, label: t(`rules.move.${value}`) })),
      );
    case "tag":
    case "untag":
      return <Tokens label={t("rules.tags")} error={error} values={part.values} onChange={set} />;
    case "snooze":
      return (
        <TextField
          inputMode="numeric"
          label={t("rules.hours")}
          error={error}
          value={part.values[0] ?? ""}
          onChange={(event) => set([event.target.value])}
        />
      );
    case "note":
    case "reply":
      return (
        <TextArea
          label={t("rules.body")}
          help={t(part.name === "reply" ? "rules.replyHelp" : "rules.noteHelp")}
          error={error}
          rows={5}
          value={part.values[0] ?? ""}
          onChange={(event) => set([event.target.value])}
        />
      );
    case "notify":
      return (
        <Several
          label={t("rules.whom")}
          error={error}
          options={[
            { value: "assignee", label: t("rules.group.assignee") },
            { value: "team", label: t("rules.group.team") },
            ...rows(names.members),
          ]}
          values={part.values}
          onChange={set}
        />
      );
    default:
      return error === undefined ? null : <p role="alert">{error}</p>;
  }
}
