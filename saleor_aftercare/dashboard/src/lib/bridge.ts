import {
  type Actions,
  AppBridge,
  type AppBridgeState,
  actions,
  type EventType,
} from "@saleor/app-sdk/app-bridge";
import { useSyncExternalStore } from "react";

/**
 * The one App Bridge of this page.
 *
 * It pins the Dashboard's origin from `document.referrer` when it is constructed. Once the page has been
 * loaded anew that is our own address, and it would ignore the Dashboard's messages for ever, so it is
 * told who is around us.
 */
type Bridge = Pick<AppBridge, "getState" | "subscribe" | "dispatch">;

let bridge: Bridge | undefined;

export function appBridge(): Bridge {
  if (!bridge) {
    const dashboard = dashboardOrigin();
    if (dashboard !== undefined) {
      Object.defineProperty(document, "referrer", { configurable: true, value: `${dashboard}/` });
    }
    bridge = new AppBridge({ autoNotifyReady: false });
  }
  return bridge;
}

/** Whose page holds our frame: as the browser says, as the referrer does, or as was known before a reload. */
function dashboardOrigin(): string | undefined {
  const { referrer } = document;
  const referring = referrer === "" ? undefined : new URL(referrer).origin;
  const foreign = referring === window.location.origin ? undefined : referring;
  // Only this page writes its own history entry.
  const kept = (window.history.state as { dashboard?: string } | null)?.dashboard;
  return window.location.ancestorOrigins?.[0] ?? foreign ?? kept ?? referring;
}

/** Loads this page anew inside its frame, where it is and as it looks. The Dashboard greets it again. */
export function reloadFrame(): void {
  const { theme, locale } = appBridge().getState();
  const url = new URL(window.location.href);
  // The Dashboard says these once, and later only when they change.
  url.searchParams.set("theme", theme);
  url.searchParams.set("locale", locale);
  window.history.replaceState({ dashboard: dashboardOrigin() }, "", url);
  window.location.reload();
}

interface Alone {
  token: string | undefined;
  saleorApiUrl: string;
  language: string;
}

/**
 * Does without a Dashboard, on a page of its own such as a paired phone's. What a Dashboard would be
 * asked for is not done, but for new tabs.
 */
export function standAlone({ token, saleorApiUrl, language }: Alone): void {
  const state: AppBridgeState = {
    id: "",
    ready: true,
    path: window.location.pathname,
    theme: "light",
    locale: language as AppBridgeState["locale"],
    formContext: {},
    saleorApiUrl,
    ...(token === undefined ? {} : { token }),
  };
  bridge = {
    getState: () => state,
    subscribe: () => () => undefined,
    dispatch: async (action) => {
      if (action.type === "redirect" && action.payload.newContext) {
        window.open(action.payload.to, "_blank", "noopener");
        return;
      }
      throw new Error("There is no Dashboard around this page.");
    },
  };
}

/** Says hello to the Dashboard. Called once, by the entry module. */
export function startBridge(): void {
  // A Dashboard that does not answer is shown to the person by the gate, after five seconds.
  appBridge()
    .dispatch(actions.NotifyReady())
    .catch(() => undefined);
}

export const isFramed = (): boolean => window.parent !== window;

const EVENTS = ["handshake", "tokenRefresh", "theme", "localeChanged"] as const satisfies EventType[];

function subscribe(listener: () => void): () => void {
  const stops = EVENTS.map((event) => appBridge().subscribe(event, listener));
  return () => {
    for (const stop of stops) {
      stop();
    }
  };
}

/** Re-renders when the picked part of the bridge's state changes; pick primitives. */
export function useBridgeState<T>(pick: (state: AppBridgeState) => T): T {
  return useSyncExternalStore(subscribe, () => pick(appBridge().getState()));
}

/** Resolves with the next token the Dashboard pushes, or with nothing after `timeoutMs`. */
export function nextToken(timeoutMs: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const finish = (token: string | undefined) => {
      window.clearTimeout(timer);
      for (const stop of stops) {
        stop();
      }
      resolve(token);
    };
    const stops = [
      appBridge().subscribe("tokenRefresh", ({ token }) => finish(token)),
      appBridge().subscribe("handshake", ({ token }) => finish(token)),
    ];
    const timer = window.setTimeout(() => finish(undefined), timeoutMs);
  });
}

/** Asks the Dashboard for something; false when it declined or did not answer. */
async function ask(action: Actions): Promise<boolean> {
  try {
    await appBridge().dispatch(action);
    return true;
  } catch {
    return false;
  }
}

/** Work to do before the Dashboard leaves this frame, so that "Back" finds the right place. */
const beforeLeaving = new Set<() => Promise<unknown>>();

export function onBeforeLeaving(work: () => Promise<unknown>): () => void {
  beforeLeaving.add(work);
  return () => beforeLeaving.delete(work);
}

/** Does the work before leaving; false when some of it failed. */
export async function readyToLeave(): Promise<boolean> {
  const results = await Promise.allSettled([...beforeLeaving].map((work) => work()));
  return results.every(({ status }) => status === "fulfilled");
}

/** What is asked before something is left behind; the app puts a question in its place. */
let mayLeave: (go: () => void) => Promise<void> = async (go) => {
  await readyToLeave();
  go();
};

export function askBeforeLeaving(ask: (go: () => void) => Promise<void>): void {
  mayLeave = ask;
}

/** A path inside the Dashboard, in the same tab: this frame will be unmounted. */
export const openInDashboard = (path: string): Promise<void> =>
  mayLeave(() => void ask(actions.Redirect({ to: path })));

/** An absolute URL in a new tab. The Dashboard opens it, because tabs opened from a frame stay sandboxed. */
export function openInNewTab(url: string): Promise<boolean> {
  return ask(actions.Redirect({ to: url, newContext: true }));
}

export type NoticeStatus = "success" | "error" | "info" | "warning";

/** A toast of the Dashboard. */
export function notify(status: NoticeStatus, title: string, text?: string): void {
  void ask(actions.Notification(text === undefined ? { status, title } : { status, title, text }));
}

export const updateRouting = (route: string): Promise<boolean> =>
  ask(actions.UpdateRouting({ newRoute: route }));
export const refreshEntity = (): Promise<boolean> => ask(actions.RefreshEntity());
export const closePopup = (): Promise<boolean> => ask(actions.PopupClose());
export const openPopup = (extensionIdentifier: string, params: unknown): Promise<boolean> =>
  ask(actions.OpenPopup({ extensionIdentifier, params }));
/**
 * Whether one of our popups lies over this widget. The Dashboard applies a widget's height to every
 * frame of this origin, the popup's too.
 */
export function isPopupOpen(): boolean {
  const { frames } = window.parent;
  return Array.from({ length: frames.length }, (_, index) => frames[index]).some((frame) => {
    try {
      return frame?.location.pathname.startsWith("/popup/") ?? false;
    } catch {
      return false; // another app's frame, which is none of our business
    }
  });
}

export const resizeWidget = (height: number): Promise<boolean> => ask(actions.WidgetResize({ height }));

export const orderPath = (orderId: string): string => `/orders/${encodeURIComponent(orderId)}`;

/** The Dashboard's address of one of our own pages, e.g. `/returns/RMA-118`. */
export function extensionPath(path: string): string {
  return `/extensions/app/${encodeURIComponent(appBridge().getState().id)}${path}`;
}
