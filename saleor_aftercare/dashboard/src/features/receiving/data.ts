import { keepPreviousData, type QueryClient, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import {
  DefaultWarehouseDocument,
  ReceivingBookingsDocument,
  ReceivingCountedDocument,
  ReceivingListDocument,
  ReceivingOneDocument,
  ReceivingPlacesDocument,
  ScannerPhonesDocument,
} from "@/gql/receiving";
import { StrayParcelListDocument, StrayParcelOneDocument, StrayUnitsDocument } from "@/gql/stray";
import type { ReceivingWorklist } from "@/gql/types";
import { execute } from "@/lib/graphql";
import { keys, refreshCases } from "@/lib/query-keys";

const nextOf = (page: { pageInfo: { hasNextPage: boolean; endCursor: string | null } }) =>
  page.pageInfo.hasNextPage ? page.pageInfo.endCursor : undefined;

/** Units are in Saleor's stock a moment after somebody judged them; whoever did waits to see it. */
const BOOKING_MS = 2_000;

export function useCounts() {
  return useQuery({
    queryKey: keys.receiving("counts"),
    queryFn: async ({ signal }) => (await execute(ReceivingCountedDocument, {}, signal)).receivingCounts,
    refetchInterval: 60_000,
  });
}

export function useSheet(number: string) {
  return useQuery({
    queryKey: keys.receiving("sheet", number),
    queryFn: async ({ signal }) => (await execute(ReceivingOneDocument, { number }, signal)).receivingReturn,
    refetchInterval: ({ state }) =>
      state.data?.lines.some((line) => line.inspections.some((one) => one.booking === "DUE"))
        ? BOOKING_MS
        : false,
  });
}

/** Where goods can go, and where these should; asked only when somebody is about to choose. */
export function usePlaces(number: string, enabled: boolean) {
  return useQuery({
    queryKey: keys.receiving("places", number),
    enabled,
    staleTime: 300_000,
    queryFn: async ({ signal }) => {
      const found = await execute(ReceivingPlacesDocument, { number }, signal);
      return { warehouses: found.warehouses, suggested: found.receivingReturn?.suggestedWarehouse?.id };
    },
  });
}

export function useWorklist(worklist: ReceivingWorklist, enabled: boolean) {
  return useInfiniteQuery({
    queryKey: keys.receiving("list", worklist),
    enabled,
    initialPageParam: null as string | null,
    queryFn: async ({ pageParam, signal }) =>
      (await execute(ReceivingListDocument, { worklist, after: pageParam }, signal)).receivingReturns,
    getNextPageParam: nextOf,
    placeholderData: keepPreviousData,
  });
}

export function useBookings(enabled: boolean) {
  return useInfiniteQuery({
    queryKey: keys.receiving("bookings"),
    enabled,
    initialPageParam: null as string | null,
    queryFn: async ({ pageParam, signal }) =>
      (await execute(ReceivingBookingsDocument, { after: pageParam }, signal)).receivingBookings,
    getNextPageParam: nextOf,
  });
}

export function useStrays(enabled: boolean) {
  return useInfiniteQuery({
    queryKey: keys.receiving("strays"),
    enabled,
    initialPageParam: null as string | null,
    queryFn: async ({ pageParam, signal }) =>
      (await execute(StrayParcelListDocument, { after: pageParam }, signal)).strayParcels,
    getNextPageParam: nextOf,
  });
}

export function useStray(number: string) {
  return useQuery({
    queryKey: keys.receiving("stray", number),
    queryFn: async ({ signal }) => (await execute(StrayParcelOneDocument, { number }, signal)).strayParcel,
  });
}

/** What of an order can be in a parcel, and the reasons to choose from. */
export function useStrayUnits(orderId: string) {
  return useQuery({
    queryKey: keys.receiving("stray-units", orderId),
    gcTime: 0,
    queryFn: async ({ signal }) => (await execute(StrayUnitsDocument, { orderId }, signal)).returnEligibility,
  });
}

/** All warehouses, and the one that the shop chose. */
export function useDefaultWarehouse() {
  return useQuery({
    queryKey: keys.receiving("default-warehouse"),
    // Read anew at every opening: a form that began with an old answer would show it as the present choice.
    gcTime: 0,
    queryFn: ({ signal }) => execute(DefaultWarehouseDocument, {}, signal),
  });
}

export function usePhones() {
  return useQuery({
    queryKey: keys.receiving("phones"),
    queryFn: async ({ signal }) => (await execute(ScannerPhonesDocument, {}, signal)).scannerPhones,
    refetchInterval: 3_000,
  });
}

/** Whatever shows returns is read again; also outside a mutation's own hook. */
export const refresh = (client: QueryClient): Promise<void> => refreshCases(client);
