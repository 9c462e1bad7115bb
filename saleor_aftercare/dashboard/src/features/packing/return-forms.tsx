import { useMutation, useQuery } from "@tanstack/react-query";
import { Printer } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/button";
import { Actions, Empty, Muted, Section } from "@/components/card";
import { Box } from "@/components/facts";
import { ErrorNotice, Problem, Skeleton } from "@/components/feedback";
import { Choice, SelectField } from "@/components/field";
import { PackingOrdersDocument, ReturnFormsPrintDocument } from "@/gql/packing";
import type { PackingOrdersQuery } from "@/gql/types";
import { openInNewTab } from "@/lib/bridge";
import { execute } from "@/lib/graphql";
import { useT } from "@/lib/intl";
import { accepted } from "@/lib/mutation";
import { useExplain } from "@/lib/problem";
import { useFormat } from "@/lib/use-format";
import styles from "./packing.module.css";

type Order = PackingOrdersQuery["ordersToDispatch"][number];

/** How far back orders are offered, in days; 0 is what has not left yet. */
const SPANS = [0, 1, 7, 31] as const;

/** Return forms with labels, to be enclosed in the outgoing parcels: one order's or a whole day's. */
export function ReturnForms() {
  const t = useT();
  const [days, setDays] = useState<number>(1);
  const { data, error, refetch } = useQuery({
    queryKey: ["packing", "orders", days],
    queryFn: async ({ signal }) => (await execute(PackingOrdersDocument, { days }, signal)).ordersToDispatch,
  });
  return (
    <Section title={t("packing.forms.title")}>
      <Box>
        <Muted>{t("packing.forms.about")}</Muted>
        <SelectField
          label={t("packing.forms.span")}
          value={days}
          onChange={(event) => setDays(Number(event.target.value))}
        >
          {SPANS.map((span) => (
            <option key={span} value={span}>
              {t("packing.forms.within", { days: span })}
            </option>
          ))}
        </SelectField>
        {data ? (
          <OrderChoice key={days} orders={data} />
        ) : error ? (
          <ErrorNotice error={error} onRetry={() => void refetch()} />
        ) : (
          <Skeleton rows={4} height={32} />
        )}
      </Box>
    </Section>
  );
}

function OrderChoice({ orders }: { orders: readonly Order[] }) {
  const t = useT();
  const explain = useExplain();
  const format = useFormat();
  const [chosen, setChosen] = useState<ReadonlySet<string>>(() => new Set(orders.map((order) => order.id)));
  const print = useMutation({
    mutationFn: async (orderIds: string[]) =>
      accepted((await execute(ReturnFormsPrintDocument, { orderIds })).returnFormsPrint).url,
    onSuccess: async (url) => {
      if (url) {
        await openInNewTab(url);
      }
    },
  });
  if (orders.length === 0) {
    return <Empty>{t("packing.forms.none")}</Empty>;
  }
  const all = chosen.size === orders.length;
  const toggle = (id: string) => {
    const next = new Set(chosen);
    if (!next.delete(id)) {
      next.add(id);
    }
    setChosen(next);
  };
  return (
    <>
      <fieldset className={styles.orders}>
        <legend className={styles.legend}>{t("packing.forms.choose")}</legend>
        <Choice
          label={t("common.all")}
          checked={all}
          onChange={() => setChosen(new Set(all ? [] : orders.map((order) => order.id)))}
        />
        {orders.map((order) => (
          <Choice
            key={order.id}
            label={t("packing.forms.order", { number: order.number, customer: order.customerName })}
            help={[
              format.date(order.placedAt),
              ...order.lines.map((line) =>
                t("return.line", { quantity: line.quantity, product: line.productName }),
              ),
            ].join(" · ")}
            checked={chosen.has(order.id)}
            onChange={() => toggle(order.id)}
          />
        ))}
      </fieldset>
      <Actions>
        <Button
          variant="primary"
          icon={<Printer size={14} aria-hidden />}
          busy={print.isPending}
          disabled={chosen.size === 0}
          onClick={() =>
            print.mutate(orders.filter((order) => chosen.has(order.id)).map((order) => order.id))
          }
        >
          {t("packing.forms.print", { count: chosen.size })}
        </Button>
      </Actions>
      {print.error && <Problem>{explain(print.error)}</Problem>}
    </>
  );
}
