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
}

/** Records in rows of the Dashboard's height; the first cell is the link, the whole row its target. */
export function Table<Row>(props: TableProps<Row>) {
  const { columns, rows } = props;
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
