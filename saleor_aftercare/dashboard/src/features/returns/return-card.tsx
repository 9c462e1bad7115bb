import { Link } from "wouter";
import { Card, Muted } from "@/components/card";
import { Problem } from "@/components/feedback";
import { Files } from "@/components/files";
import type { ReturnCardFragment } from "@/gql/types";
import { useT } from "@/lib/intl";
import { ReturnActions } from "./actions";
import { Label } from "./label";
import { RefundState } from "./refund-state";
import styles from "./return-card.module.css";
import { BasisPill, HitchPill, ReturnPill, VerdictPill } from "./status";

/** A return beside its conversation, with what can be done about it now. */
export function ReturnCard({ ret }: { ret: ReturnCardFragment }) {
  const t = useT();
  const title = t("return.title", { number: ret.number });
  const undecided = ret.state === "REQUESTED";
  return (
    <Card
      label={title}
      title={
        <Link href={`/returns/${ret.number}`} className={styles.link}>
          {title}
        </Link>
      }
    >
      {ret.lines.map((line) => (
        <div key={line.id} className={styles.line}>
          <Muted>
            {t("return.line", { quantity: line.quantity, product: line.orderLine.productName })} ·{" "}
            {line.reasonLabel}
          </Muted>
          {line.note !== "" && <p className={styles.note}>{line.note}</p>}
          <Files files={line.photos} />
        </div>
      ))}
      <div className={styles.pills}>
        <ReturnPill state={ret.state} />
        <HitchPill hitch={ret.hitch} />
        {ret.legalBasis !== "VOLUNTARY" && <BasisPill basis={ret.legalBasis} />}
        {undecided && <VerdictPill verdict={ret.verdict} />}
      </div>
      {undecided && ret.policyMessages.map((message) => <Muted key={message}>{message}</Muted>)}
      {ret.declineReason !== null && <Problem>{t("case.declined", { reason: ret.declineReason })}</Problem>}
      {ret.refund && <RefundState refund={ret.refund} />}
      <ReturnActions ret={ret} />
      {ret.state === "APPROVED" && <Label ret={ret} />}
    </Card>
  );
}
