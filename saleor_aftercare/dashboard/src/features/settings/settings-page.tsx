import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { type FieldPath, FormProvider, useForm } from "react-hook-form";
import { Button } from "@/components/button";
import { Dialog } from "@/components/dialog";
import { ErrorNotice, Problem, Skeleton, Warning } from "@/components/feedback";
import { Page } from "@/components/page";
import { SettingsDocument, SettingsSaveDocument } from "@/gql/settings";
import type { SettingsPartsFragment } from "@/gql/types";
import { notify } from "@/lib/bridge";
import { execute } from "@/lib/graphql";
import { useT } from "@/lib/intl";
import { guardNavigation, navigate } from "@/lib/location";
import { accepted, Refusal } from "@/lib/mutation";
import { useExplain } from "@/lib/problem";
import { keys } from "@/lib/query-keys";
import { useMay } from "@/lib/viewer";
import { Health } from "./health";
import { AddressBlock, ConnectionBlock, DeliveryBlock, PolicyBlock, SenderBlock } from "./sections";
import styles from "./settings.module.css";
import { type SettingsValues, type Touched, toInput, toValues } from "./values";

const fetchSettings = async (signal?: AbortSignal) => (await execute(SettingsDocument, {}, signal)).settings;

/** The shop's settings: one page, one form, one save bar. */
export function SettingsPage() {
  const t = useT();
  const { data, error, refetch } = useQuery({
    queryKey: keys.settings,
    // Never exchanged under somebody's hands: a newer version is met when saving, as a conflict.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    refetchOnWindowFocus: false,
    queryFn: ({ signal }) => fetchSettings(signal),
  });
  return (
    <Page title={t("settings.title")} back={{ href: "/inbox", label: t("nav.inbox") }}>
      {data ? (
        <SettingsForm settings={data} />
      ) : error ? (
        <ErrorNotice error={error} onRetry={() => void refetch()} />
      ) : (
        <Skeleton rows={8} height={40} />
      )}
    </Page>
  );
}

interface Save {
  values: SettingsValues;
  touched: Touched;
  version: number;
}

function SettingsForm({ settings }: { settings: SettingsPartsFragment }) {
  const t = useT();
  const explain = useExplain();
  const client = useQueryClient();
  const mayChange = useMay("MANAGE_APPS", "MANAGE_SETTINGS");
  const form = useForm<SettingsValues>({ defaultValues: toValues(settings) });
  const { isDirty, dirtyFields } = form.formState;
  const [theirs, setTheirs] = useState<SettingsPartsFragment>();
  const leave = useExitGuard(isDirty);

  const adopt = (newest: SettingsPartsFragment) => {
    client.setQueryData(keys.settings, newest);
    form.reset(toValues(newest));
    setTheirs(undefined);
  };
  const save = useMutation({
    mutationFn: async ({ values, touched, version }: Save) => {
      const { settingsUpdate } = await execute(SettingsSaveDocument, {
        input: toInput(values, touched, version),
      });
      return accepted(settingsUpdate).settings;
    },
    onSuccess: (saved) => {
      if (saved) {
        adopt(saved);
      }
      notify("success", t("settings.saved"));
    },
    onError: async (error) => {
      if (error instanceof Refusal && error.code === "CONFLICT") {
        setTheirs(await fetchSettings());
      } else if (error instanceof Refusal) {
        for (const problem of error.problems) {
          const field = fieldOf(problem.field, form.getValues());
          if (field) {
            form.setError(field, { message: problem.message }, { shouldFocus: true });
          }
        }
      }
    },
  });
  const submit = (version: number) =>
    form.handleSubmit((values) => save.mutate({ values, touched: { ...dirtyFields }, version }));
  const conflict = theirs !== undefined;

  return (
    <FormProvider {...form}>
      <form className={styles.form} onSubmit={submit(settings.version)} noValidate>
        {!mayChange && <Warning>{t("settings.readOnly")}</Warning>}
        <fieldset className={styles.blocks} disabled={!mayChange}>
          <SenderBlock />
          <AddressBlock />
          <DeliveryBlock />
          <PolicyBlock version={settings.policy.version} />
          <ConnectionBlock />
        </fieldset>
        <Health mayRetry={mayChange} />
        <div className={styles.bar} data-shown={isDirty || conflict}>
          {conflict ? (
            <Warning>
              <p role="alert">{t("settings.conflict")}</p>
              <div className={styles.buttons}>
                <Button onClick={() => adopt(theirs)}>{t("settings.conflict.theirs")}</Button>
                <Button variant="primary" busy={save.isPending} onClick={() => void submit(theirs.version)()}>
                  {t("settings.conflict.mine")}
                </Button>
              </div>
            </Warning>
          ) : (
            <>
              <span className={styles.state} role="status">
                {isDirty && t("settings.unsaved")}
              </span>
              {save.error && <Problem>{explain(save.error)}</Problem>}
              <Button disabled={!isDirty} onClick={() => form.reset(toValues(settings))}>
                {t("settings.discard")}
              </Button>
              <Button type="submit" variant="primary" disabled={!isDirty} busy={save.isPending}>
                {t("settings.save")}
              </Button>
            </>
          )}
        </div>
      </form>
      {leave.asked && (
        <Dialog
          title={t("settings.exit.title")}
          onClose={leave.stay}
          footer={
            <>
              <Button onClick={leave.go}>{t("settings.exit.leave")}</Button>
              <Button variant="primary" onClick={leave.stay}>
                {t("settings.exit.stay")}
              </Button>
            </>
          }
        >
          <p>{t("settings.exit.text")}</p>
        </Dialog>
      )}
    </FormProvider>
  );
}

/** The form's field that the server speaks of: `senderEmail`, `policy.windowDays`, `windowDays`. */
function fieldOf(
  name: string | null | undefined,
  values: SettingsValues,
): FieldPath<SettingsValues> | undefined {
  const last = name?.split(".").at(-1) ?? "";
  const holders = [
    ["", values],
    ["policy.", values.policy],
    ["returnAddress.", values.returnAddress],
  ] as const;
  const holder = holders.find(([, fields]) => last in fields);
  return holder && (`${holder[0]}${last}` as FieldPath<SettingsValues>);
}

/** Holds back steps inside the app while there are unsaved changes. */
function useExitGuard(dirty: boolean) {
  const [target, setTarget] = useState<string>();
  useEffect(() => {
    if (!dirty) {
      return;
    }
    return guardNavigation((to) => {
      setTarget(to);
      return false;
    });
  }, [dirty]);
  return {
    asked: target !== undefined,
    stay: () => setTarget(undefined),
    go: () => {
      guardNavigation(() => true)();
      navigate(target ?? "/inbox");
    },
  };
}
