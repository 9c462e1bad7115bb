import { Choice, TextField } from "@/components/field";
import type { RefundRoute, ReturnCardFragment, SettlementOptionsInput } from "@/gql/types";
import { useT } from "@/lib/intl";
import { AmountWithReason } from "./amount-with-reason";
import type { Preview } from "./data";
import styles from "./settlement.module.css";

const ROUTES: readonly RefundRoute[] = ["ORIGINAL", "REMAINDER", "MANUAL", "CREDIT"];
const INSTEAD = ["REFUND", "STORE_CREDIT"] as const;
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
  // Where all of it becomes store credit, the way back from there must stay open.
  const refunds = Number(preview.refund.amount) > 0 || options.route === "CREDIT";
  const fees = options.waiveFees || preview.items.some((item) => FEES.has(item.kind));
  const { currency } = preview.total;
  return (
    <>
      {preview.exchangeCanceled && (
        <fieldset className={styles.choices}>
          <legend>{t("settle.instead")}</legend>
          {INSTEAD.map((instead) => (
            <Choice
              key={instead}
              type="radio"
              name="instead"
              label={t(`settle.instead.${instead}`)}
              checked={options.instead === instead}
              onChange={() => onOptions({ ...options, instead })}
            />
          ))}
        </fieldset>
      )}
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
      {preview.crossesBorder && (
        <details open={preview.notices.some(({ code }) => code === "import_charges_owed")}>
          <summary>{t("settle.importCharges")}</summary>
          <AmountWithReason
            title={t("settle.importCharges.help")}
            currency={currency}
            amountLabel={t("settle.importCharges.amount", { currency })}
            reasonLabel={t("settle.importCharges.note")}
            had={options.importCharges !== undefined && options.importCharges !== null}
            onChange={(entered) =>
              onOptions({
                ...options,
                importCharges: entered ? { amount: entered.amount, note: entered.reason } : null,
              })
            }
          />
        </details>
      )}
      <details>
        <summary>{t("settle.deductions")}</summary>
        <div className={styles.choices}>
          {ret.lines.map((line) => (
            <Deduction
              key={line.id}
              lineId={line.id}
              product={line.orderLine.productName}
              currency={currency}
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

/** What is taken off a line for lost value. */
function Deduction({ lineId, product, currency, options, onOptions }: DeductionProps) {
  const t = useT();
  const others = (options.deductions ?? []).filter((cut) => cut.lineId !== lineId);
  return (
    <AmountWithReason
      title={product}
      currency={currency}
      amountLabel={t("settle.deduct", { currency })}
      reasonLabel={t("settle.deduct.reason")}
      had={others.length !== (options.deductions ?? []).length}
      onChange={(entered) =>
        onOptions({ ...options, deductions: entered ? [...others, { lineId, ...entered }] : others })
      }
    />
  );
}
