import { Check, Circle, CircleAlert, CircleHelp, Clock } from "lucide-react";
import { Button } from "@/components/button";
import { Actions, Muted } from "@/components/card";
import { Problem } from "@/components/feedback";
import { RefundRetryDocument } from "@/gql/returns";
import type { RefundPartsFragment } from "@/gql/types";
import { execute } from "@/lib/graphql";
import { useT } from "@/lib/intl";
import { accepted } from "@/lib/mutation";
import { useExplain } from "@/lib/problem";
import { useStep } from "@/lib/step";
import { useFormat } from "@/lib/use-format";
import styles from "./refund.module.css";
import { RefundPill } from "./status";

const STEP_ICON = { PENDING: Circle, SENDING: Clock, SENT: Check, FAILED: CircleAlert, UNKNOWN: CircleHelp };

interface RefundStateProps {
  refund: RefundPartsFragment;
  /** With each step in Saleor; the card in the inbox shows them only when something went wrong. */
  detailed?: boolean;
}

/** How a refund stands, step by step, and the way on when a step failed. */
export function RefundState({ refund, detailed = false }: RefundStateProps) {
  const t = useT();
  const format = useFormat();
  const explain = useExplain();
  const retry = useStep(async () =>
    accepted((await execute(RefundRetryDocument, { id: refund.id })).refundRetry),
  );
  const trouble = refund.state === "FAILED" || refund.state === "NEEDS_STAFF";
  return (
    <>
      <div className={styles.head}>
        <span className={styles.amount}>{format.money(refund.amount)}</span>
        <RefundPill state={refund.state} />
      </div>
      <Muted>{t(`refund.method.${refund.method}`)}</Muted>
      {refund.failure !== null && <Problem>{refund.failure}</Problem>}
      {(detailed || trouble) && (
        <ul className={styles.steps} aria-label={t("refund.steps")}>
          {refund.steps.map((step, index) => {
            const Icon = STEP_ICON[step.state];
            const bad = step.state === "FAILED" || step.state === "UNKNOWN";
            return (
              // A kind may come twice; the order of a refund's steps never changes.
              // biome-ignore lint/suspicious/noArrayIndexKey: see above
              <li key={index} className={bad ? `${styles.step} ${styles.bad}` : styles.step}>
                <Icon size={14} aria-hidden />
                <span>
                  {step.label} – {t(`refund.step.${step.state}`)}
                  {step.error !== null && <>: {step.error}</>}
                </span>
              </li>
            );
          })}
        </ul>
      )}
      {refund.actions.includes("retry") && (
        <Actions>
          <Button busy={retry.isPending} onClick={() => retry.mutate(undefined)}>
            {t("refund.retry")}
          </Button>
        </Actions>
      )}
      {retry.error && <Problem>{explain(retry.error)}</Problem>}
    </>
  );
}
