// The range of time and the log groups: what every view is asked about.

import { button } from "./dom.js";
import { h } from "./dom.js";
import { ask } from "./api.js";
import { amend } from "./places.js";
import { absoluteEnd } from "./times.js";
import { absoluteTime } from "./times.js";
import { readTime } from "./times.js";
import { spanText } from "./times.js";
import { grouped } from "./text.js";

const HOUR = 3_600_000;

/** What to write for a time. */
export const TIME_HELP = "write 2026-03-17 02:30 (UTC) or -3h";

/** `{start, end, groups}` in milliseconds, of a place whose times are right; the end is inclusive. */
export function rangeOf(place) {
  return {
    start: readTime(place.params.get("start")), end: readTime(place.params.get("end"), { isEnd: true }),
    groups: place.params.getAll("group"),
  };
}

/** What is wrong with a range as it was written; `undefined` where nothing is. */
export function rangeProblem(start, end) {
  for (const [name, text] of [["start", start], ["end", end]]) {
    if (Number.isNaN(readTime(text))) return { name, message: `the ${name} '${text}' is no time`, help: [TIME_HELP] };
  }
  if (readTime(end, { isEnd: true }) < readTime(start)) {
    return { name: "end", message: "the range ends before it starts", help: ["its end is the last time, inclusive"] };
  }
  return undefined;
}

/** The parameters of a range for a link: what is relative to now becomes what it is now. */
export function fixedRange(place) {
  const { start, end } = rangeOf(place);
  return {
    start: start === undefined ? undefined : absoluteTime(start),
    end: start === undefined && end === undefined ? undefined : absoluteEnd(end ?? Date.now()),
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
  const [start, end] = [place.params.get("start"), place.params.get("end")];
  if (rangeProblem(start, end)) return "no valid range";
  if (/^-/.test(start ?? "") && !end) return `last ${start.slice(1)}`;
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
    const problem = rangeProblem(start.value, end.value);
    if (problem) {
      wrong.textContent = `${problem.message}; ${problem.help[0]}`;
      return (problem.name === "start" ? start : end).focus();
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
        button(name, () => set(absoluteTime(newest - length), absoluteEnd(newest))))),
    h("label", {}, "start ", start), h("label", {}, "end ", end), h("p", { class: "note" }, "in UTC: 2026-03-17 02:30, or relative to now: -3h"), wrong,
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
  const asked = rangeOf(place);
  const seen = visibleRange(asked, store);
  const [start, end] = [asked.start ?? seen.start, asked.end ?? seen.end];
  const length = end > start ? end - start + 1 : HOUR;
  const last = Math.max(end, start + length - 1);
  amend({ start: absoluteTime(start + direction * length), end: absoluteEnd(last + direction * length) },
    { push: true, quiet: false });
}
