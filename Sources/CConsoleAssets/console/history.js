// Queries that were run, and those that were saved in this browser.

import { button } from "./dom.js";
import { h } from "./dom.js";
import { ask } from "./api.js";
import { showDialog } from "./keys.js";
import { go } from "./places.js";
import { durationText } from "./text.js";
import { counted } from "./text.js";
import { saveFile } from "./status.js";
import { say } from "./status.js";
import { timeText } from "./times.js";
import { zoneName } from "./times.js";

const HISTORY_KEY = "insights.history";
const SAVED_KEY = "insights.saved";
const LENGTH = 300;

function stored(key) {
  try {
    return JSON.parse(localStorage.getItem(key)) ?? [];
  } catch {
    return [];
  }
}

function keep(key, entries) {
  try {
    localStorage.setItem(key, JSON.stringify(entries));
  } catch {
    // Full or forbidden: the page works without it.
  }
}

/** `{query, fragment, rows, milliseconds, at}`, the newest first. */
export function pastQueries() {
  return stored(HISTORY_KEY);
}

/** Enters a query that was answered; the same once, at the top. */
export function remember(entry) {
  const others = pastQueries().filter(({ query }) => query !== entry.query);
  keep(HISTORY_KEY, [entry, ...others].slice(0, LENGTH));
}

export function savedQueries() {
  return stored(SAVED_KEY);
}

export function saveQuery(name, query) {
  keep(SAVED_KEY, [{ name, query }, ...savedQueries().filter((one) => one.name !== name)]);
  say(`saved '${name}' in this browser`);
}

function removeQuery(name) {
  keep(SAVED_KEY, savedQueries().filter((one) => one.name !== name));
  say(`removed '${name}'`);
}

function searchable(items, describe, empty) {
  const list = h("ul", { class: "query-list" });
  const search = h("input", { type: "search", "aria-label": "Find", placeholder: "find", autocomplete: "off" });
  const show = () => {
    const word = search.value.toLowerCase();
    const wanted = items().filter((item) => JSON.stringify(item).toLowerCase().includes(word));
    list.replaceChildren(...wanted.map(describe));
    if (wanted.length === 0) list.append(h("li", { class: "quiet" }, empty));
  };
  search.addEventListener("input", show);
  show();
  return [search, list];
}

/** Shows what was run; `choose(query)` takes one up. */
export function showHistory(choose) {
  const dialog = showDialog("History", ...searchable(pastQueries, (entry) => h("li", {},
    h("button", { type: "button", class: "query-choice", onclick: () => {
      dialog.close();
      choose(entry.query);
    } }, h("code", {}, entry.query), h("span", { class: "quiet" },
      `${timeText(entry.at).slice(0, 16)} ${zoneName()} · ${counted(entry.rows, "row")} · ${durationText(entry.milliseconds)}`))),
  "nothing was run in this browser yet"));
}

/** Shows the packs and what was saved here. */
export async function showPacks(choose, current) {
  const name = h("input", { name: "name", placeholder: "name", "aria-label": "Name", required: true });
  const dialog = showDialog("Saved queries");
  const fill = (packs) => {
    dialog.append(h("form", { class: "save-form", onsubmit: (event) => {
      event.preventDefault();
      saveQuery(name.value, current());
      dialog.close();
    } }, name, h("button", { type: "submit" }, "save this query here"),
    button("as .insights file", () => saveFile(`${name.value || "query"}.insights`,
      new Blob([`# title: ${name.value || "Query"}\n\n${current()}\n`], { type: "text/plain" })))),
    ...searchable(() => [...savedQueries(), ...packs], (item) => h("li", { class: "saved" },
      h("button", { type: "button", class: "query-choice", onclick: () => {
        dialog.close();
        if (item.query !== undefined && item.description === undefined) choose(item.query);
        else go({ view: "run", id: item.name });
      } }, h("strong", {}, item.name), h("span", { class: "quiet" }, item.description ?? item.query)),
      item.description === undefined && button("remove", (event) => {
        removeQuery(item.name);
        event.target.closest("li").remove();
      }, { "aria-label": `remove ${item.name}` })),
    "no query has such a name"));
  };
  fill(await ask("queries").catch(() => []));
}
