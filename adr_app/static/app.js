/**
 * Comforts on top of pages that work without them. Nothing is loaded, nothing is drawn that the server did not
 * send, and every element that only works with this script is `hidden` until it runs.
 */

const all = (selector, root = document) => [...root.querySelectorAll(selector)];

/** Menus close when one presses Escape, clicks elsewhere or moves on by keyboard. */
function menus() {
  const close = (menu, focus) => {
    if (!menu.open) return;
    menu.open = false;
    if (focus) menu.querySelector("summary").focus();
  };
  document.addEventListener("click", (event) => {
    for (const menu of all("details[data-menu][open]")) if (!menu.contains(event.target)) close(menu, false);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of all("details[data-menu][open]")) close(menu, menu.contains(document.activeElement));
  });
  for (const menu of all("details[data-menu]")) {
    menu.addEventListener("focusout", (event) => {
      if (event.relatedTarget && !menu.contains(event.relatedTarget)) close(menu, false);
    });
  }
}

/** Copy buttons put a text on the clipboard and say so. */
function copying() {
  for (const button of all("[data-copy]")) {
    const words = button.textContent;
    button.hidden = false;
    button.setAttribute("aria-live", "polite");
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(button.dataset.copy);
        button.textContent = button.dataset.done;
      } catch {
        // Without permission (or without TLS) the link is selected, so that one keystroke copies it.
        button.closest(".copy")?.querySelector("input")?.select();
        button.textContent = "Press Ctrl+C";
      }
      setTimeout(() => { button.textContent = words; }, 4000);
    });
  }
}

/** A preview appears under its field instead of in a new tab; the server renders and cleans it. */
function previews() {
  for (const button of all("button[data-preview]")) {
    button.setAttribute("aria-expanded", "false");
    button.addEventListener("click", async (event) => {
      const field = document.getElementById(button.dataset.preview);
      const target = document.getElementById(`${button.dataset.preview}-preview`);
      if (!field || !target) return;
      event.preventDefault();
      const body = new FormData();
      body.set("csrf_token", button.form.elements.csrf_token?.value ?? "");
      body.set("preview_of", field.name);
      body.set(field.name, field.value);
      try {
        const answer = await fetch(button.getAttribute("formaction"), { method: "POST", body, credentials: "same-origin" });
        if (!answer.ok) throw new Error(String(answer.status));
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        target.replaceChildren(...(page.querySelector("[data-preview-body]") ?? page.body).childNodes);
      } catch {
        target.textContent = "The preview cannot be reached just now. Your text is still here.";
      }
      target.hidden = false;
      button.setAttribute("aria-expanded", "true");
    });
  }
}

/** Rows of a repeated group, such as the options of a decision, are added and removed in place. */
function rows() {
  for (const group of all("[data-rows]")) {
    const list = group.querySelector(".option-rows");
    const blank = group.querySelector("template");
    const add = group.querySelector("[data-add-row]");
    const renumber = () => all("[data-row]", list).forEach((row, at) => {
      row.querySelector("[data-number]").textContent = at + 1;
    });
    const ready = (row) => {
      const remove = row.querySelector("[data-remove-row]");
      remove.hidden = false;
      remove.addEventListener("click", () => {
        const next = row.nextElementSibling ?? row.previousElementSibling;
        row.remove();
        renumber();
        (next?.querySelector("input") ?? add).focus();
      });
    };
    let index = all("[data-row]", list).length;
    all("[data-row]", list).forEach(ready);
    add.hidden = false;
    add.addEventListener("click", () => {
      const row = blank.content.firstElementChild.cloneNode(true);
      for (const element of all("[id], [for], [name], [value='__']", row)) {
        for (const attribute of ["id", "for", "name", "value"]) {
          const value = element.getAttribute(attribute);
          if (value?.includes("__")) element.setAttribute(attribute, value.replace("__", index));
        }
      }
      index += 1;
      list.append(row);
      ready(row);
      renumber();
      row.querySelector("input").focus();
    });
  }
}

/**
 * Typed text survives a lost signal: forms marked `data-keep` are remembered in this tab until they arrive.
 * A form that was sent is forgotten as soon as another page of ours loads.
 */
