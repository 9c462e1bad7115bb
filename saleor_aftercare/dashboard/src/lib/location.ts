import { useSyncExternalStore } from "react";
import { onBeforeLeaving, updateRouting } from "./bridge";

/** What the Dashboard adds to our address; kept there, never told back to it. */
const DASHBOARD_PARAMS = new Set(["id", "domain", "saleorApiUrl", "theme", "locale", "appParams", "appPath"]);
const isDashboardParam = (name: string): boolean =>
  DASHBOARD_PARAMS.has(name) || name.startsWith("featureFlags");

/** A place must be rested on this long before the Dashboard's address bar follows. */
const DWELL_MS = 800;

const listeners = new Set<() => void>();
let pending: number | undefined;
let told: string | undefined;

/** Asked before each step; a page with unsaved work may hold it back. */
let guard: ((go: () => void) => boolean) | undefined;

/** Lets a page stop a step by answering false; it then takes the step itself once the person agreed. */
export function guardNavigation(allows: (go: () => void) => boolean): () => void {
  guard = allows;
  return () => {
    if (guard === allows) {
      guard = undefined;
    }
  };
}

/** Takes a step unless the page holds it back for now. */
export function depart(go: () => void): void {
  if (!guard || guard(() => depart(go))) {
    go();
  }
}

/** Our own query parameters of an address. */
export function ownParams(search: string): URLSearchParams {
  return new URLSearchParams([...new URLSearchParams(search)].filter(([name]) => !isDashboardParam(name)));
}

function currentRoute(): string {
  const own = ownParams(window.location.search).toString();
  return window.location.pathname + (own === "" ? "" : `?${own}`);
}

/**
 * Goes to one of our pages.
 *
 * The frame's history entry is replaced, never pushed: the Dashboard's `UpdateRouting` pushes an
 * entry of its own, and two entries for one step would cost the person two presses of "Back".
 * It is sent only once a place has been rested on, so that stepping through tickets with `j` and
 * `k` leaves no trail.
 */
export function navigate(to: string): void {
  depart(() => goTo(to));
}

function goTo(to: string): void {
  const target = new URL(to, window.location.origin);
  const kept = [...new URLSearchParams(window.location.search)].filter(([name]) => isDashboardParam(name));
  const params = new URLSearchParams([...target.searchParams, ...kept]);
  const search = params.toString();
  window.history.replaceState(
    window.history.state,
    "",
    target.pathname + (search === "" ? "" : `?${search}`),
  );
  window.clearTimeout(pending);
  pending = window.setTimeout(() => void tellDashboard(), DWELL_MS);
  for (const listener of listeners) {
    listener();
  }
}

async function tellDashboard(): Promise<void> {
  window.clearTimeout(pending);
  pending = undefined;
  const route = currentRoute();
  if (route !== told) {
    told = route;
    await updateRouting(route);
  }
}

/** Makes the Dashboard's address bar follow now, before it navigates away from us. */
export async function flushRouting(): Promise<void> {
  if (pending !== undefined) {
    await tellDashboard();
  }
}

onBeforeLeaving(flushRouting);

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The location hook that wouter's `<Router hook>` takes. */
export function useFrameLocation(): [string, (to: string) => void] {
  const path = useSyncExternalStore(subscribe, () => window.location.pathname);
  return [path, navigate];
}

/** Our own query, as a stable string. */
export function useOwnSearch(): string {
  return useSyncExternalStore(subscribe, () => ownParams(window.location.search).toString());
}
