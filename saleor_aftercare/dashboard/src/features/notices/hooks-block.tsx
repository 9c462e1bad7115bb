import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { type FormEvent, useId, useState } from "react";
import { Button } from "@/components/button";
import { Empty, Muted } from "@/components/card";
import { Dialog } from "@/components/dialog";
import { ErrorNotice, Problem, Skeleton } from "@/components/feedback";
import { Choice, SelectField, TextField } from "@/components/field";
import { Block } from "@/components/settings";
import {
  NoticeHookDeleteDocument,
  NoticeHookSaveDocument,
  NoticeHooksDocument,
  NoticeHookTestDocument,
} from "@/gql/notices";
import type { HookPartsFragment, NoticeKind } from "@/gql/types";
import { notify } from "@/lib/bridge";
import { execute } from "@/lib/graphql";
import { useT } from "@/lib/intl";
import { accepted } from "@/lib/mutation";
import { useExplain } from "@/lib/problem";
import { keys } from "@/lib/query-keys";
import { KINDS } from "./kinds";
import styles from "./notices.module.css";

/** Where notices are posted: Slack, Mattermost and whatever takes the same messages. */
export function HooksBlock() {
  const t = useT();
  const [edited, setEdited] = useState<HookPartsFragment | "new">();
  const { data, error, refetch } = useQuery({
    queryKey: keys.noticeHooks,
    queryFn: ({ signal }) => execute(NoticeHooksDocument, {}, signal),
  });
  return (
    <Block title={t("notices.hooks")} help={t("notices.hooksHelp")}>
      {data ? (
        data.noticeHooks.length === 0 ? (
          <Empty>{t("notices.hooksNone")}</Empty>
        ) : (
          <ul className={styles.list}>
            {data.noticeHooks.map((hook) => (
              <Hook key={hook.id} hook={hook} onEdit={() => setEdited(hook)} />
            ))}
          </ul>
        )
      ) : error ? (
        <ErrorNotice error={error} onRetry={() => void refetch()} />
      ) : (
        <Skeleton rows={2} height={44} />
      )}
      <div>
        <Button icon={<Plus size={14} aria-hidden />} onClick={() => setEdited("new")}>
          {t("notices.hookAdd")}
        </Button>
      </div>
      {edited !== undefined && (
        <HookDialog
          hook={edited === "new" ? undefined : edited}
          teams={data?.teams ?? []}
          onClose={() => setEdited(undefined)}
        />
      )}
    </Block>
  );
}

function Hook({ hook, onEdit }: { hook: HookPartsFragment; onEdit: () => void }) {
  const t = useT();
  const explain = useExplain();
  const client = useQueryClient();
  const test = useMutation({
    mutationFn: async () => accepted((await execute(NoticeHookTestDocument, { id: hook.id })).noticeHookTest),
    onSuccess: () => notify("success", t("notices.hookWorks")),
    onSettled: () => client.invalidateQueries({ queryKey: keys.noticeHooks }),
  });
  return (
    <li className={styles.notice}>
      <span className={styles.words}>
        <span className={styles.new}>{hook.name}</span>
        <Muted>
          {[hook.host, hook.team?.name, ...hook.kinds.map((kind) => t(`notices.kind.${kind}`))]
            .filter(Boolean)
            .join(" · ")}
        </Muted>
        {hook.problem !== "" && !test.error && <p className={styles.problem}>{hook.problem}</p>}
        {test.error && <Problem>{explain(test.error)}</Problem>}
      </span>
      <span className={styles.buttons}>
        <Button busy={test.isPending} onClick={() => test.mutate()}>
          {t("notices.hookTest")}
        </Button>
        <Button onClick={onEdit}>{t("notices.hookEdit")}</Button>
      </span>
    </li>
  );
}

function HookDialog({
  hook,
  teams,
  onClose,
}: {
  hook: HookPartsFragment | undefined;
  teams: readonly { id: string; name: string }[];
  onClose: () => void;
}) {
  const t = useT();
  const explain = useExplain();
  const client = useQueryClient();
  const form = useId();
  const [name, setName] = useState(hook?.name ?? "");
  const [url, setUrl] = useState("");
  const [kinds, setKinds] = useState<readonly NoticeKind[]>(hook?.kinds ?? ["BREACHED"]);
  const [team, setTeam] = useState(hook?.team?.id ?? "");
  const done = async () => {
    await client.invalidateQueries({ queryKey: keys.noticeHooks });
    onClose();
  };
  const save = useMutation({
    mutationFn: async () =>
      accepted(
        (
          await execute(NoticeHookSaveDocument, {
            id: hook?.id ?? null,
            input: {
              name,
              url: url.trim() === "" ? null : url.trim(),
              kinds: [...kinds],
              teamId: team === "" ? null : team,
            },
          })
        ).noticeHookSave,
      ),
    onSuccess: done,
  });
  const remove = useMutation({
    mutationFn: async (id: string) =>
      accepted((await execute(NoticeHookDeleteDocument, { id })).noticeHookDelete),
    onSuccess: done,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
  };
  const error = save.error ?? remove.error;
  return (
    <Dialog
      title={hook ? hook.name : t("notices.hookAdd")}
      onClose={onClose}
      footer={
        <>
          {hook && (
            <Button busy={remove.isPending} onClick={() => remove.mutate(hook.id)}>
              {t("notices.hookDelete")}
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
          label={t("notices.hookName")}
          value={name}
          maxLength={100}
          onChange={(event) => setName(event.target.value)}
        />
        <TextField
          type="url"
          label={t("notices.hookUrl")}
          help={hook ? t("notices.hookUrlKept") : t("notices.hookUrlHelp")}
          autoComplete="off"
          value={url}
          onChange={(event) => setUrl(event.target.value)}
        />
        <SelectField
          label={t("notices.hookTeam")}
          value={team}
          onChange={(event) => setTeam(event.target.value)}
        >
          <option value="">{t("notices.hookWholeShop")}</option>
          {teams.map(({ id, name: label }) => (
            <option key={id} value={id}>
              {label}
            </option>
          ))}
        </SelectField>
        <fieldset className={styles.checks}>
          <legend>{t("notices.what")}</legend>
          {KINDS.map((kind) => (
            <Choice
              key={kind}
              label={t(`notices.kind.${kind}`)}
              checked={kinds.includes(kind)}
              onChange={(event) =>
                setKinds(event.target.checked ? [...kinds, kind] : kinds.filter((one) => one !== kind))
              }
            />
          ))}
        </fieldset>
        {error && <Problem>{explain(error)}</Problem>}
      </form>
    </Dialog>
  );
}
