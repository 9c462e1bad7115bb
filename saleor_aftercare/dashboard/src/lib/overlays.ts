import { useSyncExternalStore } from "react";

/** What may lie over any screen: the command palette, the list of keys. */
export type Overlay = "palette" | "keys";

let shown: Overlay | undefined;
const listeners = new Set<() => void>();

export function showOverlay(overlay: Overlay | undefined): void {
  shown = overlay;
  for (const listener of listeners) {
    listener();
  }
}

export function useOverlay(): Overlay | undefined {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => shown,
  );
}
