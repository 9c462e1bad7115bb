import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { type FieldPath, FormProvider, useForm } from "react-hook-form";
import { ErrorNotice, Skeleton } from "@/components/feedback";
import { Page } from "@/components/page";
import { ExitGuard, SaveBar, SettingsForm as SettingsFrame } from "@/components/settings";
import { SettingsDocument, SettingsSaveDocument } from "@/gql/settings";
import type { SettingsPartsFragment } from "@/gql/types";
import { notify } from "@/lib/bridge";
import { execute } from "@/lib/graphql";
import { useT } from "@/lib/intl";
import { accepted, Refusal } from "@/lib/mutation";
import { keys } from "@/lib/query-keys";
import { useMay } from "@/lib/viewer";
import { Health } from "./health";
import {
  AddressBlock,
  ConnectionBlock,
  DeliveryBlock,
  ExchangeBlock,
  SenderBlock,
  StoreCreditBlock,
} from "./sections";
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
  const client = useQueryClient();
  const mayChange = useMay("MANAGE_APPS", "MANAGE_SETTINGS");
  const form = useForm<SettingsValues>({ defaultValues: toValues(settings) });
  const { isDirty, dirtyFields } = form.formState;
  const [theirs, setTheirs] = useState<SettingsPartsFragment>();

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

  return (
    <FormProvider {...form}>
      <SettingsFrame
        mayChange={mayChange}
        onSubmit={() => void submit(settings.version)()}
        below={<Health mayRetry={mayChange} />}
        bar={
          <SaveBar
            dirty={isDirty}
            busy={save.isPending}
            error={save.error}
            conflict={
              theirs && { onTheirs: () => adopt(theirs), onMine: () => void submit(theirs.version)() }
            }
            onDiscard={() => form.reset(toValues(settings))}
          />
        }
      >
        <SenderBlock />
        <AddressBlock />
        <DeliveryBlock />
        <ExchangeBlock />
        <StoreCreditBlock problem={settings.storeCreditProblem} />
        <ConnectionBlock />
      </SettingsFrame>
      <ExitGuard dirty={isDirty} />
    </FormProvider>
  );
}

/** The form's field that the server speaks of: `senderEmail`, `returnAddress.city`. */
function fieldOf(
  name: string | null | undefined,
  values: SettingsValues,
): FieldPath<SettingsValues> | undefined {
  const last = name?.split(".").at(-1) ?? "";
  const holders = [
    ["", values],
    ["returnAddress.", values.returnAddress],
  ] as const;
  const holder = holders.find(([, fields]) => last in fields);
  return holder && (`${holder[0]}${last}` as FieldPath<SettingsValues>);
}
