import { Link2, Unlink } from "lucide-react";
import { useState } from "react";
import { Button, IconButton } from "@/components/button";
import { Dialog } from "@/components/dialog";
import { Problem } from "@/components/feedback";
import { Choice } from "@/components/field";
import type { TicketPropertiesFragment } from "@/gql/types";
import { useT } from "@/lib/intl";
import { Refusal } from "@/lib/mutation";
import { useExplain } from "@/lib/problem";
import { useFormat } from "@/lib/use-format";
import { useLinkOrder } from "./data";
import styles from "./properties.module.css";

/** Which order the conversation is about; chosen among those of whoever writes. */
export function OrderLink({ ticket }: { ticket: TicketPropertiesFragment }) {
  const t = useT();
  const [choosing, setChoosing] = useState(false);
  const link = useLinkOrder();
  return (
    <div className={styles.row}>
      <span>
        <span className={styles.muted}>{t("properties.order")} </span>
        {ticket.order ? `#${ticket.order.number}` : t("properties.noOrder")}
      </span>
      <span className={styles.buttons}>
        <IconButton
          label={t("properties.order.link")}
          icon={<Link2 size={14} />}
          onClick={() => setChoosing(true)}
        />
        {ticket.order && (
          <IconButton
            label={t("properties.order.unlink")}
            icon={<Unlink size={14} />}
            onClick={() => link.mutate({ id: ticket.id, orderId: null, acrossCustomers: false })}
          />
        )}
      </span>
      {choosing && <OrderDialog ticket={ticket} onClose={() => setChoosing(false)} />}
    </div>
  );
}

function OrderDialog({ ticket, onClose }: { ticket: TicketPropertiesFragment; onClose: () => void }) {
  const t = useT();
  const format = useFormat();
  const explain = useExplain();
  const link = useLinkOrder();
  const orders = ticket.person?.orders ?? [];
  const [chosen, setChosen] = useState(ticket.order?.id ?? orders[0]?.id);
  const refused = link.error instanceof Refusal && link.error.code === "REFUSED";
  const [across, setAcross] = useState(false);
  return (
    <Dialog
      title={t("properties.order.link")}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button
            variant="primary"
            busy={link.isPending}
            disabled={chosen === undefined || (refused && !across)}
            onClick={() => {
              if (chosen !== undefined) {
                link.mutate(
                  { id: ticket.id, orderId: chosen, acrossCustomers: across },
                  { onSuccess: onClose },
                );
              }
            }}
          >
            {t("properties.order.confirm")}
          </Button>
        </>
      }
    >
      {orders.length === 0 && <p>{t("properties.order.none")}</p>}
      <fieldset className={styles.choices}>
        <legend className="visually-hidden">{t("properties.order")}</legend>
        {orders.map((order) => (
          <Choice
            key={order.id}
            type="radio"
            name="order"
            label={`#${order.number}`}
            help={`${format.date(order.placedAt)} · ${format.money(order.total)}`}
            checked={chosen === order.id}
            onChange={() => setChosen(order.id)}
          />
        ))}
      </fieldset>
      {link.error !== null && <Problem>{explain(link.error)}</Problem>}
      {refused && (
        <Choice
          label={t("merge.across")}
          checked={across}
          onChange={(event) => setAcross(event.target.checked)}
        />
      )}
    </Dialog>
  );
}
