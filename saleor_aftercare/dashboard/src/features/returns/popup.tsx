import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Button } from "@/components/button";
import { Empty, Muted } from "@/components/card";
import { ErrorNotice, Problem, Skeleton } from "@/components/feedback";
import { TextArea } from "@/components/field";
import { ReturnPopupOrderDocument, ReturnRequestCreateDocument } from "@/gql/returns";
import type { ReturnDetailFragment, ReturnPopupOrderQuery } from "@/gql/types";
import { closePopup, extensionPath, openInDashboard, refreshEntity } from "@/lib/bridge";
import { execute } from "@/lib/graphql";
import { useT } from "@/lib/intl";
import { accepted } from "@/lib/mutation";
import { useExplain } from "@/lib/problem";
import { keys } from "@/lib/query-keys";
import { useStep } from "@/lib/step";
import { ReturnActions } from "./actions";
import { useReturn } from "./data";
import styles from "./popup.module.css";
import { type Chosen, PopupLine } from "./popup-line";
import { ReturnPill, VerdictPill } from "./status";

type Order = NonNullable<ReturnPopupOrderQuery["order"]>;

/** "Start return…": staff ask units of an order back on the customer's behalf. */
export function ReturnPopup({ orderId }: { orderId: string | undefined }) {
  const t = useT();
  const {
    data: order,
    error,
    isPending,
    refetch,
  } = useQuery({
    queryKey: keys.order(orderId ?? ""),
    enabled: orderId !== undefined,
    queryFn: async ({ signal }) =>
      (await execute(ReturnPopupOrderDocument, { id: orderId ?? "" }, signal)).order,
  });
  const [created, setCreated] = useState<string>();
  if (created !== undefined) {
    return <Created number={created} />;
  }
  if (order) {
    return <RequestForm order={order} onCreated={(ret) => setCreated(ret.number)} />;
  }
  return (
    <div className={styles.popup}>
      {orderId === undefined ? (
        <Empty>{t("popup.noOrder")}</Empty>
      ) : isPending ? (
        <Skeleton rows={4} height={56} />
      ) : error ? (
        <ErrorNotice error={error} onRetry={() => void refetch()} />
      ) : (
        <Empty>{t("popup.unknownOrder")}</Empty>
      )}
    </div>
  );
}

function RequestForm({ order, onCreated }: { order: Order; onCreated: (ret: ReturnDetailFragment) => void }) {
  const t = useT();
  const explain = useExplain();
  const client = useQueryClient();
  const [chosen, setChosen] = useState<ReadonlyMap<string, Chosen>>(new Map());
  const [note, setNote] = useState("");
  const units = [...chosen.values()].reduce((sum, one) => sum + one.quantity, 0);
  const create = useStep(
    async () => {
      const lines = [...chosen].map(([orderLineId, line]) => ({ orderLineId, ...line }));
      const input = { orderId: order.id, lines, note };
      return accepted((await execute(ReturnRequestCreateDocument, { input })).returnRequestCreate).return;
    },
    (ret) => {
      void refreshEntity();
      if (ret) {
        client.setQueryData(keys.ret(ret.number), ret);
        onCreated(ret);
      }
    },
  );
  const choose = (id: string, line: Chosen | undefined) => {
    const next = new Map(chosen);
    if (line) {
      next.set(id, line);
    } else {
      next.delete(id);
    }
    setChosen(next);
  };
  return (
    <form
      className={styles.popup}
      onSubmit={(event) => {
        event.preventDefault();
        if (units > 0 && !create.isPending) {
          create.mutate(undefined);
        }
      }}
    >
      <h1 className={styles.lead}>
        {t("popup.lead", { number: order.number, name: order.customerName || order.customerEmail })}
      </h1>
      <ul className={styles.lines}>
        {order.lines.map((line) => (
          <PopupLine
            key={line.id}
            line={line}
            chosen={chosen.get(line.id)}
            onChoose={(next) => choose(line.id, next)}
          />
        ))}
      </ul>
      <TextArea
        label={t("common.optional", { label: t("popup.note") })}
        help={t("popup.noteHelp")}
        value={note}
        onChange={(event) => setNote(event.target.value)}
      />
      {create.error && <Problem>{explain(create.error)}</Problem>}
      <div className={styles.footer}>
        <Button onClick={() => void closePopup()}>{t("common.cancel")}</Button>
        <Button type="submit" variant="primary" disabled={units === 0} busy={create.isPending}>
          {t("popup.create", { count: units })}
        </Button>
      </div>
    </form>
  );
}

/** The request exists; if policy leaves it to staff, they are already here. */
function Created({ number }: { number: string }) {
  const t = useT();
  const { data: ret } = useReturn(number);
  if (!ret) {
    return null;
  }
  return (
    <div className={styles.popup}>
      <div className={styles.created} role="status">
        <h1 className={styles.title}>{t("popup.created", { number: ret.number })}</h1>
        <div className={styles.pills}>
          <ReturnPill state={ret.state} />
          <VerdictPill verdict={ret.verdict} />
        </div>
        {ret.policyMessages.map((message) => (
          <Muted key={message}>{message}</Muted>
        ))}
      </div>
      {ret.state === "REQUESTED" && <ReturnActions ret={ret} onChange={() => void refreshEntity()} />}
      <div className={styles.footer}>
        <Button onClick={() => void openInDashboard(extensionPath(`/returns/${ret.number}`))}>
          {t("case.openPage", { number: ret.number })}
        </Button>
        <Button variant="primary" onClick={() => void closePopup()}>
          {t("popup.done")}
        </Button>
      </div>
    </div>
  );
}
