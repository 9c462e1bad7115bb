import { Check, CircleAlert, CircleHelp, Clock } from "lucide-react";
import { type ReactNode, useState } from "react";
import { Button } from "@/components/button";
import { Actions, Muted } from "@/components/card";
import { ErrorNotice, Problem, Skeleton } from "@/components/feedback";
import { Pill, type Tone } from "@/components/pill";
import { SettlementRetryDocument, StoreCreditRevealDocument } from "@/gql/settlement";
import type {
  SettlementPartsFragment,
  SettlementRefundPartsFragment,
  StoreCreditPartsFragment,
} from "@/gql/types";
import { execute } from "@/lib/graphql";
import { useT } from "@/lib/intl";
import { accepted } from "@/lib/mutation";
import { useExplain } from "@/lib/problem";
import { useStep } from "@/lib/step";
import { useFormat } from "@/lib/use-format";
import { useSettlements } from "./data";
import styles from "./settlement.module.css";
import { SumTable, useTotals } from "./sum";

const SETTLEMENT_TONE: Record<SettlementPartsFragment["state"], Tone> = {
  RUNNING: "info",
  DONE: "success",
  FAILED: "error",
  NEEDS_STAFF: "attention",
};

/** What was given for a return, each decision with its sum and its parts. */
export function Settlements({ returnId }: { returnId: string }) {
  const t = useT();
  const { data, error, isPending, refetch } = useSettlements(returnId);
  if (isPending) {
    return <Skeleton rows={2} height={24} />;
  }
  if (error && !data) {
    return <ErrorNotice error={error} onRetry={() => void refetch()} />;
  }
  if (!data?.length) {
    return <Muted>{t("settle.none")}</Muted>;
  }
  return (
    <>
      {data.map((settlement) => (
        <SettlementState key={settlement.id} settlement={settlement} />
      ))}
    </>
  );
}

/** One settlement: the sum, how far each part is, and the way on when one failed. */
export function SettlementState({ settlement }: { settlement: SettlementPartsFragment }) {
  const t = useT();
  const format = useFormat();
  const explain = useExplain();
  const totals = useTotals(settlement);
  const retry = useStep(async () =>
    accepted((await execute(SettlementRetryDocument, { id: settlement.id })).settlementRetry),
  );
  const decided = format.dateTime(settlement.createdAt);
  return (
    <article className={styles.settlement} aria-label={t("settle.of", { date: decided })}>
      <div className={styles.head}>
        <Pill tone={SETTLEMENT_TONE[settlement.state]}>{t(`settle.state.${settlement.state}`)}</Pill>
        <Muted>
          {settlement.decidedBy === null
            ? decided
            : t("settle.by", { name: settlement.decidedBy, date: decided })}
        </Muted>
      </div>
      {settlement.items.length > 0 ? (
        <SumTable items={settlement.items} totals={totals} />
      ) : (
        <Muted>{t("settle.nothing")}</Muted>
      )}
      {settlement.note !== null && <Muted>{settlement.note}</Muted>}
      {settlement.refunds.length + settlement.storeCredits.length > 0 && (
        <ul className={styles.parts} aria-label={t("settle.parts")}>
          {settlement.refunds.map((refund) => (
            <RefundPart key={refund.id} refund={refund} />
          ))}
          {settlement.storeCredits.map((credit) => (
            <CreditPart key={credit.id} credit={credit} />
          ))}
        </ul>
      )}
      {settlement.actions.includes("retry") && (
        <Actions>
          <Button busy={retry.isPending} onClick={() => retry.mutate(undefined)}>
            {t("settle.retry")}
          </Button>
        </Actions>
      )}
      {retry.error && <Problem>{explain(retry.error)}</Problem>}
    </article>
  );
}

type Look = "good" | "moving" | "bad" | "unclear";

const LOOK: Record<string, Look> = {
  SUCCEEDED: "good",
  ISSUED: "good",
  FAILED: "bad",
  NEEDS_STAFF: "unclear",
};

const ICON = { good: Check, moving: Clock, bad: CircleAlert, unclear: CircleHelp };

function Part({
  state,
  what,
  status,
  failure,
  children,
}: {
  state: string;
  what: string;
  status: string;
  failure: string | null;
  children?: ReactNode;
}) {
  const look = LOOK[state] ?? "moving";
  const Icon = ICON[look];
  return (
    <li className={styles.part}>
      <Icon size={16} aria-hidden className={styles[look]} />
      <div className={styles.what}>
        <p>
          {what} – {status}
        </p>
        {failure !== null && <Problem>{failure}</Problem>}
        {children}
      </div>
    </li>
  );
}

function RefundPart({ refund }: { refund: SettlementRefundPartsFragment }) {
  const t = useT();
  const format = useFormat();
  const means = refund.method === "MANUAL" ? t("settle.byHand") : refund.means || t("settle.payment");
  const trouble = refund.state === "FAILED" || refund.state === "NEEDS_STAFF";
  const wrong = refund.steps.filter((step) => step.error !== null);
  return (
    <Part
      state={refund.state}
      what={t("settle.part.refund", { amount: format.money(refund.amount), means })}
      status={t(`refund.state.${refund.state}`)}
      failure={refund.failure}
    >
      {trouble &&
        wrong.map((step) => (
          <Muted key={step.kind}>
            {step.label}: {step.error}
          </Muted>
        ))}
    </Part>
  );
}

function CreditPart({ credit }: { credit: StoreCreditPartsFragment }) {
  const t = useT();
  const format = useFormat();
  const explain = useExplain();
  const [code, setCode] = useState<string | null>(null);
  const reveal = useStep(
    async () => accepted((await execute(StoreCreditRevealDocument, { id: credit.id })).storeCreditReveal),
    (payload) => setCode(payload.code),
  );
  return (
    <Part
      state={credit.state}
      what={t(credit.restores ? "settle.part.giftCard" : "settle.part.credit", {
        amount: format.money(credit.amount),
      })}
      status={t(`settle.credit.${credit.state}`)}
      failure={credit.failure}
    >
      {credit.state === "ISSUED" && (
        <div className={styles.code}>
          <code>{code ?? credit.code}</code>
          {code === null && credit.actions.includes("reveal") && (
            <Button busy={reveal.isPending} onClick={() => reveal.mutate(undefined)}>
              {t("settle.reveal")}
            </Button>
          )}
        </div>
      )}
      {credit.expiresOn !== null && (
        <Muted>{t("settle.validUntil", { date: format.date(`${credit.expiresOn}T12:00`) })}</Muted>
      )}
      {reveal.error && <Problem>{explain(reveal.error)}</Problem>}
    </Part>
  );
}
