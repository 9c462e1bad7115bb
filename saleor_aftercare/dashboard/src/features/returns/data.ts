import { useQuery } from "@tanstack/react-query";
import { ReturnPageDocument } from "@/gql/returns";
import type { RefundPartsFragment, ReturnDetailFragment } from "@/gql/types";
import { execute } from "@/lib/graphql";
import { lookup } from "@/lib/lookup";
import { keys } from "@/lib/query-keys";

const UNSETTLED_MS = 3_000;
const SETTLED_MS = 30_000;

const UNSETTLED = new Set<RefundPartsFragment["state"]>(["PENDING", "PROCESSING", "AWAITING_PROVIDER"]);

/** Work that a job is doing right now: the page looks again soon. */
const isMoving = (ret: ReturnDetailFragment | null | undefined): boolean =>
  ret?.refund ? UNSETTLED.has(ret.refund.state) : ret?.state === "APPROVED" && ret.label === null;

/** A return by its number (as people write it in addresses) or its global id. */
export function useReturn(key: string) {
  return useQuery({
    queryKey: keys.ret(key),
    queryFn: async ({ signal }) => (await execute(ReturnPageDocument, lookup(key), signal)).return,
    refetchInterval: ({ state }) => (isMoving(state.data) ? UNSETTLED_MS : SETTLED_MS),
  });
}
