import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import {
  RepairAcceptDocument,
  RepairCheckInDocument,
  RepairDeclineDocument,
  RepairListDocument,
  RepairPageDocument,
  RepairTakeBackDocument,
} from "@/gql/repairs";
import type { RepairState } from "@/gql/types";
import { execute } from "@/lib/graphql";
import { lookup } from "@/lib/lookup";
import { accepted } from "@/lib/mutation";
import { keys } from "@/lib/query-keys";

/** A repair request by its number or global id. */
export function useRepair(key: string) {
  return useQuery({
    queryKey: keys.repair(key),
    queryFn: async ({ signal }) => (await execute(RepairPageDocument, lookup(key), signal)).repairRequest,
  });
}

export function useRepairs(state: RepairState | "") {
  return useInfiniteQuery({
    queryKey: keys.repairs(state),
    initialPageParam: null as string | null,
    queryFn: async ({ pageParam, signal }) => {
      const variables = { state: state === "" ? null : [state], after: pageParam };
      return (await execute(RepairListDocument, variables, signal)).repairRequests;
    },
    getNextPageParam: (page) => (page.pageInfo.hasNextPage ? page.pageInfo.endCursor : undefined),
    placeholderData: keepPreviousData,
  });
}

export const acceptRepair = async (id: string) =>
  accepted((await execute(RepairAcceptDocument, { id })).repairRequestAccept);

export const checkInRepair = async (id: string, findings: string, photos: readonly File[]) =>
  accepted(
    (await execute(RepairCheckInDocument, { id, findings, photos: [...photos] })).repairRequestCheckIn,
  );

export const takeBackRepair = async (id: string) =>
  accepted((await execute(RepairTakeBackDocument, { id })).repairRequestTakeBack);

export const declineRepair = async (id: string, reason: string) =>
  accepted((await execute(RepairDeclineDocument, { id, reason })).repairRequestDecline);