function keeping() {
  const prefix = "kept:";
  const forms = all("form[data-keep]");
  const here = new Set(forms.map((form) => prefix + form.dataset.keep));
  for (const key of Object.keys(sessionStorage)) {
    if (key.startsWith(prefix) && !here.has(key) && JSON.parse(sessionStorage[key]).sent) sessionStorage.removeItem(key);
  }
  const typed = (form) => [...form.elements].filter((field) =>
    field.name && field.name !== "csrf_token" && !["hidden", "password", "submit", "button", "file"].includes(field.type));
  for (const form of forms) {
    const key = prefix + form.dataset.keep;
    const save = (sent) => sessionStorage.setItem(key, JSON.stringify({
      sent, values: typed(form).map((field) => [field.name, field.type, field.value, field.checked]),
    }));
    // Where this page says that something was saved, what was sent from here has arrived: the form begins anew.
    if (JSON.parse(sessionStorage[key] ?? "null")?.sent && document.querySelector(".notices .notice-success")) {
      sessionStorage.removeItem(key);
    }
    const kept = JSON.parse(sessionStorage[key] ?? "null");
    if (kept && !document.getElementById("errors")) {
      for (const [name, type, value, checked] of kept.values) {
        for (const field of typed(form).filter((one) => one.name === name)) {
          if (type === "radio" || type === "checkbox") { if (field.value === value) field.checked = checked; }
          else if (!field.value) field.value = value;
        }
      }
    }
    form.addEventListener("input", () => save(false));
    form.addEventListener("submit", (event) => {
      save(true);
      if (navigator.onLine) return;
      event.preventDefault();
      save(false);
      const notice = form.querySelector("[data-offline]") ?? document.createElement("p");
      notice.dataset.offline = "";
      notice.className = "notice notice-warning";
      notice.setAttribute("role", "alert");
      notice.textContent = "No connection just now. What you typed is kept; press the button again in a moment.";
      form.append(notice);
    });
  }
}

/** Where some words stand in an element, blanks apart, or null. */
function whereabouts(element, words) {
  const places = [];
  const walker = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    [...node.data].reduce((at, letter) => {
      if (letter.trim()) for (let unit = 0; unit < letter.length; unit += 1) places.push([node, at + unit]);
      return at + letter.length;
    }, 0);
  }
  const wanted = words.replace(/\s/gu, "");
  const start = places.map(([node, at]) => node.data[at]).join("").indexOf(wanted);
  if (start < 0 || !wanted) return null;
  const [first, last] = [places[start], places[start + wanted.length - 1]];
  const range = document.createRange();
  range.setStart(...first);
  range.setEnd(last[0], last[1] + 1);
  return range;
}

/**
 * Words that comments are about are marked where they stand, and marking others offers to comment on them. The
 * text itself stays as it is: the browser paints over it.
 */
function passages() {
  const marks = all("[data-said]").map((one) => whereabouts(one.closest("ul").previousElementSibling, one.dataset.said));
  if (globalThis.Highlight && CSS.highlights) CSS.highlights.set("passage", new Highlight(...marks.filter(Boolean)));
  const field = document.getElementById("f-passage");
  const offer = document.querySelector("[data-quote]");
  if (!field || !offer) return;
  const texts = 'section[aria-labelledby^="part-"]:not([aria-labelledby="part-security"]), .plain-words';
  const within = (node) => (node?.nodeType === Node.TEXT_NODE ? node.parentElement : node)?.closest?.(texts);
  let marked = "";
  document.addEventListener("selectionchange", () => {
    const chosen = getSelection();
    const words = chosen.toString().trim();
    if (!words && offer.matches(":hover, :focus")) return;
    marked = within(chosen.anchorNode) && within(chosen.focusNode) ? words : "";
    offer.hidden = !marked;
  });
  offer.addEventListener("pointerdown", (event) => event.preventDefault());
  offer.addEventListener("click", () => {
    field.value = marked.replace(/\s+/gu, " ");
    offer.hidden = true;
    field.closest("details").open = true;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    document.getElementById("f-comment").focus();
  });
}

/** After a refused form the list of what to mend is read first. */
function errorsFirst() {
  document.querySelector("[data-focus]")?.focus();
}

/** Closer questions open with the yes that brings them up. */
function closerQuestions() {
  for (const block of all("[data-opened-by]")) {
    const fold = block.closest("details");
    for (const key of all(`input[name="${block.dataset.openedBy}"]`)) {
      key.addEventListener("change", () => { if (key.checked) fold.open = key.value !== "no"; });
    }
  }
}

/**
 * Print buttons open the browser's own dialogue. On paper every open question of “show me the numbers” stays
 * shut, and every text fold opens.
 */
function printing() {
  for (const button of all("[data-print]")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
  let opened = [];
  addEventListener("beforeprint", () => {
    opened = all("details.fold:not([open]):not(.no-print):not(.fold-act)");
    for (const fold of opened) fold.open = true;
  });
  addEventListener("afterprint", () => { for (const fold of opened) fold.open = false; });
}

for (const enhance of [menus, copying, previews, rows, keeping, errorsFirst, closerQuestions, passages, printing]) enhance();
