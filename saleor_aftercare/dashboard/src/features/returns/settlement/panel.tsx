import { type MouseEvent, useId, useRef, useState } from "react";
import { Button } from "@/components/button";
import { Dialog } from "@/components/dialog";
import { ErrorNotice, Problem, Skeleton, Warning } from "@/components/feedback";
import { ReturnSettleDocument } from "@/gql/settlement";
import type { ReturnCardFragment, SettlementOptionsInput } from "@/gql/types";
import { execute } from "@/lib/graphql";
import { useT } from "@/lib/intl";
import { accepted, Refusal } from "@/lib/mutation";
import { useExplain } from "@/lib/problem";
import { useStep } from "@/lib/step";
import { uniqueKey } from "@/lib/unique";
import { useFormat } from "@/lib/use-format";
import { type Preview, useSettlementPreview } from "./data";
import { SettlementOptions } from "./options";
import styles from "./settlement.module.css";
import { SumTable, useTotals } from "./sum";

interface SettlementPanelProps {
  ret: ReturnCardFragment;
  onDone: () => void;
  onClose: () => void;
}

/** Gives what is due for a return: the server's sum, what staff may decide, and one explicit confirmation. */
export function SettlementPanel({ ret, onDone, onClose }: SettlementPanelProps) {
  const t = useT();
  const title = t("settle.title", { number: ret.number });
  const [options, setOptions] = useState<SettlementOptionsInput>({ route: "ORIGINAL" });
  const { data, error, isPending, isFetching, refetch } = useSettlementPreview(ret.id, options);
  if (data) {
    return (
      <SettlementForm
        ret={ret}
        title={title}
        preview={data}
        busy={isFetching}
        problem={error}
        options={options}
        onOptions={setOptions}
        onStale={() => void refetch()}
        onDone={onDone}
        onClose={onClose}
      />
    );
  }
  return (
    <Dialog title={title} onClose={onClose}>
      {isPending ? (
        <Skeleton rows={5} height={28} />
      ) : (
        <ErrorNotice error={error} onRetry={() => void refetch()} />
      )}
    </Dialog>
  );
}

interface SettlementFormProps extends SettlementPanelProps {
  title: string;
  preview: Preview;
  /** The sum is being worked out anew. */
  busy: boolean;
  problem: unknown;
  options: SettlementOptionsInput;
  onOptions: (options: SettlementOptionsInput) => void;
  onStale: () => void;
}

function SettlementForm(props: SettlementFormProps) {
  const { ret, title, preview, busy, options, onDone, onClose } = props;
  const t = useT();
  const format = useFormat();
  const explain = useExplain();
  const formId = useId();
  // One key per opening: however often the button is pressed, the server gives once.
  const [idempotencyKey] = useState(uniqueKey);
  const sent = useRef(false);
  const [note, setNote] = useState("");
  const [checked, setChecked] = useState<Preview>();
  const totals = useTotals(preview, preview.total);

  const settle = useStep(async (shown: Preview) => {
    const input = { fingerprint: shown.fingerprint, idempotencyKey, note, options };
    return accepted((await execute(ReturnSettleDocument, { id: ret.id, input })).returnSettle);
  }, onDone);

  const confirm = (shown: Preview, event: MouseEvent) => {
    // The second click of a double click is never meant: it would confirm a summary nobody has read
    // (the button before stood in this place), or come before this button is greyed out.
    if (event.detail <= 1 && !sent.current) {
      sent.current = true;
      settle.mutate(shown, {
        onError: (reason) => {
          sent.current = false;
          // What was shown is no longer true: back to the sum, read anew.
          if (reason instanceof Refusal && reason.code === "CONFLICT") {
            setChecked(undefined);
            props.onStale();
          }
        },
      });
    }
  };

  if (checked) {
    const amount = format.money(checked.total);
    const nothing = Number(checked.total.amount) === 0;
    return (
      <Dialog
        key="summary"
        title={title}
        onClose={onClose}
        footer={
          <>
            <Button disabled={settle.isPending} onClick={() => setChecked(undefined)}>
              {t("settle.back")}
            </Button>
            <Button variant="primary" busy={settle.isPending} onClick={(event) => confirm(checked, event)}>
              {nothing ? t("settle.close") : t("settle.confirm", { amount })}
            </Button>
          </>
        }
      >
        <Summary ret={ret} preview={checked} />
        {settle.error && <Problem>{explain(settle.error)}</Problem>}
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
          <Button
            type="submit"
            form={formId}
            variant="primary"
            busy={busy}
            disabled={!preview.possible || busy}
          >
            {t("settle.next")}
          </Button>
        </>
      }
    >
      {settle.error && <Problem>{explain(settle.error)}</Problem>}
      {props.problem !== null && props.problem !== undefined && <Problem>{explain(props.problem)}</Problem>}
      {preview.notices.map((notice) =>
        notice.blocks ? (
          <Problem key={notice.code}>{notice.message}</Problem>
        ) : (
          <Warning key={notice.code}>{notice.message}</Warning>
        ),
      )}
      <SumTable items={preview.items} totals={totals} />
      <Difference preview={preview} />
      <form
        id={formId}
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          setChecked(preview);
        }}
      >
        <SettlementOptions
          ret={ret}
          preview={preview}
          options={options}
          note={note}
          onOptions={props.onOptions}
          onNote={setNote}
        />
      </form>
    </Dialog>
  );
}

function Difference({ preview }: { preview: Preview }) {
  const t = useT();
  const format = useFormat();
  return Number(preview.difference.amount) > 0 ? (
    <p>{t("settle.difference", { amount: format.money(preview.difference) })}</p>
  ) : null;
}

/** Everything that is about to happen, in sentences, before any money moves. */
function Summary({ ret, preview }: { ret: ReturnCardFragment; preview: Preview }) {
  const t = useT();
  const format = useFormat();
  const credit = Number(preview.credit.amount) - Number(preview.giftCard.amount);
  const lines = [
    ...preview.parts.map((part) =>
      part.method === "MANUAL"
        ? t("settle.will.manual", { amount: format.money(part.amount) })
        : t(part.orderNumber === null ? "settle.will.refund" : "settle.will.refundOf", {
            amount: format.money(part.amount),
            means: part.means || t("settle.payment"),
            order: part.orderNumber ?? "",
          }),
    ),
    Number(preview.giftCard.amount) > 0 &&
      t("settle.will.giftCard", { amount: format.money(preview.giftCard) }),
    credit > 0 &&
      t("settle.will.credit", {
        amount: format.money({ amount: String(credit), currency: preview.credit.currency }),
      }),
    Number(preview.exchange.amount) > 0 &&
      t("settle.will.exchange", { amount: format.money(preview.exchange) }),
  ].filter((line) => line !== false);
  return (
    <div className={styles.summary} tabIndex={-1} data-autofocus="">
      <p className={styles.headline}>
        {lines.length > 0
          ? t("settle.summary", { amount: format.money(preview.total), order: ret.order.number })
          : t("settle.summaryNothing", { number: ret.number })}
      </p>
      {lines.length > 0 && (
        <>
          <ul className={styles.plain}>
            {lines.map((line) => (
              <li key={line}>{line}</li>
            ))}
          </ul>
          <p className={styles.detail}>{t("settle.final")}</p>
        </>
      )}
    </div>
  );
}
