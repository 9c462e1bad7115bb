import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { Button } from "@/components/button";
import { ErrorNotice, Problem, Skeleton } from "@/components/feedback";
import { SelectField } from "@/components/field";
import { Page } from "@/components/page";
import { Block, ExitGuard } from "@/components/settings";
import { RepliesWritingDocument, RepliesWritingSaveDocument } from "@/gql/replies";
import type { RepliesWritingQuery } from "@/gql/types";
import { notify } from "@/lib/bridge";
import { execute } from "@/lib/graphql";
import { useT } from "@/lib/intl";
import { accepted, problemAt } from "@/lib/mutation";
import { useExplain } from "@/lib/problem";
import { keys } from "@/lib/query-keys";
import styles from "./replies.module.css";
import { TextFields, toList, toTexts } from "./texts";

/** How the asking person writes: how long they can take answers back, and what they sign with. */
export function WritingPage() {
  const t = useT();
  const { data, error, refetch } = useQuery({
    queryKey: [...keys.writing, "page"],
    queryFn: async ({ signal }) => (await execute(RepliesWritingDocument, {}, signal)).writingPreferences,
  });
  return (
    <Page
      title={t("writing.title")}
      back={{ href: "/settings", label: t("settings.title") }}
      subtitle={<span>{t("writing.subtitle")}</span>}
    >
      {data ? (
        <WritingForm own={data} />
      ) : error ? (
        <ErrorNotice error={error} onRetry={() => void refetch()} />
      ) : (
        <Skeleton rows={4} height={44} />
      )}
    </Page>
  );
}

function WritingForm({ own }: { own: RepliesWritingQuery["writingPreferences"] }) {
  const t = useT();
  const explain = useExplain();
  const client = useQueryClient();
  const [dirty, setDirty] = useState(false);
  const [seconds, setSeconds] = useState(String(own.undoSeconds));
  const [texts, setTexts] = useState(toTexts(own.signatures));
  const [afterwards, setAfterwards] = useState(own.afterwards);
  const save = useMutation({
    mutationFn: async () => {
      const input = {
        undoSeconds: Number(seconds),
        afterwards,
        signatures: toList(texts),
      };
      return accepted((await execute(RepliesWritingSaveDocument, { input })).writingPreferencesSave);
    },
    onSuccess: async () => {
      setDirty(false);
      notify("success", t("writing.saved"));
      await client.invalidateQueries({ queryKey: keys.writing });
    },
  });
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
        <Block title={t("writing.undo")} help={t("writing.undoHelp")}>
          <SelectField
            label={t("writing.undo")}
            value={seconds}
            onChange={(event) => {
              setSeconds(event.target.value);
              setDirty(true);
            }}
          >
            {[...new Set([0, 5, 10, 20, 30, 60, own.undoSeconds])]
              .sort((one, other) => one - other)
              .map((one) => (
                <option key={one} value={one}>
                  {t("writing.seconds", { count: one })}
                </option>
              ))}
          </SelectField>
          <SelectField
            label={t("writing.afterwards")}
            value={afterwards}
            onChange={(event) => {
              setAfterwards(event.target.value);
              setDirty(true);
            }}
          >
            {(["stay", "next", "list"] as const).map((one) => (
              <option key={one} value={one}>
                {t(`writing.afterwards.${one}`)}
              </option>
            ))}
          </SelectField>
        </Block>
        <Block title={t("writing.signature")} help={t("writing.signatureHelp")}>
          <TextFields
            texts={texts}
            rows={3}
            errorAt={(language) => problemAt(save.error, `signatures.${language}`)}
            onChange={(next) => {
              setTexts(next);
              setDirty(true);
            }}
          />
        </Block>
        {save.error && <Problem>{explain(save.error)}</Problem>}
        <div>
          <Button type="submit" variant="primary" disabled={!dirty} busy={save.isPending}>
            {t("settings.save")}
          </Button>
        </div>
      </form>
    </>
  );
}
