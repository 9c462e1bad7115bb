import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import type { WithdrawalView } from "@/gql/types";
import {
  WithdrawalCarryOutDocument,
  WithdrawalListDocument,
  WithdrawalMarkOutOfScopeDocument,
  WithdrawalMatchDocument,
  WithdrawalPageDocument,
  WithdrawalProveSendingDocument,
  WithdrawalReopenDocument,
} from "@/gql/withdrawals";
import { execute } from "@/lib/graphql";
import { accepted } from "@/lib/mutation";
import { keys } from "@/lib/query-keys";

/** Units of one order line, as staff name them. */
export interface Units {
  orderLineId: string;
  quantity: number;
}

export function useWithdrawal(number: string) {
  return useQuery({
    queryKey: keys.withdrawal(number),
    queryFn: async ({ signal }) => (await execute(WithdrawalPageDocument, { number }, signal)).withdrawal,
  });
}

export function useWithdrawals(view: WithdrawalView, search: string) {
  return useInfiniteQuery({
    queryKey: keys.withdrawals(view, search),
    initialPageParam: null as string | null,
    queryFn: async ({ pageParam, signal }) =>
      (await execute(WithdrawalListDocument, { view, search, after: pageParam }, signal)).withdrawals,
    getNextPageParam: (page) => (page.pageInfo.hasNextPage ? page.pageInfo.endCursor : undefined),
    placeholderData: keepPreviousData,
  });
}

export const matchWithdrawal = async (id: string, orderNumber: string) =>
  accepted((await execute(WithdrawalMatchDocument, { id, orderNumber })).withdrawalMatch);

export const carryOut = async (id: string, lines: Units[] | null) =>
  accepted((await execute(WithdrawalCarryOutDocument, { id, lines })).withdrawalCarryOut);

export const markOutOfScope = async (id: string, reason: string) =>
  accepted((await execute(WithdrawalMarkOutOfScopeDocument, { id, reason })).withdrawalMarkOutOfScope);

export const reopenWithdrawal = async (id: string) =>
  accepted((await execute(WithdrawalReopenDocument, { id })).withdrawalReopen);

export const proveSending = async (id: string, trackingNumber: string) =>
  accepted((await execute(WithdrawalProveSendingDocument, { id, trackingNumber })).withdrawalProveSending);
