import { ArrowUpRight, Link2 } from "lucide-react";
import { IconButton } from "@/components/button";
import { Card, Muted } from "@/components/card";
import type { OrderBriefFragment, TicketPropertiesFragment } from "@/gql/types";
import { notify, openInDashboard, orderPath } from "@/lib/bridge";
import { useT } from "@/lib/intl";
import { useExplain } from "@/lib/problem";
import { useFormat } from "@/lib/use-format";
import { OrderStatus, Parcels } from "../order-card";
import { useLinkOrder, useProperties } from "./data";
import styles from "./properties.module.css";

/** So many orders are shown; the rest is a step away in the Dashboard. */
const SHOWN = 3;

/** What the customer bought last besides what the conversation is about, to look at and to link. */
export function OrdersCard({ number }: { number: number }) {
  const t = useT();
  const { data: ticket } = useProperties(number);
  const others = ticket?.person?.orders.filter(({ id }) => id !== ticket.order?.id) ?? [];
  if (!ticket || others.length === 0) {
    return null;
  }
  const title = t(ticket.order ? "orders.others" : "orders.newest");
  return (
    <Card label={title} title={title}>
      <ul className={styles.orders}>
        {others.slice(0, SHOWN).map((order) => (
          <OrderItem key={order.id} order={order} ticket={ticket} />
        ))}
      </ul>
    </Card>
  );
}

function OrderItem({ order, ticket }: { order: OrderBriefFragment; ticket: TicketPropertiesFragment }) {
  const t = useT();
  const format = useFormat();
  const explain = useExplain();
  const link = useLinkOrder();
  const name = `#${order.number}`;
  return (
    <li>
      <div className={styles.row}>
        <span>
          {name} <OrderStatus status={order.status} />
        </span>
        <span className={styles.buttons}>
          <IconButton
            label={t("orders.link", { order: name })}
            icon={<Link2 size={14} />}
            disabled={link.isPending}
            onClick={() =>
              link.mutate(
                { id: ticket.id, orderId: order.id, acrossCustomers: false },
                { onError: (error) => notify("error", t("inbox.action.failed"), explain(error)) },
              )
            }
          />
          <IconButton
            label={t("orders.open", { order: name })}
            icon={<ArrowUpRight size={14} />}
            onClick={() => void openInDashboard(orderPath(order.id))}
          />
        </span>
      </div>
      <Muted>
        {format.money(order.total)} · {format.date(order.placedAt)}
      </Muted>
      <Parcels order={order} />
    </li>
  );
}
