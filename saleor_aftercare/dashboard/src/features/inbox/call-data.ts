import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { CallBackDoneDocument, CallBackSetDocument, CallsDocument, RingingCallsDocument } from "@/gql/call";
import type { CallList } from "@/gql/types";
import { execute } from "@/lib/graphql";
import { accepted } from "@/lib/mutation";

/** Every list of calls. */
export const CALLS = ["calls"] as const;

export const useCalls = (which: CallList) =>
  useInfiniteQuery({
    queryKey: [...CALLS, which],
    initialPageParam: null as string | null,
    queryFn: async ({ pageParam, signal }) =>
      (await execute(CallsDocument, { which, after: pageParam }, signal)).calls,
    getNextPageParam: (page) => (page.pageInfo.hasNextPage ? page.pageInfo.endCursor : undefined),
    refetchInterval: 30_000,
  });

/** Calls that ring or go on now; asked often, for a telephone does not ring long. */
export const useRinging = () =>
  useQuery({
    queryKey: [...CALLS, "ringing"],
    queryFn: async ({ signal }) => (await execute(RingingCallsDocument, {}, signal)).ringingCalls,
    refetchInterval: 4_000,
  });

export function useCallBack() {
  const client = useQueryClient();
  const settled = () => void client.invalidateQueries({ queryKey: CALLS });
  const done = useMutation({
    mutationFn: async (id: string) => accepted((await execute(CallBackDoneDocument, { id })).callBackDone),
    onSuccess: settled,
  });
  const put = useMutation({
    mutationFn: async ({ id, at }: { id: string; at: string | null }) =>
      accepted((await execute(CallBackSetDocument, { id, at })).callBackSet),
    onSuccess: settled,
  });
  return { done, put };
}
