import type { FieldPath } from "react-hook-form";
import type { PolicyPartsFragment, ReturnPolicyInput } from "@/gql/types";

type Policy = PolicyPartsFragment;
type Rule = Policy["rules"][number];

/** An amount while it is being edited. */
export interface Sum {
  amount: string;
  currency: string;
}

/** One rule while it is being edited: numbers are text, metadata reads `key=value`. */
export interface RuleValues {
  name: string;
  channels: string[];
  countries: string[];
  productTypes: string[];
  collections: string[];
  products: string[];
  skus: string[];
  metadata: string[];
  digital: boolean;
  exclusion: Rule["exclusion"];
  windowDays: string;
  windowFrom: Rule["windowFrom"];
  graceDays: string;
  afterWindow: Rule["afterWindow"];
  whoPays: Rule["whoPays"];
  returnFee: Sum[];
  restockingPercent: string;
  resolutions: Rule["resolutions"];
  storeCreditBonusPercent: string;
}

export interface AddressValues {
  countries: string[];
  address: Policy["returnAddresses"][number]["address"];
}

/** The whole policy while it is being edited. */
export interface PolicyValues {
  preset: Policy["preset"];
  rules: RuleValues[];
  autoApprove: boolean;
  autoApproveLimit: Sum[];
  autoApproveReasons: string[];
  autoApproveMaxReturns: string;
  keepItemLimit: Sum[];
  /** Photos by the code of a reason; "" for none. */
  evidence: Record<string, string>;
  refundOriginalShipping: boolean;
  returnAddresses: AddressValues[];
  shipWithinDays: string;
  advanceExchangeDays: string;
  tenderOrder: Policy["tenderOrder"];
  withdrawalEnabled: boolean;
  withdrawalCountries: string[];
  withdrawalDays: string;
  statement: { en: string; ja: string };
}

export function toValues(policy: Policy): PolicyValues {
  const text = (language: string) => policy.statement.find((one) => one.language === language)?.text ?? "";
  return {
    preset: policy.preset,
    rules: policy.rules.map(ruleValues),
    autoApprove: policy.autoApprove,
    autoApproveLimit: sums(policy.autoApproveLimit),
    autoApproveReasons: policy.autoApproveReasons,
    autoApproveMaxReturns: policy.autoApproveMaxReturns === null ? "" : String(policy.autoApproveMaxReturns),
    keepItemLimit: sums(policy.keepItemLimit),
    evidence: Object.fromEntries(policy.evidence.map(({ reason, photos }) => [reason, String(photos)])),
    refundOriginalShipping: policy.refundOriginalShipping,
    returnAddresses: policy.returnAddresses.map((one) => ({ ...one, address: { ...one.address } })),
    shipWithinDays: String(policy.shipWithinDays),
    advanceExchangeDays: String(policy.advanceExchangeDays),
    tenderOrder: policy.tenderOrder,
    withdrawalEnabled: policy.withdrawalEnabled,
    withdrawalCountries: policy.withdrawalCountries,
    withdrawalDays: String(policy.withdrawalDays),
    statement: { en: text("en"), ja: text("ja") },
  };
}

function ruleValues(rule: Rule): RuleValues {
  return {
    ...rule,
    metadata: rule.metadata.map(({ key, value }) => `${key}=${value}`),
    windowDays: String(rule.windowDays),
    graceDays: String(rule.graceDays),
    returnFee: sums(rule.returnFee),
    restockingPercent: plain(rule.restockingPercent),
    storeCreditBonusPercent: plain(rule.storeCreditBonusPercent),
  };
}

/** A rule to begin with: for some goods that are still to be named. */
export const newRule = (): RuleValues => ({
  name: "",
  channels: [],
  countries: [],
  productTypes: [],
  collections: [],
  products: [],
  skus: [],
  metadata: [],
  digital: false,
  exclusion: "NONE",
  windowDays: "30",
  windowFrom: "DELIVERED",
  graceDays: "0",
  afterWindow: "ASK_STAFF",
  whoPays: "CUSTOMER",
  returnFee: [],
  restockingPercent: "0",
  resolutions: ["REFUND", "EXCHANGE"],
  storeCreditBonusPercent: "0",
});

