import { useState } from "react";
import { Button } from "@/components/button";
import { Actions, Muted, Section } from "@/components/card";
import { ErrorNotice, Problem, Skeleton } from "@/components/feedback";
import { SelectField } from "@/components/field";
import { Thumb } from "@/components/thumb";
import { StrayOrdersDocument, StrayParcelReturnCreateDocument } from "@/gql/stray";
import type { StrayOrdersQuery, StrayPartsFragment, StrayUnitsQuery } from "@/gql/types";
import { execute } from "@/lib/graphql";
import { useT } from "@/lib/intl";
import { accepted } from "@/lib/mutation";
import { useExplain } from "@/lib/problem";
import { useStep } from "@/lib/step";
import { useFormat } from "@/lib/use-format";
import { Counter } from "./counter";
import { useStrayUnits } from "./data";
import { FindForm } from "./find-form";
import { nameOf } from "./receive-form";
import styles from "./receiving.module.css";

type Order = StrayOrdersQuery["strayParcelOrders"][number];
type Units = NonNullable<StrayUnitsQuery["returnEligibility"]>;
type Line = Units["lines"][number];

/** Facts, not rules: what is not with the customer cannot have come back. */
const IMPOSSIBLE = new Set(["nothing_left", "not_shipped", "order_canceled", "gift_card"]);

/** Units of a line that can be in the parcel, whatever the rules say of them. */
function mostOf({ orderLine, eligibility, returnableQuantity, faultyQuantity }: Line): number {
  if (eligibility.reasons.some((code) => IMPOSSIBLE.has(code))) {
    return 0;
  }
  const beyond = eligibility.verdict === "REFUSE" ? orderLine.quantity : 0;
  return Math.max(returnableQuantity, faultyQuantity, beyond);
}

/** A parcel without a return becomes one: first whose it is, then what is in it. */
export function StrayReturn({ stray }: { stray: StrayPartsFragment }) {
  const t = useT();
  const explain = useExplain();
  const format = useFormat();
  const [order, setOrder] = useState<Order>();
  const look = useStep(
    async (wanted: string) => (await execute(StrayOrdersDocument, { text: wanted })).strayParcelOrders,
  );
  if (order) {
    return (
      <Section title={t("receiving.start.units", { number: order.number })}>
        <ChooseUnits stray={stray} order={order} onBack={() => setOrder(undefined)} />
      </Section>
    );
  }
  return (
    <Section title={t("receiving.start")}>
      <Muted>{t("receiving.start.help")}</Muted>
      <FindForm
        label={t("receiving.start.search")}
        start={look.variables ?? (stray.sender || stray.code)}
        busy={look.isPending}
        onFind={look.mutate}
      />
      <div aria-live="polite">
        {look.data?.length === 0 && <Muted>{t("receiving.start.none")}</Muted>}
        <ul className={styles.list}>
          {look.data?.map((one) => (
            <li key={one.id} className={styles.candidate}>
              <div>
                <p className={styles.strong}>{t("receiving.found.order", { number: one.number })}</p>
                <Muted>
                  {[one.customerName, one.customerEmail, format.date(one.placedAt)]
                    .filter(Boolean)
                    .join(" · ")}
                </Muted>
              </div>
              <Button
                aria-label={t("receiving.start.chooseOrder", { number: one.number })}
                onClick={() => setOrder(one)}
              >
                {t("receiving.start.choose")}
              </Button>
            </li>
          ))}
        </ul>
      </div>
      {look.error && <Problem>{explain(look.error)}</Problem>}
    </Section>
  );
}

interface ChooseUnitsProps {
  stray: StrayPartsFragment;
  order: Order;
  onBack: () => void;
}

function ChooseUnits({ stray, order, onBack }: ChooseUnitsProps) {
  const t = useT();
  const units = useStrayUnits(order.id);
  if (units.error) {
    return <ErrorNotice error={units.error} onRetry={() => void units.refetch()} />;
  }
  if (units.isPending) {
    return <Skeleton rows={3} height={48} />;
  }
  if (!units.data) {
    return <Muted>{t("receiving.start.none")}</Muted>;
  }
  return <UnitsForm stray={stray} order={order} units={units.data} onBack={onBack} />;
}

function UnitsForm({ stray, order, units, onBack }: ChooseUnitsProps & { units: Units }) {
  const t = useT();
  const explain = useExplain();
  const [counts, setCounts] = useState<ReadonlyMap<string, number>>(new Map());
  const [reason, setReason] = useState("");
  const lines = units.lines.filter((line) => mostOf(line) > 0);
  const chosen = lines.flatMap(({ orderLine }) => {
    const quantity = counts.get(orderLine.id) ?? 0;
    return quantity > 0 ? [{ orderLineId: orderLine.id, quantity }] : [];
  });
  const total = chosen.reduce((sum, { quantity }) => sum + quantity, 0);
  const create = useStep(async () =>
    accepted(
      (
        await execute(StrayParcelReturnCreateDocument, {
          id: stray.id,
          orderId: order.id,
          lines: chosen,
          reason,
        })
      ).strayParcelReturnCreate,
    ),
  );
  const ready = total > 0 && reason !== "" && !create.isPending;
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) {
          create.mutate(undefined);
        }
      }}
    >
      <Muted>{[order.customerName, order.customerEmail].filter(Boolean).join(" · ")}</Muted>
      {lines.length === 0 && <Problem>{t("receiving.start.nothing")}</Problem>}
      <ul className={styles.list}>
        {lines.map((line) => (
          <li key={line.orderLine.id} className={styles.line}>
            <Thumb url={line.orderLine.thumbnailUrl} size={48} />
            <div className={styles.what}>
              <p className={styles.strong}>{nameOf(line.orderLine)}</p>
              <Muted>
                {[line.orderLine.sku, t("receiving.start.most", { count: mostOf(line) })]
                  .filter(Boolean)
                  .join(" · ")}
              </Muted>
              <Counter
                label={t("receiving.start.quantity", { product: nameOf(line.orderLine) })}
                value={counts.get(line.orderLine.id) ?? 0}
                max={mostOf(line)}
                onChange={(quantity) => setCounts(new Map(counts).set(line.orderLine.id, quantity))}
              />
            </div>
          </li>
        ))}
      </ul>
      {lines.length > 0 && (
        <SelectField
          label={t("receiving.start.reason")}
          help={t("receiving.start.reasonHelp")}
          required
          value={reason}
          onChange={(event) => setReason(event.target.value)}
        >
          <option value="">{t("popup.choose")}</option>
          {units.reasons.map((one) => (
            <option key={one.code} value={one.code}>
              {one.label}
            </option>
          ))}
        </SelectField>
      )}
      <Actions>
        <Button
          type="submit"
          variant="primary"
          busy={create.isPending}
          disabled={total === 0 || reason === ""}
        >
          {t("receiving.start.confirm", { count: total })}
        </Button>
        <Button onClick={onBack}>{t("receiving.start.other")}</Button>
      </Actions>
      {create.error && <Problem>{explain(create.error)}</Problem>}
    </form>
  );
}
