import type { MessagePartsFragment, TicketDetailFragment } from "@/gql/types";
import type { DraftKind } from "./drafts";

/** The service refuses larger files; said before they travel. */
export const FILE_LIMIT_BYTES = 10_000_000;
/** So many files go with one answer. */
export const FILE_LIMIT = 6;

const COMPOSE_EVENT = "aftercare:compose";
/** What was asked for while the composer was still on its way. */
let wanted: DraftKind | undefined;

/** Asks the composer of the open conversation to take the focus, as soon as it is there. */
export function compose(kind: DraftKind): void {
  wanted = kind;
  document.dispatchEvent(new Event(COMPOSE_EVENT));
}

/** Answers `compose`, also to what was asked before; returns how to stop. */
export function onCompose(answer: (kind: DraftKind) => void): () => void {
  const take = () => {
    if (wanted !== undefined) {
      answer(wanted);
      wanted = undefined;
    }
  };
  document.addEventListener(COMPOSE_EVENT, take);
  take();
  return () => document.removeEventListener(COMPOSE_EVENT, take);
}

/** The conversation was left. */
export const forgetCompose = (): void => {
  wanted = undefined;
};

/**
 * The messages of people that came after the one the writer had seen last. What the system noted
 * meanwhile (the writer may have approved the return in question) is no news to answer to.
 */
export function newSince(
  messages: readonly MessagePartsFragment[],
  lastSeen: string | undefined,
): readonly MessagePartsFragment[] {
  const at = messages.findIndex((message) => message.id === lastSeen);
  return at < 0 ? [] : messages.slice(at + 1).filter((message) => message.kind !== "SYSTEM");
}

/** Up to where the thread may be called read: to its end, unless a person wrote after `lastSeen`. */
export function seenUpTo(ticket: TicketDetailFragment, lastSeen: string | undefined): string {
  const messages = ticket.messages.edges.map((edge) => edge.node);
  const known = lastSeen === undefined || messages.some((message) => message.id === lastSeen);
  return known && newSince(messages, lastSeen).length === 0
    ? ticket.lastMessageId
    : (lastSeen ?? ticket.lastMessageId);
}
