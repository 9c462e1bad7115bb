import { useSyncExternalStore } from "react";
import { SessionExpired } from "@/lib/auth-fetch";
import { ServiceUnavailable } from "@/lib/graphql";

/** Work that is to reach the service even when the network fails meanwhile. */
interface Waiting {
  key: string;
  label: string;
  run: () => Promise<unknown>;
  onDone: () => void;
  onRefused: (error: unknown) => void;
}

const RETRY_MS = 4_000;

let waiting: readonly Waiting[] = [];
let timer: number | undefined;
let sending = false;
const listeners = new Set<() => void>();

function change(next: readonly Waiting[]): void {
  waiting = next;
  for (const listener of listeners) {
    listener();
  }
}

const passing = (error: unknown): boolean =>
  error instanceof ServiceUnavailable || error instanceof SessionExpired;

/** Sends what waits, oldest first; what fails for now is sent again, with its own key, so it counts once. */
async function send(): Promise<void> {
  window.clearTimeout(timer);
  timer = undefined;
  if (sending) {
    return;
  }
  sending = true;
  for (let one = waiting[0]; one !== undefined; one = waiting[0]) {
    const sent = one;
    try {
      await sent.run();
      change(waiting.filter((other) => other !== sent));
      sent.onDone();
    } catch (error) {
      if (passing(error)) {
        timer = window.setTimeout(() => void send(), RETRY_MS);
        break;
      }
      change(waiting.filter((other) => other !== sent));
      sent.onRefused(error);
    }
  }
  sending = false;
}

window.addEventListener("online", () => void send());

/** Puts work at the end of the queue, once per key, and sends at once. */
export function enqueue(work: Waiting): void {
  if (!waiting.some((one) => one.key === work.key)) {
    change([...waiting, work]);
  }
  void send();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The labels of what has not reached the service yet. */
export function useQueue(): readonly Waiting[] {
  return useSyncExternalStore(subscribe, () => waiting);
}
