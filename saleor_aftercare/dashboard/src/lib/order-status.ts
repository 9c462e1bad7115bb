import type { MessageId, Translate } from "./intl";

const KNOWN = new Set([
  "UNCONFIRMED",
  "UNFULFILLED",
  "PARTIALLY_FULFILLED",
  "FULFILLED",
  "PARTIALLY_RETURNED",
  "RETURNED",
  "CANCELED",
  "EXPIRED",
  "DRAFT",
]);

/** Saleor's order status in words; one that a later Saleor adds is shown as it is called there. */
export function orderStatusLabel(status: string, t: Translate): string {
  const name = status.toUpperCase();
  return KNOWN.has(name) ? t(`order.status.${name}` as MessageId) : status;
}
