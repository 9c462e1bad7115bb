import { ArrowDown, ArrowUp, Plus } from "lucide-react";
import { useState } from "react";
import { Button, IconButton } from "@/components/button";
import { Pill } from "@/components/pill";
import type { FieldSettingFragment } from "@/gql/types";
import { notify } from "@/lib/bridge";
import { useT } from "@/lib/intl";
import { useExplain } from "@/lib/problem";
import { useArchiveField, useOrderFields } from "./data";
import { FieldDialog } from "./field-dialog";
import styles from "./marks.module.css";

interface FieldsProps {
  fields: readonly FieldSettingFragment[];
  mayChange: boolean;
}

/** The shop's own fields in the order in which conversations show them. */
export function Fields({ fields, mayChange }: FieldsProps) {
  const t = useT();
  const explain = useExplain();
  const archive = useArchiveField();
  const order = useOrderFields();
  const [editing, setEditing] = useState<FieldSettingFragment | "new">();
  const onError = (error: unknown) => notify("error", t("inbox.action.failed"), explain(error));
  const move = (at: number, by: 1 | -1) => {
    const ids = fields.map((one) => one.id);
    ids.splice(at + by, 0, ...ids.splice(at, 1));
    order.mutate(ids, { onError });
  };
  return (
    <>
      {fields.length === 0 && <p className={styles.muted}>{t("marks.fields.none")}</p>}
      <ul className={styles.rows}>
        {fields.map((field, at) => (
          <li key={field.id} className={styles.row}>
            <span className={styles.what}>
              <span>{field.label}</span>
              <Pill>{t(`marks.kind.${field.kind}`)}</Pill>
              {field.requiredToSolve && <Pill tone="info">{t("marks.required")}</Pill>}
              {field.archived && <Pill>{t("marks.archived")}</Pill>}
            </span>
            <code className={styles.muted}>{field.key}</code>
            {mayChange && (
              <span className={styles.buttons}>
                <IconButton
                  label={t("marks.up", { name: field.label })}
                  icon={<ArrowUp size={14} />}
                  disabled={at === 0}
                  onClick={() => move(at, -1)}
                />
                <IconButton
                  label={t("marks.down", { name: field.label })}
                  icon={<ArrowDown size={14} />}
                  disabled={at === fields.length - 1}
                  onClick={() => move(at, 1)}
                />
                <Button
                  aria-label={t("marks.edit.named", { name: field.label })}
                  onClick={() => setEditing(field)}
                >
                  {t("marks.edit")}
                </Button>
                <Button
                  onClick={() => archive.mutate({ id: field.id, archived: !field.archived }, { onError })}
                >
                  {t(field.archived ? "marks.restore" : "marks.archive")}
                </Button>
              </span>
            )}
          </li>
        ))}
      </ul>
      {mayChange && (
        <Button
          className={styles.add}
          icon={<Plus size={16} aria-hidden />}
          onClick={() => setEditing("new")}
        >
          {t("marks.fields.add")}
        </Button>
      )}
      {editing !== undefined && (
        <FieldDialog field={editing === "new" ? undefined : editing} onClose={() => setEditing(undefined)} />
      )}
    </>
  );
}
