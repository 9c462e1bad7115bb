import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useForm } from "react-hook-form";
import { ErrorNotice, Skeleton } from "@/components/feedback";
import { Choice, TextField } from "@/components/field";
import { Block, ExitGuard, SaveBar, SettingsForm } from "@/components/settings";
import { SurveySettingsDocument, SurveySettingsSaveDocument } from "@/gql/contacts";
import type { SurveySettingsPartsFragment } from "@/gql/types";
import { notify } from "@/lib/bridge";
import { execute } from "@/lib/graphql";
import { useT } from "@/lib/intl";
import { accepted } from "@/lib/mutation";
import { keys } from "@/lib/query-keys";
import { useMay } from "@/lib/viewer";

/** Whether and when customers are asked. */
export function SurveySettingsForm() {
  const { data, error, refetch } = useQuery({
    queryKey: keys.surveySettings,
    queryFn: async ({ signal }) => (await execute(SurveySettingsDocument, {}, signal)).surveySettings,
  });
  if (!data) {
    return error ? (
      <ErrorNotice error={error} onRetry={() => void refetch()} />
    ) : (
      <Skeleton rows={3} height={40} />
    );
  }
  return <Form key={data.version} settings={data} />;
}

function Form({ settings }: { settings: SurveySettingsPartsFragment }) {
  const t = useT();
  const client = useQueryClient();
  const mayChange = useMay("MANAGE_APPS", "MANAGE_SETTINGS");
  const form = useForm<SurveySettingsPartsFragment>({ defaultValues: settings });
  const { isDirty } = form.formState;
  const save = useMutation({
    mutationFn: async (values: SurveySettingsPartsFragment) =>
      accepted(
        (
          await execute(SurveySettingsSaveDocument, {
            input: {
              version: settings.version,
              enabled: values.enabled,
              delayHours: Number(values.delayHours),
              quietDays: Number(values.quietDays),
              openDays: Number(values.openDays),
            },
          })
        ).surveySettingsSave,
      ),
    onSuccess: () => {
      form.reset(form.getValues());
      void client.invalidateQueries({ queryKey: keys.surveySettings });
      notify("success", t("settings.saved"));
    },
  });
  return (
    <>
      <SettingsForm
        mayChange={mayChange}
        onSubmit={() => void form.handleSubmit((values) => save.mutate(values))()}
        bar={
          <SaveBar
            dirty={isDirty}
            busy={save.isPending}
            error={save.error}
            onDiscard={() => form.reset(settings)}
          />
        }
      >
        <Block title={t("csat.settings")} help={t("csat.settings.help")}>
          <Choice label={t("csat.enabled")} {...form.register("enabled")} />
          <TextField
            label={t("csat.delayHours")}
            type="number"
            min={0}
            max={720}
            {...form.register("delayHours")}
          />
          <TextField
            label={t("csat.quietDays")}
            type="number"
            min={0}
            max={365}
            {...form.register("quietDays")}
          />
          <TextField
            label={t("csat.openDays")}
            type="number"
            min={1}
            max={90}
            {...form.register("openDays")}
          />
        </Block>
      </SettingsForm>
      <ExitGuard dirty={isDirty} />
    </>
  );
}
