// A value as a tree that opens where one looks; each node can be copied and filtered by.

import { h } from "./dom.js";
import { exactText } from "./exact.js";
import { isNumeric } from "./exact.js";
import { conditionOn } from "./language.js";
import { isWritable } from "./language.js";
import { copyText } from "./status.js";
import { shown } from "./text.js";

const CHILD_COUNT = 200;
const TEXT_LENGTH = 1000;
const PIECE = 64_000;

/** The tree of a row's fields; `filter(condition)` adds a condition to the query. */
export function valueTree(fields, filter) {
  return h("ul", { class: "tree" }, childrenOf(Object.entries(fields), "", filter));
}

function childrenOf(entries, path, filter, from = 0) {
  const items = entries.slice(from, from + CHILD_COUNT).map(([name, value]) =>
    node(name, value, path === "" ? name : `${path}.${name}`, filter));
  const rest = entries.length - from - CHILD_COUNT;
  if (rest > 0) {
    const more = h("li", {}, h("button", { type: "button", onclick: () =>
      more.replaceWith(...childrenOf(entries, path, filter, from + CHILD_COUNT)) }, `${rest} more`));
    items.push(more);
  }
  return items;
}

function node(name, value, path, filter) {
  const isBranch = typeof value === "object" && value !== null && !isNumeric(value);
  const canFilter = filter && !isBranch && isWritable(path);
  const tools = h("span", { class: "tools" },
    canFilter && h("button", { type: "button", "aria-label": `keep rows with this ${path}`,
      title: "keep", onclick: () => filter(conditionOn(path, value)) }, "+"),
    canFilter && h("button", { type: "button", "aria-label": `leave out rows with this ${path}`,
      title: "leave out", onclick: () => filter(conditionOn(path, value, false)) }, "−"),
    h("button", { type: "button", "aria-label": `copy ${path}`, 
      onclick: () => copyText(isBranch ? exactText(value) : String(value), path) }, "copy"));
  if (!isBranch) {
    return h("li", {}, h("span", { class: "name" }, name), " ", leaf(value), tools);
  }
  const entries = Object.entries(value);
  const box = h("details", {}, h("summary", {}, h("span", { class: "name" }, name), " ",
    h("span", { class: "quiet" }, Array.isArray(value) ? `[${entries.length}]` : `{${entries.length}}`)));
  box.addEventListener("toggle", () => {
    if (box.open && box.childElementCount === 1) {
      box.append(h("ul", {}, childrenOf(entries, path, filter)));
    }
  });
  // What fits in sight is open from the beginning.
  if (entries.length <= 12) queueMicrotask(() => { box.open = true; });
  return h("li", {}, box, tools);
}

function leaf(value) {
  if (value === null) return h("span", { class: "value none" }, "null");
  if (typeof value !== "string") return h("span", { class: "value number" }, String(value));
  return longText(value.trimEnd());
}

/** Text with its line breaks; what is long comes piece by piece. */
export function longText(text) {
  const box = h("span", { class: "value text" }, text.slice(0, TEXT_LENGTH));
  let end = TEXT_LENGTH;
  if (text.length > end) {
    const more = h("button", { type: "button", class: "more", onclick: () => {
      more.before(shown(text.slice(end, end + PIECE)));
      end += PIECE;
      if (end >= text.length) more.remove();
      else more.textContent = restText();
    } });
    const restText = () => `… ${(text.length - end).toLocaleString("en")} more characters`;
    more.textContent = restText();
    box.append(more);
  }
  return box;
}
