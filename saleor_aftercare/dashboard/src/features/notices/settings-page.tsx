import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { Button } from "@/components/button";
import { ErrorNotice, Problem, Skeleton } from "@/components/feedback";
import { SelectField } from "@/components/field";
import { Page } from "@/components/page";
import { Block, Pair } from "@/components/settings";
import { NoticePreferencesDocument, NoticePreferencesUpdateDocument } from "@/gql/notices";
import type { NoticeKind, PreferencesPartsFragment } from "@/gql/types";
import { notify } from "@/lib/bridge";
import { execute } from "@/lib/graphql";
import { useT } from "@/lib/intl";
import { accepted } from "@/lib/mutation";
import { useExplain } from "@/lib/problem";
import { keys } from "@/lib/query-keys";
import { useMay } from "@/lib/viewer";
import { AwayBlock } from "./away-block";
import { HooksBlock } from "./hooks-block";
import { KINDS } from "./kinds";
import styles from "./notices.module.css";

/** What the person wants to be told, and where the team is told. */
export function NoticeSettingsPage() {
  const t = useT();
  const mayChange = useMay("MANAGE_SETTINGS");
  const { data, error, refetch } = useQuery({
    queryKey: keys.noticePreferences,
    queryFn: async ({ signal }) => (await execute(NoticePreferencesDocument, {}, signal)).noticePreferences,
  });
  return (
    <Page title={t("notices.settings")} back={{ href: "/notices", label: t("notices.title") }}>
      {data ? (
        <PreferencesForm preferences={data} />
      ) : error ? (
        <ErrorNotice error={error} onRetry={() => void refetch()} />
      ) : (
        <Skeleton rows={8} height={44} />
      )}
      <AwayBlock />
      {mayChange && <HooksBlock />}
    </Page>
  );
}

function PreferencesForm({ preferences }: { preferences: PreferencesPartsFragment }) {
  const t = useT();
  const explain = useExplain();
  const client = useQueryClient();
  const [app, setApp] = useState<readonly NoticeKind[]>(preferences.app);
  const [mail, setMail] = useState<readonly NoticeKind[]>(preferences.mail);
  const [digest, setDigest] = useState(preferences.digest);
  const [hour, setHour] = useState(preferences.hour);
  const save = useMutation({
    mutationFn: async () =>
      accepted(
        (
          await execute(NoticePreferencesUpdateDocument, {
            input: { app: [...app], mail: [...mail], digest, hour },
          })
        ).noticePreferencesUpdate,
      ).preferences,
    onSuccess: (saved) => {
      if (saved) {
        client.setQueryData(keys.noticePreferences, saved);
      }
      notify("success", t("notices.saved"));
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
  };
  const box = (
    kind: NoticeKind,
    chosen: readonly NoticeKind[],
    set: (kinds: readonly NoticeKind[]) => void,
    way: string,
  ) => (
    <input
      type="checkbox"
      aria-label={`${t(`notices.kind.${kind}`)}: ${way}`}
      checked={chosen.includes(kind)}
      onChange={(event) =>
        set(event.target.checked ? [...chosen, kind] : chosen.filter((one) => one !== kind))
      }
    />
  );
  return (
    <form noValidate onSubmit={submit}>
      <Block title={t("notices.mine")} help={t("notices.mineHelp")}>
        <table className={styles.table}>
          <thead>
            <tr>
              <th scope="col">{t("notices.what")}</th>
              <th scope="col">{t("notices.app")}</th>
              <th scope="col">{t("notices.mail")}</th>
            </tr>
          </thead>
          <tbody>
            {KINDS.map((kind) => (
              <tr key={kind}>
                <th scope="row">{t(`notices.kind.${kind}`)}</th>
                <td>{box(kind, app, setApp, t("notices.app"))}</td>
                <td>{box(kind, mail, setMail, t("notices.mail"))}</td>
              </tr>
            ))}
          </tbody>
        </table>
        <Pair>
          <SelectField
            label={t("notices.digest")}
            value={digest}
            onChange={(event) => setDigest(event.target.value)}
          >
            <option value="hourly">{t("notices.hourly")}</option>
            <option value="daily">{t("notices.daily")}</option>
          </SelectField>
          {digest === "daily" && (
            <SelectField
              label={t("notices.hour")}
              value={hour}
              onChange={(event) => setHour(Number(event.target.value))}
            >
              {Array.from({ length: 24 }, (_, one) => `${one}:00`).map((label, one) => (
                <option key={label} value={one}>
                  {label}
                </option>
              ))}
            </SelectField>
          )}
        </Pair>
        {save.error && <Problem>{explain(save.error)}</Problem>}
        <div>
          <Button type="submit" variant="primary" busy={save.isPending}>
            {t("settings.save")}
          </Button>
        </div>
      </Block>
    </form>
  );
}
