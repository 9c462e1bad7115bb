import { useSyncExternalStore } from "react";

/** What the whole page must tell, whatever screen is open. */
export type Bar = "session" | "version" | "offline" | "unreachable";

let shown: ReadonlySet<Bar> = new Set();
const listeners = new Set<() => void>();

function change(next: Set<Bar>): void {
  shown = next;
  for (const listener of listeners) {
    listener();
  }
}

export function showBar(bar: Bar): void {
  if (!shown.has(bar)) {
    change(new Set([...shown, bar]));
  }
}

export function hideBar(bar: Bar): void {
  if (shown.has(bar)) {
    change(new Set([...shown].filter((one) => one !== bar)));
  }
}

export function useBars(): ReadonlySet<Bar> {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => shown,
  );
}
