import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useId, useState } from "react";
import { Button } from "@/components/button";
import { Dialog } from "@/components/dialog";
import { Problem } from "@/components/feedback";
import { Choice, SelectField, TextField } from "@/components/field";
import { TeamArchiveDocument, TeamSaveDocument } from "@/gql/team";
import type { ProfilePartsFragment, TeamAssignment, TeamPartsFragment } from "@/gql/types";
import { notify } from "@/lib/bridge";
import { execute } from "@/lib/graphql";
import { useT } from "@/lib/intl";
import { accepted } from "@/lib/mutation";
import { useExplain } from "@/lib/problem";
import { keys } from "@/lib/query-keys";
import styles from "./team.module.css";

const ASSIGNMENTS: readonly TeamAssignment[] = ["MANUAL", "ROUND_ROBIN", "LEAST_BUSY"];

/** One team: its name, its people, and how conversations find one of them. */
export function TeamDialog({
  team,
  people,
  onClose,
}: {
  team: TeamPartsFragment | undefined;
  people: readonly ProfilePartsFragment[];
  onClose: () => void;
}) {
  const t = useT();
  const explain = useExplain();
  const client = useQueryClient();
  const form = useId();
  const [name, setName] = useState(team?.name ?? "");
  const [assignment, setAssignment] = useState<TeamAssignment>(team?.assignment ?? "MANUAL");
  const [isOutsourced, setOutsourced] = useState(team?.isOutsourced ?? false);
  const [reassignsOnBreach, setReassigns] = useState(team?.reassignsOnBreach ?? true);
  const [members, setMembers] = useState<ReadonlySet<string>>(new Set(team?.members.map(({ id }) => id)));
  const done = async () => {
    await client.invalidateQueries({ queryKey: keys.team });
    notify("success", t("team.saved"));
    onClose();
  };
  const save = useMutation({
    mutationFn: async () =>
      accepted(
        (
          await execute(TeamSaveDocument, {
            id: team?.id ?? null,
            input: { name, assignment, isOutsourced, reassignsOnBreach, memberIds: [...members] },
          })
        ).teamSave,
      ),
    onSuccess: done,
  });
  const archive = useMutation({
    mutationFn: async (id: string) => accepted((await execute(TeamArchiveDocument, { id })).teamArchive),
    onSuccess: done,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
  };
  const toggle = (id: string) => {
    const next = new Set(members);
    if (!next.delete(id)) {
      next.add(id);
    }
    setMembers(next);
  };
  const error = save.error ?? archive.error;
  return (
    <Dialog
      side
      title={team ? team.name : t("team.add")}
      onClose={onClose}
      footer={
        <>
          {team && (
            <Button busy={archive.isPending} onClick={() => archive.mutate(team.id)}>
              {t("team.archive")}
            </Button>
          )}
          <Button type="submit" form={form} variant="primary" busy={save.isPending}>
            {t("settings.save")}
          </Button>
        </>
      }
    >
      <form id={form} className={styles.fields} noValidate onSubmit={submit}>
        <TextField
          label={t("team.name")}
          value={name}
          maxLength={100}
          onChange={(event) => setName(event.target.value)}
        />
        <SelectField
          label={t("team.assignment")}
          value={assignment}
          onChange={(event) => setAssignment(event.target.value as TeamAssignment)}
        >
          {ASSIGNMENTS.map((one) => (
            <option key={one} value={one}>
              {t(`team.assignment.${one}`)}
            </option>
          ))}
        </SelectField>
        {assignment !== "MANUAL" && (
          <Choice
            label={t("team.reassigns")}
            help={t("team.reassignsHelp")}
            checked={reassignsOnBreach}
            onChange={(event) => setReassigns(event.target.checked)}
          />
        )}
        <Choice
          label={t("team.isOutsourced")}
          help={t("team.isOutsourcedHelp")}
          checked={isOutsourced}
          onChange={(event) => setOutsourced(event.target.checked)}
        />
        <fieldset className={styles.checks}>
          <legend>{t("team.members")}</legend>
          {people.map(({ member }) => (
            <Choice
              key={member.id}
              label={member.name}
              checked={members.has(member.id)}
              onChange={() => toggle(member.id)}
            />
          ))}
        </fieldset>
        {error && <Problem>{explain(error)}</Problem>}
      </form>
    </Dialog>
  );
}
