import { Plus } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/button";
import { Empty } from "@/components/card";
import { ErrorNotice, Skeleton } from "@/components/feedback";
import { Choice, TextField } from "@/components/field";
import { OneForm, OnePage, useOne } from "@/components/one-of";
import { Page } from "@/components/page";
import { Pill } from "@/components/pill";
import { Pair } from "@/components/settings";
import { RepliesCannedDeleteDocument, RepliesCannedSaveDocument } from "@/gql/replies";
import type { CannedFullFragment } from "@/gql/types";
import { execute } from "@/lib/graphql";
import { useT } from "@/lib/intl";
import { navigate } from "@/lib/location";
import { accepted } from "@/lib/mutation";
import styles from "./replies.module.css";
import { TableButtons } from "./table";
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
        <div className={styles.actions}>
          <TableButtons />
          <Button
            variant="primary"
            icon={<Plus size={14} aria-hidden />}
            onClick={() => navigate("/settings/replies/new")}
          >
            {t("replies.add")}
          </Button>
        </div>
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
  const query = useCannedBook();
  const canned = query.data?.cannedReplies.find((one) => one.id === id);
  return (
    <OnePage
      id={id}
      name={canned?.title}
      list={{ href: "/settings/replies", label: t("replies.title") }}
      add={t("replies.add")}
      gone={t("replies.gone")}
      query={query}
    >
      {() => <CannedForm key={canned ? `${canned.id}:${canned.version}` : "new"} canned={canned} />}
    </OnePage>
  );
}

function CannedForm({ canned }: { canned: CannedFullFragment | undefined }) {
  const t = useT();
  const [values, setValues] = useState({
    shortcut: canned?.shortcut ?? "",
    title: canned?.title ?? "",
    folder: canned?.folder ?? "",
    personal: canned?.personal ?? false,
    texts: toTexts(canned?.texts),
  });
  const [files, setFiles] = useState<readonly File[]>([]);
  const [kept, setKept] = useState(canned?.attachments ?? []);
  const one = useOne({
    list: "/settings/replies",
    saved: "replies.saved",
    stale: { predicate: ({ queryKey }) => ["canned", "canned-book"].includes(String(queryKey[0])) },
    save: async () => {
      const input = {
        ...values,
        ...(canned ? { id: canned.id, version: canned.version } : {}),
        texts: toList(values.texts),
        attachments: [...files],
        keptAttachmentIds: kept.map((file) => file.id),
      };
      return accepted((await execute(RepliesCannedSaveDocument, { input })).cannedReplySave);
    },
    remove:
      canned &&
      (async () => {
        const { id, version } = canned;
        return accepted((await execute(RepliesCannedDeleteDocument, { id, version })).cannedReplyDelete);
      }),
  });
  const { errorAt } = one;
  const set = (change: Partial<typeof values>) => {
    setValues({ ...values, ...change });
    one.touch();
  };
  return (
    <OneForm one={one} removeLabel={t("replies.delete")}>
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
          one.touch();
        }}
      />
      {kept.map((file) => (
        <Choice
          key={file.id}
          label={t("replies.keepFile", { name: file.name })}
          checked
          onChange={() => {
            setKept(kept.filter(({ id }) => id !== file.id));
            one.touch();
          }}
        />
      ))}
      <Choice
        label={t("replies.onlyMine")}
        checked={values.personal}
        onChange={(event) => set({ personal: event.target.checked })}
      />
    </OneForm>
  );
}
