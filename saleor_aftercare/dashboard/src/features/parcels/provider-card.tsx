import { useMutation, useQueryClient } from "@tanstack/react-query";
import { CircleCheck } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/button";
import { Actions, Card, Muted } from "@/components/card";
import { Problem } from "@/components/feedback";
import { Choice, SelectField, TextField } from "@/components/field";
import { Pill } from "@/components/pill";
import { DateTime } from "@/components/time";
import { LabelProviderSaveDocument, LabelProviderTestDocument } from "@/gql/parcels";
import type { LabelProviderInput, ProviderPartsFragment } from "@/gql/types";
import { notify } from "@/lib/bridge";
import { execute } from "@/lib/graphql";
import { useT } from "@/lib/intl";
import { accepted, problemAt } from "@/lib/mutation";
import { useExplain } from "@/lib/problem";
import { keys } from "@/lib/query-keys";
import styles from "./parcels.module.css";

const ABLE = ["voids", "tracks", "exports", "uploads", "customs", "dropoffCodes"] as const;

/** One provider: what it can do, its credentials, whether they work, and choosing it. */
export function ProviderCard({
  provider,
  mayChange,
}: {
  provider: ProviderPartsFragment;
  mayChange: boolean;
}) {
  const t = useT();
  const able = ABLE.filter((name) => provider.capabilities[name]);
  return (
    <Card
      title={provider.name}
      label={provider.name}
      aside={<Standing provider={provider} />}
      muted={!provider.installed}
    >
      {able.length > 0 && (
        <div className={styles.can}>
          {able.map((name) => (
            <Pill key={name}>{t(`providers.can.${name}`)}</Pill>
          ))}
        </div>
      )}
      {!provider.installed && <Muted>{t("providers.notInstalled")}</Muted>}
      {provider.rejectedAt !== null && (
        <Problem>{t("providers.rejected", { reason: provider.error ?? "" })}</Problem>
      )}
      {provider.installed && <SetUp provider={provider} mayChange={mayChange} />}
    </Card>
  );
}

interface SetUpProps {
  provider: ProviderPartsFragment;
  mayChange: boolean;
}

/** Folded away while nobody uses it; without a fold where there is nothing to fill in. */
function SetUp({ provider, mayChange }: SetUpProps) {
  const t = useT();
  const form = <Form key={provider.version} provider={provider} mayChange={mayChange} />;
  if (provider.credentials.length === 0 && !provider.capabilities.tracks) {
    return provider.chosen ? null : form;
  }
  return (
    <details className={styles.setUp} open={provider.chosen || provider.version > 0}>
      <summary>{t("providers.setUp")}</summary>
      {form}
    </details>
  );
}

function Standing({ provider }: { provider: ProviderPartsFragment }) {
  const t = useT();
  if (provider.rejectedAt !== null) {
    return <Pill tone="error">{t("providers.state.rejected")}</Pill>;
  }
  return provider.chosen ? (
    <Pill tone="success" icon={<CircleCheck size={12} aria-hidden />}>
      {t("providers.state.chosen")}
    </Pill>
  ) : null;
}

function Form({ provider, mayChange }: SetUpProps) {
  const t = useT();
  const explain = useExplain();
  const client = useQueryClient();
  // Secrets begin empty: they are never shown, and left empty they stay.
  const [typed, setTyped] = useState<Record<string, string>>({});
  const [verdict, setVerdict] = useState<{ problem: string | null }>();

  const keep = (now: ProviderPartsFragment | null | undefined) => {
    client.setQueryData<ProviderPartsFragment[]>(keys.labelProviders, (all) =>
      all?.map((one) =>
        one.slug === now?.slug ? now : now?.chosen === true ? { ...one, chosen: false } : one,
      ),
    );
  };
  const save = useMutation({
    mutationFn: async (change: Omit<LabelProviderInput, "provider">) => {
      const input = { provider: provider.slug, ...change };
      return accepted((await execute(LabelProviderSaveDocument, { input })).labelProviderUpdate).provider;
    },
    onSuccess: (now) => {
      keep(now);
      notify("success", t("settings.saved"));
    },
  });
  const test = useMutation({
    mutationFn: async () =>
      accepted((await execute(LabelProviderTestDocument, { provider: provider.slug })).labelProviderTest),
    onSuccess: ({ problem, provider: now }) => {
      keep(now);
      setVerdict({ problem });
    },
  });
  const changed = Object.entries(typed).map(([name, value]) => ({ name, value }));
  const problemOf = (name: string) => problemAt(save.error, `credentials.${name}`);
  const general = save.error !== null && !provider.credentials.some((one) => problemOf(one.name));
  return (
    <form
      noValidate
      className={styles.fields}
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate({ credentials: changed, version: provider.version || null });
      }}
    >
      <fieldset disabled={!mayChange} className={styles.fields} aria-label={t("providers.setUp")}>
        {provider.credentials.map((field) => {
          const shared = {
            label: field.required ? field.label : t("common.optional", { label: field.label }),
            help: field.help || undefined,
            error: problemOf(field.name),
            value: typed[field.name] ?? field.value ?? "",
            onChange: (event: { target: { value: string } }) =>
              setTyped((before) => ({ ...before, [field.name]: event.target.value })),
          };
          return field.choices.length > 0 ? (
            <SelectField key={field.name} {...shared}>
              <option value="" />
              {field.choices.map((choice) => (
                <option key={choice} value={choice}>
                  {choice}
                </option>
              ))}
            </SelectField>
          ) : (
            <TextField
              key={field.name}
              {...shared}
              type={field.secret ? "password" : "text"}
              autoComplete="off"
              maxLength={4000}
              placeholder={field.secret && field.isSet ? "••••••••" : undefined}
            />
          );
        })}
        {provider.capabilities.tracks && (
          <Choice
            label={t("providers.outbound")}
            help={t("providers.outboundHelp")}
            checked={provider.tracksOutbound}
            onChange={(event) => save.mutate({ tracksOutbound: event.target.checked })}
          />
        )}
      </fieldset>
      {mayChange && (
        <Actions>
          {provider.credentials.length > 0 && (
            <Button type="submit" variant="primary" disabled={changed.length === 0} busy={save.isPending}>
              {t("settings.save")}
            </Button>
          )}
          {provider.credentials.length > 0 && provider.ready && (
            <Button busy={test.isPending} disabled={changed.length > 0} onClick={() => test.mutate()}>
              {t("providers.test")}
            </Button>
          )}
          {!provider.chosen && provider.ready && (
            <Button busy={save.isPending} onClick={() => save.mutate({ choose: true })}>
              {t("providers.choose")}
            </Button>
          )}
        </Actions>
      )}
      {general && <Problem>{explain(save.error)}</Problem>}
      {test.error && <Problem>{explain(test.error)}</Problem>}
      {verdict?.problem != null && <Problem>{verdict.problem}</Problem>}
      <p role="status">
        {verdict?.problem === null && t("providers.works")}
        {verdict === undefined && provider.verifiedAt !== null && (
          <>
            {t("providers.worked")} <DateTime at={provider.verifiedAt} />
          </>
        )}
      </p>
    </form>
  );
}
