import { type MouseEvent, type ReactNode, useId, useRef, useState } from "react";
import { Button } from "@/components/button";
import { Dialog } from "@/components/dialog";
import { ErrorNotice, Problem, Skeleton } from "@/components/feedback";
import { Choice, TextField } from "@/components/field";
import { ReturnRefundDocument } from "@/gql/returns";
import type { RefundMethod, ReturnCardFragment, ReturnRefundPreviewQuery } from "@/gql/types";
import { type Minor, parseAmount, toDecimal, toMinor } from "@/lib/amount";
import { minorDigits } from "@/lib/format";
import { execute } from "@/lib/graphql";
import { useT } from "@/lib/intl";
import { accepted } from "@/lib/mutation";
import { useExplain } from "@/lib/problem";
import { useStep } from "@/lib/step";
import { uniqueKey } from "@/lib/unique";
import { useFormat } from "@/lib/use-format";
import { useRefundPreview } from "./data";
import styles from "./refund.module.css";

type Preview = NonNullable<NonNullable<ReturnRefundPreviewQuery["return"]>["refundPreview"]>;

interface RefundPanelProps {
  ret: ReturnCardFragment;
  onDone: () => void;
  onClose: () => void;
}

/** Gives money back: what the server suggests, what may be changed, and one explicit confirmation. */
export function RefundPanel({ ret, onDone, onClose }: RefundPanelProps) {
  const t = useT();
  const title = t("refund.title", { number: ret.number });
  const { data: preview, error, isPending, refetch } = useRefundPreview(ret.id);
  if (preview) {
    return <RefundForm ret={ret} preview={preview} title={title} onDone={onDone} onClose={onClose} />;
  }
  return (
    <Dialog title={title} onClose={onClose}>
      {isPending ? (
        <Skeleton rows={5} height={28} />
      ) : error ? (
        <ErrorNotice error={error} onRetry={() => void refetch()} />
      ) : (
        <Problem>{t("refund.impossible")}</Problem>
      )}
    </Dialog>
  );
}

interface RefundFormProps extends RefundPanelProps {
  preview: Preview;
  title: string;
}

function RefundForm({ ret, preview, title, onDone, onClose }: RefundFormProps) {
  const t = useT();
  const format = useFormat();
  const explain = useExplain();
  const formId = useId();
  const { currency } = preview.suggested;
  // One key per opening: however often the button is pressed, the server refunds once.
  const [idempotencyKey] = useState(uniqueKey);
  const sent = useRef(false);
  const [text, setText] = useState(() => toDecimal(toMinor(preview.suggested.amount, currency), currency));
  const [note, setNote] = useState("");
  const [method, setMethod] = useState<RefundMethod | undefined>(
    preview.methods.find((option) => option.possible)?.method,
  );
  const [checked, setChecked] = useState<Minor>();
  const [problem, setProblem] = useState<string>();

  const refund = useStep(async (minor: Minor) => {
    const input = { amount: toDecimal(minor, currency), method: method ?? "MANUAL", idempotencyKey, note };
    return accepted((await execute(ReturnRefundDocument, { id: ret.id, input })).returnRefund);
  }, onDone);

  const check = () => {
    const amount = parseAmount(text, currency);
    const available = toMinor(preview.available.amount, currency);
    if (amount === "empty") {
      setProblem(t("refund.invalid.amount"));
    } else if (amount === "digits") {
      setProblem(t("refund.invalid.digits", { currency, digits: minorDigits(currency) }));
    } else if (amount > available) {
      setProblem(t("refund.invalid.available", { amount: format.money(preview.available) }));
    } else {
      setProblem(undefined);
      setChecked(amount);
    }
  };
  const confirm = (minor: Minor, event: MouseEvent) => {
    // The second click of a double click is never meant: it would confirm a summary nobody has read
    // (the button before stood in this place), or come before this button is greyed out.
    if (event.detail <= 1 && !sent.current) {
      sent.current = true;
      refund.mutate(minor, {
        onError: () => {
          sent.current = false;
        },
      });
    }
  };

  if (checked !== undefined && method !== undefined) {
    const amount = format.money({ amount: toDecimal(checked, currency), currency });
    return (
      <Dialog
        key="summary"
        title={title}
        onClose={onClose}
        footer={
          <>
            <Button disabled={refund.isPending} onClick={() => setChecked(undefined)}>
              {t("refund.back")}
            </Button>
            <Button variant="primary" busy={refund.isPending} onClick={(event) => confirm(checked, event)}>
              {t("refund.confirm", { amount })}
            </Button>
          </>
        }
      >
        <div className={styles.summary} tabIndex={-1} data-autofocus="">
          <p className={styles.what}>{t("refund.summary", { amount, order: ret.order.number })}</p>
          <p>{t(`refund.method.${method}`)}</p>
          <p className={styles.muted}>{t(`refund.summaryHow.${method}`)}</p>
        </div>
        {refund.error && <Problem>{explain(refund.error)}</Problem>}
      </Dialog>
    );
  }

  return (
    <Dialog
      key="form"
      title={title}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t("common.cancel")}</Button>
          <Button type="submit" form={formId} variant="primary" disabled={method === undefined}>
            {t("refund.next")}
          </Button>
        </>
      }
    >
      <dl className={styles.sums}>
        <Sum label={t("refund.items")}>{format.money(preview.items)}</Sum>
        <Sum label={t("refund.shipping")}>{format.money(preview.shipping)}</Sum>
        <Sum label={t("refund.already")}>{format.money(preview.alreadyRefunded)}</Sum>
        <Sum label={t("refund.suggested")} strong>
          {format.money(preview.suggested)}
        </Sum>
        <Sum label={t("refund.available")}>{format.money(preview.available)}</Sum>
      </dl>
      <form
        id={formId}
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          check();
        }}
      >
        <TextField
          label={t("refund.amount", { currency })}
          inputMode="decimal"
          autoComplete="off"
          value={text}
          error={problem}
          onChange={(event) => setText(event.target.value)}
        />
        <fieldset className={styles.methods}>
          <legend>{t("refund.method")}</legend>
          {preview.methods.map((option) => (
            <Choice
              key={option.method}
              type="radio"
              name="method"
              label={t(`refund.method.${option.method}`)}
              help={option.explanation}
              disabled={!option.possible}
              checked={option.method === method}
              onChange={() => setMethod(option.method)}
            />
          ))}
        </fieldset>
        <TextField
          label={t("common.optional", { label: t("refund.note") })}
          value={note}
          onChange={(event) => setNote(event.target.value)}
        />
      </form>
      {method === undefined && <Problem>{t("refund.impossible")}</Problem>}
    </Dialog>
  );
}

function Sum({ label, strong = false, children }: { label: string; strong?: boolean; children: ReactNode }) {
  return (
    <div className={strong ? styles.strong : undefined}>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}
