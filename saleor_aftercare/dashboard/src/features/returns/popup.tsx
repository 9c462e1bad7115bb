import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Button } from "@/components/button";
import { Empty, Muted } from "@/components/card";
import { ErrorNotice, Problem, Skeleton } from "@/components/feedback";
import { TextArea } from "@/components/field";
import { ReturnPopupOrderDocument, ReturnRequestCreateDocument } from "@/gql/returns";
import type { ReturnDetailFragment } from "@/gql/types";
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
import { type Chosen, type Eligible, judged, PopupLine } from "./popup-line";
import { ReturnPill, VerdictPill } from "./status";

/** "Start return…": staff ask units of an order back on the customer's behalf. */
export function ReturnPopup({ orderId }: { orderId: string | undefined }) {
  const t = useT();
  const {
    data: eligible,
    error,
    isPending,
    refetch,
  } = useQuery({
    queryKey: keys.order(orderId ?? ""),
    enabled: orderId !== undefined,
    queryFn: async ({ signal }) =>
      (await execute(ReturnPopupOrderDocument, { id: orderId ?? "" }, signal)).returnEligibility,
  });
  const [created, setCreated] = useState<string>();
  if (created !== undefined) {
    return <Created number={created} />;
  }
  if (eligible) {
    return <RequestForm eligible={eligible} onCreated={(ret) => setCreated(ret.number)} />;
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

interface RequestFormProps {
  eligible: Eligible;
  onCreated: (ret: ReturnDetailFragment) => void;
}

function RequestForm({ eligible, onCreated }: RequestFormProps) {
  const { order, reasons } = eligible;
  const t = useT();
  const explain = useExplain();
  const client = useQueryClient();
  const [chosen, setChosen] = useState<ReadonlyMap<string, Chosen>>(new Map());
  const [note, setNote] = useState("");
  const [override, setOverride] = useState("");
  const reasonOf = (one: Chosen) => reasons.find((reason) => reason.code === one.reason);
  const beyond = eligible.lines.some((line) => {
    const one = chosen.get(line.orderLine.id);
    const { verdict, quantity } = judged(line, one && reasonOf(one));
    return one !== undefined && (verdict === "REFUSE" || one.quantity > quantity);
  });
  const units = [...chosen.values()].reduce((sum, one) => sum + one.quantity, 0);
  const create = useStep(
    async () => {
      const lines = [...chosen].map(([orderLineId, { answers, ...line }]) => ({
        orderLineId,
        ...line,
        answers: Object.entries(answers)
          .filter(([, value]) => value !== "")
          .map(([code, value]) => ({ code, value })),
      }));
      const input = {
        orderId: order.id,
        lines,
        note,
        policyVersion: eligible.policyVersion,
        overrideReason: beyond ? override.trim() : "",
      };
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
        {eligible.lines.map((line) => (
          <PopupLine
            key={line.orderLine.id}
            line={line}
            reasons={reasons}
            chosen={chosen.get(line.orderLine.id)}
            onChoose={(next) => choose(line.orderLine.id, next)}
          />
        ))}
      </ul>
      <TextArea
        label={t("common.optional", { label: t("popup.note") })}
        help={t("popup.noteHelp")}
        value={note}
        onChange={(event) => setNote(event.target.value)}
      />
      {beyond && (
        <TextArea
          label={t("popup.override")}
          help={t("popup.overrideHelp")}
          required
          value={override}
          onChange={(event) => setOverride(event.target.value)}
        />
      )}
      {create.error && <Problem>{explain(create.error)}</Problem>}
      <div className={styles.footer}>
        <Button onClick={() => void closePopup()}>{t("common.cancel")}</Button>
        <Button
          type="submit"
          variant="primary"
          disabled={units === 0 || (beyond && override.trim() === "")}
          busy={create.isPending}
        >
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
