import type { ReactNode } from "react";
import { useT } from "@/lib/intl";
import { navigate } from "@/lib/location";
import { Button } from "./button";
import { Empty } from "./card";
import { ErrorNotice, Skeleton } from "./feedback";
import styles from "./table.module.css";

export interface Column<Row> {
  key: string;
  label: string;
  align?: "end";
  /** Left out where there is little room. */
  minor?: boolean;
  cell: (row: Row) => ReactNode;
}

interface TableProps<Row> {
  label: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[] | undefined;
  rowKey: (row: Row) => string;
  href: (row: Row) => string;
  error: unknown;
  onRetry: () => void;
  hasMore: boolean;
  loadingMore: boolean;
  onMore: () => void;
  /** Rows that can be picked for an action on several at once. */
  selection?: Selection<Row>;
}

interface Pages<Row> {
  data: { pages: { edges: { node: Row }[] }[] } | undefined;
  error: unknown;
  refetch: () => unknown;
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  fetchNextPage: () => unknown;
}

/** What a table shows of a list that is read page by page. */
export const rowsOf = <Row,>(list: Pages<Row>) => ({
  rows: list.data?.pages.flatMap((page) => page.edges.map((edge) => edge.node)),
  error: list.error,
  onRetry: () => void list.refetch(),
  hasMore: list.hasNextPage,
  loadingMore: list.isFetchingNextPage,
  onMore: () => void list.fetchNextPage(),
});

export interface Selection<Row> {
  chosen: ReadonlySet<string>;
  onChange: (chosen: ReadonlySet<string>) => void;
  /** What the row's box is called, and the box for all of them. */
  label: (row: Row) => string;
  allLabel: string;
}

/** Records in rows of the Dashboard's height; the first cell is the link, the whole row its target. */
export function Table<Row>(props: TableProps<Row>) {
  const { columns, rows, selection } = props;
  const t = useT();
  if (!rows) {
    return props.error ? (
      <ErrorNotice error={props.error} onRetry={props.onRetry} />
    ) : (
      <Skeleton rows={8} height={28} />
    );
  }
  if (rows.length === 0) {
    return <Empty>{t("case.noCases")}</Empty>;
  }
  return (
    <>
      <div className={styles.scroller}>
        <table className={styles.table} aria-label={props.label}>
          <thead>
            <tr>
              {selection && (
                <th scope="col" className={styles.pick}>
                  <input
                    type="checkbox"
                    aria-label={selection.allLabel}
                    checked={rows.every((row) => selection.chosen.has(props.rowKey(row)))}
                    onChange={(event) =>
                      selection.onChange(new Set(event.target.checked ? rows.map(props.rowKey) : []))
                    }
                  />
                </th>
              )}
              {columns.map((column) => (
                <th key={column.key} scope="col" className={cellClass(column)}>
                  {column.label}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={props.rowKey(row)}>
                {selection && (
                  <td className={styles.pick}>
                    <input
                      type="checkbox"
                      aria-label={selection.label(row)}
                      checked={selection.chosen.has(props.rowKey(row))}
                      onChange={() => selection.onChange(toggled(selection.chosen, props.rowKey(row)))}
                    />
                  </td>
                )}
                {columns.map((column, index) => (
                  <td key={column.key} className={cellClass(column)}>
                    {index === 0 ? (
                      <a
                        href={props.href(row)}
                        className={styles.link}
                        onClick={(event) => {
                          event.preventDefault();
                          navigate(props.href(row));
                        }}
                      >
                        {column.cell(row)}
                      </a>
                    ) : (
                      column.cell(row)
                    )}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {props.hasMore && (
        <div className={styles.more}>
          <Button busy={props.loadingMore} onClick={props.onMore}>
            {t("common.more")}
          </Button>
        </div>
      )}
    </>
  );
}

function cellClass<Row>(column: Column<Row>): string {
  return [column.align === "end" && styles.end, column.minor && styles.minor].filter(Boolean).join(" ");
}

function toggled(chosen: ReadonlySet<string>, key: string): ReadonlySet<string> {
  const next = new Set(chosen);
  if (!next.delete(key)) {
    next.add(key);
  }
  return next;
}
