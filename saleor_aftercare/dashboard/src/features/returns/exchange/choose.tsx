import { useDeferredValue, useId, useState } from "react";
import { Muted } from "@/components/card";
import { ErrorNotice, Skeleton } from "@/components/feedback";
import { TextField } from "@/components/field";
import { useT } from "@/lib/intl";
import { useFormat } from "@/lib/use-format";
import { type ExchangeOption, useExchangeOptions } from "./data";
import styles from "./exchange.module.css";

interface ExchangeChoiceProps {
  orderLineId: string;
  /** What comes back, as people call it. */
  product: string;
  /** Saleor's id of the variant that is chosen. */
  value: string | null;
  onChange: (option: ExchangeOption) => void;
}

/** Chooses what a unit is exchanged for: the product's variants, or whatever a search finds, with price and stock. */
export function ExchangeChoice({ orderLineId, product, value, onChange }: ExchangeChoiceProps) {
  const t = useT();
  const name = useId();
  const [search, setSearch] = useState("");
  const asked = useDeferredValue(search.trim());
  const { data, error, isPending, refetch } = useExchangeOptions(orderLineId, asked);
  return (
    <div className={styles.line}>
      <TextField
        type="search"
        label={t("exchange.search")}
        value={search}
        onChange={(event) => setSearch(event.target.value)}
      />
      {isPending ? (
        <Skeleton rows={3} height={32} />
      ) : error && !data ? (
        <ErrorNotice error={error} onRetry={() => void refetch()} />
      ) : (
        <fieldset className={styles.options}>
          <legend>{t("exchange.choose", { product })}</legend>
          {data?.map((option) => (
            <Option
              key={option.variantId}
              name={name}
              option={option}
              checked={option.variantId === value}
              onChange={() => onChange(option)}
            />
          ))}
          {data?.length === 0 && <Muted>{t("exchange.noOptions")}</Muted>}
        </fieldset>
      )}
    </div>
  );
}

interface OptionProps {
  name: string;
  option: ExchangeOption;
  checked: boolean;
  onChange: () => void;
}

function Option({ name, option, checked, onChange }: OptionProps) {
  const t = useT();
  const format = useFormat();
  const due = Number(option.due.amount) > 0;
  const rest = Number(option.rest.amount) > 0;
  return (
    <label className={styles.option}>
      <input type="radio" name={name} checked={checked} disabled={!option.inStock} onChange={onChange} />
      <span>
        {option.name}
        <span className={styles.detail}>
          {[
            option.sku,
            option.isSame ? t("exchange.same") : "",
            option.inStock
              ? option.available === null
                ? t("exchange.inStock")
                : t("exchange.available", { count: option.available })
              : t("exchange.soldOut"),
          ]
            .filter(Boolean)
            .join(" · ")}
        </span>
      </span>
      <span className={styles.price}>
        {due
          ? t("exchange.onTop", { amount: format.money(option.due) })
          : rest
            ? t("exchange.left", { amount: format.money(option.rest) })
            : t("exchange.even")}
        <span className={styles.detail}>{format.money(option.price)}</span>
      </span>
    </label>
  );
}
