import { Clock } from "lucide-react";
import { Pill } from "@/components/pill";
import type { TicketView, WidgetHomeQuery } from "@/gql/types";
import { WidgetHomeDocument } from "@/gql/widgets";
import { extensionPath, openInDashboard } from "@/lib/bridge";
import { now } from "@/lib/clock";
import { execute } from "@/lib/graphql";
import { Body, styles, useSpeech } from "./frame";
import { useLoad } from "./use-load";

const show = (path: string) => void openInDashboard(extensionPath(path));
const SHOWN = 3;

type HomeTicket = WidgetHomeQuery["overdue"]["edges"][number]["node"];

/** My day in the inbox: how much waits where, and what is due first. */
export function HomeWidget() {
  const { text } = useSpeech();
  const loaded = useLoad((signal) => execute(WidgetHomeDocument, {}, signal));
  const figures: readonly (readonly [TicketView, string])[] = [
    ["OVERDUE", text.overdue],
    ["ASSIGNED_TO_ME", text.mine],
    ["UNASSIGNED", text.unassigned],
    ["OPEN", text.openAll],
  ];
  return (
    <Body loaded={loaded}>
      {(data) => {
        const next = dueFirst(data);
        return (
          <>
            <div className={styles.figures}>
              {figures.map(([view, label]) => {
                const count = data.ticketCounts.find((one) => one.view === view)?.count ?? 0;
                const late = view === "OVERDUE" && count > 0;
                return (
                  <button
                    key={view}
                    type="button"
                    className={styles.figure}
                    onClick={() => show(`/inbox?view=${view.toLowerCase()}`)}
                  >
                    <span className={late ? `${styles.value} ${styles.late}` : styles.value}>
                      {count >= 100 ? "99+" : count}
                    </span>
                    <span className={styles.label}>{label}</span>
                  </button>
                );
              })}
            </div>
            <h2 className={styles.heading}>{text.next}</h2>
            {next.length === 0 ? (
              <p className={styles.muted}>{text.inboxEmpty}</p>
            ) : (
              <ul className={styles.rows}>
                {next.map((ticket) => (
                  <NextRow key={ticket.id} ticket={ticket} />
                ))}
              </ul>
            )}
          </>
        );
      }}
    </Body>
  );
}

/** Overdue tickets first, then unassigned ones, none twice. */
function dueFirst(data: WidgetHomeQuery): HomeTicket[] {
  const all = [...data.overdue.edges, ...data.oldest.edges].map((edge) => edge.node);
  return all.filter((ticket, at) => all.findIndex((one) => one.id === ticket.id) === at).slice(0, SHOWN);
}

function NextRow({ ticket }: { ticket: HomeTicket }) {
  const { text, format } = useSpeech();
  const left = ticket.dueAt === null ? null : Date.parse(ticket.dueAt) - now();
  return (
    <li className={styles.row}>
      <div className={styles.line}>
        <button
          type="button"
          className={styles.link}
          title={text.openItem(`#${ticket.number}`)}
          onClick={() => show(`/inbox/tickets/${ticket.number}`)}
        >
          {ticket.customerName}
        </button>
        {left !== null && (
          <Pill tone={left < 0 ? "error" : "neutral"} icon={<Clock aria-hidden />}>
            {left < 0 ? text.overdueBy(format.span(left)) : text.dueIn(format.span(left))}
          </Pill>
        )}
      </div>
      <p className={styles.muted} lang={ticket.language}>
        {ticket.subject} · #{ticket.number}
      </p>
    </li>
  );
}
