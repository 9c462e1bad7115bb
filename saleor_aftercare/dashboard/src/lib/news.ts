/**
 * Word between our frames in one browser tab: a popup that starts a return tells the widget beside
 * the order. Unlike storage, a channel exists for third-party frames as well.
 */
const CHANNEL = "aftercare-news";

let channel: BroadcastChannel | undefined;

function open(): BroadcastChannel {
  channel ??= new BroadcastChannel(CHANNEL);
  return channel;
}

/** Tells the other frames that a case has changed. */
export const announceChange = (): void => open().postMessage("changed");

/** Calls back when another frame changed a case. */
export function onNews(listener: () => void): () => void {
  const own = open();
  own.addEventListener("message", listener);
  return () => own.removeEventListener("message", listener);
}
