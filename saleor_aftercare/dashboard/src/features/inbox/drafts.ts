import { useSyncExternalStore } from "react";
import type { DraftPartsFragment, FilePartsFragment } from "@/gql/types";

export type DraftKind = "reply" | "note";

/** Somebody of the staff whom a note names. */
export interface Mention {
  id: string;
  name: string;
}

/** A file on its way to the service, or one that did not arrive. */
export interface Uploading {
  id: number;
  file: File;
  /** Failed: it may do better when it is tried again. Refused: it never will. */
  state: "waiting" | "sending" | "failed" | "refused";
  /** How much of it has left, from 0 to 1. */
  share: number;
  error?: unknown;
}

export interface Draft {
  text: string;
  cc: readonly string[];
  /** Files that the service holds beside it. */
  files: readonly FilePartsFragment[];
  /** Files on their way there. */
  uploading: readonly Uploading[];
  /** The newest message its writer had seen; undefined until something is written. */
  lastSeen: string | undefined;
  /** Canned replies that it was made of. */
  canned: readonly string[];
  mentions: readonly Mention[];
  /** Of the text that the service keeps; what is here goes on from it. */
  version: number;
  /** Rises with every change that the service has not been told. */
  changes: number;
}

const EMPTY: Draft = {
  text: "",
  cc: [],
  files: [],
  uploading: [],
  lastSeen: undefined,
  canned: [],
  mentions: [],
  version: 0,
  changes: 0,
};
/** Between what two tabs wrote; the service writes the same. */
const SEAM = "\n\n---\n\n";

/**
 * What has been written and not sent, by ticket and kind.
 *
 * It stands here for as long as the page lives, and on the server for every other tab and day: browser
 * storage does not exist in the Dashboard's frame.
 */
const drafts = new Map<string, Draft>();
const listeners = new Set<() => void>();
const keyOf = (ticketId: string, kind: DraftKind): string => `${kind}:${ticketId}`;

export const draftOf = (ticketId: string, kind: DraftKind): Draft =>
  drafts.get(keyOf(ticketId, kind)) ?? EMPTY;

function put(ticketId: string, kind: DraftKind, next: Draft): void {
  drafts.set(keyOf(ticketId, kind), next);
  for (const listener of listeners) {
    listener();
  }
}

/** What the writer changed; the service is told of it. */
export function setDraft(ticketId: string, kind: DraftKind, change: Partial<Draft>): void {
  const known = draftOf(ticketId, kind);
  put(ticketId, kind, { ...known, ...change, changes: known.changes + 1 });
}

/** What is known of it besides its words: where its files are, say. */
export function noteDraft(ticketId: string, kind: DraftKind, change: Partial<Draft>): void {
  put(ticketId, kind, { ...draftOf(ticketId, kind), ...change });
}

/** What the service keeps, as it says with the ticket: taken over unless something newer stands here. */
export function meetDraft(ticketId: string, kept: DraftPartsFragment): void {
  const kind = kept.isNote ? "note" : "reply";
  const known = draftOf(ticketId, kind);
  if (kept.version > known.version && known.changes === 0) {
    takeDraft(ticketId, kept);
  }
}

/** The service's draft in the place of what stands here. */
export function takeDraft(ticketId: string, kept: DraftPartsFragment): void {
  const kind = kept.isNote ? "note" : "reply";
  put(ticketId, kind, {
    ...EMPTY,
    uploading: draftOf(ticketId, kind).uploading,
    text: kept.body,
    cc: kept.cc,
    files: kept.attachments,
    lastSeen: kept.seenMessageId ?? undefined,
    version: kept.version,
  });
}

/**
 * `sent` was kept, perhaps together with what another tab had written; `changes` is how often it had
 * been changed when it left. What was written since stays.
 */
export function draftKept(ticketId: string, sent: Draft, kept: DraftPartsFragment): void {
  const kind = kept.isNote ? "note" : "reply";
  const now = draftOf(ticketId, kind);
  const unchanged = now.changes === sent.changes;
  let { text } = now;
  if (kept.body.trim() !== sent.text.trim()) {
    const other = kept.body.endsWith(sent.text) ? kept.body.slice(0, -sent.text.length) : kept.body + SEAM;
    text = unchanged ? kept.body : other + now.text;
  }
  put(ticketId, kind, {
    ...now,
    text,
    version: kept.version,
    changes: unchanged ? 0 : now.changes - sent.changes,
  });
}

/** Whether files have to arrive yet, or to be put away, before all is there that was meant to be. */
export const lacksFiles = ({ uploading }: Draft): boolean =>
  uploading.some(({ state }) => state !== "refused");

/** What the service has not been told of yet. */
export const unkeptDrafts = (): readonly { ticketId: string; kind: DraftKind; draft: Draft }[] =>
  [...drafts].flatMap(([key, draft]) => {
    const [kind, ticketId] = key.split(/:(.*)/s) as [DraftKind, string];
    return draft.changes > 0 || lacksFiles(draft) ? [{ ticketId, kind, draft }] : [];
  });

/** It was sent: nothing of it is left here. */
export function clearDraft(ticketId: string, kind: DraftKind, version: number): void {
  put(ticketId, kind, { ...EMPTY, version });
}

/** Throws every draft away; nothing that is written may outlive the page or a test. */
export function forgetDrafts(): void {
  drafts.clear();
}

export function useDraft(ticketId: string, kind: DraftKind): Draft {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => draftOf(ticketId, kind),
  );
}
