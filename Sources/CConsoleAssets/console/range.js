// The range of time and the log groups: what every view is asked about.

import { button } from "./dom.js";
import { h } from "./dom.js";
import { ask } from "./api.js";
import { amend } from "./places.js";
import { absoluteTime } from "./times.js";
import { readTime } from "./times.js";
import { spanText } from "./times.js";
import { grouped } from "./text.js";

/** `{start, end, groups}` in milliseconds, of a place. */
export function rangeOf(place) {
  const [start, end] = ["start", "end"].map((name) => readTime(place.params.get(name)));
  return {
    start: Number.isNaN(start) ? undefined : start, end: Number.isNaN(end) ? undefined : end,
    groups: place.params.getAll("group"),
  };
}

/** The range that a view shows: what was asked for, cut to where events are. */
export function visibleRange(range, store) {
  return {
    start: Math.max(range.start ?? -Infinity, store.first_event_ms ?? range.start ?? 0),
    end: Math.min(range.end ?? Infinity, store.last_event_ms ?? range.end ?? 0),
  };
}

function rangeLabel(place, range) {
  const start = place.params.get("start");
  if (/^-/.test(start ?? "") && !place.params.get("end")) return `last ${start.slice(1)}`;
  return spanText(range.start, range.end);
}

/** A control that shows both, and changes them in a box that it opens. */
export function rangeControl(place, store) {
  const range = rangeOf(place);
  const newest = store.last_event_ms;
  const groups = range.groups.length === 0 ? "all log groups"
    : range.groups.length === 1 ? range.groups[0] : `${range.groups.length} log groups`;
  const box = h("details", { class: "range" },
    h("summary", {}, h("span", { class: "sr" }, "Range: "), rangeLabel(place, range),
      h("span", { class: "quiet" }, ` · ${groups}`)));
  const set = (start, end) => amend({ start, end }, { push: true, quiet: false });
  const start = h("input", { name: "start", value: place.params.get("start") ?? "", size: 24,
    placeholder: "the first event", autocomplete: "off" });
  const end = h("input", { name: "end", value: place.params.get("end") ?? "", size: 24,
    placeholder: "the last event", autocomplete: "off" });
  const wrong = h("p", { class: "error-text", role: "alert" });
  const list = h("div", { class: "group-list" });
  const submit = (event) => {
    event.preventDefault();
    for (const input of [start, end]) {
      if (Number.isNaN(readTime(input.value))) {
        wrong.textContent = `'${input.value}' is no time; write 2026-03-17 02:30 (UTC) or -3h`;
        input.focus();
        return;
      }
    }
    const chosen = [...list.querySelectorAll("input:checked")].map((input) => input.value);
    amend({ start: start.value.trim(), end: end.value.trim(), group: chosen },
      { push: true, quiet: false });
  };
  const form = h("form", { class: "popup range-form", onsubmit: submit },
    h("p", { class: "presets" }, button("all", () => set()),
      ["15m", "1h", "3h", "1d", "7d"].map((length) => button(`last ${length}`, () => set(`-${length}`)))),
    newest !== undefined && h("p", { class: "presets" }, "before the newest event: ",
      [["5m", 300_000], ["1h", 3_600_000], ["1d", 86_400_000]].map(([name, length]) =>
        button(name, () => set(absoluteTime(newest - length), absoluteTime(newest))))),
    h("label", {}, "start ", start), h("label", {}, "end ", end), wrong,
    h("fieldset", {}, h("legend", {}, "log groups"), list),
    h("button", { type: "submit" }, "apply"));
  box.append(form);
  box.addEventListener("toggle", async () => {
    if (!box.open || list.childElementCount > 0) return;
    const found = await ask("groups").catch(() => []);
    const names = found.map((group) => [group["@log"]?.replace(/^\d+:/, "") ?? "", group.events])
      .filter(([name]) => name !== "");
    for (const name of range.groups) if (!names.some(([other]) => other === name)) names.push([name]);
    list.replaceChildren(...names.map(([name, events]) => {
      const input = h("input", { type: "checkbox", value: name });
      input.checked = range.groups.includes(name);
      return h("label", {}, input, ` ${name} `, events && h("span", { class: "quiet" }, grouped(events)));
    }));
    if (names.length === 0) list.append(h("p", { class: "quiet" }, "the logs name no groups"));
  });
  return box;
}

/** Moves the range by its length, backwards or forwards. */
export function shiftRange(place, store, direction) {
  const { start, end } = visibleRange(rangeOf(place), store);
  const length = Math.max(end - start, 1);
  amend({ start: absoluteTime(start + direction * length), end: absoluteTime(end + direction * length) },
    { push: true, quiet: false });
}
