import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "wouter";
import { Button } from "@/components/button";
import { Muted } from "@/components/card";
import { Fact, Facts } from "@/components/facts";
import { ErrorNotice, Problem, Skeleton } from "@/components/feedback";
import { Pill } from "@/components/pill";
import { Block } from "@/components/settings";
import { DateTime } from "@/components/time";
import { SettingsHealthDocument, SettingsJobRetryDocument } from "@/gql/settings";
import type { SettingsHealthQuery } from "@/gql/types";
import { notify } from "@/lib/bridge";
import { execute } from "@/lib/graphql";
import { useT } from "@/lib/intl";
import { accepted } from "@/lib/mutation";
import { useExplain } from "@/lib/problem";
import { keys } from "@/lib/query-keys";
import { useFormat } from "@/lib/use-format";
import styles from "./settings.module.css";

/** Whether Saleor and we still hear each other, and what went wrong. */
export function Health({ mayRetry }: { mayRetry: boolean }) {
  const t = useT();
  const { data, error, refetch } = useQuery({
    queryKey: keys.health,
    refetchInterval: 30_000,
    queryFn: async ({ signal }) => execute(SettingsHealthDocument, {}, signal),
  });
  return (
    <Block title={t("settings.health")} help={t("settings.healthHelp")}>
      {data ? (
        <HealthFacts health={data.connectionHealth} providers={data.labelProviders} mayRetry={mayRetry} />
      ) : error ? (
        <ErrorNotice error={error} onRetry={() => void refetch()} />
      ) : (
        <Skeleton rows={4} />
      )}
    </Block>
  );
}

interface HealthFactsProps {
  health: SettingsHealthQuery["connectionHealth"];
  providers: SettingsHealthQuery["labelProviders"];
  mayRetry: boolean;
}

function HealthFacts({ health, providers, mayRetry }: HealthFactsProps) {
  const t = useT();
  const format = useFormat();
  return (
    <>
      <Facts>
        <Fact label={t("settings.health.saleor")}>{health.saleorVersion}</Fact>
        <Fact label={t("settings.health.since")}>
          <DateTime at={health.connectedSince} />
        </Fact>
        <Fact label={t("settings.health.webhook")}>
          {health.lastWebhookAt === null ? t("settings.health.never") : format.dateTime(health.lastWebhookAt)}
        </Fact>
        <Fact label={t("settings.health.webhooks")}>{format.number(health.failedWebhooks)}</Fact>
        <Fact label={t("settings.health.missing")}>
          {health.missingPermissions.length === 0 ? (
            t("common.none")
          ) : (
            <span className={styles.pills}>
              {health.missingPermissions.map((permission) => (
                <Pill key={permission} tone="error">
                  {permission}
                </Pill>
              ))}
            </span>
          )}
        </Fact>
      </Facts>
      {providers
        .filter((one) => one.rejectedAt !== null)
        .map((one) => (
          <Problem key={one.slug}>
            {t("settings.health.provider", { provider: one.name, reason: one.error ?? "" })}{" "}
            <Link href="/settings/labels">{t("providers.link")}</Link>
          </Problem>
        ))}
      <h3 className={styles.subtitle}>{t("settings.health.jobs")}</h3>
      {health.failedJobs.length === 0 ? (
        <Muted>{t("settings.health.noJobs")}</Muted>
      ) : (
        <ul className={styles.jobs}>
          {health.failedJobs.map((job) => (
            <Job key={job.id} job={job} mayRetry={mayRetry} />
          ))}
        </ul>
      )}
    </>
  );
}

function Job({
  job,
  mayRetry,
}: {
  job: HealthFactsProps["health"]["failedJobs"][number];
  mayRetry: boolean;
}) {
  const t = useT();
  const explain = useExplain();
  const client = useQueryClient();
  const retry = useMutation({
    mutationFn: async () => accepted((await execute(SettingsJobRetryDocument, { id: job.id })).jobRetry),
    onSuccess: () => {
      notify("success", t("settings.health.retried"));
      return client.invalidateQueries({ queryKey: keys.health });
    },
  });
  return (
    <li className={styles.job}>
      <div>
        <p className={styles.kind}>{job.kind}</p>
        <Muted>
          {job.error} · <DateTime at={job.at} />
        </Muted>
        {retry.error && <Problem>{explain(retry.error)}</Problem>}
      </div>
      {mayRetry && (
        <Button busy={retry.isPending} onClick={() => retry.mutate()}>
          {t("common.retry")}
        </Button>
      )}
    </li>
  );
}
