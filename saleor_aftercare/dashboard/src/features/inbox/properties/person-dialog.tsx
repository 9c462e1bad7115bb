import { useId, useState } from "react";
import { Button } from "@/components/button";
import { Dialog } from "@/components/dialog";
import { Problem } from "@/components/feedback";
import { SelectField, TextArea, TextField } from "@/components/field";
import type { PersonPartsFragment } from "@/gql/types";
import { useT } from "@/lib/intl";
import { useExplain } from "@/lib/problem";
import { usePersonUpdate } from "./data";
import styles from "./properties.module.css";

/** What staff say of a person: name, language, and what everybody should know. */
export function PersonDialog({ person, onClose }: { person: PersonPartsFragment; onClose: () => void }) {
  const t = useT();
  const explain = useExplain();
  const formId = useId();
  const update = usePersonUpdate();
  const [name, setName] = useState(person.name);
  const [language, setLanguage] = useState(person.language);
  const [note, setNote] = useState(person.note);
  return (
    <Dialog
      title={t("person.edit")}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button type="submit" form={formId} variant="primary" busy={update.isPending}>
            {t("common.save")}
          </Button>
        </>
      }
    >
      <form
        id={formId}
        className={styles.fields}
        onSubmit={(event) => {
          event.preventDefault();
          if (!update.isPending) {
            update.mutate({ id: person.id, input: { name, language, note } }, { onSuccess: onClose });
          }
        }}
      >
        <TextField
          label={t("person.name")}
          maxLength={300}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <SelectField
          label={t("person.language")}
          value={language}
          onChange={(event) => setLanguage(event.target.value)}
        >
          <option value="">{t("person.language.shop")}</option>
          {[...new Set(["en", "ja", ...(language === "" ? [] : [language])])].map((one) => (
            <option key={one} value={one}>
              {t("customer.language", { language: one })}
            </option>
          ))}
        </SelectField>
        <TextArea
          label={t("person.note")}
          rows={5}
          maxLength={10_000}
          value={note}
          onChange={(event) => setNote(event.target.value)}
        />
      </form>
      {update.error !== null && <Problem>{explain(update.error)}</Problem>}
    </Dialog>
  );
}
