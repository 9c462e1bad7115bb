import { Minus, Plus } from "lucide-react";
import { IconButton } from "@/components/button";
import { Muted } from "@/components/card";
import { SelectField, TextField } from "@/components/field";
import { Pill } from "@/components/pill";
import { Thumb } from "@/components/thumb";
import type { Resolution, ReturnPopupOrderQuery } from "@/gql/types";
import { useT } from "@/lib/intl";
import { useFormat } from "@/lib/use-format";
import styles from "./popup.module.css";

export type Eligible = NonNullable<ReturnPopupOrderQuery["returnEligibility"]>;
export type Line = Eligible["lines"][number];
export type Reason = Eligible["reasons"][number];

export interface Chosen {
  quantity: number;
  reason: string;
  note: string;
  resolution: Resolution | null;
  answers: Record<string, string>;
}

/** What the rules say of a line once the reason is known: faults open other doors than a change of mind. */
export function judged(line: Line, reason: Reason | undefined) {
  const faulty = reason !== undefined && reason.fault !== "CUSTOMER";
  return faulty
    ? { ...line.faultyEligibility, quantity: line.faultyQuantity, resolutions: line.faultyResolutions }
    : { ...line.eligibility, quantity: line.returnableQuantity, resolutions: line.resolutions };
}

interface PopupLineProps {
  line: Line;
  reasons: readonly Reason[];
  chosen: Chosen | undefined;
  onChoose: (chosen: Chosen | undefined) => void;
}

/** One line of the order: how many units come back, and why; or why none may, unless staff go beyond the rules. */
export function PopupLine({ line, reasons, chosen, onChoose }: PopupLineProps) {
  const t = useT();
  const format = useFormat();
  const { orderLine } = line;
  const reason = reasons.find((one) => one.code === chosen?.reason);
  const { verdict, messages, returnableUntil, resolutions, reasons: codes } = judged(line, reason);
  const refused = verdict === "REFUSE";
  // Staff may go beyond the shop's rules, never beyond what is with the customer.
  const most = Math.max(line.returnableQuantity, line.faultyQuantity, refused ? orderLine.quantity : 0);
  const possible = most > 0 && !codes.some((code) => IMPOSSIBLE.has(code));
  const quantity = chosen?.quantity ?? 0;
  const setQuantity = (next: number) =>
    onChoose(
      next > 0
        ? {
            reason: reasons[0]?.code ?? "",
            note: "",
            resolution: null,
            answers: {},
            ...chosen,
            quantity: next,
          }
        : undefined,
    );
  return (
    <li className={possible ? styles.line : `${styles.line} ${styles.off}`}>
      <Thumb url={orderLine.thumbnailUrl} size={44} />
      <div className={styles.what}>
        <p className={styles.product}>{orderLine.productName}</p>
        <Muted>
          {[orderLine.variantName, orderLine.sku, format.money(orderLine.unitPrice)]
            .filter(Boolean)
            .join(" · ")}{" "}
          · {t("popup.returnable", { count: line.returnableQuantity, quantity: orderLine.quantity })}
        </Muted>
        <div className={styles.pills}>
          {verdict === "ASK_STAFF" && <Pill tone="warning">{t("return.verdict.ASK_STAFF")}</Pill>}
          {refused && (
            <Pill tone={possible ? "error" : "neutral"}>
              {t(possible ? "return.verdict.REFUSE" : "popup.notReturnable")}
            </Pill>
          )}
          {returnableUntil !== null && verdict === "ACCEPT" && (
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
              onChange={(event) => onChoose({ ...chosen, reason: event.target.value, answers: {} })}
            >
              {reasons.map((one) => (
                <option key={one.code} value={one.code}>
                  {one.label}
                </option>
              ))}
            </SelectField>
            {reason?.questions.map((question) => (
              <Answer
                key={question.code}
                question={question}
                value={chosen.answers[question.code] ?? ""}
                onChange={(value) =>
                  onChoose({ ...chosen, answers: { ...chosen.answers, [question.code]: value } })
                }
              />
            ))}
            <SelectField
              label={t("popup.resolution")}
              value={chosen.resolution ?? ""}
              onChange={(event) =>
                onChoose({
                  ...chosen,
                  resolution: resolutions.find((one) => one === event.target.value) ?? null,
                })
              }
            >
              <option value="">{t("popup.resolution.open")}</option>
              {resolutions.map((one) => (
                <option key={one} value={one}>
                  {t(`return.resolution.${one}`)}
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
          aria-label={t("popup.quantity", { product: orderLine.productName })}
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
            disabled={quantity >= most}
            onClick={() => setQuantity(quantity + 1)}
          />
        </div>
      )}
    </li>
  );
}

/** Facts, not rules: nobody can send back what is not there. */
const IMPOSSIBLE = new Set(["nothing_left", "not_shipped", "order_canceled", "gift_card"]);

interface AnswerProps {
  question: Reason["questions"][number];
  value: string;
  onChange: (value: string) => void;
}

function Answer({ question, value, onChange }: AnswerProps) {
  const t = useT();
  const label = question.required ? question.label : t("common.optional", { label: question.label });
  if (question.kind !== "choice") {
    return (
      <TextField
        label={label}
        value={value}
        required={question.required}
        onChange={(event) => onChange(event.target.value)}
      />
    );
  }
  return (
    <SelectField
      label={label}
      value={value}
      required={question.required}
      onChange={(event) => onChange(event.target.value)}
    >
      <option value="">{t("popup.choose")}</option>
      {question.options.map((option) => (
        <option key={option.code} value={option.code}>
          {option.label}
        </option>
      ))}
    </SelectField>
  );
}
