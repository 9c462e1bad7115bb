import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { type FormEvent, useState } from "react";
import { Button } from "@/components/button";
import { Empty } from "@/components/card";
import { ErrorNotice, Problem, Skeleton } from "@/components/feedback";
import { Choice, TextField } from "@/components/field";
import { Page } from "@/components/page";
import { Pill } from "@/components/pill";
import { ExitGuard, Pair } from "@/components/settings";
import { RepliesCannedDeleteDocument, RepliesCannedSaveDocument } from "@/gql/replies";
import type { CannedFullFragment } from "@/gql/types";
import { notify } from "@/lib/bridge";
import { execute } from "@/lib/graphql";
import { useT } from "@/lib/intl";
import { navigate } from "@/lib/location";
import { accepted, Refusal } from "@/lib/mutation";
import { useExplain } from "@/lib/problem";
import styles from "./replies.module.css";
import { TextFields, toList, toTexts } from "./texts";
import { useCannedBook, Variables } from "./variables";

/** Ready-made words, by folder. */
export function CannedPage() {
  const t = useT();
  const { data, error, refetch } = useCannedBook();
  const folders = [...new Set(data?.cannedReplies.map(({ folder }) => folder))];
  return (
    <Page
      title={t("replies.title")}
      back={{ href: "/settings", label: t("settings.title") }}
      subtitle={<span>{t("replies.subtitle")}</span>}
      actions={
        <Button
          variant="primary"
          icon={<Plus size={14} aria-hidden />}
          onClick={() => navigate("/settings/replies/new")}
        >
          {t("replies.add")}
        </Button>
      }
    >
      {error && !data && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Skeleton rows={5} height={44} />}
      {data?.cannedReplies.length === 0 && <Empty>{t("replies.none")}</Empty>}
      {folders.map((folder) => (
        <section key={folder} aria-label={folder || t("replies.noFolder")}>
          {(folder !== "" || folders.length > 1) && (
            <h2 className={styles.folder}>{folder || t("replies.noFolder")}</h2>
          )}
          <ul className={styles.list}>
            {data?.cannedReplies
              .filter((one) => one.folder === folder)
              .map((one) => (
                <li key={one.id}>
                  <button
                    type="button"
                    className={styles.row}
                    onClick={() => navigate(`/settings/replies/${one.id}`)}
                  >
                    <span className={styles.name}>{one.title}</span>
                    {one.personal && <Pill tone="info">{t("replies.personal")}</Pill>}
                    <span className={styles.muted}>/{one.shortcut}</span>
                    <span className={styles.muted}>
                      {one.texts.map(({ language }) => language).join(" · ")}
                    </span>
                    <span className={styles.muted}>{t("replies.used", { count: one.used })}</span>
                  </button>
                </li>
              ))}
          </ul>
        </section>
      ))}
    </Page>
  );
}

/** One of them, or a new one. */
export function CannedReplyPage({ id }: { id: string }) {
  const t = useT();
  const { data, error, refetch } = useCannedBook();
  const canned = data?.cannedReplies.find((one) => one.id === id);
  return (
    <Page
      title={id === "new" ? t("replies.add") : (canned?.title ?? t("replies.title"))}
      back={{ href: "/settings/replies", label: t("replies.title") }}
    >
      {error && !data && <ErrorNotice error={error} onRetry={() => void refetch()} />}
      {!data && !error && <Skeleton rows={6} height={44} />}
      {data && (id === "new" || canned) && (
        <CannedForm key={canned ? `${canned.id}:${canned.version}` : "new"} canned={canned} />
      )}
      {data && id !== "new" && !canned && <Empty>{t("replies.gone")}</Empty>}
    </Page>
  );
}

function CannedForm({ canned }: { canned: CannedFullFragment | undefined }) {
  const t = useT();
  const explain = useExplain();
  const client = useQueryClient();
  const [dirty, setDirty] = useState(false);
  const [values, setValues] = useState({
    shortcut: canned?.shortcut ?? "",
    title: canned?.title ?? "",
    folder: canned?.folder ?? "",
    personal: canned?.personal ?? false,
    texts: toTexts(canned?.texts),
  });
  const [files, setFiles] = useState<readonly File[]>([]);
  const [kept, setKept] = useState(canned?.attachments ?? []);
  const set = (change: Partial<typeof values>) => {
    setValues({ ...values, ...change });
    setDirty(true);
  };
  const leave = async () => {
    setDirty(false);
    await client.invalidateQueries({
      predicate: ({ queryKey }) => ["canned", "canned-book"].includes(String(queryKey[0])),
    });
    // The guard of unsaved changes goes with the next paint.
    window.setTimeout(() => navigate("/settings/replies"), 0);
  };
  const save = useMutation({
    mutationFn: async () => {
      const input = {
        ...values,
        ...(canned ? { id: canned.id, version: canned.version } : {}),
        texts: toList(values.texts),
        attachments: [...files],
        keptAttachmentIds: kept.map((file) => file.id),
      };
      return accepted((await execute(RepliesCannedSaveDocument, { input })).cannedReplySave);
    },
    onSuccess: async () => {
      notify("success", t("replies.saved"));
      await leave();
    },
  });
  const remove = useMutation({
    mutationFn: async ({ id, version }: CannedFullFragment) =>
      accepted((await execute(RepliesCannedDeleteDocument, { id, version })).cannedReplyDelete),
    onSuccess: leave,
  });
  const errorAt = (place: string): string | undefined =>
    save.error instanceof Refusal
      ? save.error.problems.find(({ field }) => field === place)?.message
      : undefined;
  const failed = save.error ?? remove.error;
  return (
    <>
      <ExitGuard dirty={dirty} />
      <form
        className={styles.form}
        noValidate
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <Pair>
          <TextField
            label={t("replies.name")}
            maxLength={150}
            error={errorAt("title")}
            value={values.title}
            onChange={(event) => set({ title: event.target.value })}
          />
          <TextField
            label={t("replies.shortcut")}
            maxLength={40}
            error={errorAt("shortcut")}
            value={values.shortcut}
            onChange={(event) => set({ shortcut: event.target.value })}
          />
        </Pair>
        <TextField
          label={t("replies.folder")}
          maxLength={60}
          error={errorAt("folder")}
          value={values.folder}
          onChange={(event) => set({ folder: event.target.value })}
        />
        <TextFields
          texts={values.texts}
          errorAt={(language) => errorAt(`texts.${language}`)}
          onChange={(texts) => set({ texts })}
        />
        <Variables />
        <TextField
          type="file"
          multiple
          label={t("replies.files")}
          error={errorAt("attachments")}
          onChange={(event) => {
            setFiles([...(event.target.files ?? [])]);
            setDirty(true);
          }}
        />
        {kept.map((file) => (
          <Choice
            key={file.id}
            label={t("replies.keepFile", { name: file.name })}
            checked
            onChange={() => {
              setKept(kept.filter((one) => one.id !== file.id));
              setDirty(true);
            }}
          />
        ))}
        <Choice
          label={t("replies.onlyMine")}
          checked={values.personal}
          onChange={(event) => set({ personal: event.target.checked })}
        />
        {failed && <Problem>{explain(failed)}</Problem>}
        <div className={styles.buttons}>
          <Button type="submit" variant="primary" busy={save.isPending}>
            {t("settings.save")}
          </Button>
          {canned && (
            <Button busy={remove.isPending} onClick={() => remove.mutate(canned)}>
              {t("replies.delete")}
            </Button>
          )}
        </div>
      </form>
    </>
  );
}
