/**
 * Single keys on top of pages that work without them: from row to row of a queue, and to an answer.
 *
 * `data-rows-by-key` is a list whose rows one walks along, `data-key` an element that a key of its own presses.
 * Whoever does not want them turns them off where they are listed; that is kept in this browser.
 */

const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const OFF = "keys-off";
const BACK = { k: true, ArrowUp: true };
const WALKS = ["j", "k", "ArrowDown", "ArrowUp"];
const help = document.querySelector("[data-keys-help]");
let before = null;

/** Whether what has the focus takes letters itself. */
const types = (element) =>
  element.matches("textarea, select, [contenteditable], input:not([type=radio], [type=checkbox], [type=submit])");

function walk(list, back) {
  const links = all("a.need-title", list);
  const here = links.findIndex((link) => link.closest("li").contains(document.activeElement));
  const next = links[here < 0 ? (back ? links.length - 1 : 0) : here + (back ? -1 : 1)];
  if (!next) return;
  next.focus();
  next.closest("li").scrollIntoView({ block: "nearest" });
}

function press(element) {
  for (let fold = element.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  element.click();
  if (element.type !== "radio") return;
  element.focus();
  element.scrollIntoView({ block: "nearest" });
}

/** Show what the keys do, or fold it away and go back to where one was. */
function tell() {
  help.open = !help.open;
  if (!help.open) { before?.focus(); return; }
  before = document.activeElement;
  help.querySelector("summary").focus();
}

function listen(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || types(event.target)) return;
  if (event.key === "?") {
    event.preventDefault();
    tell();
    return;
  }
  if (localStorage[OFF]) return;
  const list = document.querySelector("[data-rows-by-key]");
  if (list && WALKS.includes(event.key)) {
    // Arrows scroll the page until one is on a row; letters have no other use.
    if (event.key.startsWith("Arrow") && !list.contains(document.activeElement)) return;
    event.preventDefault();
    walk(list, BACK[event.key]);
  } else if (list && event.key === "o") {
    document.activeElement.closest("[data-rows-by-key] li")?.querySelector("a.need-title")?.click();
  } else {
    const wanted = all("[data-key]").find((one) => one.dataset.key === event.key);
    if (!wanted) return;
    event.preventDefault();
    press(wanted);
  }
}

if (help) {
  const turn = help.querySelector("[data-keys-turn]");
  const say = () => { turn.textContent = localStorage[OFF] ? "Turn these keys on" : "Turn these keys off"; };
  turn.addEventListener("click", () => {
    if (localStorage[OFF]) delete localStorage[OFF];
    else localStorage[OFF] = "yes";
    say();
  });
  say();
  help.hidden = false;
  document.addEventListener("keydown", listen);
}
