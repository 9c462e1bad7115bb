import { X } from "lucide-react";
import { Suspense } from "react";
import { IconButton } from "@/components/button";
import { Skeleton } from "@/components/feedback";
import type { TicketDetailFragment } from "@/gql/types";
import { useT } from "@/lib/intl";
import styles from "./context.module.css";
import { useTicket } from "./data";
import { OrderCard } from "./order-card";
import { OrdersCard, PastCard, PersonCard, Properties } from "./parts";
import { useCaseSlots } from "./slots";
import { SurveyCard } from "./survey-card";

interface ContextProps {
  number: number;
  onClose: () => void;
  onOpenTicket: (number: number) => void;
}

/** Who is writing, about which order, and what is under way for them. */
export function Context({ number, onClose, onOpenTicket }: ContextProps) {
  const t = useT();
  const { data: ticket, isPending } = useTicket(number);
  return (
    <aside id="ticket-context" className={styles.context} aria-label={t("inbox.context")}>
      <IconButton
        className={styles.close}
        label={t("common.close")}
        icon={<X size={16} />}
        onClick={onClose}
      />
      {ticket && <Cards ticket={ticket} onOpenTicket={onOpenTicket} />}
      {isPending && <Skeleton rows={4} height={64} />}
    </aside>
  );
}

function Cards({
  ticket,
  onOpenTicket,
}: {
  ticket: TicketDetailFragment;
  onOpenTicket: (number: number) => void;
}) {
  const { renderReturn, renderRepair, renderPart, renderWithdrawal } = useCaseSlots();
  return (
    <>
      <Suspense fallback={<Skeleton rows={4} height={28} />}>
        <PersonCard ticket={ticket} />
      </Suspense>
      {ticket.withdrawals.map((withdrawal) => (
        <div key={withdrawal.id}>{renderWithdrawal(withdrawal)}</div>
      ))}
      {ticket.returns.map((ret) => (
        <div key={ret.id}>{renderReturn(ret)}</div>
      ))}
      {ticket.repairRequests.map((repair) => (
        <div key={repair.id}>{renderRepair(repair)}</div>
      ))}
      {ticket.sparePartRequests.map((part) => (
        <div key={part.id}>{renderPart(part)}</div>
      ))}
      {ticket.order && <OrderCard order={ticket.order} />}
      <Suspense fallback={null}>
        <OrdersCard number={ticket.number} />
      </Suspense>
      <Suspense fallback={<Skeleton rows={3} height={32} />}>
        <Properties number={ticket.number} onOpenTicket={onOpenTicket} />
      </Suspense>
      <Suspense fallback={null}>
        <PastCard number={ticket.number} onOpenTicket={onOpenTicket} />
      </Suspense>
      {ticket.survey && <SurveyCard survey={ticket.survey} />}
    </>
  );
}
