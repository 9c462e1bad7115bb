/* The button on a shop's own pages, and the frame that it opens. Styles are set by script, never by a style element
   or attribute, so that a page whose policy forbids inline styles shows it too; the page has to allow our origin in
   script-src and frame-src, and nothing else. */
(() => {
  "use strict";

  const config = window.__aftercareChat;
  if (!config || document.getElementById("aftercare-chat")) return;
  const tag = document.currentScript;
  const spoken = (tag?.dataset.language || document.documentElement.lang || navigator.language || "").toLowerCase();
  const language = spoken.startsWith("ja") ? "ja" : spoken.startsWith("en") ? "en" : config.fallback;
  const words = config.words[language] ?? config.words.en;
  const reduced = matchMedia("(prefers-reduced-motion: reduce)").matches;

  const host = document.createElement("div");
  host.id = "aftercare-chat";
  const shadow = host.attachShadow({ mode: "open" });
  const button = document.createElement("button");
  let frame = null;
  let isOpen = false;

  const style = (element, values) => Object.assign(element.style, values);
  style(host, { position: "fixed", zIndex: "2147483000", insetInlineEnd: "0", bottom: "0" });
  style(button, {
    position: "fixed",
    insetInlineEnd: "max(16px, env(safe-area-inset-right))",
    bottom: "max(16px, env(safe-area-inset-bottom))",
    minWidth: "56px",
    height: "56px",
    padding: "0 20px",
    border: "2px solid transparent",
    borderRadius: "28px",
    background: config.color,
    color: config.ink,
    font: "600 16px/1 system-ui, sans-serif",
    boxShadow: "0 4px 18px rgb(0 0 0 / 25%)",
    cursor: "pointer",
  });
  button.type = "button";
  button.lang = language;
  button.addEventListener("focus", () => style(button, { outline: `3px solid ${config.ink}`, outlineOffset: "-7px" }));
  button.addEventListener("blur", () => style(button, { outline: "none" }));

  function build() {
    frame = document.createElement("iframe");
    frame.title = words.title;
    frame.allow = "";
    frame.referrerPolicy = "strict-origin-when-cross-origin";
    frame.src = `${config.frame}?lang=${language}`;
    shadow.append(frame);
    place();
  }

  /** A card above the button; on a phone the whole screen but the button. */
  function place() {
    if (!frame) return;
    const small = innerWidth < 520 || innerHeight < 520;
    style(frame, {
      position: "fixed",
      display: isOpen ? "block" : "none",
      insetInlineEnd: small ? "0" : "16px",
      bottom: small ? "80px" : "84px",
      width: small ? "100vw" : "384px",
      height: small ? "calc(100dvh - 80px)" : "min(600px, calc(100dvh - 108px))",
      border: "1px solid rgb(0 0 0 / 15%)",
      borderRadius: small ? "0" : "14px",
      boxShadow: "0 12px 40px rgb(0 0 0 / 25%)",
      background: "Canvas",
      transition: reduced ? "none" : "opacity 120ms",
    });
  }

  function set(open) {
    isOpen = open;
    if (open && !frame) build();
    button.textContent = open ? words.close : words.open;
    button.setAttribute("aria-expanded", String(open));
    place();
    if (open) frame.focus();
    else button.focus();
  }

  button.textContent = words.open;
  button.setAttribute("aria-expanded", "false");
  button.addEventListener("click", () => set(!isOpen));
  addEventListener("resize", place);
  addEventListener("keydown", (event) => {
    if (event.key === "Escape" && isOpen) set(false);
  });
  addEventListener("message", (event) => {
    // Only our own frame may say that somebody answered.
    if (!frame || event.source !== frame.contentWindow || event.data?.aftercareChat !== "answer") return;
    if (!isOpen) button.textContent = `● ${words.open}`;
  });
  shadow.append(button);
  document.body.append(host);
})();
