import { Plus, X } from "lucide-react";
import { useState } from "react";
import { Button, IconButton } from "@/components/button";
import { Problem } from "@/components/feedback";
import { Choice, SelectField, TextField } from "@/components/field";
import { FormDialog } from "@/components/form-dialog";
import type { FieldSettingFragment, TicketFieldKind } from "@/gql/types";
import { useT } from "@/lib/intl";
import { problemAt } from "@/lib/mutation";
import { useSaveField } from "./data";
import styles from "./marks.module.css";

const KINDS: readonly TicketFieldKind[] = ["TEXT", "NUMBER", "DATE", "CHOICE", "CHECKBOX"];

interface Words {
  en: string;
  ja: string;
}

interface Option extends Words {
  /** Keeps its place on the screen while it is written. */
  row: number;
  value: string;
}

const wordsOf = (labels: FieldSettingFragment["labels"]): Words => ({
  en: labels.find((one) => one.language === "en")?.text ?? "",
  ja: labels.find((one) => one.language === "ja")?.text ?? "",
});
const labelsOf = ({ en, ja }: Words) => [
  { language: "en", text: en },
  { language: "ja", text: ja },
];

/** A field as the shop wants it; key and kind stay once it exists. */
export function FieldDialog({
  field,
  onClose,
}: {
  field: FieldSettingFragment | undefined;
  onClose: () => void;
}) {
  const t = useT();
  const save = useSaveField();
  const [key, setKey] = useState(field?.key ?? "");
  const [kind, setKind] = useState<TicketFieldKind>(field?.kind ?? "TEXT");
  const [words, setWords] = useState(wordsOf(field?.labels ?? []));
  const [required, setRequired] = useState(field?.requiredToSolve ?? false);
  const [options, setOptions] = useState<readonly Option[]>(
    (field?.optionLabels ?? []).map((one, row) => ({ row, value: one.value, ...wordsOf(one.labels) })),
  );
  const problem = (name: string) => problemAt(save.error, name);
  const change = (row: number, changes: Partial<Option>) =>
    setOptions(options.map((one) => (one.row === row ? { ...one, ...changes } : one)));

  return (
    <FormDialog
      title={field ? t("marks.edit.named", { name: field.label }) : t("marks.fields.add")}
      confirm={t("common.save")}
      busy={save.isPending}
      error={save.error}
      fields={["key", "labels", "options"]}
      className={styles.form}
      onClose={onClose}
      onSubmit={() => {
        const input = {
          key,
          kind,
          labels: labelsOf(words),
          // What nobody named for programs is called as people call it.
          options: options.map((one) => ({
            value: one.value || one.en || one.ja,
            labels: labelsOf(one),
          })),
          requiredToSolve: required,
        };
        save.mutate({ id: field?.id ?? null, input }, { onSuccess: onClose });
      }}
    >
      <TextField
        label={t("marks.label.en")}
        maxLength={60}
        value={words.en}
        error={problem("labels")}
        onChange={(event) => setWords({ ...words, en: event.target.value })}
      />
      <TextField
        label={t("marks.label.ja")}
        maxLength={60}
        value={words.ja}
        lang="ja"
        onChange={(event) => setWords({ ...words, ja: event.target.value })}
      />
      <TextField
        label={t("marks.key")}
        help={t("marks.key.help")}
        maxLength={40}
        value={key}
        readOnly={field !== undefined}
        error={problem("key")}
        onChange={(event) => setKey(event.target.value)}
      />
      <SelectField
        label={t("marks.kind")}
        value={kind}
        disabled={field !== undefined}
        onChange={(event) => {
          setKind(KINDS.find((one) => one === event.target.value) ?? "TEXT");
          setOptions([]);
        }}
      >
        {KINDS.map((one) => (
          <option key={one} value={one}>
            {t(`marks.kind.${one}`)}
          </option>
        ))}
      </SelectField>
      {kind === "CHOICE" && (
        <fieldset className={styles.options}>
          <legend>{t("marks.options")}</legend>
          {options.map((one, at) => (
            <div key={one.row} className={styles.option}>
              <TextField
                label={t("marks.option.en", { number: at + 1 })}
                maxLength={60}
                value={one.en}
                error={problem(`options.${at}.labels`) ?? problem(`options.${at}.value`)}
                onChange={(event) => change(one.row, { en: event.target.value })}
              />
              <TextField
                label={t("marks.option.ja", { number: at + 1 })}
                maxLength={60}
                value={one.ja}
                lang="ja"
                onChange={(event) => change(one.row, { ja: event.target.value })}
              />
              <IconButton
                label={t("marks.option.remove", { number: at + 1 })}
                icon={<X size={14} />}
                onClick={() => setOptions(options.filter((other) => other !== one))}
              />
            </div>
          ))}
          {problem("options") !== undefined && <Problem>{problem("options")}</Problem>}
          <Button
            icon={<Plus size={14} aria-hidden />}
            onClick={() =>
              setOptions([
                ...options,
                { row: Math.max(-1, ...options.map((one) => one.row)) + 1, value: "", en: "", ja: "" },
              ])
            }
          >
            {t("marks.option.add")}
          </Button>
        </fieldset>
      )}
      <Choice
        label={t("marks.required")}
        help={t("marks.required.help")}
        checked={required}
        onChange={(event) => setRequired(event.target.checked)}
      />
    </FormDialog>
  );
}
