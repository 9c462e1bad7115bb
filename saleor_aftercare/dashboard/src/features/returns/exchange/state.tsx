import { useState } from "react";
import { Button } from "@/components/button";
import { Actions, Muted } from "@/components/card";
import { OrderLink } from "@/components/case-link";
import { ErrorNotice, Problem, Skeleton, Warning } from "@/components/feedback";
import { Pill, type Tone } from "@/components/pill";
import {
  ReplacementCancelDocument,
  ReplacementChargeDocument,
  ReplacementRetryDocument,
} from "@/gql/exchange";
import type { ReplacementPartsFragment, ReturnReplacementsQuery } from "@/gql/types";
import { execute } from "@/lib/graphql";
import { useT } from "@/lib/intl";
import { accepted } from "@/lib/mutation";
import { useExplain } from "@/lib/problem";
import { useStep } from "@/lib/step";
import { useFormat } from "@/lib/use-format";
import { useReplacements } from "./data";
import styles from "./exchange.module.css";
import { LetterDialog } from "./letter-dialog";
import { ReofferDialog } from "./reoffer-dialog";

const TONE: Record<ReplacementPartsFragment["state"], Tone> = {
  PLANNED: "neutral",
  PENDING: "info",
  CREATING: "info",
  OUT_OF_STOCK: "attention",
  AWAITING_PAYMENT: "info",
  PLACED: "success",
  SHIPPED: "success",
  FAILED: "error",
  NEEDS_STAFF: "attention",
  CANCELED: "neutral",
};

type Lines = NonNullable<ReturnReplacementsQuery["return"]>["lines"];

/** What goes out in exchange for a return; nothing when nothing does. */
export function Replacements({ returnId }: { returnId: string }) {
  const { data, error, isPending, refetch } = useReplacements(returnId);
  if (isPending) {
    return <Skeleton rows={1} height={24} />;
  }
  if (error && !data) {
    return <ErrorNotice error={error} onRetry={() => void refetch()} />;
  }
  return data?.replacements.map((one) => <Replacement key={one.id} replacement={one} lines={data.lines} />);
}

function Replacement({ replacement, lines }: { replacement: ReplacementPartsFragment; lines: Lines }) {
  const t = useT();
  const format = useFormat();
  const { orderId, orderNumber } = replacement;
  const due = Number(replacement.due.amount) > 0;
  return (
    <article className={styles.replacement} aria-label={t(`exchange.purpose.${replacement.purpose}`)}>
      <div className={styles.head}>
        <strong>{t(`exchange.purpose.${replacement.purpose}`)}</strong>
        <Pill tone={TONE[replacement.state]}>{t(`exchange.state.${replacement.state}`)}</Pill>
        {replacement.advance && <Muted>{t("exchange.advance")}</Muted>}
        {orderId !== null && orderNumber !== null && (
          <OrderLink order={{ id: orderId, number: orderNumber }} />
        )}
      </div>
      <ul className={styles.goods}>
        {replacement.lines.map((line) => (
          <li key={`${line.variantId} ${line.returnLineId}`}>
            {line.quantity} × {line.name}
          </li>
        ))}
      </ul>
      {due && <p>{t("exchange.due", { amount: format.money(replacement.due) })}</p>}
      {replacement.priceChanges.map((change) => (
        <Muted key={change.name}>
          {t("exchange.priceChanged", {
            product: change.name,
            promised: format.money(change.promised),
            now: format.money(change.now),
          })}
        </Muted>
      ))}
      {replacement.isOverdue && replacement.backBy !== null && (
        <Warning>{t("exchange.overdue", { date: format.date(`${replacement.backBy}T12:00`) })}</Warning>
      )}
      {replacement.failure !== null && <Problem>{replacement.failure}</Problem>}
      {replacement.state !== "CANCELED" && <Steps replacement={replacement} lines={lines} />}
    </article>
  );
}

function Steps({ replacement, lines }: { replacement: ReplacementPartsFragment; lines: Lines }) {
  const t = useT();
  const explain = useExplain();
  const [reoffering, setReoffering] = useState(false);
  const [writing, setWriting] = useState(false);
  const { id, actions } = replacement;
  const retry = useStep(async () =>
    accepted((await execute(ReplacementRetryDocument, { id })).replacementRetry),
  );
  const cancel = useStep(async () =>
    accepted((await execute(ReplacementCancelDocument, { id })).replacementCancel),
  );
  const charge = useStep(async () =>
    accepted((await execute(ReplacementChargeDocument, { id })).replacementCharge),
  );
  const problem = retry.error ?? cancel.error ?? charge.error;
  return (
    <>
      <Actions>
        {actions.includes("reoffer") && (
          <Button onClick={() => setReoffering(true)}>{t("exchange.reoffer")}</Button>
        )}
        {actions.includes("retry") && (
          <Button busy={retry.isPending} onClick={() => retry.mutate(undefined)}>
            {t("exchange.retry")}
          </Button>
        )}
        {actions.includes("charge") && (
          <Button busy={charge.isPending} onClick={() => charge.mutate(undefined)}>
            {t("exchange.charge")}
          </Button>
        )}
        {actions.includes("cancel") && (
          <Button busy={cancel.isPending} onClick={() => cancel.mutate(undefined)}>
            {t("exchange.cancel")}
          </Button>
        )}
        <Button onClick={() => setWriting(true)}>{t("letter.open")}</Button>
      </Actions>
      {problem && <Problem>{explain(problem)}</Problem>}
      {writing && <LetterDialog replacementId={id} onClose={() => setWriting(false)} />}
      {reoffering && (
        <ReofferDialog replacement={replacement} lines={lines} onClose={() => setReoffering(false)} />
      )}
    </>
  );
}
