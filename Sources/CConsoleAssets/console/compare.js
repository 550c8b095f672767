// A range against an earlier one: figures, findings and patterns.

import { h } from "./dom.js";
import { answerOf } from "./api.js";
import { ask } from "./api.js";
import { commandButton } from "./command.js";
import { commandLine } from "./command.js";
import { FIGURE_QUERIES } from "./figures.js";
import { figuresOf } from "./figures.js";
import { setViewKeys } from "./keys.js";
import { selectionOf } from "./language.js";
import { piped } from "./language.js";
import { amend } from "./places.js";
import { fragmentOf } from "./places.js";
import { rangeParams } from "./places.js";
import { patternCondition } from "./query.js";
import { TIME_HELP } from "./range.js";
import { rangeControl } from "./range.js";
import { rangeOf } from "./range.js";
import { rangeProblem } from "./range.js";
import { visibleRange } from "./range.js";
import { errorPanel } from "./status.js";
import { say } from "./status.js";
import { emptyStore } from "./store.js";
import { outsideNote } from "./store.js";
import { durationText } from "./text.js";
import { grouped } from "./text.js";
import { absoluteEnd } from "./times.js";
import { absoluteTime } from "./times.js";
import { readTime } from "./times.js";
import { spanText } from "./times.js";
import { rangeQuery } from "./triage.js";
import { statusBadge } from "./triage.js";

const PERIODS = { previous: "the period before", day: "the day before", week: "the week before", month: "the month before", range: "another range" };
const DIFFS = { previous: "diff", day: "diff previousDay", week: "diff previousWeek", month: "diff previousMonth" };
const DAY = 86_400_000;

/** The range that a range is compared with, as `diff` takes it. */
function earlier({ start, end, groups }, period) {
  const length = end - start + 1;
  const month = new Date(start);
  const days = new Date(Date.UTC(month.getUTCFullYear(), month.getUTCMonth(), 0)).getUTCDate();
  const back = { previous: length, day: DAY, week: 7 * DAY, month: days * DAY }[period];
  return { start: start - back, end: end - back, groups };
}

/** `−11 %`, `×10.8 ▲`. */
function change(now, before) {
  const [a, b] = [Number(now ?? NaN), Number(before ?? NaN)];
  if (!Number.isFinite(a) || !Number.isFinite(b)) return "";
  if (a === b) return "the same";
  if (b === 0) return "new ▲";
  const ratio = a / b;
  if (Math.round((ratio - 1) * 100) === 0) return "about the same";
  const arrow = ratio > 1 ? "▲" : "▼";
  if (ratio >= 2 || ratio <= 0.5) return `×${Number(ratio.toPrecision(3))} ${arrow}`;
  return `${ratio > 1 ? "+" : "−"}${Math.abs(Math.round((ratio - 1) * 100))} % ${arrow}`;
}

/** What is wrong with a range that has to have both ends. */
function otherProblem(start, end) {
  const missing = [["start", start], ["end", end]].find(([, text]) => (text ?? "").trim() === "");
  return missing ? { name: missing[0], message: `the other range has no ${missing[0]}`, help: [TIME_HELP] } : rangeProblem(start, end);
}

/** Two times that say what is compared with. */
function ownRange(before, against) {
  const [start, end] = ["start", "end"].map((name) => h("input", { value: (name === "end" ? absoluteEnd : absoluteTime)(before[name]), size: 24, autocomplete: "off",
    "aria-label": `${name} of the other range` }));
  const submit = (event) => {
    event.preventDefault();
    const problem = otherProblem(start.value, end.value);
    if (!problem) return against(readTime(start.value), readTime(end.value, { isEnd: true }));
    say(`${problem.message}; ${problem.help[0]}`);
    (problem.name === "start" ? start : end).focus();
  };
  return h("form", { class: "own-range", onsubmit: submit }, start, " to ", end, " ", h("button", { type: "submit" }, "compare"));
}

