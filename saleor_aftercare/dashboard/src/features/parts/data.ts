import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { PartAcceptDocument, PartDeclineDocument, PartListDocument, PartPageDocument } from "@/gql/parts";
import type { SparePartState } from "@/gql/types";
import { execute } from "@/lib/graphql";
import { lookup } from "@/lib/lookup";
import { accepted } from "@/lib/mutation";
import { keys } from "@/lib/query-keys";

/** A spare-part request by its number or global id. */
export function usePart(key: string) {
  return useQuery({
    queryKey: keys.part(key),
    queryFn: async ({ signal }) => (await execute(PartPageDocument, lookup(key), signal)).sparePartRequest,
  });
}

export function useParts(state: SparePartState | "") {
  return useInfiniteQuery({
    queryKey: keys.parts(state),
    initialPageParam: null as string | null,
    queryFn: async ({ pageParam, signal }) => {
      const variables = { state: state === "" ? null : [state], after: pageParam };
      return (await execute(PartListDocument, variables, signal)).sparePartRequests;
    },
    getNextPageParam: (page) => (page.pageInfo.hasNextPage ? page.pageInfo.endCursor : undefined),
    placeholderData: keepPreviousData,
  });
}

export const acceptPart = async (id: string) =>
  accepted((await execute(PartAcceptDocument, { id })).sparePartRequestAccept);

export const declinePart = async (id: string, reason: string) =>
  accepted((await execute(PartDeclineDocument, { id, reason })).sparePartRequestDecline);
