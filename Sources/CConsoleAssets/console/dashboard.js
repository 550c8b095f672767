// A CloudWatch dashboard, answered from the store: its widgets in their places and sizes.

import { button } from "./dom.js";
import { h } from "./dom.js";
import { ask } from "./api.js";
import { chart } from "./chart.js";
import { chartKinds } from "./chart.js";
import { plainTable } from "./chart.js";
import { timeChart } from "./chart.js";
import { commandButton } from "./command.js";
import { commandLine } from "./command.js";
import { setViewKeys } from "./keys.js";
import { amend } from "./places.js";
import { rangeControl } from "./range.js";
import { rangeOf } from "./range.js";
import { errorPanel } from "./status.js";
import { figure } from "./text.js";
import { absoluteEnd } from "./times.js";
import { absoluteTime } from "./times.js";
import { millisecondsOf } from "./times.js";
import { timeText } from "./times.js";
import { zoneName } from "./times.js";

const BODY_KEY = "insights.dashboard";

function tableOf(rows) {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  return { columns: names.map((name) => ({ name, type: rows.every((row) => row[name] === undefined
    || millisecondsOf(row[name]) !== undefined) ? "timestamp" : "any" })),
  rows: rows.map((row) => names.map((name) => row[name])) };
}

function seriesPoints(one) {
  return one.timestamps.map((time, index) => [millisecondsOf(time), Number(one.values[index])]);
}

function content(widget) {
  if (widget.unanswered !== undefined) return h("p", { class: "none" }, `not answered: ${widget.unanswered}`);
  if (widget.text !== undefined) return h("div", { class: "widget-text" }, widget.text.split("\n").map(markdownLine));
  if (widget.rows !== undefined) {
    const result = tableOf(widget.rows);
    if (widget.rows.length === 0) return h("p", { class: "none" }, "no rows");
    const keys = result.columns.filter(({ type }) => type === "timestamp").map(({ name }) => name)
      .concat(result.columns.filter(({ name }, place) => result.rows.some((row) => typeof row[place] === "string")).map(({ name }) => name));
    const kinds = chartKinds(result, keys);
    const wanted = { timeSeries: "line", bar: "bars", pie: "bars", stackedArea: "area" }[widget.view];
    if (wanted && kinds.length > 0) return chart(result, keys, kinds.includes(wanted) ? wanted : kinds[0]);
    return plainTable(result, { caption: `rows of ${widget.title}` });
  }
  const answered = (widget.series ?? []).filter((one) => one.unanswered === undefined)
    .map((one) => ({ name: one.label, points: seriesPoints(one) }));
  const unanswered = (widget.series ?? []).filter((one) => one.unanswered !== undefined).map((one) =>
    h("p", { class: "none" }, `${one.label}: not answered: ${one.unanswered}`));
  if (widget.view === "singleValue" || widget.view === "gauge") {
    return [unanswered, h("dl", { class: "single-values" }, answered.map((one) => [h("dt", {}, one.name),
      h("dd", {}, one.points.length === 0 ? "–" : figure(one.points.at(-1)[1]))]))];
  }
  if (widget.view === "table" || widget.view === "pie" || widget.view === "bar") {
    return [unanswered, plainTable({ columns: [{ name: "metric" }, { name: "newest" }],
      rows: answered.map((one) => [one.name, one.points.at(-1)?.[1]]) })];
  }
  return [unanswered, timeChart("", answered.filter(({ points }) => points.length > 0), "line")];
}

/** Headings, lists and text; what else Markdown has stays as it was written. */
function markdownLine(line) {
  const heading = /^(#{1,6})\s+(.*)$/.exec(line);
  if (heading) return h("h3", {}, heading[2]);
  return h("p", {}, line.replace(/^\s*[-*]\s+/, "• ").replace(/(\*\*|__|\*|_)(\S(?:.*?\S)?)\1(?!\w)/g, "$2").replace(/\[([^\]]*)\]\(([^)]*)\)/g, "$1 ($2)"));
}

