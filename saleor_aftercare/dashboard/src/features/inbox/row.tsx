import clsx from "clsx";
import { memo, type ReactNode } from "react";
import { Age } from "@/components/time";
import type { TicketRowFragment } from "@/gql/types";
import { useT } from "@/lib/intl";
import { RowCheck } from "./bulk-check";
import { toggle, useChosen } from "./bulk-selection";
import styles from "./row.module.css";
import { DuePill, KindPill, StatePill } from "./status";
import { usePresence } from "./writing/presence";

export interface RowProps {
  ticket: TicketRowFragment;
  selected: boolean;
  id: string;
  position: number;
  total: number;
  offset: number;
  onOpen: (number: number) => void;
}

interface FrameProps extends RowProps {
  chosen: boolean;
  className?: string | undefined;
  children: ReactNode;
}

/** One ticket as an option of the list; its place among all is told to screen readers, which see a window of it only. */
export function RowFrame(props: FrameProps) {
  const { ticket, selected, chosen, id, position, total, offset, onOpen, className, children } = props;
  return (
    // The list holds the focus and handles the keys for all of its options.
    // biome-ignore lint/a11y/useKeyWithClickEvents: see above
    // biome-ignore lint/a11y/useFocusableInteractive: see above
    <div
      id={id}
      role="option"
      aria-selected={selected}
      aria-posinset={position}
      aria-setsize={total}
      className={clsx(
        styles.row,
        selected && styles.selected,
        ticket.unread && styles.unread,
        chosen && styles.chosen,
        className,
      )}
      style={{ transform: `translateY(${offset}px)` }}
      onClick={(event) => {
        if (event.ctrlKey || event.metaKey) {
          toggle(ticket.id);
        } else {
          onOpen(ticket.number);
        }
      }}
    >
      {children}
    </div>
  );
}

/** What nobody has to be told about while it is new or open. */
const SETTLED = new Set<TicketRowFragment["state"]>([
  "PENDING",
  "WAITING",
  "ON_HOLD",
  "SOLVED",
  "CLOSED",
  "SPAM",
  "MERGED",
]);

/** A ticket in three lines, for a list beside its thread. */
export const Row = memo(function Row(props: RowProps) {
  const { ticket } = props;
  const t = useT();
  const chosen = useChosen(ticket.id);
  return (
    <RowFrame {...props} chosen={chosen}>
      <div className={styles.top}>
        <RowCheck id={ticket.id} chosen={chosen} />
        <span className={styles.name}>
          <UnreadDot ticket={ticket} />
          {ticket.customerName || ticket.customerEmail || t("person.unknown")}
        </span>
        <Age at={ticket.lastMessageAt} className={styles.age} />
      </div>
      <p className={styles.subject} lang={ticket.language}>
        {ticket.subject}
      </p>
      <div className={styles.pills}>
        <KindPill ticket={ticket} />
        {SETTLED.has(ticket.state) && <StatePill state={ticket.state} />}
        <DuePill ticket={ticket} />
        <span className={styles.number}>#{ticket.number}</span>
        <span className={styles.people}>
          <Present ticketId={ticket.id} />
          {ticket.assignee && (
            <span className={styles.assignee} title={t("ticket.assignedTo", { name: ticket.assignee.name })}>
              {initials(ticket.assignee.name)}
            </span>
          )}
        </span>
      </div>
    </RowFrame>
  );
});

/** The dot of what nobody has opened since somebody wrote, with its word. */
export function UnreadDot({ ticket }: { ticket: TicketRowFragment }) {
  const t = useT();
  return (
    ticket.unread && (
      <>
        <span className={styles.dot} aria-hidden />
        <span className="visually-hidden">{t("ticket.unread")}</span>
      </>
    )
  );
}

/** Who else looks at the conversation, or writes in it, at this moment. */
function Present({ ticketId }: { ticketId: string }) {
  const t = useT();
  return usePresence(ticketId).map(({ member, isWriting }) => {
    const words = t(isWriting ? "presence.writing" : "presence.looking", { names: member.name, count: 1 });
    return (
      <span key={member.id} className={clsx(styles.present, isWriting && styles.isWriting)} title={words}>
        <span aria-hidden>{initials(member.name)}</span>
        <span className="visually-hidden">{words}</span>
      </span>
    );
  });
}

export function initials(name: string): string {
  const words = name.trim().split(/\s+/);
  const letters =
    words.length > 1 ? [words[0]?.[0], words[words.length - 1]?.[0]] : [...(words[0] ?? "")].slice(0, 2);
  return letters.join("").toUpperCase();
}
