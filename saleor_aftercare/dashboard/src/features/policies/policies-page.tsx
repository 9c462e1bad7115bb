import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { FormProvider, useForm } from "react-hook-form";
import { Button } from "@/components/button";
import { ErrorNotice, Skeleton } from "@/components/feedback";
import { SelectField } from "@/components/field";
import { Page } from "@/components/page";
import { Block, ExitGuard, SaveBar, SettingsForm } from "@/components/settings";
import { PolicyDocument, PolicyPresetDocument, PolicySaveDocument } from "@/gql/policies";
import type { PolicyQuery, ReturnPolicyPreset } from "@/gql/types";
import { notify, openInNewTab } from "@/lib/bridge";
import { execute } from "@/lib/graphql";
import { useT } from "@/lib/intl";
import { accepted, Refusal } from "@/lib/mutation";
import { keys } from "@/lib/query-keys";
import { useFormat } from "@/lib/use-format";
import { useMay } from "@/lib/viewer";
import {
  AddressesBlock,
  ApprovalBlock,
  EvidenceBlock,
  MoneyBlock,
  StatementBlock,
  WithdrawalBlock,
} from "./blocks";
import styles from "./policies.module.css";
import { Preview } from "./preview";
import { RulesBlock } from "./rules";
import { fieldOf, type PolicyValues, toInput, toValues } from "./values";

const fetchPolicy = async (signal?: AbortSignal) => execute(PolicyDocument, {}, signal);

/** What the shop promises about returns: edited as a whole, with a trial on a real order beside it. */
export function PoliciesPage() {
  const t = useT();
  const { data, error, refetch } = useQuery({
    queryKey: keys.policy,
    // Never exchanged under somebody's hands: a newer version is met when saving, as a conflict.
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    refetchOnWindowFocus: false,
    queryFn: ({ signal }) => fetchPolicy(signal),
  });
  return data ? (
    <PolicyEditor data={data} />
  ) : (
    <Page title={t("policies.title")} back={{ href: "/settings", label: t("settings.title") }}>
      {error ? (
        <ErrorNotice error={error} onRetry={() => void refetch()} />
      ) : (
        <Skeleton rows={8} height={40} />
      )}
    </Page>
  );
}

function PolicyEditor({ data }: { data: PolicyQuery }) {
  const t = useT();
  const format = useFormat();
  const client = useQueryClient();
  const mayChange = useMay("MANAGE_APPS", "MANAGE_SETTINGS");
  const policy = data.returnPolicy;
  const form = useForm<PolicyValues>({ defaultValues: toValues(policy) });
  const { isDirty } = form.formState;
  const [theirs, setTheirs] = useState<PolicyQuery>();

  const adopt = (newest: PolicyQuery) => {
    client.setQueryData(keys.policy, newest);
    form.reset(toValues(newest.returnPolicy));
    setTheirs(undefined);
  };
  const save = useMutation({
    mutationFn: async ({ values, version }: { values: PolicyValues; version: number }) =>
      accepted((await execute(PolicySaveDocument, { version, document: toInput(values) })).returnPolicyUpdate)
        .returnPolicy,
    onSuccess: (saved) => {
      if (saved) {
        adopt({ ...data, returnPolicy: saved });
      }
      notify("success", t("policies.saved"));
    },
    onError: async (error) => {
      if (error instanceof Refusal && error.code === "CONFLICT") {
        setTheirs(await fetchPolicy());
      } else if (error instanceof Refusal) {
        for (const problem of error.problems) {
          const field = fieldOf(problem.field);
          if (field) {
            form.setError(field, { message: problem.message }, { shouldFocus: true });
          }
        }
      }
    },
  });
  const submit = (version: number) => {
    form.clearErrors();
    void form.handleSubmit((values) => save.mutate({ values, version }))();
  };

  return (
    <FormProvider {...form}>
      <Page
        title={t("policies.title")}
        back={{ href: "/settings", label: t("settings.title") }}
        subtitle={
          <span>
            {t("policies.version", { version: policy.version, date: format.dateTime(policy.createdAt) })}
          </span>
        }
        actions={
          <Button onClick={() => void openInNewTab(data.returnPolicyPage.url)}>
            {t("policies.publicPage")}
          </Button>
        }
        aside={<Preview />}
      >
        <SettingsForm
          mayChange={mayChange}
          onSubmit={() => submit(policy.version)}
          bar={
            <SaveBar
              dirty={isDirty}
              busy={save.isPending}
              error={save.error}
              conflict={
                theirs && {
                  onTheirs: () => adopt(theirs),
                  onMine: () => submit(theirs.returnPolicy.version),
                }
              }
              onDiscard={() => form.reset(toValues(policy))}
            />
          }
        >
          <RulesBlock />
          <ApprovalBlock reasons={data.returnReasonCatalogue} />
          <EvidenceBlock reasons={data.returnReasonCatalogue} />
          <WithdrawalBlock />
          <MoneyBlock />
          <AddressesBlock />
          <StatementBlock />
          <PresetBlock onLoad={(values) => form.reset(values, { keepDefaultValues: true })} />
        </SettingsForm>
        <ExitGuard dirty={isDirty} />
      </Page>
    </FormProvider>
  );
}

const PRESETS: readonly ReturnPolicyPreset[] = ["EU", "JAPAN", "US"];

/** Starting again from defaults; nothing is saved by it. */
function PresetBlock({ onLoad }: { onLoad: (values: PolicyValues) => void }) {
  const t = useT();
  const [preset, setPreset] = useState<ReturnPolicyPreset>("EU");
  const load = useMutation({
    mutationFn: async () => (await execute(PolicyPresetDocument, { preset })).returnPolicyPreset,
    onSuccess: (found) => onLoad(toValues(found)),
  });
  return (
    <Block title={t("policies.preset")} help={t("policies.presetHelp")}>
      <div className={styles.line}>
        <SelectField
          label={t("policies.preset.choose")}
          value={preset}
          onChange={(event) => setPreset(event.target.value as ReturnPolicyPreset)}
        >
          {PRESETS.map((one) => (
            <option key={one} value={one}>
              {t(`policies.preset.${one as "EU" | "JAPAN" | "US"}`)}
            </option>
          ))}
        </SelectField>
        <Button busy={load.isPending} onClick={() => load.mutate()}>
          {t("policies.preset.load")}
        </Button>
      </div>
      {load.error && <ErrorNotice error={load.error} />}
    </Block>
  );
}
