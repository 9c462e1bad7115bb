// The Dashboard's side of App Bridge: events to framed apps, answers to their actions.
// Protocol as of @saleor/app-sdk 1.15: {type, payload} both ways; an action's payload has an actionId to answer to.
"use strict";

const settings = JSON.parse(document.getElementById("bridge").textContent);
const root = document.documentElement;
const BASE = "/dashboard";
const REFRESH_MS = 270_000;
const MAX_WIDGET_HEIGHT = 5000;
let locale = settings.locale;

// --- frames and their tokens

const frames = () => [...document.querySelectorAll("iframe[data-kind]")];

const post = (frame, type, payload) =>
  frame.contentWindow?.postMessage({ type, payload }, frame.dataset.origin);

async function token(frame) {
  const answer = await fetch(frame.dataset.tokenUrl, { cache: "no-store" });
  if (!answer.ok) throw new Error(`No token: ${answer.status}`);
  return (await answer.json()).token;
}

async function shakeHands(frame) {
  post(frame, "handshake", {
    token: await token(frame),
    version: 1,
    saleorVersion: settings.saleorVersion,
    dashboardVersion: settings.dashboardVersion,
  });
}

async function greet(frame) {
  await shakeHands(frame);
  post(frame, "localeChanged", { locale });
  post(frame, "theme", { theme: root.dataset.theme });
  // What the Dashboard tells here is its own path, not the app's: apps must not rely on it.
  post(frame, "redirect", { path: location.pathname.slice(BASE.length) });
}

function watch(frame) {
  frame.addEventListener("load", () => greet(frame).catch(() => {}));
  frame.tokenTimer = setInterval(() => refreshToken(frame), REFRESH_MS);
}

async function refreshToken(frame) {
  if (!frame.isConnected) {
    clearInterval(frame.tokenTimer);
    return;
  }
  try {
    post(frame, "tokenRefresh", { token: await token(frame) });
  } catch {
    // The app was removed meanwhile; its page will notice that its token has expired.
  }
}

document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "visible") frames().forEach(refreshToken);
});

// --- actions of apps

const actions = {
  notifyReady: (frame) => shakeHands(frame).then(() => true),

  notification(_frame, { status = "info", title = "", text = "", apiMessage = "" }) {
    toast(status, title, text || apiMessage);
    return true;
  },

  redirect(_frame, { to, newContext }) {
    if (typeof to !== "string") return false;
    const inside = to.startsWith("/");
    const url = inside ? BASE + to : to;
    if (!inside && !/^https?:/.test(url)) return false;
    if (newContext) {
      window.open(url, "_blank");
      return true;
    }
    if (!inside && !window.confirm(settings.leaving)) return false;
    // The answer goes out first; the frame is gone afterwards.
    setTimeout(() => location.assign(url), 0);
    return true;
  },

  updateRouting(frame, { newRoute }) {
    if (frame.dataset.kind !== "page" || typeof newRoute !== "string") return false;
    const app = encodeURIComponent(frame.dataset.app);
    history.pushState(null, "", `${BASE}/extensions/app/${app}${newRoute}`);
    return true;
  },

  async refreshEntity() {
    await swap(["head", "entity"]);
    return true;
  },

  openPopup(frame, { extensionIdentifier, appParams }) {
    if (frame.dataset.kind !== "widget") return false;
    const popup = settings.popups.find(
      (one) => one.identifier === extensionIdentifier && one.app === frame.dataset.app,
    );
    if (!popup) return false;
    // A popup opened so knows nothing of the page but what the widget passes on.
    const url = new URL(popup.src);
    url.searchParams.delete("orderId");
    if (appParams) url.searchParams.set("appParams", appParams);
    openPopup({ ...popup, src: url.href });
    return true;
  },

  popupClose(frame) {
    // The answer goes out first here too.
    if (frame.dataset.kind === "popup") setTimeout(closePopup, 0);
    return true;
  },

  widgetResize(frame, { height }) {
    if (!(Number.isFinite(height) && height > 0)) return false;
    if (frame.dataset.kind === "widget") {
      frame.style.height = `${Math.min(height, MAX_WIDGET_HEIGHT)}px`;
    }
    return true;
  },

  requestPermissions: () => false,
};

window.addEventListener("message", async ({ source, origin, data }) => {
  const frame = frames().find((one) => one.contentWindow === source);
  if (!frame || origin !== frame.dataset.origin || !data || typeof data.type !== "string") return;
  const { actionId, ...payload } = data.payload ?? {};
  const act = Object.hasOwn(actions, data.type) ? actions[data.type] : () => false;
  let ok = false;
  try {
    ok = Boolean(await act(frame, payload));
  } catch (error) {
    console.error(`The action ${data.type} failed`, error);
  }
  post(frame, "response", { actionId, ok });
});