/** Patterns with their numbers of lines, and how many more these are than before. */
function patternsOf({ columns, rows }) {
  const at = Object.fromEntries(columns.map(({ name }, index) => [name, index]));
  return rows.map((row) => ({ pattern: String(row[at["@pattern"]]), count: Number(row[at["@sampleCount"]] ?? 0),
    diff: Number(row[at["@diffEventCount"]] ?? 0), words: row[at["@differenceDescription"]] ?? "" }));
}

async function patternsOfBoth(query, range, before, options) {
  const [now, then] = (await Promise.all([answerOf(query, range, options), answerOf(query, before, options)])).map(patternsOf);
  const earlierCounts = new Map(then.map(({ pattern, count }) => [pattern, count]));
  const told = now.map((one) => ({ ...one, diff: one.count - (earlierCounts.get(one.pattern) ?? 0) }));
  const known = new Set(now.map(({ pattern }) => pattern));
  return told.concat(then.filter(({ pattern }) => !known.has(pattern)).map((one) => ({ ...one, count: 0, diff: -one.count })))
    .map((one) => ({ ...one, words: change(one.count, one.count - one.diff) }));
}

function columnHead(name) {
  const isNumber = ["now", "before", "change", "lines"].includes(name);
  return name === "" ? h("td", {}) : h("th", { scope: "col", class: isNumber ? "number" : undefined }, name);
}

