import { useState } from "react";
import type { WidgetOrderCustomerQuery, WidgetOrderQuery } from "@/gql/types";
import { WidgetApproveDocument, WidgetOrderCustomerDocument, WidgetOrderDocument } from "@/gql/widgets";
import { extensionPath, notify, openInDashboard, openPopup, refreshEntity } from "@/lib/bridge";
import { execute } from "@/lib/graphql";
import { accepted } from "@/lib/mutation";
import { Body, Button, Row, styles, useSpeech } from "./frame";
import { OPEN_RETURN, OPEN_TICKET, REQUEST_TONE, RETURN_TONE, TICKET_TONE, WITHDRAWAL_TONE } from "./tones";
import { useLoad } from "./use-load";

const SHOWN = 3;
const show = (path: string) => void openInDashboard(extensionPath(path));

type OrderData = NonNullable<WidgetOrderQuery["order"]>;
type CustomerData = WidgetOrderCustomerQuery["customer"];

async function loadOrder(id: string, signal: AbortSignal) {
  const { order } = await execute(WidgetOrderDocument, { id }, signal);
  if (!order) {
    return null;
  }
  const { customer } = await execute(WidgetOrderCustomerDocument, { email: order.customerEmail }, signal);
  return { order, customer };
}

/** What is under way for one order. */
export function OrderWidget({ orderId }: { orderId: string }) {
  const { text } = useSpeech();
  const loaded = useLoad((signal) => loadOrder(orderId, signal));
  return (
    <Body loaded={loaded}>
      {(data) =>
        data === null ? (
          <p className={styles.muted}>{text.notFound}</p>
        ) : (
          <Cases order={data.order} customer={data.customer} reload={loaded.reload} />
        )
      }
    </Body>
  );
}

interface CasesProps {
  order: OrderData;
  customer: CustomerData;
  reload: () => void;
}

function Cases({ order, customer, reload }: CasesProps) {
  const { text } = useSpeech();
  const ofOrder = (one: { order: { id: string } | null }) => one.order?.id === order.id;
  const returns = [...order.returns].sort(
    (one, other) => Number(OPEN_RETURN.has(other.state)) - Number(OPEN_RETURN.has(one.state)),
  );
  const repairs = customer?.repairRequests.filter(ofOrder) ?? [];
  const parts = customer?.sparePartRequests.filter(ofOrder) ?? [];
  const tickets = customer?.tickets.filter((one) => ofOrder(one) && OPEN_TICKET.has(one.state)) ?? [];
  const rows = [
    ...order.withdrawals.map((withdrawal) => (
      <Row
        key={withdrawal.id}
        title={`${withdrawal.number} · ${text.withdrawal}`}
        detail={withdrawal.contract}
        pill={{ tone: WITHDRAWAL_TONE[withdrawal.state], text: text.withdrawalState[withdrawal.state] }}
        openLabel={text.openItem(withdrawal.number)}
        onOpen={() => show(`/withdrawals/${withdrawal.number}`)}
      />
    )),
    ...returns.map((ret) => <ReturnRow key={ret.id} ret={ret} onChange={reload} />),
    ...repairs.map((repair) => (
      <Row
        key={repair.id}
        title={`${repair.number} · ${text.repair}`}
        detail={repair.productName}
        pill={{ tone: REQUEST_TONE[repair.state], text: text.requestState[repair.state] }}
        openLabel={text.openItem(repair.number)}
        onOpen={() => show(`/repairs/${repair.number}`)}
      />
    )),
    ...parts.map((part) => (
      <Row
        key={part.id}
        title={`${part.number} · ${text.part}`}
        detail={part.productName}
        pill={{ tone: REQUEST_TONE[part.state], text: text.requestState[part.state] }}
        openLabel={text.openItem(part.number)}
        onOpen={() => show(`/parts/${part.number}`)}
      />
    )),
    ...tickets.map((ticket) => (
      <Row
        key={ticket.id}
        title={`#${ticket.number} · ${text.message}`}
        detail={ticket.subject}
        pill={{ tone: TICKET_TONE[ticket.state], text: text.ticketState[ticket.state] }}
        openLabel={text.openItem(`#${ticket.number}`)}
        onOpen={() => show(`/inbox/tickets/${ticket.number}`)}
      />
    )),
  ];
  const returnable = order.lines.some((line) => line.returnableQuantity > 0);
  const first = tickets[0];
  return (
    <>
      {rows.length === 0 ? (
        <p className={styles.muted}>{text.nothing}</p>
      ) : (
        <ul className={styles.rows}>{rows.slice(0, SHOWN)}</ul>
      )}
      {rows.length > SHOWN && <p className={styles.muted}>{text.more(rows.length - SHOWN)}</p>}
      <div className={styles.actions}>
        {rows.length > 0 && (
          <Button
            onClick={() =>
              show(
                first
                  ? `/inbox/tickets/${first.number}`
                  : `/inbox?view=all&q=${encodeURIComponent(order.number)}`,
              )
            }
          >
            {text.open}
          </Button>
        )}
        {returnable && (
          <Button primary onClick={() => void openPopup("start-return", { orderId: order.id })}>
            {text.startReturn}
          </Button>
        )}
      </div>
    </>
  );
}

function ReturnRow({ ret, onChange }: { ret: OrderData["returns"][number]; onChange: () => void }) {
  const { text } = useSpeech();
  const [busy, setBusy] = useState(false);
  const approve = async () => {
    setBusy(true);
    try {
      accepted((await execute(WidgetApproveDocument, { id: ret.id })).returnApprove);
      notify("success", text.approved(ret.number));
      void refreshEntity();
    } catch (error) {
      notify("error", text.failed, error instanceof Error ? error.message : undefined);
    } finally {
      setBusy(false);
      onChange();
    }
  };
  return (
    <Row
      title={`${ret.number} · ${text.return}`}
      detail={ret.lines.map((line) => text.units(line.quantity, line.orderLine.productName)).join(", ")}
      pill={{ tone: RETURN_TONE[ret.state], text: text.returnState[ret.state] }}
      openLabel={text.openItem(ret.number)}
      onOpen={() => show(`/returns/${ret.number}`)}
      action={
        ret.actions.includes("approve") && (
          <Button busy={busy} onClick={() => void approve()}>
            {text.approve}
          </Button>
        )
      }
    />
  );
}
