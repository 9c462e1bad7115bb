/* What a script adds to pages that work without one: − and + at quantities, previews of photos and smaller
   copies of large ones, questions that follow a reason at once, sums that follow a choice, text that is kept while
   it is written, and a button that cannot be pressed twice. */
(() => {
  "use strict";

  const LONGEST = 2048;
  const SMALL_ENOUGH = 1_500_000;
  const busy = new Map(); // forms whose photos are still being made smaller
  const words = document.getElementById("words")?.dataset ?? {};

  /** Put a − and a + beside a number. */
  function steppers(input) {
    const make = (text, label, by) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = text;
      button.setAttribute("aria-label", `${label}: ${input.dataset.name}`);
      button.setAttribute("aria-controls", input.id);
      button.addEventListener("click", () => {
        input.value = String(Math.min(Number(input.max), Math.max(Number(input.min), Number(input.value || 0) + by)));
        show();
      });
      return button;
    };
    const less = make("−", words.less, -1);
    const more = make("+", words.more, 1);
    const show = () => {
      less.disabled = Number(input.value) <= Number(input.min);
      more.disabled = Number(input.value) >= Number(input.max);
    };
    input.before(less);
    input.after(more);
    input.addEventListener("input", show);
    show();
  }

  /** A copy of a photo that is small enough to send over a phone; the photo itself where that cannot be done. */
  async function smaller(file) {
    if (!file.type.startsWith("image/") || file.type === "image/gif" || file.size < SMALL_ENOUGH) return file;
    try {
      const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
      const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
      const canvas = document.createElement("canvas");
      canvas.width = Math.round(picture.width * scale);
      canvas.height = Math.round(picture.height * scale);
      const context = canvas.getContext("2d");
      context.fillStyle = "#fff";
      context.fillRect(0, 0, canvas.width, canvas.height);
      context.drawImage(picture, 0, 0, canvas.width, canvas.height);
      const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
      if (!blob || blob.size >= file.size) return file;
      return new File([blob], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" });
    } catch {
      return file; // not a picture that this browser reads; the server looks at it anyway
    }
  }

  /** Show what was chosen, before it is sent. */
  function previews(input) {
    const list = document.createElement("ul");
    list.className = "files";
    list.setAttribute("aria-live", "polite");
    input.after(list);
    let urls = [];
    input.addEventListener("change", async () => {
      urls.forEach((url) => URL.revokeObjectURL(url));
      urls = [];
      list.replaceChildren();
      const chosen = [...input.files];
      const sent = new DataTransfer();
      const working = (async () => {
        for (const file of chosen) sent.items.add(await smaller(file));
        if ([...input.files].every((file, i) => file === chosen[i])) input.files = sent.files;
      })();
      busy.set(input.form, working);
      await working;
      if (busy.get(input.form) === working) busy.delete(input.form);
      for (const file of input.files) {
        const item = document.createElement("li");
        if (file.type.startsWith("image/")) {
          const image = document.createElement("img");
          image.src = URL.createObjectURL(file);
          image.alt = "";
          urls.push(image.src);
          item.append(image);
        }
        const name = document.createElement("span");
        name.className = "files__name";
        name.textContent = file.name;
        item.append(name);
        list.append(item);
      }
    });
  }

  /** One press, one request; a form still shrinking its photos waits for them. */
  function once(form) {
    let pressed = false;
    form.addEventListener("submit", (event) => {
      if (pressed) {
        event.preventDefault();
        return;
      }
      pressed = true;
      form.querySelectorAll("button.button").forEach((button) => button.setAttribute("aria-disabled", "true"));
      const working = busy.get(form);
      if (!working) return;
      event.preventDefault();
      const submitter = event.submitter;
      // Not at once: while a form's submit event is under way it cannot be submitted again.
      working.finally(() => setTimeout(() => {
        busy.delete(form);
        pressed = false;
        form.requestSubmit(submitter);
      }));
    });
    window.addEventListener("pageshow", () => {
      pressed = false;
      form.querySelectorAll('[aria-disabled="true"]').forEach((button) => button.removeAttribute("aria-disabled"));
    });
  }

  /** Show what belongs to the chosen reason, and tell the server that it was seen. */
  function reasons(section) {
    const select = section.querySelector("[data-reason]");
    const asked = section.querySelector("[data-asked]");
    select?.addEventListener("change", () => {
      section.querySelectorAll("[data-for]").forEach((group) => {
        group.hidden = group.dataset.for !== select.value;
      });
      asked.value = select.value;
    });
  }

  /** Send the form's words, and not its photos, in the background. */
  function sendWords(form, header, signal) {
    const data = new FormData(form);
    for (const [name, value] of [...data]) if (value instanceof File) data.delete(name);
    return fetch(form.dataset.sum || location.href, { method: "POST", body: data, headers: { [header]: "1" }, signal });
  }

  /** Call ``act`` with a signal a moment after the last change; a newer change, or sending, gives the older one up. */
  function afterChange(form, wait, act) {
    let timer;
    let running = new AbortController();
    const stop = () => {
      clearTimeout(timer);
      running.abort();
    };
    form.addEventListener("submit", stop);
    ["input", "change"].forEach((name) => form.addEventListener(name, (event) => {
      if (event.target.type === "file") return;
      stop();
      timer = setTimeout(() => {
        running = new AbortController();
        // Nothing is lost when this fails: the form itself is sent later.
        act(running.signal).catch(() => {});
      }, wait);
    }));
  }

  /** Keep what is written, before it is sent. */
  function kept(form) {
    afterChange(form, 800, (signal) => sendWords(form, "X-Aftercare-Keep", signal));
  }

  /** Let the sum follow what is chosen. */
  function sums(form) {
    const place = document.getElementById("sum");
    if (!place) return kept(form);
    afterChange(form, 150, async (signal) => {
      place.setAttribute("aria-busy", "true");
      const answer = await sendWords(form, "X-Aftercare-Sum", signal);
      if (answer.ok && !answer.redirected) place.innerHTML = await answer.text();
      place.removeAttribute("aria-busy");
    });
  }

  /** Put a button beside an address that people pass on. */
  function copies(input) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button button--small";
    button.textContent = words.copy;
    button.addEventListener("click", async () => {
      input.select();
      await navigator.clipboard.writeText(input.value);
      button.textContent = words.copied;
    });
    if (navigator.clipboard) input.after(button);
  }

  document.documentElement.classList.add("js");
  document.querySelectorAll("[data-reasons]").forEach(reasons);
  document.querySelectorAll("form[data-keep]").forEach(kept);
  document.querySelectorAll("form[data-sum]").forEach(sums);
  document.querySelectorAll("input[data-copy]").forEach(copies);
  document.querySelectorAll(".quantity input").forEach(steppers);
  document.querySelectorAll('input[type="file"]').forEach(previews);
  document.querySelectorAll('form[method="post"]').forEach(once);
})();
