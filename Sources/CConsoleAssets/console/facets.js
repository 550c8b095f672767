// The fields of the events and how often each value occurs, counted over the whole range.

import { button } from "./dom.js";
import { h } from "./dom.js";
import { ask } from "./api.js";
import { answerOf } from "./api.js";
import { conditionOn } from "./language.js";
import { fieldText } from "./language.js";
import { piped } from "./language.js";
import { grouped } from "./text.js";
import { oneLine } from "./text.js";

const SYSTEM_FIELDS = ["@type", "@log", "@logStream", "@requestId"];
const VALUE_COUNT = 10;
const FIELD_COUNT = 60;

/** The counts of a field's values, the query that gives them. */
export function valueQuery(selection, field) {
  return piped(selection, `stats count(*) as events by ${fieldText(field)} | sort events desc | limit ${VALUE_COUNT}`);
}

/** The list of fields; `filter(condition)` adds a condition, `column(name)` a column. */
export function facets({ selection, range, filter, column }) {
  const list = h("ul", { class: "facet-list" });
  const search = h("input", { type: "search", placeholder: "fields", "aria-label": "Find a field",
    autocomplete: "off" });
  const element = h("section", { class: "facets", "aria-label": "Fields" }, search, list);
  let known = [];
  const show = () => {
    const word = search.value.toLowerCase();
    const wanted = known.filter(({ field }) => field.toLowerCase().includes(word));
    list.replaceChildren(...wanted.slice(0, FIELD_COUNT).map((one) => facet(one)));
    if (wanted.length > FIELD_COUNT) {
      list.append(h("li", { class: "quiet" }, `${wanted.length - FIELD_COUNT} more: type a part of the name`));
    }
  };
  search.addEventListener("input", show);
  ask("fields").then((fields) => {
    known = [...SYSTEM_FIELDS.map((field) => ({ field })), ...fields];
    show();
  }).catch(() => {});

  function facet({ field, events }) {
    const values = h("ul", { class: "facet-values" });
    const box = h("details", {}, h("summary", {}, h("span", { class: "name" }, oneLine(field, 80)),
      events !== undefined && h("span", { class: "quiet" }, grouped(events))), values);
    let isCounted = false;
    box.addEventListener("toggle", async () => {
      if (!box.open || isCounted) return;
      isCounted = true;
      values.replaceChildren(h("li", { class: "quiet" }, "counting …"));
      try {
        const { columns, rows } = await answerOf(valueQuery(selection(), field), range());
        const count = columns.findIndex(({ name }) => name === "events");
        const place = 1 - count;
        const highest = Math.max(1, ...rows.map((row) => Number(row[count])));
        values.replaceChildren(...rows.map((row) => valueItem(field, row[place], row[count], highest)),
          column && h("li", {}, button("as column", () => column(field))));
      } catch (error) {
        // It is counted again when the box is opened again.
        isCounted = false;
        values.replaceChildren(h("li", { class: "error-text" }, error.message));
      }
    });
    return h("li", {}, box);
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
  return element;
}
