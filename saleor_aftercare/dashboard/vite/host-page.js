/** The Dashboard's side of App Bridge, as far as our pages use it. Served at /dev/host.js. */
const params = new URLSearchParams(location.search);
const theme = params.get("theme") ?? "light";
const locale = params.get("locale") ?? "en";
const target = new URL(params.get("path") ?? "/inbox", location.origin);
for (const [name, value] of params) {
  if (!["path", "locale"].includes(name)) {
    target.searchParams.set(name, value);
  }
}
target.searchParams.set("domain", "127.0.0.1:8000");
target.searchParams.set("saleorApiUrl", "http://127.0.0.1:8000/graphql/");
target.searchParams.set("id", "QXBwOjI=");
target.searchParams.set("theme", theme);

const frame = document.createElement("iframe");
frame.sandbox = "allow-same-origin allow-forms allow-scripts allow-downloads allow-popups";
frame.src = target.href;

const segment = (value) =>
  btoa(JSON.stringify(value)).replaceAll("=", "").replaceAll("+", "-").replaceAll("/", "_");
const permissions = ["MANAGE_ORDERS", "MANAGE_USERS", "MANAGE_APPS", "HANDLE_PAYMENTS"];
const token = () => {
  const now = Math.floor(Date.now() / 1000);
  const claims = {
    iat: now,
    exp: now + 300,
    email: "aki@example.com",
    permissions,
    user_permissions: permissions,
  };
  return [segment({ alg: "none" }), segment(claims), "signature"].join(".");
};
const post = (type, payload) => frame.contentWindow?.postMessage({ type, payload }, location.origin);

/** What the page asked for, for tests to read. */
window.asked = [];
window.post = post;
window.addEventListener("message", ({ data, source }) => {
  if (source !== frame.contentWindow || typeof data?.type !== "string") {
    return;
  }
  window.asked.push(data);
  if (data.type === "notifyReady") {
    post("handshake", { token: token(), version: 1, saleorVersion: "3.23.28", dashboardVersion: "v3.23.27" });
    post("localeChanged", { locale });
    post("theme", { theme });
  } else if (data.type === "widgetResize") {
    frame.style.height = `${data.payload.height}px`;
  }
  if (data.payload?.actionId) {
    post("response", { actionId: data.payload.actionId, ok: true });
  }
});
setInterval(() => post("tokenRefresh", { token: token() }), 270_000);
document.body.style.background = theme === "dark" ? "hsl(232 17% 18%)" : "white";
document.body.append(frame);
