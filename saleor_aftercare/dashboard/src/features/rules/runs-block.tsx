import { useQuery } from "@tanstack/react-query";
import { Link } from "wouter";
import { Empty, Muted } from "@/components/card";
import { ErrorNotice, Skeleton } from "@/components/feedback";
import { Block } from "@/components/settings";
import { DateTime } from "@/components/time";
import { RuleRunsDocument } from "@/gql/rules";
import { execute } from "@/lib/graphql";
import { useT } from "@/lib/intl";
import { keys } from "@/lib/query-keys";
import styles from "./rules.module.css";
import { isStep } from "./vocabulary";

/** What a rule did lately, and what it could not do. */
export function RuleRunsBlock({ id }: { id: string }) {
  const t = useT();
  const { data, error, refetch } = useQuery({
    queryKey: keys.ruleRuns(id),
    queryFn: async ({ signal }) => (await execute(RuleRunsDocument, { ruleId: id }, signal)).ruleRuns,
  });
  return (
    <Block title={t("rules.runs")} help={t("rules.runsHelp")}>
      {data ? (
        data.length === 0 ? (
          <Empty>{t("rules.runsNone")}</Empty>
        ) : (
          <ul className={styles.list}>
            {data.map((run) => (
              <li key={`${run.ticketNumber}:${run.at}`}>
                <Link href={`/inbox/tickets/${run.ticketNumber}`}>#{run.ticketNumber}</Link>{" "}
                <DateTime at={run.at} />
                {run.steps
                  .filter(({ problem }) => problem !== "")
                  .map((step) => (
                    <Muted key={step.do}>
                      {t("rules.stepFailed", {
                        step: isStep(step.do) ? t(`rules.do.${step.do}`) : step.do,
                        why: step.problem,
                      })}
                    </Muted>
                  ))}
              </li>
            ))}
          </ul>
        )
      ) : error ? (
        <ErrorNotice error={error} onRetry={() => void refetch()} />
      ) : (
        <Skeleton rows={3} />
      )}
    </Block>
  );
}
