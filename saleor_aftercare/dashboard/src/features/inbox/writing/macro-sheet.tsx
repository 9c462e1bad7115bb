import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Check, Circle, CircleAlert, Coins, LoaderCircle } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/button";
import { Dialog } from "@/components/dialog";
import { ErrorNotice, Problem, Skeleton, Warning } from "@/components/feedback";
import type { MacroRunPartsFragment, TicketDetailFragment, WritingMacroPlanQuery } from "@/gql/types";
import {
  WritingMacroPlanDocument,
  WritingMacroRetryDocument,
  WritingMacroRunDocument,
  WritingMacrosDocument,
} from "@/gql/writing";
import { execute } from "@/lib/graphql";
import { useT } from "@/lib/intl";
import { accepted, Refusal } from "@/lib/mutation";
import { useExplain } from "@/lib/problem";
import { keys, refreshCases } from "@/lib/query-keys";
import { uniqueKey } from "@/lib/unique";
import { useFormat } from "@/lib/use-format";
import { storeTicket } from "../data";
import styles from "./macro-sheet.module.css";

interface SheetProps {
  ticket: TicketDetailFragment;
  onClose: () => void;
}

/** Chooses a macro, shows what it would do, does exactly that, and says what became of every step. */
export function MacroSheet({ ticket, onClose }: SheetProps) {
  const t = useT();
  const [chosen, setChosen] = useState<{ id: string; name: string }>();
  const [run, setRun] = useState<MacroRunPartsFragment>();
  if (run) {
    return <Results ticket={ticket} run={run} onRun={setRun} onClose={onClose} title={chosen?.name ?? ""} />;
  }
  return chosen ? (
    <Summary
      ticket={ticket}
      macro={chosen}
      onBack={() => setChosen(undefined)}
      onRun={setRun}
      onClose={onClose}
    />
  ) : (
    <Dialog title={t("macro.choose")} onClose={onClose}>
      <MacroChoice onChoose={setChosen} />
    </Dialog>
  );
}

/** The shop's macros, to choose one by name. */
export function MacroChoice({ onChoose }: { onChoose: (macro: { id: string; name: string }) => void }) {
  const t = useT();
  const [search, setSearch] = useState("");
  const { data, error, refetch } = useQuery({
    queryKey: keys.macros,
    queryFn: async ({ signal }) => (await execute(WritingMacrosDocument, {}, signal)).macros,
  });
  if (error) {
    return <ErrorNotice error={error} onRetry={() => void refetch()} />;
  }
  if (!data) {
    return <Skeleton rows={3} height={32} />;
  }
  const found = data.filter(({ name }) => name.toLowerCase().includes(search.trim().toLowerCase()));
  return (
    <>
      <input
        className={styles.search}
        type="search"
        value={search}
        placeholder={t("macro.search")}
        aria-label={t("macro.search")}
        onChange={(event) => setSearch(event.target.value)}
        onKeyDown={(event) => {
          const first = found[0];
          if (event.key === "Enter" && !event.nativeEvent.isComposing && first) {
            event.preventDefault();
            onChoose(first);
          }
        }}
      />
      <ul className={styles.macros}>
        {found.map((macro) => (
          <li key={macro.id}>
            <button type="button" className={styles.macro} onClick={() => onChoose(macro)}>
              {macro.name}
            </button>
          </li>
        ))}
      </ul>
      {found.length === 0 && (
        <p className={styles.none}>{t(data.length === 0 ? "macro.none" : "macro.nothing")}</p>
      )}
    </>
  );
}

type Plan = WritingMacroPlanQuery["macroPlan"];

