import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import {
  BulkActionDocument,
  BulkConfirmDocument,
  BulkPlanDocument,
  BulkStartDocument,
  BulkStopDocument,
  BulkUndoDocument,
} from "@/gql/bulk";
import type { BulkActionInput, BulkPartsFragment, BulkSelectionInput, ViewPartsFragment } from "@/gql/types";
import { notify } from "@/lib/bridge";
import { execute } from "@/lib/graphql";
import { useT } from "@/lib/intl";
import { accepted } from "@/lib/mutation";
import { useExplain } from "@/lib/problem";
import { keys, refreshCases } from "@/lib/query-keys";
import { clearSelection, currentSelection } from "./bulk-selection";
import type { ListPlace } from "./place";

const POLL_MS = 800;

export const isUnderWay = (bulk: BulkPartsFragment | null | undefined): boolean =>
  bulk?.state === "PLANNING" || bulk?.state === "RUNNING" || bulk?.state === "UNDOING";

/** The action that is under way or was the last one, asked for again until it is done. */
export function useBulkAction(enabled: boolean): BulkPartsFragment | null {
  const client = useQueryClient();
  const { data } = useQuery<BulkPartsFragment | null>({
    queryKey: keys.bulk,
    enabled,
    staleTime: Number.POSITIVE_INFINITY,
    refetchInterval: ({ state }) => (isUnderWay(state.data) ? POLL_MS : false),
    queryFn: async ({ signal }) => {
      const known = client.getQueryData<BulkPartsFragment | null>(keys.bulk);
      const { bulkAction } = await execute(BulkActionDocument, { id: known?.id ?? null }, signal);
      if (isUnderWay(known) && !isUnderWay(bulkAction)) {
        void refreshCases(client);
      }
      return bulkAction;
    },
  });
  return data ?? null;
}

/** What is chosen, as the service takes it. */
function chosen(place: ListPlace, views: readonly ViewPartsFragment[]): BulkSelectionInput {
  const { ids, whole } = currentSelection();
  if (!whole) {
    return { ids: [...ids] };
  }
  const view = place.saved ?? views.find(({ standard }) => standard === place.view)?.id ?? null;
  return { viewId: view, search: place.search || null, order: place.order ?? null, exceptIds: [...ids] };
}

export function useBulkStart(place: ListPlace, views: readonly ViewPartsFragment[]) {
  const act = useAct();
  return useMutation({
    ...act,
    mutationFn: async (input: BulkActionInput) =>
      accepted((await execute(BulkStartDocument, { selection: chosen(place, views), input })).bulkActionStart)
        .bulkAction,
    onSuccess: (bulk) => {
      // A macro is only planned: what it was chosen for stays chosen until it is done.
      if (bulk?.kind !== "MACRO") {
        clearSelection();
      }
      act.onSuccess(bulk);
    },
  });
}

/** What a macro would do to all that were chosen; worked out once, so it is read once. */
export function useBulkPlan(id: string) {
  return useQuery({
    queryKey: [...keys.bulk, "plan", id],
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    queryFn: async ({ signal }) => (await execute(BulkPlanDocument, { id }, signal)).bulkAction?.plan ?? null,
  });
}

export function useBulkConfirm() {
  const act = useAct();
  return useMutation({
    mutationFn: async (id: string) =>
      accepted((await execute(BulkConfirmDocument, { id })).bulkActionConfirm).bulkAction,
    onSuccess: (bulk) => {
      clearSelection();
      act.onSuccess(bulk);
    },
  });
}

export function useBulkStop() {
  return useMutation({
    ...useAct(),
    mutationFn: async (id: string) =>
      accepted((await execute(BulkStopDocument, { id })).bulkActionStop).bulkAction,
  });
}

export function useBulkUndo() {
  return useMutation({
    ...useAct(),
    mutationFn: async (id: string) =>
      accepted((await execute(BulkUndoDocument, { id })).bulkActionUndo).bulkAction,
  });
}

/** Forgets the last action, so that nothing is said about it any more. */
export function useDismissBulk(): () => void {
  const client = useQueryClient();
  return () => client.setQueryData(keys.bulk, null);
}

function useAct() {
  const client = useQueryClient();
  const t = useT();
  const explain = useExplain();
  return {
    onSuccess: (bulk: BulkPartsFragment | null) => {
      client.setQueryData(keys.bulk, bulk);
      void client.invalidateQueries({ queryKey: keys.bulk, exact: true });
    },
    onError: (error: unknown) => notify("error", t("inbox.bulk.failed"), explain(error)),
  };
}
