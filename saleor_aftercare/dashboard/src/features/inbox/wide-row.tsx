import clsx from "clsx";
import { memo, type ReactNode } from "react";
import { Pill } from "@/components/pill";
import { Age } from "@/components/time";
import type { InboxColumn, TicketCellsFragment, TicketRowFragment } from "@/gql/types";
import { useT } from "@/lib/intl";
import { RowCheck } from "./bulk-check";
import { useChosen } from "./bulk-selection";
import { columnLabel, gridOf } from "./columns";
import { RowFrame, type RowProps, UnreadDot } from "./row";
import { DuePill, KindPill, StatePill } from "./status";
import styles from "./wide-row.module.css";

interface WideRowProps extends RowProps {
  columns: readonly InboxColumn[];
  cells: TicketCellsFragment | undefined;
}

/** A ticket in one line, in the columns of its view. */
export const WideRow = memo(function WideRow({ columns, cells, ...row }: WideRowProps) {
  const t = useT();
  const chosen = useChosen(row.ticket.id);
  return (
    <RowFrame {...row} chosen={chosen} className={styles.row}>
      <div className={styles.cells} style={{ gridTemplateColumns: gridOf(columns) }}>
        <RowCheck id={row.ticket.id} chosen={chosen} />
        {columns.map((column) => (
          <span key={column} className={clsx(styles.cell, column === "SUBJECT" && styles.subject)}>
            <span className="visually-hidden">{t(columnLabel(column))}: </span>
            <Cell column={column} ticket={row.ticket} cells={cells} />
          </span>
        ))}
      </div>
    </RowFrame>
  );
});

interface CellProps {
  column: InboxColumn;
  ticket: TicketRowFragment;
  cells: TicketCellsFragment | undefined;
}

function Cell({ column, ticket, cells }: CellProps): ReactNode {
  const t = useT();
  switch (column) {
    case "NUMBER":
      return `#${ticket.number}`;
    case "CUSTOMER":
      return (
        <>
          <UnreadDot ticket={ticket} />
          {ticket.customerName || ticket.customerEmail || t("person.unknown")}
        </>
      );
    case "SUBJECT":
      return <span lang={ticket.language}>{ticket.subject}</span>;
    case "STATE":
      return <StatePill state={ticket.state} />;
    case "PRIORITY":
      return cells?.priority && t(`priority.${cells.priority}`);
    case "ASSIGNEE":
      return ticket.assignee?.name;
    case "TEAM":
      return cells?.team?.name;
    case "TAGS":
      return cells?.tags.map(({ id, name }) => <Pill key={id}>{name}</Pill>);
    case "CASE":
      return <KindPill ticket={ticket} />;
    case "CHANNEL":
      return t(`ticket.channel.${ticket.channel}`);
    case "ORDER":
      return cells?.order && `#${cells.order.number}`;
    case "LANGUAGE":
      return ticket.language;
    case "DUE":
      return <DuePill ticket={ticket} />;
    case "CREATED":
      return cells && <Age at={cells.createdAt} />;
    case "UPDATED":
      return <Age at={ticket.lastMessageAt} />;
  }
}

/** What the columns are; each cell says so by itself to those who do not see them. */
export function WideHead({ columns }: { columns: readonly InboxColumn[] }) {
  const t = useT();
  return (
    <div aria-hidden className={styles.head}>
      <div className={styles.cells} style={{ gridTemplateColumns: gridOf(columns) }}>
        <span />
        {columns.map((column) => (
          <span key={column} className={styles.cell}>
            {t(columnLabel(column))}
          </span>
        ))}
      </div>
    </div>
  );
}
