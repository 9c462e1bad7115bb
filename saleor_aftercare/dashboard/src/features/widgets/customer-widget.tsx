import { WidgetCustomerDocument } from "@/gql/widgets";
import { extensionPath, openInDashboard } from "@/lib/bridge";
import { execute } from "@/lib/graphql";
import { Body, Button, Row, styles, useSpeech } from "./frame";
import { OPEN_RETURN, OPEN_TICKET, TICKET_TONE } from "./tones";
import { useLoad } from "./use-load";

const SHOWN = 3;
const show = (path: string) => void openInDashboard(extensionPath(path));

/** What one customer has had with the shop since the sale. */
export function CustomerWidget({ customerId }: { customerId: string }) {
  const { text, format } = useSpeech();
  const loaded = useLoad(
    async (signal) => (await execute(WidgetCustomerDocument, { userId: customerId }, signal)).customer,
  );
  return (
    <Body loaded={loaded}>
      {(customer) => {
        if (customer === null) {
          return <p className={styles.muted}>{text.nothing}</p>;
        }
        const open = customer.tickets.filter((ticket) => OPEN_TICKET.has(ticket.state));
        const latest = customer.tickets
          .map((ticket) => ticket.lastMessageAt)
          .sort()
          .at(-1);
        const figures = [
          [text.tickets, open.length, ""],
          [text.returns, customer.returns.length, text.ofOrders(customer.orders.length)],
          [text.repairs, customer.repairRequests.length, ""],
          [text.parts, customer.sparePartRequests.length, ""],
        ] as const;
        const waiting = customer.returns.filter((ret) => OPEN_RETURN.has(ret.state)).length;
        return (
          <>
            <div className={styles.figures}>
              {figures.map(([label, value, detail]) => (
                <div key={label} className={styles.figure}>
                  <span className={styles.value}>{format.number(value)}</span>
                  <span className={styles.label}>
                    {label} {detail}
                  </span>
                </div>
              ))}
            </div>
            {latest !== undefined && (
              <p className={styles.muted}>{text.lastContact(format.dateTime(latest))}</p>
            )}
            {open.length > 0 && (
              <ul className={styles.rows}>
                {open.slice(0, SHOWN).map((ticket) => (
                  <Row
                    key={ticket.id}
                    title={`#${ticket.number}`}
                    detail={ticket.subject}
                    pill={{ tone: TICKET_TONE[ticket.state], text: text.ticketState[ticket.state] }}
                    openLabel={text.openItem(`#${ticket.number}`)}
                    onOpen={() => show(`/inbox/tickets/${ticket.number}`)}
                  />
                ))}
              </ul>
            )}
            {open.length + waiting + customer.tickets.length > 0 && (
              <div className={styles.actions}>
                <Button onClick={() => show(`/inbox?view=all&q=${encodeURIComponent(customer.email)}`)}>
                  {text.open}
                </Button>
              </div>
            )}
          </>
        );
      }}
    </Body>
  );
}
