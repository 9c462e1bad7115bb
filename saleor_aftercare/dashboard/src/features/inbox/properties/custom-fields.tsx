import { useEffect, useState } from "react";
import { Choice, SelectField, TextField } from "@/components/field";
import type { TicketPropertiesFragment } from "@/gql/types";
import { useT } from "@/lib/intl";

type FieldValue = TicketPropertiesFragment["fields"][number];

interface CustomFieldsProps {
  fields: readonly FieldValue[];
  /** What the service says against a field, by its key. */
  problems: Readonly<Record<string, string>>;
  onChange: (key: string, value: string | null) => void;
}

/** The fields that the shop added to its conversations; each is saved by itself when it is left. */
export function CustomFields({ fields, problems, onChange }: CustomFieldsProps) {
  return (
    <>
      {fields.map((field) => (
        <CustomField
          key={field.definition.id}
          field={field}
          problem={problems[field.definition.key]}
          onChange={(value) => onChange(field.definition.key, value)}
        />
      ))}
    </>
  );
}

interface CustomFieldProps {
  field: FieldValue;
  problem: string | undefined;
  onChange: (value: string | null) => void;
}

function CustomField({ field: { definition, value }, problem, onChange }: CustomFieldProps) {
  const t = useT();
  const [text, setText] = useState(value ?? "");
  useEffect(() => setText(value ?? ""), [value]);
  const label = definition.requiredToSolve
    ? t("fields.required", { label: definition.label })
    : definition.label;

  if (definition.kind === "CHECKBOX") {
    return (
      <Choice
        label={label}
        error={problem}
        checked={value === "true"}
        onChange={(event) => onChange(event.target.checked ? "true" : "false")}
      />
    );
  }
  if (definition.kind === "CHOICE") {
    return (
      <SelectField
        label={label}
        error={problem}
        value={value ?? ""}
        onChange={(event) => onChange(event.target.value || null)}
      >
        <option value="">{t("fields.none")}</option>
        {definition.options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </SelectField>
    );
  }
  const save = () => {
    if (text.trim() !== (value ?? "")) {
      onChange(text.trim() || null);
    }
  };
  return (
    <TextField
      label={label}
      error={problem}
      type={definition.kind === "DATE" ? "date" : "text"}
      inputMode={definition.kind === "NUMBER" ? "decimal" : "text"}
      maxLength={1000}
      value={text}
      onChange={(event) => setText(event.target.value)}
      onBlur={save}
      onKeyDown={(event) => {
        if (event.key === "Enter" && !event.nativeEvent.isComposing) {
          save();
        }
      }}
    />
  );
}
