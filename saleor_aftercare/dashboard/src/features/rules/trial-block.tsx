import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "wouter";
import { Button } from "@/components/button";
import { Muted } from "@/components/card";
import { Problem } from "@/components/feedback";
import { SelectField, TextField } from "@/components/field";
import { Block } from "@/components/settings";
import { DateTime } from "@/components/time";
import {
  RuleTestDocument,
  RuleTrialDocument,
  RuleTrialStartDocument,
  RuleTrialStopDocument,
} from "@/gql/rules";
import type { RuleInput, TrialPartsFragment } from "@/gql/types";
import { execute } from "@/lib/graphql";
import { useT } from "@/lib/intl";
import { accepted } from "@/lib/mutation";
import { useExplain } from "@/lib/problem";
import { keys } from "@/lib/query-keys";
import styles from "./rules.module.css";
import { conditionSentence, type Names } from "./sentences";

const DAYS = [7, 30, 90] as const;
const POLL_MS = 1_000;

/** What the rule would do, before it may: on one conversation, and on those of the last days. */
export function TrialBlock({ input, names }: { input: RuleInput; names: Names }) {
  const t = useT();
  return (
    <Block title={t("rules.try")} help={t("rules.tryHelp")}>
      <OneTicket input={input} names={names} />
      <PastTickets input={input} />
    </Block>
  );
}

function OneTicket({ input, names }: { input: RuleInput; names: Names }) {
  const t = useT();
  const explain = useExplain();
  const [number, setNumber] = useState("");
  const test = useMutation({
    mutationFn: async () => {
      const { acts, conditions } = accepted(
        (await execute(RuleTestDocument, { number: Number(number) || 0, input })).ruleTest,
      );
      return { acts, holds: conditions ?? [], asked: input.conditions ?? [] };
    },
  });
  return (
    <div className={styles.fields}>
      <div className={styles.line}>
        <TextField
          inputMode="numeric"
          label={t("rules.ticketNumber")}
          value={number}
          onChange={(event) => setNumber(event.target.value.replace(/^#/, ""))}
        />
        <Button busy={test.isPending} disabled={number === ""} onClick={() => test.mutate()}>
          {t("rules.test")}
        </Button>
      </div>
      <div role="status">
        {test.data && (
          <>
            <p className={styles.name}>{t(test.data.acts ? "rules.wouldAct" : "rules.wouldNot")}</p>
            <ul>
              {test.data.asked.map(({ field, op, values }, index) => (
                // Conditions have no identity but their place.
                // biome-ignore lint/suspicious/noArrayIndexKey: see above
                <li key={index}>
                  {t(test.data.holds[index] ? "rules.holds" : "rules.holdsNot", {
                    what: conditionSentence({ field, op, values: values ?? [] }, names, t),
                  })}
                </li>
              ))}
            </ul>
          </>
        )}
      </div>
      {test.error && <Problem>{explain(test.error)}</Problem>}
    </div>
  );
}

function PastTickets({ input }: { input: RuleInput }) {
  const t = useT();
  const explain = useExplain();
  const [days, setDays] = useState<number>(30);
  const [id, setId] = useState<string>();
  const start = useMutation({
    mutationFn: async () => accepted((await execute(RuleTrialStartDocument, { days, input })).ruleTrialStart),
    onSuccess: ({ trial }) => setId(trial?.id),
  });
  const { data: trial, refetch } = useQuery({
    queryKey: keys.ruleTrial(id ?? ""),
    enabled: id !== undefined,
    queryFn: async ({ signal }) => (await execute(RuleTrialDocument, { id: id ?? "" }, signal)).ruleTrial,
    refetchInterval: ({ state }) => (state.data?.state === "RUNNING" || !state.data ? POLL_MS : false),
  });
  const stop = useMutation({
    mutationFn: async (running: string) =>
      accepted((await execute(RuleTrialStopDocument, { id: running })).ruleTrialStop),
    onSettled: () => refetch(),
  });
  const error = start.error ?? stop.error;
  const running = trial?.state === "RUNNING";
  return (
    <div className={styles.fields}>
      <div className={styles.line}>
        <SelectField
          label={t("rules.days")}
          value={days}
          onChange={(event) => setDays(Number(event.target.value))}
        >
          {DAYS.map((one) => (
            <option key={one} value={one}>
              {t("rules.lastDays", { count: one })}
            </option>
          ))}
        </SelectField>
        <Button busy={start.isPending || running} onClick={() => start.mutate()}>
          {t("rules.tryPast")}
        </Button>
      </div>
      {trial && <Found trial={trial} onStop={running ? () => stop.mutate(trial.id) : undefined} />}
      {error && <Problem>{explain(error)}</Problem>}
    </div>
  );
}

function Found({ trial, onStop }: { trial: TrialPartsFragment; onStop: (() => void) | undefined }) {
  const t = useT();
  const words = t("rules.found", {
    matched: trial.matched,
    looked: trial.lookedAt,
    total: trial.total,
  });
  return (
    <>
      {onStop && (
        <div className={styles.line}>
          <progress
            className={styles.progress}
            max={Math.max(trial.total, 1)}
            value={trial.lookedAt}
            aria-label={t("rules.progress")}
          />
          <Button onClick={onStop}>{t("rules.stopTrial")}</Button>
        </div>
      )}
      <p role="status">{words}</p>
      <Muted>{t("rules.foundNote")}</Muted>
      <ul className={styles.list}>
        {trial.matches.map((one) => (
          <li key={one.ticketNumber} className={styles.line}>
            <span className={styles.words}>
              <Link href={`/inbox/tickets/${one.ticketNumber}`}>#{one.ticketNumber}</Link> {one.subject}
              <Muted>
                {t(`rules.when.${one.when}`)} · <DateTime at={one.at} />
              </Muted>
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}
