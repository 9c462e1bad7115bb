import { useState } from "react";
import { TextField } from "@/components/field";
import { parseAmount, toDecimal } from "@/lib/amount";
import { minorDigits } from "@/lib/format";
import { useT } from "@/lib/intl";
import styles from "./settlement.module.css";

interface AmountWithReasonProps {
  title: string;
  currency: string;
  amountLabel: string;
  reasonLabel: string;
  /** It counts at the moment. */
  had: boolean;
  onChange: (entered: { amount: string; reason: string } | undefined) => void;
}

/** An amount that the customer reads the reason of; counted once both are there. */
export function AmountWithReason({
  title,
  currency,
  amountLabel,
  reasonLabel,
  had,
  onChange,
}: AmountWithReasonProps) {
  const t = useT();
  const [text, setText] = useState("");
  const [reason, setReason] = useState("");
  const [problem, setProblem] = useState<string>();

  const commit = () => {
    if (text.trim() === "") {
      setProblem(undefined);
      if (had) {
        onChange(undefined);
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
      onChange({ amount: toDecimal(amount, currency), reason: reason.trim() });
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
      <p>{title}</p>
      <TextField
        label={amountLabel}
        inputMode="decimal"
        autoComplete="off"
        value={text}
        error={problem}
        onChange={(event) => setText(event.target.value)}
        onBlur={commit}
      />
      <TextField
        label={reasonLabel}
        value={reason}
        maxLength={500}
        onChange={(event) => setReason(event.target.value)}
        onBlur={commit}
      />
    </div>
  );
}
