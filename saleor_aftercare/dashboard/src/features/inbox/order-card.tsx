import { useMutation, useQueryClient } from "@tanstack/react-query";
import { ArrowUpRight, Check, Truck } from "lucide-react";
import { Button, IconButton } from "@/components/button";
import { Actions, Card, Muted } from "@/components/card";
import { Problem } from "@/components/feedback";
import { Pill, type Tone } from "@/components/pill";
import { Thumb } from "@/components/thumb";
import { InboxDeliveryConfirmDocument } from "@/gql/inbox";
import type { OrderCardFragment } from "@/gql/types";
import { openInDashboard, orderPath } from "@/lib/bridge";
import { now } from "@/lib/clock";
import type { Format } from "@/lib/format";
import { execute } from "@/lib/graphql";
import { type Translate, useT } from "@/lib/intl";
import { accepted } from "@/lib/mutation";
import { orderStatusLabel } from "@/lib/order-status";
import { useExplain } from "@/lib/problem";
import { refreshCases } from "@/lib/query-keys";
import { useFormat } from "@/lib/use-format";

import styles from "./order-card.module.css";

const STATUS_TONE: Record<string, Tone> = {
  UNFULFILLED: "warning",
  PARTIALLY_FULFILLED: "info",
  FULFILLED: "success",
  PARTIALLY_RETURNED: "attention",
  RETURNED: "neutral",
  CANCELED: "error",
  EXPIRED: "error",
};

/** The order that the ticket is about: what was bought, and where the parcels are. */
export function OrderCard({ order }: { order: OrderCardFragment }) {
  const t = useT();
  const format = useFormat();
  const label = t("order.title", { number: order.number });
  return (
    <Card
      label={label}
      title={label}
      aside={
        <IconButton
          label={t("order.open")}
          icon={<ArrowUpRight size={16} />}
          onClick={() => void openInDashboard(orderPath(order.id))}
        />
      }
    >
      <Muted>
        {format.money(order.total)} · {format.date(order.placedAt)}
      </Muted>
      <div>
        <OrderStatus status={order.status} />
      </div>
      <ul className={styles.lines}>
        {order.lines.map((line) => (
          <li key={line.id} className={styles.line}>
            <Thumb url={line.thumbnailUrl} />
            <span className={styles.product}>
              <span>{line.productName}</span>
              <span className={styles.variant}>
                {[line.variantName, t("order.quantity", { count: line.quantity })]
                  .filter(Boolean)
                  .join(" · ")}
              </span>
            </span>
            <span className={styles.price}>{format.money(line.unitPrice)}</span>
          </li>
        ))}
      </ul>
      <Parcels order={order} />
    </Card>
  );
}

export function OrderStatus({ status }: { status: string }) {
  const t = useT();
  return <Pill tone={STATUS_TONE[status.toUpperCase()] ?? "neutral"}>{orderStatusLabel(status, t)}</Pill>;
}

/** Where each parcel of an order is. */
export function Parcels({ order }: { order: Pick<OrderCardFragment, "fulfillments"> }) {
  return order.fulfillments.filter(isParcel).map((parcel) => <Parcel key={parcel.id} parcel={parcel} />);
}

type ParcelData = OrderCardFragment["fulfillments"][number];

/** Saleor keeps returned and cancelled goods as fulfilments too; those are no parcels on their way. */
const isParcel = ({ status }: ParcelData): boolean =>
  ["FULFILLED", "REFUNDED"].includes(status.toUpperCase());

/** Where a parcel is: an estimate may lie ahead, everything else has happened. */
function whereabouts(parcel: ParcelData, moment: number, t: Translate, format: Format): string {
  const { deliveredAt, deliveredSource } = parcel;
  if (deliveredAt === null) {
    return t("parcel.shipped", { date: format.date(parcel.shippedAt) });
  }
  const date = format.date(deliveredAt);
  return Date.parse(deliveredAt) > moment
    ? t("parcel.expected", { date })
    : t(`parcel.delivered.${deliveredSource ?? "CARRIER"}`, { date });
}

function Parcel({ parcel }: { parcel: ParcelData }) {
  const t = useT();
  const format = useFormat();
  const explain = useExplain();
  const client = useQueryClient();
  const confirm = useMutation({
    mutationFn: async () =>
      accepted((await execute(InboxDeliveryConfirmDocument, { fulfillmentId: parcel.id })).deliveryConfirm),
    onSuccess: () => refreshCases(client),
  });
  const arrived = parcel.deliveredAt !== null;
  const sure = parcel.deliveredSource !== "ESTIMATE";
  return (
    <div className={styles.parcel}>
      {arrived && sure ? <Check size={14} aria-hidden /> : <Truck size={14} aria-hidden />}
      <div>
        <p>{whereabouts(parcel, now(), t, format)}</p>
        {parcel.trackingNumber !== "" && (
          <Muted>{t("parcel.trackingOf", { number: parcel.trackingNumber })}</Muted>
        )}
        {!(arrived && sure) && (
          <Actions>
            <Button busy={confirm.isPending} onClick={() => confirm.mutate()}>
              {t("parcel.confirm")}
            </Button>
          </Actions>
        )}
        {confirm.error && <Problem>{explain(confirm.error)}</Problem>}
      </div>
    </div>
  );
}