/** Whether no widget that is answered has anything. */
function isEmpty(widgets) {
  const answered = widgets.filter(({ rows, series }) => rows !== undefined || series !== undefined);
  return answered.length > 0 && answered.every(({ rows, series }) =>
    (rows ?? []).length === 0 && (series ?? []).every(({ values }) => (values ?? []).length === 0));
}

export function showDashboard(main, place, store) {
  const range = rangeOf(place);
  const output = h("div", { class: "dashboard" });
  const problem = h("div", {});
  const file = h("input", { type: "file", accept: ".json,application/json", "aria-label": "Dashboard file",
    onchange: async () => file.files[0] && load(await file.files[0].text()) });
  const text = h("textarea", { rows: 6, cols: 60, "aria-label": "Body of a dashboard", placeholder: "{\"widgets\": […]}" });
  const paste = h("details", { class: "paste" }, h("summary", {}, "paste its JSON"), text,
    h("p", {}, button("show", () => load(text.value))));
  main.append(h("div", { class: "toolbar" }, h("h1", {}, "Dashboard"), rangeControl(place, store), file,
    commandButton(() => commandLine(["run", "dashboard.json", "--format", "json"], range))),
  h("p", { class: "note" }, "What ", h("code", {}, "aws cloudwatch get-dashboard"), " gives, or a body of CDK or Terraform. It stays in this browser. ", range.start === undefined && range.end === undefined
    && "The range is a widget's own, else the dashboard's, else the last three hours; one that is chosen above is for all."),
  paste, problem, output);
  setViewKeys([]);
  async function load(body) {
    problem.replaceChildren();
    sessionStorage.setItem(BODY_KEY, body);
    output.setAttribute("aria-busy", "true");
    try {
      let dashboard;
      try {
        dashboard = JSON.parse(body);
      } catch (error) {
        throw Object.assign(new Error(`this is no JSON: ${error.message}`), { help: ["take what get-dashboard printed, whole"] });
      }
      const answer = await ask("dashboard", { body: { dashboard, start: range.start, end: range.end, logGroups: range.groups } });
      draw(answer.widgets);
      if (isEmpty(answer.widgets)) problem.replaceChildren(emptyNote());
      paste.open = false;
    } catch (error) {
      output.replaceChildren();
      problem.replaceChildren(errorPanel(error, () => load(body)));
    }
    output.removeAttribute("aria-busy");
  }
  function draw(widgets) {
    output.replaceChildren(...widgets.map((widget) => {
      const card = h("section", { class: `widget widget-${widget.type}`, "aria-label": widget.title || widget.type },
        widget.title && h("h2", {}, widget.title), h("div", { class: "widget-body" }, content(widget)));
      card.style.setProperty("--x", String(Number(widget.x ?? 0) + 1));
      card.style.setProperty("--y", String(Number(widget.y ?? 0) + 1));
      card.style.setProperty("--width", String(widget.width ?? 6));
      card.style.setProperty("--height", String(widget.height ?? 6));
      return card;
    }));
  }
  // A dashboard says how far it looks back from now, and logs are often older.
  function emptyNote() {
    const newest = store.last_event_ms;
    if (newest === undefined) return h("p", { class: "note" }, "The store has no events with a time.");
    return h("p", { class: "note" }, `Nothing lies in the range that it asks for; the newest event is of ${timeText(newest)} ${zoneName()}. `,
      [["3h", 3], ["1d", 24]].map(([name, hours]) => button(`the ${name} before it`, () =>
        amend({ start: absoluteTime(newest - hours * 3_600_000), end: absoluteEnd(newest) }, { push: true, quiet: false }))));
  }
  const kept = sessionStorage.getItem(BODY_KEY);
  if (kept) load(kept);
  else paste.open = true;
}
