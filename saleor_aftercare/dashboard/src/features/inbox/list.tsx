import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, useEffect, useRef } from "react";
import { Button } from "@/components/button";
import { Empty } from "@/components/card";
import { ErrorNotice, Skeleton } from "@/components/feedback";
import type { InboxColumn, TicketCellsFragment, TicketRowFragment } from "@/gql/types";
import { useT } from "@/lib/intl";
import styles from "./list.module.css";
import { Row } from "./row";
import { WideHead, WideRow } from "./wide-row";

const ROW_HEIGHT = 86;
const WIDE_ROW_HEIGHT = 40;
const WIDE_HEAD_HEIGHT = 33;
/** So many rows before the end the next page is asked for. */
const AHEAD = 10;

interface TicketListProps {
  tickets: readonly TicketRowFragment[];
  /** Of a wide list, from left to right; none: rows of three lines. */
  columns: readonly InboxColumn[];
  cells: ReadonlyMap<string, TicketCellsFragment>;
  total: number;
  selected: number | undefined;
  loading: boolean;
  error: unknown;
  searching: boolean;
  hasMore: boolean;
  onMore: () => void;
  onRetry: () => void;
  onOpen: (number: number) => void;
  onStep: (by: 1 | -1) => void;
  onShowAll: () => void;
}

/** The tickets of a view. Only the rows in sight exist; the list box keeps the focus for all of them. */
export function TicketList(props: TicketListProps) {
  const { tickets, columns, cells, total, selected, hasMore, onMore, onOpen } = props;
  const isWide = columns.length > 0;
  const height = isWide ? WIDE_ROW_HEIGHT : ROW_HEIGHT;
  const t = useT();
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: tickets.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    scrollPaddingStart: isWide ? WIDE_HEAD_HEIGHT : 0,
    getItemKey: (index) => tickets[index]?.id ?? index,
    overscan: 6,
  });
  const rows = virtual.getVirtualItems();
  const last = rows[rows.length - 1]?.index ?? 0;
  const at = tickets.findIndex((ticket) => ticket.number === selected);

  // biome-ignore lint/correctness/useExhaustiveDependencies: other rows, other heights
  useEffect(() => virtual.measure(), [height, virtual]);

  useEffect(() => {
    if (hasMore && tickets.length > 0 && last >= tickets.length - AHEAD) {
      onMore();
    }
  }, [hasMore, last, onMore, tickets.length]);

  useEffect(() => {
    if (at >= 0) {
      virtual.scrollToIndex(at, { align: "auto" });
    }
  }, [at, virtual]);

  if (props.error && tickets.length === 0) {
    return (
      <div className={styles.message}>
        <ErrorNotice error={props.error} onRetry={props.onRetry} />
      </div>
    );
  }
  if (props.loading) {
    return (
      <div className={styles.message}>
        <Skeleton rows={7} height={ROW_HEIGHT - 22} />
      </div>
    );
  }
  if (tickets.length === 0) {
    return (
      <div className={styles.message}>
        <Empty action={<Button onClick={props.onShowAll}>{t("inbox.showAll")}</Button>}>
          {props.searching ? t("inbox.nothingFound") : t("inbox.empty")}
        </Empty>
      </div>
    );
  }

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      props.onStep(event.key === "ArrowDown" ? 1 : -1);
    } else if (event.key === "Home" || event.key === "End") {
      event.preventDefault();
      const edge = event.key === "Home" ? tickets[0] : tickets[tickets.length - 1];
      if (edge) {
        onOpen(edge.number);
      }
    }
  };

  return (
    <div
      ref={scroller}
      role="listbox"
      id="ticket-list"
      tabIndex={0}
      aria-label={t("inbox.list")}
      aria-multiselectable
      aria-activedescendant={at >= 0 ? optionId(selected) : undefined}
      className={styles.scroller}
      onKeyDown={onKeyDown}
    >
      {isWide && <WideHead columns={columns} />}
      <div role="presentation" className={styles.canvas} style={{ height: virtual.getTotalSize() }}>
        {rows.map((row) => {
          const ticket = tickets[row.index];
          if (!ticket) {
            return null;
          }
          const option = {
            id: optionId(ticket.number),
            ticket,
            selected: ticket.number === selected,
            position: row.index + 1,
            total,
            offset: row.start,
            onOpen,
          };
          return isWide ? (
            <WideRow key={ticket.id} {...option} columns={columns} cells={cells.get(ticket.id)} />
          ) : (
            <Row key={ticket.id} {...option} />
          );
        })}
      </div>
    </div>
  );
}

const optionId = (number: number | undefined): string => `ticket-${number}`;
