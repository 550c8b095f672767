// The fields of the events and how often each value occurs, counted over the whole range.

import { button } from "./dom.js";
import { h } from "./dom.js";
import { ask } from "./api.js";
import { answerOf } from "./api.js";
import { conditionOn } from "./language.js";
import { fieldText } from "./language.js";
import { freeName } from "./language.js";
import { isWritable } from "./language.js";
import { piped } from "./language.js";
import { grouped } from "./text.js";
import { oneLine } from "./text.js";

const SYSTEM_FIELDS = ["@type", "@log", "@logStream", "@requestId"];
const VALUE_COUNT = 10;
const FIELD_COUNT = 60;

/** The values of a field and how often they occur, `[value, count]`, the most frequent first. */
async function valuesOf(selection, field, range) {
  const count = freeName("events", `${selection} ${field}`);
  const { columns, rows } = await answerOf(piped(selection,
    `stats count(*) as ${count} by ${fieldText(field)} | sort ${count} desc | limit ${VALUE_COUNT}`), range);
  const place = columns.findIndex(({ name }) => name === count);
  return rows.map((row) => [row[1 - place], row[place]]);
}

/**
 * The list of fields; `filter(condition)` adds a condition, `column(name)` a column. `update()` is for
 * another selection, or a store that has grown.
 */
export function facets({ selection, range, filter, column }) {
  const list = h("ul", { class: "facet-list" });
  const search = h("input", { type: "search", placeholder: "fields", "aria-label": "Find a field",
    autocomplete: "off" });
  const element = h("section", { class: "facets", "aria-label": "Fields" }, search,
    h("p", { class: "note" }, "numbers: how many events of the store have the field"), list);
  const opened = new Set();
  let known = [];
  const show = () => {
    const word = search.value.toLowerCase();
    const wanted = known.filter(({ field }) => field.toLowerCase().includes(word));
    const focused = list.contains(document.activeElement) && document.activeElement.closest("[data-field]")?.dataset.field;
    list.replaceChildren(...wanted.slice(0, FIELD_COUNT).map((one) => facet(one)));
    if (focused) list.querySelector(`[data-field="${CSS.escape(focused)}"] summary`)?.focus({ preventScroll: true });
    if (wanted.length > FIELD_COUNT) {
      list.append(h("li", { class: "quiet" }, `${wanted.length - FIELD_COUNT} more: type a part of the name`));
    }
  };
  search.addEventListener("input", show);
  const update = async () => {
    const fields = await ask("fields").catch(() => undefined);
    if (fields) known = [...SYSTEM_FIELDS.map((field) => ({ field })), ...fields];
    show();
  };

  function facet({ field, events }) {
    const values = h("ul", { class: "facet-values" });
    const box = h("details", { open: opened.has(field) }, h("summary", {}, h("span", { class: "name" }, oneLine(field, 80)),
      events !== undefined && h("span", { class: "quiet" }, grouped(events))), values);
    let isCounted = false;
    box.addEventListener("toggle", async () => {
      if (!box.open) return opened.delete(field);
      opened.add(field);
      if (isCounted) return;
      isCounted = true;
      if (!isWritable(field)) {
        values.replaceChildren(h("li", { class: "note" }, "no query can name a field with a backtick"));
        return;
      }
      values.replaceChildren(h("li", { class: "quiet" }, "counting …"));
      try {
        const counts = await valuesOf(selection(), field, range());
        const highest = Math.max(1, ...counts.map(([, count]) => Number(count)));
        values.replaceChildren(...counts.map(([value, count]) => valueItem(field, value, count, highest)),
          counts.length === 0 ? h("li", { class: "note" }, "no event matches") : h("li", {}, button("as column", () => column(field))));
      } catch (error) {
        // It is counted again when the box is opened again.
        isCounted = false;
        values.replaceChildren(h("li", { class: "error-text" }, error.message));
      }
    });
    return h("li", { "data-field": field }, box);
  }

  function valueItem(field, value, count, highest) {
    const text = value === null || value === undefined ? "(missing)" : oneLine(String(value), 60);
    const bar = h("span", { class: "share" });
    bar.style.width = `${Number(count) / highest * 100}%`;
    return h("li", {}, bar,
      h("button", { type: "button", class: "value", title: `keep: ${text}`,
        onclick: () => filter(conditionOn(field, value)) }, text),
      h("span", { class: "number" }, grouped(count)),
      h("button", { type: "button", class: "out", "aria-label": `leave out ${text}`,
        onclick: () => filter(conditionOn(field, value, false)) }, "−"));
  }
  return { element, update };
}
