import { now } from "./clock";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export interface MoneyValue {
  amount: string | number;
  currency: string;
}

export interface Format {
  money: (value: MoneyValue) => string;
  /** "Nov 22, 2026". */
  date: (iso: string) => string;
  /** "Nov 22, 2026, 10:02 AM". */
  dateTime: (iso: string) => string;
  /** How long ago, as short as a list needs it: "2m", "3h", "5d"; a date after a month. */
  age: (iso: string) => string;
  /** A span: "42m", "3h". */
  span: (ms: number) => string;
  number: (value: number) => string;
  bytes: (value: number) => string;
  /** Of a share from 0 to 1, in whole hundredths. */
  percent: (share: number) => string;
}

export function formatFor(locale: string): Format {
  const unit = (value: number, name: string, unitDisplay: "narrow" | "short") =>
    new Intl.NumberFormat(locale, {
      style: "unit",
      unit: name,
      unitDisplay,
      maximumFractionDigits: 0,
    }).format(value);
  const percentFormat = new Intl.NumberFormat(locale, { style: "percent" });
  const dateFormat = new Intl.DateTimeFormat(locale, { dateStyle: "medium" });
  const dateTimeFormat = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" });
  // Narrow Japanese would read "3h"; the short form is 「3 時間」.
  const brief = locale.startsWith("ja") ? "short" : "narrow";
  const span = (ms: number) => {
    const size = Math.abs(ms);
    if (size < HOUR) {
      return unit(Math.max(1, Math.floor(size / MINUTE)), "minute", brief);
    }
    return size < DAY
      ? unit(Math.floor(size / HOUR), "hour", brief)
      : unit(Math.floor(size / DAY), "day", brief);
  };
  return {
    money: ({ amount, currency }) =>
      new Intl.NumberFormat(locale, { style: "currency", currency }).format(Number(amount)),
    date: (iso) => dateFormat.format(new Date(iso)),
    dateTime: (iso) => dateTimeFormat.format(new Date(iso)),
    age: (iso) => {
      const since = now() - Date.parse(iso);
      return since > 30 * DAY
        ? new Intl.DateTimeFormat(locale, { month: "short", day: "numeric" }).format(new Date(iso))
        : span(Math.max(since, 0));
    },
    span,
    number: (value) => new Intl.NumberFormat(locale).format(value),
    percent: (share) => percentFormat.format(share),
    bytes: (value) =>
      value < 1_000_000
        ? unit(Math.max(1, Math.round(value / 1_000)), "kilobyte", "short")
        : unit(Math.round(value / 1_000_000), "megabyte", "short"),
  };
}

/** The number of digits after the point that a currency has: 0 for JPY, 2 for EUR, 3 for KWD. */
export function minorDigits(currency: string): number {
  return (
    new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits ?? 2
  );
}
