import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Trash2 } from "lucide-react";
import { type FormEvent, useId, useState } from "react";
import { Button, IconButton } from "@/components/button";
import { Muted } from "@/components/card";
import { Dialog } from "@/components/dialog";
import { Problem } from "@/components/feedback";
import { Choice, SelectField, TextField } from "@/components/field";
import { Pair } from "@/components/settings";
import { Tokens } from "@/components/tokens";
import { AbsenceDeleteDocument, AbsenceSaveDocument, StaffProfileSaveDocument } from "@/gql/team";
import type { ProfilePartsFragment } from "@/gql/types";
import { notify } from "@/lib/bridge";
import { execute } from "@/lib/graphql";
import { useT } from "@/lib/intl";
import { accepted } from "@/lib/mutation";
import { useExplain } from "@/lib/problem";
import { keys } from "@/lib/query-keys";
import { useFormat } from "@/lib/use-format";
import styles from "./team.module.css";

const CHANNELS = ["email", "form", "chat", "phone", "line"] as const;

/** What somebody knows and takes, and when they are away. */
export function PersonDialog({
  person,
  people,
  onClose,
}: {
  person: ProfilePartsFragment;
  people: readonly ProfilePartsFragment[];
  onClose: () => void;
}) {
  const t = useT();
  const explain = useExplain();
  const client = useQueryClient();
  const form = useId();
  const [languages, setLanguages] = useState<string[]>(person.languages);
  const [channels, setChannels] = useState<string[]>(person.channels);
  const [skills, setSkills] = useState<string[]>(person.skills);
  const [capacity, setCapacity] = useState(String(person.capacity));
  const [takesTurns, setTakesTurns] = useState(person.takesTurns);
  const save = useMutation({
    mutationFn: async () =>
      accepted(
        (
          await execute(StaffProfileSaveDocument, {
            memberId: person.member.id,
            input: { languages, channels, skills, capacity: Number(capacity) || 0, takesTurns },
          })
        ).staffProfileSave,
      ),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: keys.team });
      notify("success", t("team.saved"));
      onClose();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
  };
  return (
    <Dialog
      side
      title={person.member.name}
      onClose={onClose}
      footer={
        <Button type="submit" form={form} variant="primary" busy={save.isPending}>
          {t("settings.save")}
        </Button>
      }
    >
      <div className={styles.fields}>
        <form id={form} className={styles.fields} noValidate onSubmit={submit}>
          <Choice
            label={t("team.takesTurns")}
            help={t("team.takesTurnsHelp")}
            checked={takesTurns}
            onChange={(event) => setTakesTurns(event.target.checked)}
          />
          <Tokens
            label={t("team.languages")}
            help={t("team.languagesHelp")}
            values={languages}
            onChange={setLanguages}
            tidy={(text) => text.toLowerCase()}
          />
          <Tokens label={t("team.skills")} help={t("team.skillsHelp")} values={skills} onChange={setSkills} />
          <fieldset className={styles.checks}>
            <legend>{t("team.channels")}</legend>
            {CHANNELS.map((one) => (
              <Choice
                key={one}
                label={t(`team.channel.${one}`)}
                checked={channels.includes(one)}
                onChange={(event) =>
                  setChannels(event.target.checked ? [...channels, one] : channels.filter((c) => c !== one))
                }
              />
            ))}
          </fieldset>
          <TextField
            inputMode="numeric"
            label={t("team.capacity")}
            help={t("team.capacityHelp")}
            value={capacity}
            onChange={(event) => setCapacity(event.target.value)}
          />
          {save.error && <Problem>{explain(save.error)}</Problem>}
        </form>
        <Absences person={person} people={people} />
      </div>
    </Dialog>
  );
}

function Absences({
  person,
  people,
}: {
  person: ProfilePartsFragment;
  people: readonly ProfilePartsFragment[];
}) {
  const t = useT();
  const explain = useExplain();
  const format = useFormat();
  const client = useQueryClient();
  const [from, setFrom] = useState("");
  const [until, setUntil] = useState("");
  const [standIn, setStandIn] = useState("");
  const again = () => client.invalidateQueries({ queryKey: keys.team });
  const add = useMutation({
    mutationFn: async () =>
      accepted(
        (
          await execute(AbsenceSaveDocument, {
            input: {
              memberId: person.member.id,
              startsAt: new Date(from).toISOString(),
              endsAt: until === "" ? null : new Date(until).toISOString(),
              standInId: standIn === "" ? null : standIn,
            },
          })
        ).absenceSave,
      ),
    onSuccess: async () => {
      setFrom("");
      setUntil("");
      await again();
    },
  });
  const remove = useMutation({
    mutationFn: async (id: string) => accepted((await execute(AbsenceDeleteDocument, { id })).absenceDelete),
    onSuccess: again,
  });
  const error = add.error ?? remove.error;
  return (
    <section className={styles.fields} aria-label={t("team.absences")}>
      <h3 className={styles.name}>{t("team.absences")}</h3>
      <Muted>{t("team.absencesHelp")}</Muted>
      <ul className={styles.list}>
        {person.absences.map((absence) => (
          <li key={absence.id} className={styles.row}>
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
              onClick={() => remove.mutate(absence.id)}
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
      <SelectField
        label={t("team.standIn")}
        value={standIn}
        onChange={(event) => setStandIn(event.target.value)}
      >
        <option value="">{t("team.standInNobody")}</option>
        {people
          .filter(({ member }) => member.id !== person.member.id)
          .map(({ member }) => (
            <option key={member.id} value={member.id}>
              {member.name}
            </option>
          ))}
      </SelectField>
      {error && <Problem>{explain(error)}</Problem>}
      <div>
        <Button disabled={from === ""} busy={add.isPending} onClick={() => add.mutate()}>
          {t("team.absenceAdd")}
        </Button>
      </div>
    </section>
  );
}
