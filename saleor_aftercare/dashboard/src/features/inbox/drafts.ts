import { useSyncExternalStore } from "react";

export type DraftKind = "reply" | "note";

export interface Draft {
  text: string;
  files: readonly File[];
  /** The newest message its writer had seen; undefined until something is written. */
  lastSeen: string | undefined;
}

const EMPTY: Draft = { text: "", files: [], lastSeen: undefined };

/**
 * What has been written and not sent, by ticket and kind.
 *
 * Kept in memory for as long as the page lives: browser storage does not exist in the Dashboard's
 * frame, and going to another ticket and back must not cost a word.
 */
const drafts = new Map<string, Draft>();
const listeners = new Set<() => void>();
const keyOf = (ticketId: string, kind: DraftKind): string => `${kind}:${ticketId}`;

export function setDraft(ticketId: string, kind: DraftKind, change: Partial<Draft>): void {
  const key = keyOf(ticketId, kind);
  const next = { ...(drafts.get(key) ?? EMPTY), ...change };
  if (next.text === "" && next.files.length === 0) {
    drafts.delete(key);
  } else {
    drafts.set(key, next);
  }
  for (const listener of listeners) {
    listener();
  }
}

/** Throws every draft away; nothing that is written may outlive the page or a test. */
export function forgetDrafts(): void {
  drafts.clear();
}

export const clearDraft = (ticketId: string, kind: DraftKind): void => setDraft(ticketId, kind, EMPTY);

export function useDraft(ticketId: string, kind: DraftKind): Draft {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => drafts.get(keyOf(ticketId, kind)) ?? EMPTY,
  );
}
