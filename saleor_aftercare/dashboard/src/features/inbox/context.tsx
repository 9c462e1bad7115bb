import { ArrowUpRight, X } from "lucide-react";
import { IconButton } from "@/components/button";
import { Card, Muted } from "@/components/card";
import { Skeleton } from "@/components/feedback";
import { Age } from "@/components/time";
import type { TicketDetailFragment } from "@/gql/types";
import { openInDashboard } from "@/lib/bridge";
import { useT } from "@/lib/intl";
import styles from "./context.module.css";
import { useTicket } from "./data";
import { OrderCard } from "./order-card";
import { useCaseSlots } from "./slots";
import { stateLabel } from "./status";

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
  const t = useT();
  const { renderReturn, renderRepair, renderPart, renderWithdrawal } = useCaseSlots();
  const others = ticket.customer?.tickets.filter((one) => one.id !== ticket.id) ?? [];
  const userId = ticket.customer?.userId ?? null;
  return (
    <>
      <header className={styles.person}>
        <div>
          <h2 className={styles.name}>{ticket.customerName || ticket.customerEmail}</h2>
          <p className={styles.email}>
            {ticket.customerEmail} · {t("customer.language", { language: ticket.language })}
          </p>
        </div>
        {userId !== null && (
          <IconButton
            label={t("customer.open")}
            icon={<ArrowUpRight size={16} />}
            onClick={() => void openInDashboard(`/customers/${encodeURIComponent(userId)}`)}
          />
        )}
      </header>
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
      <Card label={t("customer.past")} title={t("customer.past")}>
        {others.length === 0 ? (
          <Muted>{t("customer.noPast")}</Muted>
        ) : (
          <ul className={styles.past}>
            {others.map((one) => (
              <li key={one.id}>
                <button type="button" className={styles.pastItem} onClick={() => onOpenTicket(one.number)}>
                  <span>{one.subject}</span>
                  <span className={styles.pastMeta}>
                    #{one.number} · {t(stateLabel(one.state))} · <Age at={one.lastMessageAt} />
                  </span>
                </button>
              </li>
            ))}
          </ul>
        )}
      </Card>
    </>
  );
}
