import type { QueryClient } from "@tanstack/react-query";

/** The cache's address book: features share keys here instead of importing each other. */
export const keys = {
  boot: ["boot"] as const,
  viewer: ["viewer"] as const,
  tickets: (view: string, search: string) => ["tickets", view, search] as const,
  allTickets: ["tickets"] as const,
  counts: ["counts"] as const,
  ticket: (number: number) => ["ticket", number] as const,
  anyTicket: ["ticket"] as const,
  staff: ["staff"] as const,
  changes: ["changes"] as const,
  poll: ["changes", "poll"] as const,
  returns: (state: string, search: string) => ["returns", state, search] as const,
  ret: (key: string) => ["return", key] as const,
  refund: (returnId: string) => ["settlement-preview", returnId] as const,
  settlements: (returnId: string) => ["return", returnId, "settlements"] as const,
  replacements: (returnId: string) => ["return", returnId, "replacements"] as const,
  exchangeOptions: (orderLineId: string, search: string) =>
    ["exchange-options", orderLineId, search] as const,
  repairs: (state: string) => ["repairs", state] as const,
  repair: (key: string) => ["repair", key] as const,
  withdrawals: (view: string, search: string) => ["withdrawals", view, search] as const,
  withdrawal: (number: string) => ["withdrawal", number] as const,
  parts: (state: string) => ["parts", state] as const,
  part: (key: string) => ["part", key] as const,
  order: (id: string) => ["order", id] as const,
  receiving: (...of: string[]) => ["receiving", ...of] as const,
  settings: ["settings"] as const,
  policy: ["policy"] as const,
  reasons: ["reasons"] as const,
  words: ["words"] as const,
  saleorReasons: ["saleor-reasons"] as const,
  health: ["health"] as const,
  parcels: (returnId: string) => ["return", "parcels", returnId] as const,
  labelProviders: ["label-providers"] as const,
  parcelDefaults: ["parcel-defaults"] as const,
  channelAccounts: ["channel-accounts"] as const,
  channelAccount: (id: string) => ["channel-account", id] as const,
  channelAdapters: (kind: string) => ["channel-adapters", kind] as const,
};

const CASE_ROOTS = [
  "ticket",
  "tickets",
  "counts",
  "return",
  "returns",
  "repair",
  "repairs",
  "withdrawal",
  "withdrawals",
  "part",
  "parts",
  "order",
  "receiving",
];

/** A case changed: whatever shows it, or its ticket, is read again. */
export function refreshCases(client: QueryClient): Promise<void> {
  return client.invalidateQueries({
    predicate: ({ queryKey }) => CASE_ROOTS.includes(String(queryKey[0])),
  });
}
