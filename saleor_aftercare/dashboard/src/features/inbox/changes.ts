import { type QueryClient, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { InboxChangesDocument } from "@/gql/inbox";
import type { InboxChangesQuery, ViewPartsFragment } from "@/gql/types";
import { hideBar, showBar } from "@/lib/bars";
import { execute, ServiceUnavailable } from "@/lib/graphql";
import { keys, refreshCases } from "@/lib/query-keys";
import { patchTicket } from "./data";

const VISIBLE_MS = 5_000;
const HIDDEN_MS = 60_000;

/** Asks every few seconds what changed, and brings the screen up to date. */
export function useChanges(enabled: boolean): void {
  const client = useQueryClient();
  const { refetch, error } = useQuery({
    queryKey: keys.poll,
    staleTime: VISIBLE_MS,
    enabled,
    retry: false,
    refetchIntervalInBackground: true,
    refetchOnWindowFocus: false,
    refetchInterval: () => (document.hidden ? HIDDEN_MS : VISIBLE_MS),
    queryFn: async ({ signal }) => {
      const cursor = client.getQueryData<string>(keys.changes) ?? null;
      const { changesSince, noticeCount } = await execute(InboxChangesDocument, { cursor }, signal);
      client.setQueryData(keys.changes, changesSince.cursor);
      client.setQueryData(keys.noticeCount, noticeCount);
      client.setQueryData(keys.presence, changesSince.presence);
      if (cursor !== null) {
        apply(client, changesSince);
      }
      return changesSince.cursor;
    },
  });

  const away = error instanceof ServiceUnavailable;
  useEffect(() => {
    if (away) {
      showBar("unreachable");
      return () => hideBar("unreachable");
    }
  }, [away]);

  useEffect(() => {
    const onVisible = () => {
      if (enabled && !document.hidden) {
        void refetch();
      }
    };
    document.addEventListener("visibilitychange", onVisible);
    return () => document.removeEventListener("visibilitychange", onVisible);
  }, [enabled, refetch]);
}

function apply(client: QueryClient, changes: InboxChangesQuery["changesSince"]): void {
  const { viewCounts } = changes;
  if (viewCounts) {
    const counts = new Map(viewCounts.map(({ id, count }) => [id, count]));
    client.setQueryData<readonly ViewPartsFragment[]>(keys.views, (views) =>
      views?.map((view) => ({ ...view, count: counts.get(view.id) ?? view.count })),
    );
  }
  if (changes.truncated) {
    void refreshCases(client);
    return;
  }
  if (changes.tickets.length === 0) {
    return;
  }
  for (const row of changes.tickets) {
    // The rows show the news at once; the open thread is read again for its messages.
    const { returns, repairRequests, sparePartRequests, ...shown } = row;
    patchTicket(client, row.number, shown);
    void client.invalidateQueries({ queryKey: keys.ticket(row.number) });
  }
  void client.invalidateQueries({ queryKey: keys.allTickets });
}
