import { useCallback, useEffect, useRef, useState } from "react";
import { useBridgeState } from "@/lib/bridge";
import { onNews } from "@/lib/news";

export interface Loaded<T> {
  data: T | undefined;
  error: unknown;
  reload: () => void;
}

/** Loads once the Dashboard has answered, and again on demand; keeps the old data meanwhile. */
export function useLoad<T>(load: (signal: AbortSignal) => Promise<T>): Loaded<T> {
  const ready = useBridgeState((state) => state.ready);
  const [state, setState] = useState<{ data?: T; error?: unknown }>({});
  const [round, setRound] = useState(0);
  const latest = useRef(load);
  latest.current = load;

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new round is a new load
  useEffect(() => {
    if (!ready) {
      return;
    }
    const controller = new AbortController();
    latest
      .current(controller.signal)
      .then((data) => setState({ data }))
      .catch((error: unknown) => {
        if (!controller.signal.aborted) {
          setState((before) => ({ ...before, error }));
        }
      });
    return () => controller.abort();
  }, [ready, round]);

  const reload = useCallback(() => setRound((count) => count + 1), []);
  useEffect(() => onNews(reload), [reload]);
  return { data: state.data, error: state.error, reload };
}
