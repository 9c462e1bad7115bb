// Small conveniences; every page works without them.
"use strict";

for (const select of document.querySelectorAll("select[data-submits]")) {
  select.addEventListener("change", () => select.form.submit());
}

// A mail is shown as tall as it is, and its links open in a tab of their own. Scripts in it never run.
for (const frame of document.querySelectorAll("iframe[data-letter]")) {
  const fit = () => {
    const page = frame.contentDocument;
    if (!page || !page.body) return;
    for (const link of page.links) {
      link.target = "_blank";
      link.rel = "noopener";
    }
    frame.style.height = `${page.documentElement.scrollHeight + 4}px`;
  };
  frame.addEventListener("load", fit);
  window.addEventListener("resize", fit);
  fit();
}

// A button pressed twice by accident acts once.
for (const form of document.querySelectorAll("form[method=post]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
    window.setTimeout(() => delete form.dataset.sent, 3000);
  });
}
