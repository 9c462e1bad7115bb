import { useMutation } from "@tanstack/react-query";
import { Trash2 } from "lucide-react";
import { useState } from "react";
import type { AbsenceInput } from "@/gql/types";
import { notify } from "@/lib/bridge";
import { useT } from "@/lib/intl";
import { useExplain } from "@/lib/problem";
import { useFormat } from "@/lib/use-format";
import styles from "./absences.module.css";
import { Button, IconButton } from "./button";
import { Muted } from "./card";
import { Problem } from "./feedback";
import { SelectField, TextField } from "./field";
import { Pair } from "./settings";

interface Absence {
  id: string;
  startsAt: string;
  endsAt: string | null;
  standIn: { name: string } | null;
}

interface AbsencesProps {
  absences: readonly Absence[];
  /** Who may stand in. */
  others: readonly { id: string; name: string }[];
  save: (input: AbsenceInput) => Promise<unknown>;
  remove: (id: string) => Promise<unknown>;
  /** Something was changed. */
  onChanged: () => Promise<unknown>;
}

/** When somebody is away and who stands in, now and later, and another time. */
export function Absences({ absences, others, save, remove, onChanged }: AbsencesProps) {
  const t = useT();
  const explain = useExplain();
  const format = useFormat();
  const [from, setFrom] = useState("");
  const [until, setUntil] = useState("");
  const [standIn, setStandIn] = useState("");
  const add = useMutation({
    mutationFn: () =>
      save({
        startsAt: new Date(from).toISOString(),
        endsAt: until === "" ? null : new Date(until).toISOString(),
        standInId: standIn === "" ? null : standIn,
      }),
    onSuccess: async () => {
      setFrom("");
      setUntil("");
      notify("success", t("away.saved"));
      await onChanged();
    },
  });
  const takeAway = useMutation({ mutationFn: remove, onSuccess: onChanged });
  const failed = add.error ?? takeAway.error;
  return (
    <>
      <ul className={styles.list}>
        {absences.map((absence) => (
          <li key={absence.id} className={styles.absence}>
            <span className={styles.words}>
              {absence.endsAt
                ? t("team.absence", {
                    from: format.dateTime(absence.startsAt),
                    until: format.dateTime(absence.endsAt),
                  })
                : t("team.absenceOpen", { from: format.dateTime(absence.startsAt) })}
              {absence.standIn && <Muted>{t("team.standInIs", { name: absence.standIn.name })}</Muted>}
            </span>
            <IconButton
              label={t("team.absenceDelete")}
              icon={<Trash2 size={16} />}
              onClick={() => takeAway.mutate(absence.id)}
            />
          </li>
        ))}
      </ul>
      <Pair>
        <TextField
          type="datetime-local"
          label={t("team.from")}
          value={from}
          onChange={(event) => setFrom(event.target.value)}
        />
        <TextField
          type="datetime-local"
          label={t("common.optional", { label: t("team.until") })}
          value={until}
          onChange={(event) => setUntil(event.target.value)}
        />
      </Pair>
      {others.length > 0 && (
        <SelectField
          label={t("team.standIn")}
          value={standIn}
          onChange={(event) => setStandIn(event.target.value)}
        >
          <option value="">{t("team.standInNobody")}</option>
          {others.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </SelectField>
      )}
      {failed && <Problem>{explain(failed)}</Problem>}
      <div>
        <Button disabled={from === ""} busy={add.isPending} onClick={() => add.mutate()}>
          {t("team.absenceAdd")}
        </Button>
      </div>
    </>
  );
}
