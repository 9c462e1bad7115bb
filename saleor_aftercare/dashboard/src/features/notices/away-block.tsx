import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Trash2 } from "lucide-react";
import { useState } from "react";
import { Button, IconButton } from "@/components/button";
import { Muted } from "@/components/card";
import { ErrorNotice, Problem, Skeleton } from "@/components/feedback";
import { SelectField, TextField } from "@/components/field";
import { Block, Pair } from "@/components/settings";
import {
  ColleaguesDocument,
  MyAbsenceDeleteDocument,
  MyAbsenceSaveDocument,
  MyAbsencesDocument,
} from "@/gql/notices";
import { notify } from "@/lib/bridge";
import { execute } from "@/lib/graphql";
import { useT } from "@/lib/intl";
import { accepted } from "@/lib/mutation";
import { useExplain } from "@/lib/problem";
import { keys } from "@/lib/query-keys";
import { useFormat } from "@/lib/use-format";
import styles from "./notices.module.css";

/** When the person is away, and who stands in. */
export function AwayBlock() {
  const t = useT();
  const explain = useExplain();
  const format = useFormat();
  const client = useQueryClient();
  const [from, setFrom] = useState("");
  const [until, setUntil] = useState("");
  const [standIn, setStandIn] = useState("");
  const { data, error, refetch } = useQuery({
    queryKey: keys.myAbsences,
    queryFn: async ({ signal }) => (await execute(MyAbsencesDocument, {}, signal)).myAbsences,
  });
  // Whoever has nothing to do with conversations has nobody to name, and none to hand over.
  const { data: colleagues = [] } = useQuery({
    queryKey: keys.colleagues,
    retry: false,
    queryFn: async ({ signal }) => (await execute(ColleaguesDocument, {}, signal)).staffMembers,
  });
  const again = () => client.invalidateQueries({ queryKey: keys.myAbsences });
  const add = useMutation({
    mutationFn: async () =>
      accepted(
        (
          await execute(MyAbsenceSaveDocument, {
            input: {
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
      notify("success", t("away.saved"));
      await again();
    },
  });
  const remove = useMutation({
    mutationFn: async (id: string) =>
      accepted((await execute(MyAbsenceDeleteDocument, { id })).absenceDelete),
    onSuccess: again,
  });
  const failed = add.error ?? remove.error;
  return (
    <Block title={t("away.title")} help={t("away.help")}>
      {data ? (
        <ul className={styles.list}>
          {data.map((absence) => (
            <li key={absence.id} className={styles.notice}>
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
      ) : error ? (
        <ErrorNotice error={error} onRetry={() => void refetch()} />
      ) : (
        <Skeleton rows={2} />
      )}
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
      {colleagues.length > 0 && (
        <SelectField
          label={t("team.standIn")}
          value={standIn}
          onChange={(event) => setStandIn(event.target.value)}
        >
          <option value="">{t("team.standInNobody")}</option>
          {colleagues
            .filter(({ isMe }) => !isMe)
            .map(({ id, name }) => (
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
    </Block>
  );
}
