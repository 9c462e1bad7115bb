import { useSyncExternalStore } from "react";

/** An answer that has not left yet. */
export interface Held {
  messageId: string;
  ticketId: string;
  ticketNumber: number;
  until: number;
}

let held: readonly Held[] = [];
const listeners = new Set<() => void>();

function set(next: readonly Held[]): void {
  held = next;
  for (const listener of listeners) {
    listener();
  }
}

export const noteHeld = (one: Held): void =>
  set([...held.filter((other) => other.messageId !== one.messageId), one]);

export const forgetHeld = (messageId?: string): void =>
  set(messageId === undefined ? [] : held.filter((one) => one.messageId !== messageId));

/** The answers that can still be taken back, the newest last, whichever conversation is open. */
export const useHeld = (): readonly Held[] =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => held,
  );
