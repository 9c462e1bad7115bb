import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { ReturnSettlementPreviewDocument, ReturnSettlementsDocument } from "@/gql/settlement";
import type {
  ReturnSettlementPreviewQuery,
  SettlementOptionsInput,
  SettlementPartsFragment,
} from "@/gql/types";
import { execute } from "@/lib/graphql";
import { keys } from "@/lib/query-keys";

export type Preview = NonNullable<NonNullable<ReturnSettlementPreviewQuery["return"]>["settlementPreview"]>;

const UNSETTLED_MS = 3_000;
const SETTLED_MS = 30_000;

/** What settling the return would be with these options; Saleor is asked each time. */
export function useSettlementPreview(returnId: string, options: SettlementOptionsInput) {
  return useQuery({
    queryKey: [...keys.refund(returnId), options],
    // What may be given back is Saleor's to say, at the moment of asking.
    staleTime: 0,
    gcTime: 0,
    refetchOnWindowFocus: false,
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) =>
      (await execute(ReturnSettlementPreviewDocument, { id: returnId, options }, signal)).return
        ?.settlementPreview ?? null,
  });
}

const isMoving = (settlements: readonly SettlementPartsFragment[] | undefined): boolean =>
  settlements?.some((one) => one.state === "RUNNING") ?? false;

/** What was given for the return, newest first; read again soon while something is under way. */
export function useSettlements(returnId: string) {
  return useQuery({
    queryKey: keys.settlements(returnId),
    queryFn: async ({ signal }) =>
      (await execute(ReturnSettlementsDocument, { id: returnId }, signal)).return?.settlements ?? [],
    refetchInterval: ({ state }) => (isMoving(state.data) ? UNSETTLED_MS : SETTLED_MS),
  });
}
