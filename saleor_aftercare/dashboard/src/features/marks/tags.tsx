import { Plus } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/button";
import { SelectField, TextField } from "@/components/field";
import { FormDialog } from "@/components/form-dialog";
import { Pill, type Tone } from "@/components/pill";
import type { MarkSettingsQuery } from "@/gql/types";
import { type MessageId, useT } from "@/lib/intl";
import { useMergeTags, useSaveTag } from "./data";
import styles from "./marks.module.css";

type TagUse = MarkSettingsQuery["tagUses"][number];
type Tag = TagUse["tag"];

const COLORS = ["", "info", "success", "warning", "attention", "error"] as const;
const toneOf = (color: string): Tone =>
  COLORS.find((one) => one !== "" && one === color) ? (color as Tone) : "neutral";
const colorLabel = (color: (typeof COLORS)[number]): MessageId => `marks.color.${color || "neutral"}`;

/** All tags with how much they are used; renamed, coloured, merged and archived in a dialog. */
export function Tags({ uses, mayChange }: { uses: readonly TagUse[]; mayChange: boolean }) {
  const t = useT();
  const [editing, setEditing] = useState<Tag | "new">();
  return (
    <>
      {uses.length === 0 && <p className={styles.muted}>{t("marks.tags.none")}</p>}
      <ul className={styles.rows}>
        {uses.map(({ tag, ticketCount }) => (
          <li key={tag.id} className={styles.row}>
            <span className={styles.what}>
              <Pill tone={toneOf(tag.color)}>{tag.name}</Pill>
              {tag.archived && <Pill>{t("marks.archived")}</Pill>}
            </span>
            <span className={styles.muted}>{t("marks.tags.used", { count: ticketCount })}</span>
            {mayChange && (
              <Button aria-label={t("marks.edit.named", { name: tag.name })} onClick={() => setEditing(tag)}>
                {t("marks.edit")}
              </Button>
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
          {t("marks.tags.add")}
        </Button>
      )}
      {editing !== undefined && (
        <TagDialog
          tag={editing === "new" ? undefined : editing}
          others={uses.map((one) => one.tag).filter((one) => one !== editing)}
          onClose={() => setEditing(undefined)}
        />
      )}
    </>
  );
}

interface TagDialogProps {
  tag: Tag | undefined;
  others: readonly Tag[];
  onClose: () => void;
}

function TagDialog({ tag, others, onClose }: TagDialogProps) {
  const t = useT();
  const save = useSaveTag();
  const merge = useMergeTags();
  const [name, setName] = useState(tag?.name ?? "");
  const [color, setColor] = useState(tag?.color ?? "");
  const [into, setInto] = useState("");
  const done = { onSuccess: onClose };
  const problem = save.error ?? merge.error;
  return (
    <FormDialog
      title={tag ? t("marks.edit.named", { name: tag.name }) : t("marks.tags.add")}
      confirm={t("common.save")}
      busy={save.isPending}
      disabled={name.trim() === ""}
      error={problem}
      fields={[]}
      className={styles.form}
      aside={
        tag && (
          <Button
            busy={save.isPending}
            onClick={() => save.mutate({ id: tag.id, archived: !tag.archived }, done)}
          >
            {t(tag.archived ? "marks.restore" : "marks.archive")}
          </Button>
        )
      }
      below={
        tag &&
        others.length > 0 && (
          <div className={styles.merge}>
            <SelectField
              label={t("marks.tags.merge")}
              help={t("marks.tags.merge.help")}
              value={into}
              onChange={(event) => setInto(event.target.value)}
            >
              <option value="">{t("marks.tags.merge.none")}</option>
              {others.map((one) => (
                <option key={one.id} value={one.id}>
                  {one.name}
                </option>
              ))}
            </SelectField>
            <Button
              disabled={into === ""}
              busy={merge.isPending}
              onClick={() => merge.mutate({ id: into, otherId: tag.id }, done)}
            >
              {t("merge.confirm")}
            </Button>
          </div>
        )
      }
      onClose={onClose}
      onSubmit={() => save.mutate({ id: tag?.id ?? null, name, color }, done)}
    >
      <TextField
        label={t("marks.name")}
        maxLength={60}
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
      <SelectField label={t("marks.color")} value={color} onChange={(event) => setColor(event.target.value)}>
        {COLORS.map((one) => (
          <option key={one} value={one}>
            {t(colorLabel(one))}
          </option>
        ))}
      </SelectField>
    </FormDialog>
  );
}
