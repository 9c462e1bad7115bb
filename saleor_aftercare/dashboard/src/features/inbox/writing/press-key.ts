import { uniqueKey } from "@/lib/unique";
import type { DraftKind } from "../drafts";

/** By conversation and kind: what was sent and is not known to have arrived, with the key it bore. */
const unanswered = new Map<string, { key: string; said: string }>();

/**
 * The key of a press of the button, by which the service knows a press that comes twice.
 *
 * Until the service has answered, the same words bear the same key, also when their writer presses again
 * (after their session had ended, say): nobody gets two letters because an answer to us was lost.
 */
export function keyOfPress(ticketId: string, kind: DraftKind, content: readonly string[]): string {
  const place = `${kind}:${ticketId}`;
  const said = JSON.stringify(content);
  const known = unanswered.get(place);
  if (known?.said === said) {
    return known.key;
  }
  const key = uniqueKey();
  unanswered.set(place, { key, said });
  return key;
}

/** The service has taken or refused it: what is sent next is something else, even in the same words. */
export const answered = (ticketId: string, kind: DraftKind): void => {
  unanswered.delete(`${kind}:${ticketId}`);
};
