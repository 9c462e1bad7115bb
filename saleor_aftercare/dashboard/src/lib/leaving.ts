import { useSyncExternalStore } from "react";
import { askBeforeLeaving, readyToLeave, reloadFrame } from "./bridge";
import { depart } from "./location";

/** What would be left although something of the person's is nowhere but on this page. */
let held: (() => void) | undefined;
const listeners = new Set<() => void>();

function hold(go: (() => void) | undefined): void {
  held = go;
  for (const listener of listeners) {
    listener();
  }
}

/** Leaves this page once everything has been brought to safety; else the person is asked. */
async function leave(go: () => void): Promise<void> {
  if (await readyToLeave()) {
    go();
  } else {
    hold(go);
  }
}

askBeforeLeaving(leave);

/** Starts the newest version of this page, with all that was written. */
export const loadAnew = (): void => depart(() => void leave(reloadFrame));

/** The question that is open, as the two answers to it. */
export function useHeldLeaving(): { go: () => void; stay: () => void } | undefined {
  const go = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => held,
  );
  const stay = () => hold(undefined);
  return (
    go && {
      go: () => {
        stay();
        go();
      },
      stay,
    }
  );
}
