import { useState } from "react";
import { Choice, TextField } from "@/components/field";
import type { RefundRoute, ReturnCardFragment, SettlementOptionsInput } from "@/gql/types";
import { parseAmount, toDecimal } from "@/lib/amount";
import { minorDigits } from "@/lib/format";
import { useT } from "@/lib/intl";
import type { Preview } from "./data";
import styles from "./settlement.module.css";

const ROUTES: readonly RefundRoute[] = ["ORIGINAL", "REMAINDER", "MANUAL"];
const FEES = new Set(["RESTOCKING_FEE", "RETURN_FEE"]);

interface SettlementOptionsProps {
  ret: ReturnCardFragment;
  preview: Preview;
  options: SettlementOptionsInput;
  note: string;
  onOptions: (options: SettlementOptionsInput) => void;
  onNote: (note: string) => void;
}

/** What staff may decide about a settlement; each change has the server work the sum out anew. */
export function SettlementOptions({
  ret,
  preview,
  options,
  note,
  onOptions,
  onNote,
}: SettlementOptionsProps) {
  const t = useT();
  const refunds = Number(preview.refund.amount) > 0;
  const fees = options.waiveFees || preview.items.some((item) => FEES.has(item.kind));
  return (
    <>
      {refunds && (
        <fieldset className={styles.choices}>
          <legend>{t("settle.route")}</legend>
          {ROUTES.map((route) => (
            <Choice
              key={route}
              type="radio"
              name="route"
              label={t(`settle.route.${route}`)}
              checked={options.route === route}
              onChange={() => onOptions({ ...options, route })}
            />
          ))}
        </fieldset>
      )}
      {fees && (
        <Choice
          label={t("settle.waiveFees")}
          checked={options.waiveFees ?? false}
          onChange={(event) => onOptions({ ...options, waiveFees: event.target.checked })}
        />
      )}
      <Choice
        label={t("settle.goodwillShipping")}
        help={t("settle.goodwillShipping.help")}
        checked={options.goodwillShipping ?? false}
        onChange={(event) => onOptions({ ...options, goodwillShipping: event.target.checked })}
      />
      <details>
        <summary>{t("settle.deductions")}</summary>
        <div className={styles.choices}>
          {ret.lines.map((line) => (
            <Deduction
              key={line.id}
              lineId={line.id}
              product={line.orderLine.productName}
              currency={preview.total.currency}
              options={options}
              onOptions={onOptions}
            />
          ))}
        </div>
      </details>
      <TextField
        label={t("common.optional", { label: t("settle.note") })}
        value={note}
        maxLength={500}
        onChange={(event) => onNote(event.target.value)}
      />
    </>
  );
}

interface DeductionProps {
  lineId: string;
  product: string;
  currency: string;
  options: SettlementOptionsInput;
  onOptions: (options: SettlementOptionsInput) => void;
}

/** What is taken off a line for lost value; counted once amount and reason are there. */
function Deduction({ lineId, product, currency, options, onOptions }: DeductionProps) {
  const t = useT();
  const [text, setText] = useState("");
  const [reason, setReason] = useState("");
  const [problem, setProblem] = useState<string>();

  const commit = () => {
    const others = (options.deductions ?? []).filter((cut) => cut.lineId !== lineId);
    const had = others.length !== (options.deductions ?? []).length;
    if (text.trim() === "") {
      setProblem(undefined);
      if (had) {
        onOptions({ ...options, deductions: others });
      }
      return;
    }
    const amount = parseAmount(text, currency);
    if (typeof amount === "string") {
      setProblem(
        amount === "empty"
          ? t("settle.invalid.amount")
          : t("settle.invalid.digits", { currency, digits: minorDigits(currency) }),
      );
    } else if (reason.trim() !== "") {
      setProblem(undefined);
      const cut = { lineId, amount: toDecimal(amount, currency), reason: reason.trim() };
      onOptions({ ...options, deductions: [...others, cut] });
    }
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: Enter in a field counts it, and does not send the form
    <div
      className={styles.cut}
      onKeyDown={(event) => {
        if (event.key === "Enter") {
          event.preventDefault();
          commit();
        }
      }}
    >
      <p>{product}</p>
      <TextField
        label={t("settle.deduct", { currency })}
        inputMode="decimal"
        autoComplete="off"
        value={text}
        error={problem}
        onChange={(event) => setText(event.target.value)}
        onBlur={commit}
      />
      <TextField
        label={t("settle.deduct.reason")}
        value={reason}
        maxLength={500}
        onChange={(event) => setReason(event.target.value)}
        onBlur={commit}
      />
    </div>
  );
}
