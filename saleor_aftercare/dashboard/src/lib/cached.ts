import { notifyManager, type QueryClient, type QueryKey, useQueryClient } from "@tanstack/react-query";
import { useCallback, useSyncExternalStore } from "react";

/** What the cache holds under a key that somebody else fills; undefined until they have. Asks for nothing itself. */
export function useCached<Value>(key: QueryKey): Value | undefined {
  return useCache((client) => client.getQueryData<Value>(key));
}

/** Whether what somebody else asked for under a key could not be had. */
export function useFailed(key: QueryKey): boolean {
  return useCache((client) => client.getQueryState(key)?.status === "error");
}

function useCache<Seen>(look: (client: QueryClient) => Seen): Seen {
  const client = useQueryClient();
  return useSyncExternalStore(
    useCallback((listener) => client.getQueryCache().subscribe(notifyManager.batchCalls(listener)), [client]),
    () => look(client),
  );
}