export const newAddress = (): AddressValues => ({
  countries: [],
  address: {
    name: "",
    company: "",
    street1: "",
    street2: "",
    city: "",
    postalCode: "",
    countryArea: "",
    country: "",
    phone: "",
  },
});

/** The document to save or to try out. */
export function toInput(values: PolicyValues): ReturnPolicyInput {
  return {
    preset: values.preset,
    rules: values.rules.map((rule) => ({
      ...rule,
      metadata: rule.metadata.map(pair),
      windowDays: whole(rule.windowDays),
      graceDays: whole(rule.graceDays),
      returnFee: rule.returnFee.map(money),
      restockingPercent: decimal(rule.restockingPercent),
      storeCreditBonusPercent: decimal(rule.storeCreditBonusPercent),
    })),
    autoApprove: values.autoApprove,
    autoApproveLimit: values.autoApproveLimit.map(money),
    autoApproveReasons: values.autoApproveReasons,
    autoApproveMaxReturns:
      values.autoApproveMaxReturns.trim() === "" ? null : whole(values.autoApproveMaxReturns),
    keepItemLimit: values.keepItemLimit.map(money),
    evidence: Object.entries(values.evidence)
      .map(([reason, photos]) => ({ reason, photos: whole(photos) }))
      .filter(({ photos }) => photos !== 0),
    refundOriginalShipping: values.refundOriginalShipping,
    returnAddresses: values.returnAddresses.map(({ countries, address }) => ({
      countries,
      address: { ...address, country: address.country.trim().toUpperCase() },
    })),
    shipWithinDays: whole(values.shipWithinDays),
    advanceExchangeDays: whole(values.advanceExchangeDays),
    tenderOrder: values.tenderOrder,
    withdrawalEnabled: values.withdrawalEnabled,
    withdrawalCountries: values.withdrawalCountries,
    withdrawalDays: whole(values.withdrawalDays),
    statement: [
      { language: "en", text: values.statement.en },
      { language: "ja", text: values.statement.ja },
    ].filter(({ text }) => text.trim() !== ""),
  };
}

/**
 * The form's field that the server speaks of, and how deep it can show an error: a list shows the
 * errors of its entries, `rules.2.countries.0` is told at `rules.2.countries`.
 */
export function fieldOf(name: string | null | undefined): FieldPath<PolicyValues> | undefined {
  const parts = (name ?? "").replace(/^document\./, "").split(".");
  const [first = "", index = "", third = "", fourth = ""] = parts;
  if (first === "") {
    return undefined;
  }
  if (first === "rules" || first === "returnAddresses") {
    const path = third === "address" ? [first, index, third, fourth] : [first, index, third];
    return path.filter((part) => part !== "").join(".") as FieldPath<PolicyValues>;
  }
  if (first === "statement") {
    return `statement.${index === "1" ? "ja" : "en"}`;
  }
  return first as FieldPath<PolicyValues>;
}

const sums = (amounts: readonly { amount: string; currency: string }[]): Sum[] =>
  amounts.map(({ amount, currency }) => ({ amount: plain(amount), currency }));

/** "5.00" and "5.0" are "5", "12.50" is "12.5": nobody wants to read zeros of a column. */
const plain = (number: string): string =>
  number.includes(".") ? number.replace(/0+$/, "").replace(/\.$/, "") : number;

/** What is no whole number is sent as one that the server refuses, with the field's own sentence. */
function whole(text: string): number {
  const value = text.trim() === "" ? 0 : Number(text);
  return Number.isInteger(value) && Math.abs(value) < 2 ** 31 ? value : -1;
}

const decimal = (text: string): string =>
  Number.isFinite(Number(text.trim() || "0")) ? text.trim() || "0" : "-1";

const money = ({ amount, currency }: Sum) => ({
  amount: decimal(amount),
  currency: currency.trim().toUpperCase(),
});

function pair(text: string): { key: string; value: string } {
  const at = text.indexOf("=");
  return at < 0
    ? { key: text.trim(), value: "" }
    : { key: text.slice(0, at).trim(), value: text.slice(at + 1).trim() };
}
