import type { SettlementItemPartsFragment } from "@/gql/types";
import { useT } from "@/lib/intl";
import { useFormat } from "@/lib/use-format";
import styles from "./settlement.module.css";

interface Money {
  amount: string;
  currency: string;
}

export interface Total {
  key: string;
  label: string;
  amount: Money;
}

interface SumTableProps {
  items: readonly SettlementItemPartsFragment[];
  /** The ways in which it is given, the whole last. */
  totals: readonly Total[];
}

/** The sum of a settlement as the server worked it out: items, and what they become. */
export function SumTable({ items, totals }: SumTableProps) {
  const t = useT();
  const format = useFormat();
  return (
    <table className={styles.sum} aria-label={t("settle.sum")}>
      <tbody>
        {items.map((item, index) => (
          // The order of a sum's items never changes, and a kind may come several times.
          // biome-ignore lint/suspicious/noArrayIndexKey: see above
          <tr key={index}>
            <th scope="row">
              {item.name === "" || item.units === null
                ? item.label
                : t("settle.units", { units: item.units, product: item.name })}
              {item.percent !== null && <> ({t("settle.percent", { percent: item.percent })})</>}
              <Detail item={item} />
            </th>
            <td>{format.money(item.amount)}</td>
          </tr>
        ))}
      </tbody>
      <tfoot>
        {totals.map((total) => (
          <tr key={total.key}>
            <th scope="row">{total.label}</th>
            <td>{format.money(total.amount)}</td>
          </tr>
        ))}
      </tfoot>
    </table>
  );
}

function Detail({ item }: { item: SettlementItemPartsFragment }) {
  const t = useT();
  const format = useFormat();
  const details = [
    item.name !== "" && item.units !== null && item.kind !== "GOODS" && item.label,
    item.name !== "" && item.units === null && item.name,
    item.orderNumber !== null && t("settle.paidWith", { order: item.orderNumber }),
    item.reason,
    item.tax !== null && Number(item.tax.amount) !== 0 && t("settle.tax", { amount: format.money(item.tax) }),
  ].filter(Boolean);
  return details.length > 0 ? <span className={styles.detail}>{details.join(" · ")}</span> : null;
}

/** The ways in which something is given: those that have an amount, and the whole. */
export function useTotals(
  given: { refund: Money; credit: Money; exchange: Money },
  total?: Money,
): readonly Total[] {
  const t = useT();
  const ways: Total[] = [
    { key: "refund", label: t("settle.way.refund"), amount: given.refund },
    { key: "credit", label: t("settle.way.credit"), amount: given.credit },
    { key: "exchange", label: t("settle.way.exchange"), amount: given.exchange },
  ].filter(({ amount }) => Number(amount.amount) !== 0);
  if (total && ways.length !== 1) {
    ways.push({ key: "total", label: t("settle.way.total"), amount: total });
  }
  return ways;
}
