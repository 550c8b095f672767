// Every key of the page is entered here with what it does, and the list behind `?` is made of them.

import { h } from "./dom.js";

const LETTERS_KEY = "insights.letters";
const everywhere = new Map();
let ofView = new Map();
let pending = "";

/** Whether single letters act; WCAG 2.1.4 asks for a switch. */
export function lettersAct() {
  return localStorage.getItem(LETTERS_KEY) !== "off";
}

/** `Ctrl+Enter`, `Alt+ArrowUp`, `?`, `j`; Cmd counts as Ctrl. */
export function keyName(event) {
  const name = event.key === " " ? "Space" : event.key;
  const shift = event.shiftKey && name.length > 1 ? "Shift+" : "";
  return (event.ctrlKey || event.metaKey ? "Ctrl+" : "") + (event.altKey ? "Alt+" : "") + shift + name;
}

/** Keys that act on every page: `[keys, what they do, action]`. */
export function addKeys(entries) {
  for (const [name, text, action] of entries) everywhere.set(name, { text, action });
}

/** Keys of the view that is shown, in place of those of the view before. */
export function setViewKeys(entries) {
  ofView = new Map(entries.map(([name, text, action]) => [name, { text, action }]));
}

function isTyping(target) {
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
}

function lookUp(name) {
  for (const keys of [ofView, everywhere]) {
    for (const [names, entry] of keys) {
      if (names.split(", ").includes(name)) return entry;
    }
  }
  return undefined;
}

/** Starts to listen. */
export function listenToKeys() {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.isComposing) return;
    const name = keyName(event);
    const isLetter = event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey;
    if (isLetter && (isTyping(event.target) || !lettersAct())) return;
    if (document.querySelector("dialog[open]") && name !== "?") return;
    const entry = lookUp(pending ? `${pending} ${name}` : name);
    pending = !pending && name === "g" ? "g" : "";
    if (pending) setTimeout(() => { pending = ""; }, 1200);
    if (!entry?.action) return;
    if (entry.action(event) !== false) event.preventDefault();
  });
}

function keyTable(title, keys) {
  if (keys.size === 0) return [];
  return [h("h3", {}, title), h("table", { class: "keys" },
    h("tbody", {}, [...keys].map(([names, { text }]) => h("tr", {},
      h("th", { scope: "row" }, names.split(", ").map((name) => h("kbd", {}, name))),
      h("td", {}, text)))))];
}

/** Shows all keys. */
export function showKeys() {
  if (document.querySelector("dialog[open]")) return;
  const box = h("input", { type: "checkbox" });
  box.checked = lettersAct();
  box.addEventListener("change", () => localStorage.setItem(LETTERS_KEY, box.checked ? "on" : "off"));
  showDialog("Keys", keyTable("On this page", ofView), keyTable("Everywhere", everywhere),
    h("p", {}, h("label", {}, box, " single letters act outside of text fields")));
}

/** Opens a dialog that Esc closes; focus returns to where it was. */
export function showDialog(title, ...content) {
  const dialog = h("dialog", { "aria-label": title },
    h("form", { method: "dialog", class: "dialog-head" },
      h("h2", {}, title), h("button", { "aria-label": "close" }, "✕")),
    content);
  dialog.addEventListener("close", () => dialog.remove());
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}
