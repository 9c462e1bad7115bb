import { Minus, Plus } from "lucide-react";
import { IconButton } from "@/components/button";
import { Muted } from "@/components/card";
import { SelectField, TextField } from "@/components/field";
import { Pill } from "@/components/pill";
import { Thumb } from "@/components/thumb";
import type { ReturnPopupOrderQuery, ReturnReason } from "@/gql/types";
import { useT } from "@/lib/intl";
import { useFormat } from "@/lib/use-format";
import styles from "./popup.module.css";

type Line = NonNullable<ReturnPopupOrderQuery["order"]>["lines"][number];

export interface Chosen {
  quantity: number;
  reason: ReturnReason;
  note: string;
}

const REASONS: readonly ReturnReason[] = [
  "DEFECTIVE",
  "WRONG_ITEM",
  "NOT_AS_DESCRIBED",
  "TOO_SMALL",
  "TOO_LARGE",
  "DAMAGED_IN_TRANSIT",
  "CHANGED_MIND",
  "OTHER",
];

interface PopupLineProps {
  line: Line;
  chosen: Chosen | undefined;
  onChoose: (chosen: Chosen | undefined) => void;
}

/** One line of the order: how many units come back, and why; or why none may. */
export function PopupLine({ line, chosen, onChoose }: PopupLineProps) {
  const t = useT();
  const format = useFormat();
  const { verdict, messages, returnableUntil } = line.eligibility;
  const possible = verdict !== "REFUSE" && line.returnableQuantity > 0;
  const quantity = chosen?.quantity ?? 0;
  const setQuantity = (next: number) =>
    onChoose(next > 0 ? { reason: "DEFECTIVE", note: "", ...chosen, quantity: next } : undefined);
  return (
    <li className={possible ? styles.line : `${styles.line} ${styles.off}`}>
      <Thumb url={line.thumbnailUrl} size={44} />
      <div className={styles.what}>
        <p className={styles.product}>{line.productName}</p>
        <Muted>
          {[line.variantName, line.sku, format.money(line.unitPrice)].filter(Boolean).join(" · ")} ·{" "}
          {t("popup.returnable", { count: line.returnableQuantity, quantity: line.quantity })}
        </Muted>
        <div className={styles.pills}>
          {verdict === "ASK_STAFF" && <Pill tone="warning">{t("return.verdict.ASK_STAFF")}</Pill>}
          {!possible && <Pill tone="neutral">{t("popup.notReturnable")}</Pill>}
          {possible && returnableUntil !== null && verdict === "ACCEPT" && (
            <Pill tone="success">{t("popup.until", { date: format.date(returnableUntil) })}</Pill>
          )}
        </div>
        {messages.map((message) => (
          <Muted key={message}>{message}</Muted>
        ))}
        {chosen && (
          <div className={styles.details}>
            <SelectField
              label={t("popup.reason")}
              value={chosen.reason}
              onChange={(event) =>
                onChoose({ ...chosen, reason: REASONS.find((one) => one === event.target.value) ?? "OTHER" })
              }
            >
              {REASONS.map((reason) => (
                <option key={reason} value={reason}>
                  {t(`return.reason.${reason}`)}
                </option>
              ))}
            </SelectField>
            <TextField
              label={t("common.optional", { label: t("popup.lineNote") })}
              value={chosen.note}
              onChange={(event) => onChoose({ ...chosen, note: event.target.value })}
            />
          </div>
        )}
      </div>
      {possible && (
        <div
          className={styles.stepper}
          role="group"
          aria-label={t("popup.quantity", { product: line.productName })}
        >
          <IconButton
            label={t("popup.fewer")}
            icon={<Minus size={14} />}
            disabled={quantity === 0}
            onClick={() => setQuantity(quantity - 1)}
          />
          <output aria-live="polite">{quantity}</output>
          <IconButton
            label={t("popup.further")}
            icon={<Plus size={14} />}
            disabled={quantity >= line.returnableQuantity}
            onClick={() => setQuantity(quantity + 1)}
          />
        </div>
      )}
    </li>
  );
}