export function showCompare(main, place, store) {
  const asked = rangeOf(place);
  const range = { ...asked, ...visibleRange(asked, store) };
  const isEmpty = store.first_event_ms === undefined || !(range.end >= range.start);
  // A range of its own is written as the command takes it: start/end.
  const other = place.params.get("b") ?? "previous";
  const isOwn = !Object.hasOwn(DIFFS, other);
  const [first, last] = other.split("/");
  if (isOwn) {
    const problem = other.includes("/") ? otherProblem(first, other.slice(first.length + 1))
      : { message: `there is nothing to compare with named '${other}'`, help: [`b takes ${Object.keys(DIFFS).join(", ")} or start/end`] };
    if (problem) return void main.append(h("h1", {}, "Compare"), errorPanel(problem));
  }
  const period = isOwn ? "range" : other;
  const before = isOwn ? { start: readTime(first), end: readTime(last, { isEnd: true }), groups: range.groups } : earlier(range, period);
  const against = (start, end) => amend({ b: `${absoluteTime(start)}/${absoluteEnd(end)}` }, { push: true, quiet: false });
  const selection = selectionOf(place.params.get("q") ?? "");
  const select = h("select", { "aria-label": "against", onchange: () => select.value === "range"
    ? against(before.start, before.end) : amend({ b: select.value }, { push: true, quiet: false }) },
    Object.entries(PERIODS).map(([name, text]) => h("option", { value: name, selected: name === period }, text)));
  const [figures, findings, patterns] = ["Figures", "Findings", "Patterns"].map((name) =>
    h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": name }));
  const query = piped(selection, `pattern @message${isOwn ? "" : ` | ${DIFFS[period]}`}`);
  if (store.events === 0) {
    setViewKeys([]);
    return void main.append(h("h1", {}, "Compare"), h("div", { class: "none" }, emptyStore()));
  }
  main.append(h("div", { class: "toolbar" }, h("h1", {}, "Compare"), rangeControl(place, store), h("span", {}, " against "), select,
    isOwn && ownRange(before, against),
    commandButton(() => [commandLine(["triage", "--compare", isOwn ? other : period], range),
      ...FIGURE_QUERIES.flatMap((one) => [range, before].map((times) => commandLine(["query", one.replaceAll("\n", " ")], times))),
      ...(isOwn ? [range, before] : [range]).map((times) => commandLine(["query", query], times))].join("\n"))),
  h("p", { class: "facts" }, isEmpty ? spanText(asked.start, asked.end) : `${spanText(range.start, range.end)} against ${spanText(before.start, before.end)}`),
  h("h2", {}, "Figures"), figures, h("h2", {}, "Findings"), findings, h("h2", {}, "Patterns"), patterns);
  const abort = new AbortController();
  const { signal } = abort;
  setViewKeys([]);
  if (isEmpty) {
    return void figures.append(h("p", { class: "none" }, `No event lies in this range. ${outsideNote(asked, store)}`));
  }

  async function part(box, draw) {
    box.replaceChildren(h("p", { class: "loading" }, "comparing …"));
    try {
      box.replaceChildren(...[await draw()].flat());
    } catch (error) {
      if (error.name !== "AbortError") box.replaceChildren(errorPanel(error, () => part(box, draw)));
    }
  }

  part(figures, async () => {
    const [now, then] = await Promise.all([figuresOf(range, signal), figuresOf(before, signal)]);
    const rows = [["invocations", grouped], ["requests", grouped], ["errors", grouped], ["cold_starts", grouped], ["p50", durationText],
      ["p95", durationText], ["p99", durationText], ["longest", durationText], ["memory", (value) => `${Math.round(value)} MB`]];
    const text = (value, format) => value === undefined || value === null ? "–" : format(value);
    return h("table", { class: "compare" }, h("thead", {}, h("tr", {}, ["", "now", "before", "change"].map(columnHead))),
      h("tbody", {}, rows.map(([name, format]) => h("tr", {}, h("th", { scope: "row" }, name.replace("_", " ")),
        h("td", { class: "number" }, text(now[name], format)), h("td", { class: "number" }, text(then[name], format)),
        h("td", { class: "number" }, change(now[name], then[name]))))));
  });
  part(findings, async () => {
    const answer = await ask(`triage?${rangeQuery(range, { compare: isOwn ? other : period })}`, { signal });
    const compared = answer.findings.concat(answer.compared?.gone ?? []);
    if (answer.compared && answer.compared.events === 0) {
      return h("p", { class: "none" }, `No event lies in ${PERIODS[period]}: there is nothing to compare with.`);
    }
    if (compared.length === 0) return h("p", { class: "none" }, "Nothing went wrong in either.");
    return h("table", { class: "compare" }, h("thead", {}, h("tr", {}, ["status", "cause", "functions", "now", "before", "change"].map(columnHead))),
      h("tbody", {}, compared.map((one) => h("tr", {}, h("td", {}, statusBadge(one.status)), h("td", {}, one.cause), h("td", {}, one.functions.join(", ")),
        h("td", { class: "number" }, grouped(one.count)), h("td", { class: "number" }, grouped(one.count_before ?? 0)),
        h("td", { class: "number" }, Number(one.count) === 0 ? "gone" : Number(one.count_before ?? 0) === 0 ? "new ▲" : change(one.count, one.count_before))))));
  });
  part(patterns, async () => {
    const told = (isOwn ? await patternsOfBoth(query, range, before, { signal }) : patternsOf(await answerOf(query, range, { signal })))
      .sort((a, b) => Math.abs(b.diff) - Math.abs(a.diff));
    const kind = ({ count, diff }) => count === 0 ? "GONE" : count === diff ? "NEW" : "";
    return h("table", { class: "compare patterns" }, h("thead", {}, h("tr", {}, ["", "lines", "before", "difference", "pattern"].map(columnHead))),
      h("tbody", {}, told.map((one) => h("tr", {}, h("td", {}, h("strong", {}, kind(one))), h("td", { class: "number" }, grouped(one.count)),
        h("td", { class: "number" }, grouped(one.count - one.diff)), h("td", {}, one.words),
        h("td", {}, h("code", {}, one.pattern), " ", h("a", { href: fragmentOf({ view: "query", params: { ...rangeParams(place),
          q: `filter ${patternCondition(one.pattern)}` } }) }, "examples"))))));
  });
  return { leave: () => abort.abort() };
}
