import { Link } from "wouter";
import { Card, Muted } from "@/components/card";
import { Problem } from "@/components/feedback";
import type { WithdrawalCardFragment } from "@/gql/types";
import { useT } from "@/lib/intl";
import { useFormat } from "@/lib/use-format";
import { DutyPill, WithdrawalPill } from "./status";

/** A declared withdrawal beside its conversation; its return has a card of its own. */
export function WithdrawalCard({ withdrawal }: { withdrawal: WithdrawalCardFragment }) {
  const t = useT();
  const format = useFormat();
  const title = t("withdrawal.title", { number: withdrawal.number });
  return (
    <Card label={title} title={<Link href={`/withdrawals/${withdrawal.number}`}>{title}</Link>}>
      <Muted>{t("withdrawal.declared", { date: format.dateTime(withdrawal.declaredAt) })}</Muted>
      <div>
        <WithdrawalPill state={withdrawal.state} />{" "}
        <DutyPill duty={withdrawal.refundDuty} dueOn={withdrawal.refundDueOn} />
      </div>
      {withdrawal.notices.map((notice) => (
        <Problem key={notice}>{notice}</Problem>
      ))}
    </Card>
  );
}
