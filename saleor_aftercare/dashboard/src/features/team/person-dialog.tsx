import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useId, useState } from "react";
import { Absences } from "@/components/absences";
import { Button } from "@/components/button";
import { Muted } from "@/components/card";
import { Dialog } from "@/components/dialog";
import { Problem } from "@/components/feedback";
import { Choice, TextField } from "@/components/field";
import { Tokens } from "@/components/tokens";
import { AbsenceDeleteDocument, AbsenceSaveDocument, StaffProfileSaveDocument } from "@/gql/team";
import type { ProfilePartsFragment } from "@/gql/types";
import { notify } from "@/lib/bridge";
import { execute } from "@/lib/graphql";
import { useT } from "@/lib/intl";
import { accepted } from "@/lib/mutation";
import { useExplain } from "@/lib/problem";
import { keys } from "@/lib/query-keys";
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
        <Away person={person} people={people} />
      </div>
    </Dialog>
  );
}

function Away({ person, people }: { person: ProfilePartsFragment; people: readonly ProfilePartsFragment[] }) {
  const t = useT();
  const client = useQueryClient();
  const memberId = person.member.id;
  return (
    <section className={styles.fields} aria-label={t("team.absences")}>
      <h3 className={styles.name}>{t("team.absences")}</h3>
      <Muted>{t("team.absencesHelp")}</Muted>
      <Absences
        absences={person.absences}
        others={people.map(({ member }) => member).filter(({ id }) => id !== memberId)}
        save={async (input) =>
          accepted((await execute(AbsenceSaveDocument, { input: { ...input, memberId } })).absenceSave)
        }
        remove={async (id) => accepted((await execute(AbsenceDeleteDocument, { id })).absenceDelete)}
        onChanged={() => client.invalidateQueries({ queryKey: keys.team })}
      />
    </section>
  );
}
