import { minorDigits } from "./format";

/** A sum in the currency's smallest unit, as a whole number: 10.50 EUR is 1050, 1200 JPY is 1200. */
export type Minor = number;

export type AmountProblem = "empty" | "digits";

/**
 * Reads what a person typed as a sum. Full-width digits, thousands separators and a decimal comma
 * are understood; more decimal places than the currency has are not rounded but refused.
 */
export function parseAmount(text: string, currency: string): Minor | AmountProblem {
  const typed = text.normalize("NFKC").replaceAll(/[\s¥$€£]/g, "");
  const plain = /^\d{1,3}(,\d{3})+(\.\d*)?$/.test(typed)
    ? typed.replaceAll(",", "")
    : typed.replace(",", ".");
  const match = /^(\d+)(?:\.(\d*))?$/.exec(plain);
  if (!match?.[1]) {
    return "empty";
  }
  const digits = minorDigits(currency);
  const decimals = (match[2] ?? "").replace(/0+$/, "");
  if (decimals.length > digits) {
    return "digits";
  }
  const minor = Number(match[1] + decimals.padEnd(digits, "0"));
  return minor > 0 && Number.isSafeInteger(minor) ? minor : "empty";
}

export function toMinor(amount: string | number, currency: string): Minor {
  return Math.round(Number(amount) * 10 ** minorDigits(currency));
}

/** The decimal text that the API takes: 1050 EUR cents is "10.50". */
export function toDecimal(minor: Minor, currency: string): string {
  return (minor / 10 ** minorDigits(currency)).toFixed(minorDigits(currency));
}