// --- history: going back derives the frame's address anew, which reloads it

window.addEventListener("popstate", () => {
  const frame = frames().find((one) => one.dataset.kind === "page");
  if (!frame) return;
  const prefix = `${BASE}/extensions/app/${encodeURIComponent(frame.dataset.app)}`;
  const old = new URL(frame.src);
  const url = new URL(`${old.origin}${location.pathname.slice(prefix.length) || "/"}${location.search}`);
  for (const name of ["domain", "saleorApiUrl", "id"]) url.searchParams.set(name, old.searchParams.get(name));
  url.searchParams.set("theme", root.dataset.theme);
  if (frame.src !== url.href) frame.src = url.href;
});

// --- popups, toasts, search

const popup = document.querySelector("[data-popup]");
const popupBody = document.querySelector("[data-popup-body]");

function openPopup({ label, src, app, tokenUrl }) {
  document.querySelector("[data-popup-title]").textContent = label;
  const frame = document.createElement("iframe");
  frame.className = "frame popup";
  frame.title = label;
  frame.setAttribute("sandbox", "allow-same-origin allow-forms allow-scripts allow-downloads allow-popups");
  Object.assign(frame.dataset, { kind: "popup", app, origin: new URL(src).origin, tokenUrl });
  watch(frame);
  frame.src = src;
  popupBody.replaceChildren(frame);
  popup.showModal();
}

function closePopup() {
  popup.close();
}

popup.addEventListener("close", () => popupBody.replaceChildren());
document.querySelector("[data-popup-close]").addEventListener("click", closePopup);

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-open]");
  if (opener) {
    opener.closest("details")?.removeAttribute("open");
    openPopup(settings.popups[Number(opener.dataset.open)]);
  }
  if (event.target.closest("[data-search]")) openSearch();
});

function toast(status, title, text) {
  const box = document.createElement("div");
  box.className = `toast ${["info", "success", "warning", "error"].includes(status) ? status : "info"}`;
  if (title) box.append(Object.assign(document.createElement("strong"), { textContent: title }));
  if (text) box.append(text);
  document.querySelector("[data-toasts]").append(box);
  setTimeout(() => box.remove(), status === "error" ? 10_000 : 5000);
}

const search = document.querySelector("[data-search-dialog]");
const searchInput = search.querySelector("input");

function openSearch() {
  searchInput.value = "";
  listFound();
  search.showModal();
}

function listFound() {
  const wanted = searchInput.value.trim().toLowerCase();
  const entries = [
    ...[...document.querySelectorAll(".rail nav a")].map((link) => ({ label: link.textContent, url: link.href })),
    ...settings.popups.map((one) => ({ label: one.label, popup: one })),
  ].filter((entry, at, all) => all.findIndex((other) => other.label === entry.label) === at);
  const items = entries
    .filter((entry) => entry.label.toLowerCase().includes(wanted))
    .map((entry) => {
      const item = document.createElement("li");
      const control = document.createElement(entry.url ? "a" : "button");
      control.textContent = entry.label;
      if (entry.url) control.href = entry.url;
      else control.addEventListener("click", () => (search.close(), openPopup(entry.popup)));
      item.append(control);
      return item;
    });
  search.querySelector("ul").replaceChildren(...items);
}

searchInput.addEventListener("input", listFound);
searchInput.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.isComposing) search.querySelector("li > *")?.click();
});
document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
    event.preventDefault();
    openSearch();
  }
});

// --- theme and language change without a reload, as in the Dashboard

async function swap(names) {
  const answer = await fetch(location.href, { cache: "no-store" });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const part of document.querySelectorAll("[data-swap]")) {
    const fresh = page.querySelector(`[data-swap="${part.dataset.swap}"]`);
    if (fresh && (!names || names.includes(part.dataset.swap))) part.replaceWith(fresh);
  }
  return page;
}

document.addEventListener("submit", async (event) => {
  const button = event.submitter;
  if (!event.target.matches("[data-look]") || !button) return;
  event.preventDefault();
  const form = new FormData(event.target, button);
  await fetch(event.target.action, { method: "POST", body: form, redirect: "manual" });
  const page = await swap(null);
  root.dataset.theme = page.documentElement.dataset.theme;
  root.lang = page.documentElement.lang;
  locale = root.lang;
  for (const frame of frames()) {
    post(frame, "theme", { theme: root.dataset.theme });
    post(frame, "localeChanged", { locale });
  }
});

// Frames are filled only now, so that nothing they say is missed.
for (const frame of frames()) {
  watch(frame);
  if (frame.dataset.src) frame.src = frame.dataset.src;
}
for (const form of document.querySelectorAll("form[data-fills]")) form.submit();
for (const logo of document.querySelectorAll("[data-logo]")) {
  logo.addEventListener("error", () => logo.remove());
}
