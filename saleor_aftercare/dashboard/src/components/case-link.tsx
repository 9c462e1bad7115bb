import { MessageSquare } from "lucide-react";
import { Link } from "wouter";
import { openInDashboard, orderPath } from "@/lib/bridge";
import { useT } from "@/lib/intl";
import styles from "./case-link.module.css";

/** Opens an order in the Dashboard, in this tab. */
export function OrderLink({ order }: { order: { id: string; number: string } }) {
  const t = useT();
  return (
    <button type="button" className={styles.link} onClick={() => void openInDashboard(orderPath(order.id))}>
      {t("order.title", { number: order.number })}
    </button>
  );
}

export function TicketLink({ ticket }: { ticket: { number: number; subject: string } }) {
  const t = useT();
  return (
    <Link href={`/inbox/tickets/${ticket.number}?view=all`} className={styles.ticket}>
      <MessageSquare size={14} aria-hidden />
      <span>
        {t("case.openTicket", { number: ticket.number })}
        <span className={styles.subject}> {ticket.subject}</span>
      </span>
    </Link>
  );
}
