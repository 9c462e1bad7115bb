import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Trash2 } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/button";
import { Empty } from "@/components/card";
import { Dialog } from "@/components/dialog";
import { ErrorNotice, Problem, Skeleton } from "@/components/feedback";
import { SelectField, TextField } from "@/components/field";
import { Page } from "@/components/page";
import { Block, ExitGuard, SaveBar, SettingsForm } from "@/components/settings";
import { SlaPolicyRetireDocument, SlaPolicySaveDocument } from "@/gql/service-levels";
import type { ServiceLevelsQuery, SlaPolicyPartsFragment } from "@/gql/types";
import { notify } from "@/lib/bridge";
import { execute } from "@/lib/graphql";
import { useT } from "@/lib/intl";
import { navigate } from "@/lib/location";
import { accepted } from "@/lib/mutation";
import { useExplain } from "@/lib/problem";
import { keys } from "@/lib/query-keys";
import { useMay } from "@/lib/viewer";
import { useServiceLevels, useTeams } from "./data";
import { TargetFields } from "./target-fields";
import { Ticks } from "./ticks";
import { CHANNELS, type PolicyValues, PRIORITIES, policyInput, policyValues, TARGETS } from "./values";

const LIST = "/settings/service-levels";

/** One policy, or a new one: what is promised, and to which conversations. */
export function PolicyPage({ id }: { id: string | undefined }) {
  const t = useT();
  const { data, error, refetch } = useServiceLevels();
  const back = { href: LIST, label: t("sla.title") };
  if (!data) {
    return (
      <Page title={t("sla.policy")} back={back}>
        {error ? (
          <ErrorNotice error={error} onRetry={() => void refetch()} />
        ) : (
          <Skeleton rows={8} height={48} />
        )}
      </Page>
    );
  }
  const policy = data.slaPolicies.find((one) => one.id === id);
  if (id !== undefined && policy === undefined) {
    return (
      <Page title={t("sla.policy")} back={back}>
        <Empty>{t("sla.policy.gone")}</Empty>
      </Page>
    );
  }
  return <Editor key={policy?.version ?? 0} levels={data} policy={policy} />;
}

function Editor({
  levels,
  policy,
}: {
  levels: ServiceLevelsQuery;
  policy: SlaPolicyPartsFragment | undefined;
}) {
  const t = useT();
  const client = useQueryClient();
  const teams = useTeams();
  const mayChange = useMay("MANAGE_APPS", "MANAGE_SETTINGS");
  const [values, setValues] = useState<PolicyValues>(() => policyValues(policy));
  const [saved, setSaved] = useState(values);
  const dirty = values !== saved;
  const set = (change: Partial<PolicyValues>) => setValues((now) => ({ ...now, ...change }));
  const save = useMutation({
    mutationFn: async () =>
      accepted(
        (
          await execute(SlaPolicySaveDocument, {
            id: policy?.id ?? null,
            input: policyInput(values, policy?.version),
          })
        ).slaPolicySave,
      ),
    onSuccess: async () => {
      setSaved(values);
      await client.invalidateQueries({ queryKey: keys.serviceLevels });
      notify("success", t("settings.saved"));
      if (policy === undefined) {
        navigate(LIST);
      }
    },
  });

  return (
    <Page
      title={policy?.name ?? t("sla.policy.new")}
      back={{ href: LIST, label: t("sla.title") }}
      actions={policy && mayChange && <Retire policy={policy} />}
    >
      <SettingsForm
        mayChange={mayChange}
        onSubmit={() => save.mutate()}
        bar={
          <SaveBar
            dirty={dirty || policy === undefined}
            busy={save.isPending}
            error={save.error}
            onDiscard={() => setValues(saved)}
          />
        }
      >
        <Block title={t("sla.policy")} help={t("sla.policy.help")}>
          <TextField
            label={t("sla.name")}
            maxLength={100}
            value={values.name}
            onChange={(event) => set({ name: event.target.value })}
          />
          <SelectField
            label={t("sla.calendar")}
            help={t("sla.policy.calendarHelp")}
            value={values.calendarId}
            onChange={(event) => set({ calendarId: event.target.value })}
          >
            <option value="">{t("sla.calendar.own")}</option>
            {levels.businessCalendars.map((one) => (
              <option key={one.id} value={one.id}>
                {one.name}
              </option>
            ))}
          </SelectField>
        </Block>
        <Block title={t("sla.when")} help={t("sla.when.help")}>
          <Ticks
            legend={t("sla.when.channels")}
            options={CHANNELS.map((one) => ({ value: one, label: t(`sla.channel.${one}`) }))}
            chosen={values.channels}
            onChange={(channels) => set({ channels })}
          />
          <Ticks
            legend={t("sla.when.priorities")}
            options={PRIORITIES.map((one) => ({ value: one, label: t(`sla.priority.${one}`) }))}
            chosen={values.priorities}
            onChange={(priorities) => set({ priorities })}
          />
          {(teams.data?.length ?? 0) > 0 && (
            <Ticks
              legend={t("sla.when.teams")}
              options={(teams.data ?? []).map((one) => ({ value: one.id, label: one.name }))}
              chosen={values.teamIds}
              onChange={(teamIds) => set({ teamIds })}
            />
          )}
          <TextField
            label={t("sla.when.languages")}
            help={t("sla.when.languagesHelp")}
            value={values.languages}
            onChange={(event) => set({ languages: event.target.value })}
          />
          <TextField
            label={t("sla.when.tags")}
            help={t("sla.when.tagsHelp")}
            value={values.tags}
            onChange={(event) => set({ tags: event.target.value })}
          />
          <SelectField
            label={t("sla.when.vip")}
            value={values.vip}
            onChange={(event) => set({ vip: event.target.value as PolicyValues["vip"] })}
          >
            <option value="">{t("sla.when.vip.any")}</option>
            <option value="yes">{t("sla.when.vip.yes")}</option>
            <option value="no">{t("sla.when.vip.no")}</option>
          </SelectField>
        </Block>
        {TARGETS.map((kind) => (
          <Block key={kind} title={t(`sla.target.${kind}`)} help={t(`sla.targetHelp.${kind}`)}>
            <TargetFields
              kind={kind}
              value={values.targets[kind]}
              onChange={(next) => set({ targets: { ...values.targets, [kind]: next } })}
            />
          </Block>
        ))}
      </SettingsForm>
      <ExitGuard dirty={dirty && !save.isSuccess} />
    </Page>
  );
}

function Retire({ policy }: { policy: SlaPolicyPartsFragment }) {
  const t = useT();
  const explain = useExplain();
  const client = useQueryClient();
  const [asking, setAsking] = useState(false);
  const retire = useMutation({
    mutationFn: async () =>
      accepted((await execute(SlaPolicyRetireDocument, { id: policy.id })).slaPolicyRetire),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: keys.serviceLevels });
      navigate(LIST);
    },
  });
  return (
    <>
      <Button icon={<Trash2 size={16} aria-hidden />} onClick={() => setAsking(true)}>
        {t("sla.policy.retire")}
      </Button>
      {asking && (
        <Dialog
          title={t("sla.policy.retire.title", { name: policy.name })}
          onClose={() => setAsking(false)}
          footer={
            <>
              <Button onClick={() => setAsking(false)}>{t("common.cancel")}</Button>
              <Button variant="primary" busy={retire.isPending} onClick={() => retire.mutate()}>
                {t("sla.policy.retire")}
              </Button>
            </>
          }
        >
          <p>{t("sla.policy.retire.text")}</p>
          {retire.error && <Problem>{explain(retire.error)}</Problem>}
        </Dialog>
      )}
    </>
  );
}
