import type { SettingsPartsFragment, ShopSettingsInput } from "@/gql/types";

/** The form's fields: numbers and lists are text while they are being edited. */
export interface SettingsValues {
  senderName: string;
  senderEmail: string;
  replyToEmail: string;
  defaultLanguage: string;
  timeZone: string;
  answerWithinHours: string;
  reopenDays: string;
  rawMailDays: string;
  returnAddress: SettingsPartsFragment["returnAddress"];
  estimatedDeliveryDays: string;
  arrivalCheckEnabled: boolean;
  arrivalCheckDays: string;
  dashboardUrl: string;
  allowedOrigins: string;
  storeCreditEnabled: boolean;
  storeCreditValidDays: string;
  storeCreditAssigned: boolean;
  paymentLink: string;
  chargeSku: string;
}

export function toValues(settings: SettingsPartsFragment): SettingsValues {
  const { version, allowedOrigins, storeCreditProblem, ...rest } = settings;
  return {
    ...rest,
    answerWithinHours: String(settings.answerWithinHours),
    reopenDays: String(settings.reopenDays),
    rawMailDays: String(settings.rawMailDays),
    estimatedDeliveryDays: String(settings.estimatedDeliveryDays),
    arrivalCheckDays: String(settings.arrivalCheckDays),
    storeCreditValidDays: String(settings.storeCreditValidDays),
    allowedOrigins: allowedOrigins.join("\n"),
  };
}

/** Which of the form's groups were touched. */
export type Touched = Partial<Record<keyof SettingsValues, unknown>>;

/**
 * What to save: `version` is the one that was read, for the server refuses to overwrite a newer one.
 * Only what was touched is sent.
 */
export function toInput(values: SettingsValues, touched: Touched, version: number): ShopSettingsInput {
  const all: Required<Omit<ShopSettingsInput, "version">> = {
    senderName: values.senderName.trim(),
    senderEmail: values.senderEmail.trim(),
    replyToEmail: values.replyToEmail.trim(),
    defaultLanguage: values.defaultLanguage,
    timeZone: values.timeZone,
    answerWithinHours: Number(values.answerWithinHours),
    reopenDays: Number(values.reopenDays),
    rawMailDays: Number(values.rawMailDays),
    returnAddress: { ...values.returnAddress, country: values.returnAddress.country.trim().toUpperCase() },
    estimatedDeliveryDays: Number(values.estimatedDeliveryDays),
    arrivalCheckEnabled: values.arrivalCheckEnabled,
    arrivalCheckDays: Number(values.arrivalCheckDays),
    dashboardUrl: values.dashboardUrl.trim(),
    allowedOrigins: lines(values.allowedOrigins),
    storeCreditEnabled: values.storeCreditEnabled,
    storeCreditValidDays: Number(values.storeCreditValidDays),
    storeCreditAssigned: values.storeCreditAssigned,
    paymentLink: values.paymentLink.trim(),
    chargeSku: values.chargeSku.trim(),
  };
  const changed = Object.entries(all).filter(([name]) => name in touched);
  return { version, ...Object.fromEntries(changed) };
}

const lines = (text: string): string[] =>
  text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