function Summary({
  ticket,
  macro,
  onBack,
  onRun,
  onClose,
}: SheetProps & {
  macro: { id: string; name: string };
  onBack: () => void;
  onRun: (run: MacroRunPartsFragment) => void;
}) {
  const t = useT();
  const explain = useExplain();
  const client = useQueryClient();
  const [key, setKey] = useState(uniqueKey);
  const plan = useQuery({
    queryKey: ["macro-plan", macro.id, ticket.id],
    gcTime: 0,
    refetchOnWindowFocus: false,
    queryFn: async ({ signal }) =>
      (await execute(WritingMacroPlanDocument, { id: macro.id, ticketId: ticket.id }, signal)).macroPlan,
  });
  const start = useMutation({
    mutationFn: async (shown: Plan) => {
      const variables = { id: macro.id, ticketId: ticket.id, fingerprint: shown.fingerprint, key };
      return accepted((await execute(WritingMacroRunDocument, variables)).macroRun);
    },
    onSuccess: ({ run, ticket: answer }) => {
      if (answer) {
        storeTicket(client, answer);
      }
      void refreshCases(client);
      if (run) {
        onRun(run);
      }
    },
    onError: (error) => {
      if (error instanceof Refusal) {
        setKey(uniqueKey());
        void plan.refetch();
      }
    },
  });
  const shown = plan.data;
  return (
    <Dialog
      title={macro.name}
      onClose={onClose}
      footer={
        <>
          <Button variant="tertiary" onClick={onBack}>
            {t("macro.back")}
          </Button>
          <Button
            variant="primary"
            data-autofocus
            disabled={!shown?.possible || plan.isFetching}
            busy={start.isPending}
            onClick={() => shown && start.mutate(shown)}
          >
            {t(shown?.movesMoney ? "macro.runMoney" : "macro.run")}
          </Button>
        </>
      }
    >
      {start.error && <Warning>{explain(start.error)}</Warning>}
      {plan.error && <ErrorNotice error={plan.error} onRetry={() => void plan.refetch()} />}
      {!shown && !plan.error && <Skeleton rows={3} height={32} />}
      {shown && <Steps plan={shown} language={ticket.language} />}
    </Dialog>
  );
}

function Steps({ plan, language }: { plan: Plan; language: string }) {
  const t = useT();
  const format = useFormat();
  return (
    <>
      <p className={styles.intro}>{t("macro.intro")}</p>
      <ol className={styles.steps}>
        {plan.steps.map((step, at) => (
          // The steps of a plan stand where they stand.
          // biome-ignore lint/suspicious/noArrayIndexKey: see above
          <li key={at} className={styles.step}>
            <p className={styles.line}>
              {step.movesMoney && <Coins size={14} aria-label={t("macro.movesMoney")} />}
              <span>{step.summary}</span>
              {step.amount && <strong className={styles.amount}>{format.money(step.amount)}</strong>}
            </p>
            {step.detail !== "" && (
              <blockquote className={styles.detail} lang={language}>
                {step.detail}
              </blockquote>
            )}
            {step.problem !== "" && <Problem>{step.problem}</Problem>}
          </li>
        ))}
      </ol>
    </>
  );
}

const ICON = { DONE: Check, FAILED: CircleAlert, RUNNING: LoaderCircle, PENDING: Circle };

function Results({
  ticket,
  run,
  title,
  onRun,
  onClose,
}: SheetProps & { run: MacroRunPartsFragment; title: string; onRun: (run: MacroRunPartsFragment) => void }) {
  const t = useT();
  const explain = useExplain();
  const client = useQueryClient();
  const retry = useMutation({
    mutationFn: async () =>
      accepted((await execute(WritingMacroRetryDocument, { id: run.id })).macroRunRetry),
    onSuccess: ({ run: again, ticket: answer }) => {
      storeTicket(client, answer ?? ticket);
      void refreshCases(client);
      if (again) {
        onRun(again);
      }
    },
  });
  const failed = run.steps.some(({ state }) => state === "FAILED");
  return (
    <Dialog
      title={title}
      onClose={onClose}
      footer={
        <>
          {failed && (
            <Button busy={retry.isPending} onClick={() => retry.mutate()}>
              {t("macro.retry")}
            </Button>
          )}
          <Button variant="primary" data-autofocus onClick={onClose}>
            {t("common.close")}
          </Button>
        </>
      }
    >
      <p role="status" className={styles.intro}>
        {t(run.done ? "macro.done" : "macro.partly")}
      </p>
      <ol className={styles.steps}>
        {run.steps.map((step, at) => {
          const Icon = ICON[step.state];
          return (
            // The steps of a run stand where they stand.
            // biome-ignore lint/suspicious/noArrayIndexKey: see above
            <li key={at} className={styles.step}>
              <p className={styles.line}>
                <Icon size={14} aria-label={t(`macro.state.${step.state}`)} />
                <span>{step.summary}</span>
              </p>
              {step.error !== "" && <Problem>{step.error}</Problem>}
            </li>
          );
        })}
      </ol>
      {retry.error && <Problem>{explain(retry.error)}</Problem>}
    </Dialog>
  );
}
