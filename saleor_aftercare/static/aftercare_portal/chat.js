/* The chat window. It proves itself by a token of its own, asks for news while it is open, and says less the longer
   nothing happens. Where the browser keeps nothing for frames the token lives as long as the page. */
(() => {
  "use strict";

  const root = document.getElementById("chat");
  if (!root) return;
  const words = root.dataset;
  const at = (id) => document.getElementById(id);
  const lines = at("chat-lines");
  const text = at("chat-text");
  const picked = at("chat-files");
  const KEY = `aftercare-chat:${words.base}`;
  const LANGUAGE = document.documentElement.lang;
  const state = { token: recall(), after: 0, shown: 0, version: "", here: null, quiet: 0, timer: 0, ended: false, typed: 0 };
  const waiting = new Map(); // what is being sent, by key

  function recall() {
    try {
      return sessionStorage.getItem(KEY) ?? "";
    } catch {
      return "";
    }
  }

  function keep(token) {
    state.token = token;
    try {
      if (token) sessionStorage.setItem(KEY, token);
      else sessionStorage.removeItem(KEY);
    } catch {
      /* the page keeps it */
    }
  }

  /** Ask one of our doors; throws what it says is wrong. */
  async function ask(door, { method = "POST", body, query = "" } = {}) {
    const headers = { "X-Chat-Language": LANGUAGE };
    if (state.token) headers.Authorization = `Bearer ${state.token}`;
    if (body && !(body instanceof FormData)) headers["Content-Type"] = "application/json";
    const sent = body instanceof FormData ? body : body && JSON.stringify(body);
    const answer = await fetch(`${words.base}${door}/${query}`, { method, headers, body: sent, credentials: "omit" });
    if (answer.status === 204) return null;
    const data = await answer.json().catch(() => ({}));
    if (!answer.ok) {
      const problem = data.errors?.[0] ?? {};
      throw Object.assign(new Error(problem.message || words.failed), { status: answer.status, field: problem.field });
    }
    return data;
  }

  function show(line, { wait = false, key = "" } = {}) {
    const item = document.createElement("div");
    item.className = `chat__line chat__line--${line.mine ? "mine" : "theirs"}${wait ? " chat__line--wait" : ""}`;
    const who = document.createElement("p");
    who.className = "chat__who";
    who.textContent = [line.mine ? words.you : line.name || words.somebody, line.time].filter(Boolean).join(" · ");
    const bubble = document.createElement("div");
    bubble.className = "chat__bubble";
    if (line.html) bubble.innerHTML = line.html; // made safe by the server
    else if (line.text) bubble.append(paragraph(line.text));
    for (const link of bubble.querySelectorAll("a")) link.target = "_blank";
    for (const file of line.files ?? []) bubble.append(attachment(file));
    item.append(who, bubble);
    if (key) item.dataset.key = key;
    if (line.id) item.dataset.id = line.id;
    lines.append(item);
    lines.scrollTop = lines.scrollHeight;
    return item;
  }

  function paragraph(content) {
    const made = document.createElement("p");
    made.textContent = content;
    return made;
  }

  function attachment(file) {
    const link = document.createElement("a");
    link.href = file.url;
    link.target = "_blank";
    link.rel = "noopener";
    if (file.thumb) {
      const picture = document.createElement("img");
      picture.src = file.thumb;
      picture.alt = file.name;
      link.append(picture);
    } else {
      link.textContent = file.name;
    }
    return link;
  }

  function stand({ here, email, proved }) {
    if (here !== undefined && here !== state.here) {
      state.here = here;
      at("chat-standing").textContent = here ? words.here : words.away;
      at("chat-standing").dataset.here = here ? "1" : "0";
    }
    if (email === undefined) return;
    state.email = email;
    const said = Boolean(lines.querySelector(".chat__line--mine"));
    at("chat-mail").hidden = Boolean(email) || !said;
    at("chat-code").hidden = !email || proved;
    if (email && !proved) at("chat-code-hint").textContent = `${words.codeSent} (${email})`;
    at("chat-known").textContent = proved ? `${words.proved} ${email}` : "";
    at("chat-transcript").hidden = !proved || !said;
    at("chat-end").hidden = !said;
  }

  async function open() {
    const page = document.referrer && document.documentElement.classList.contains("framed") ? document.referrer : location.href;
    const made = await ask("open", { body: { page } });
    keep(made.token);
    Object.assign(state, { ended: false, after: 0, shown: 0, version: "" });
    stand(made);
  }

  async function news() {
    clearTimeout(state.timer);
    if (!state.token || state.ended) return;
    const typing = Date.now() - state.typed < 4000 && text.value.trim() !== "" ? "1" : "0";
    if (!document.hidden) state.shown = state.after;
    const query = `?after=${state.after}&shown=${state.shown}&typing=${typing}&v=${encodeURIComponent(state.version)}`;
    try {
      const found = await ask("news", { method: "GET", query });
      if (at("chat-error").textContent === words.lost) at("chat-error").textContent = "";
      if (found) {
        state.version = found.v;
        for (const line of found.lines) arrive(line);
        at("chat-typing").textContent = found.typing ? `${words.somebody} ${words.typing}` : "";
        stand(found);
        if (found.lines.length || found.typing) state.quiet = 0;
      }
      state.quiet += 1;
    } catch (problem) {
      if (problem.status === 401) return over();
      if (!problem.status) at("chat-error").textContent = words.lost;
      state.quiet += 5;
    }
    const pause = document.hidden ? 30_000 : state.quiet < 40 ? 3000 : state.quiet < 80 ? 6000 : 15_000;
    state.timer = setTimeout(news, pause);
  }

  function arrive(line) {
    state.after = Math.max(state.after, line.id);
    if (lines.querySelector(`[data-id="${line.id}"]`)) return;
    show(line);
    if (!line.mine) parent.postMessage({ aftercareChat: "answer" }, "*");
  }

  function over() {
    keep("");
    state.ended = true;
    at("chat-typing").textContent = "";
    at("chat-standing").textContent = words.ended;
    at("chat-standing").dataset.here = "0";
    for (const id of ["chat-mail", "chat-code", "chat-transcript", "chat-end"]) at(id).hidden = true;
    at("chat-send").textContent = words.again;
  }

  async function say(event) {
    event?.preventDefault();
    if (state.ended) {
      lines.replaceChildren();
      location.reload();
      return;
    }
    const content = text.value.trim();
    const files = [...picked.files];
    if (!content && !files.length) return text.focus();
    const key = waiting.get("key") ?? [...crypto.getRandomValues(new Uint8Array(12))].map((n) => n.toString(16).padStart(2, "0")).join("");
    waiting.set("key", key); // the same for every try of the same words
    at("chat-error").textContent = "";
    at("chat-send").disabled = true;
    at("chat-chosen").textContent = words.sending;
    try {
      if (!state.token) await open();
      const form = new FormData();
      form.append("text", content);
      form.append("key", key);
      for (const file of files) form.append("files", file);
      const { line } = await ask("say", { body: form });
      waiting.delete("key");
      text.value = "";
      picked.value = "";
      if (!lines.querySelector(`[data-id="${line.id}"]`)) show(line);
      state.quiet = 0;
      stand({ here: state.here, email: state.email ?? "", proved: at("chat-known").textContent !== "" });
      void news();
    } catch (problem) {
      if (problem.status === 401) over();
      else at("chat-error").textContent = problem.status ? problem.message : words.failed;
      if (problem.status && problem.status < 500) waiting.delete("key");
    }
    at("chat-send").disabled = false;
    chosen();
    text.focus();
  }

  function chosen() {
    const names = [...picked.files].map((file) => file.name);
    at("chat-chosen").textContent = names.length ? `${words.files} ${names.join(", ")}` : "";
  }

  /** A small form with one field: what is wrong with it stands under it. */
  function small(form, field, error, door, body) {
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      error.textContent = "";
      field.removeAttribute("aria-invalid");
      try {
        stand(await ask(door, { body: body() }));
        field.value = "";
      } catch (problem) {
        error.textContent = problem.message;
        field.setAttribute("aria-invalid", "true");
        field.focus();
      }
    });
  }

  at("chat-form").addEventListener("submit", say);
  text.addEventListener("input", () => {
    state.typed = Date.now();
    state.quiet = 0;
  });
  text.addEventListener("keydown", (event) => {
    // Enter sends; while an input method converts, it chooses a word.
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing && event.keyCode !== 229) void say(event);
  });
  picked.addEventListener("change", chosen);
  small(at("chat-mail"), at("chat-email"), at("chat-mail-error"), "email", () => ({ email: at("chat-email").value }));
  small(at("chat-code"), at("chat-digits"), at("chat-code-error"), "code", () => ({ code: at("chat-digits").value }));
  at("chat-other").addEventListener("click", () => {
    at("chat-code").hidden = true;
    at("chat-mail").hidden = false;
    at("chat-email").focus();
  });
  at("chat-transcript").addEventListener("click", async () => {
    const told = at("chat-known");
    try {
      await ask("transcript");
      told.textContent = words.transcriptSent;
    } catch (problem) {
      at("chat-error").textContent = problem.message;
    }
  });
  at("chat-end").addEventListener("click", async () => {
    await ask("end").catch(() => null);
    over();
  });
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) void news();
  });
  if (state.token) void news();
  else void ask("standing", { method: "GET" }).then(stand, (problem) => (at("chat-error").textContent = problem.message));
})();
