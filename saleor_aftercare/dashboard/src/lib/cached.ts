import { notifyManager, type QueryKey, useQueryClient } from "@tanstack/react-query";
import { useCallback, useSyncExternalStore } from "react";

/** What the cache holds under a key that somebody else fills; undefined until they have. Asks for nothing itself. */
export function useCached<Value>(key: QueryKey): Value | undefined {
  const client = useQueryClient();
  return useSyncExternalStore(
    useCallback((listener) => client.getQueryCache().subscribe(notifyManager.batchCalls(listener)), [client]),
    () => client.getQueryData<Value>(key),
  );
}
