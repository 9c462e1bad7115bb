import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { ExchangeOptionsDocument, ReturnReplacementsDocument } from "@/gql/exchange";
import type { ExchangeOptionsQuery, ReplacementPartsFragment } from "@/gql/types";
import { execute } from "@/lib/graphql";
import { keys } from "@/lib/query-keys";

export type ExchangeOption = ExchangeOptionsQuery["exchangeOptions"][number];

const MOVING_MS = 3_000;
const RESTING_MS = 30_000;
const MOVING = new Set<ReplacementPartsFragment["state"]>(["PENDING", "CREATING"]);

/** What goes out in exchange for a return, and its lines; read again soon while Saleor is being told. */
export function useReplacements(returnId: string) {
  return useQuery({
    queryKey: keys.replacements(returnId),
    queryFn: async ({ signal }) =>
      (await execute(ReturnReplacementsDocument, { id: returnId }, signal)).return,
    refetchInterval: ({ state }) =>
      state.data?.replacements.some((one) => MOVING.has(one.state)) ? MOVING_MS : RESTING_MS,
  });
}

/** What a unit of an order line can be exchanged for, by Saleor's prices and stock of this moment. */
export function useExchangeOptions(orderLineId: string, search: string) {
  return useQuery({
    queryKey: keys.exchangeOptions(orderLineId, search),
    // Stock and prices are Saleor's to say, at the moment of asking.
    staleTime: 0,
    gcTime: 0,
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) =>
      (await execute(ExchangeOptionsDocument, { orderLineId, search }, signal)).exchangeOptions,
  });
}
