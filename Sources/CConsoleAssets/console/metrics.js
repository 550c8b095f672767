// CloudWatch's alarm metrics of each function, and whether an alarm would fire.

import { button } from "./dom.js";
import { h } from "./dom.js";
import { ask } from "./api.js";
import { plainTable } from "./chart.js";
import { timeChart } from "./chart.js";
import { commandButton } from "./command.js";
import { commandLine } from "./command.js";
import { setViewKeys } from "./keys.js";
import { amend } from "./places.js";
import { rangeControl } from "./range.js";
import { rangeOf } from "./range.js";
import { shiftRange } from "./range.js";
import { visibleRange } from "./range.js";
import { errorPanel } from "./status.js";
import { outsideNote } from "./store.js";
import { binFor } from "./times.js";
import { millisecondsOf } from "./times.js";
import { isLength } from "./times.js";
import { spanOf } from "./times.js";
import { zoneNow } from "./times.js";
import { rangeQuery } from "./triage.js";

const CHARTS = { Invocations: "", Errors: "", Throttles: "", DurationP50: "ms", DurationP99: "ms", DurationMax: "ms",
  ConcurrentExecutions: "", ColdStartRate: "% of invocations" };
const METRIC_PERIODS = ["all", "1m", "5m", "15m", "1h", "6h", "1d"];

/** The metrics' periods have at least a minute. */
function usualPeriod({ start, end }) {
  const { name, length } = binFor(Math.max(1, end - start), 80);
  return length < 60_000 ? "1m" : METRIC_PERIODS.slice(1).find((one) => spanOf(one) >= length) ?? name;
}

export function showMetrics(main, place, store) {
  const range = rangeOf(place);
  const span = visibleRange(range, store);
  const period = place.params.get("period") ?? (span.end > span.start ? usualPeriod(span) : "all");
  const alarms = place.params.getAll("alarm");
  let readable = alarms;
  const output = h("div", {}, h("p", { class: "loading" }, "reckoning …"));
  const alarm = h("input", { name: "alarm", size: 36, placeholder: "Errors Sum 60s 1of1 > 5", "aria-label": "Alarm", autocomplete: "off" });
  const told = h("ul", { class: "alarms", "aria-live": "polite" });
  const periods = METRIC_PERIODS.includes(period) ? METRIC_PERIODS : [...METRIC_PERIODS, period];
  const select = h("select", { "aria-label": "period", onchange: () => amend({ period: select.value }, { push: true, quiet: false }) },
    periods.map((name) => h("option", { value: name, selected: name === period }, name)));
  main.append(h("div", { class: "toolbar" }, h("h1", {}, "Metrics"), rangeControl(place, store), h("label", {}, "period ", select),
    h("form", { onsubmit: (event) => {
      event.preventDefault();
      if (alarm.value.trim()) amend({ alarm: [...alarms, alarm.value.trim()] }, { push: true, quiet: false });
    } }, alarm, " ", h("button", { type: "submit" }, "try alarm")),
    commandButton(() => commandLine(["metrics", "--period", period, ...readable.flatMap((one) => ["--alarm", one])], range))), told, output);
  setViewKeys([
    ["[", "the range before", () => shiftRange(place, store, -1)],
    ["]", "the range behind", () => shiftRange(place, store, 1)],
    ["/", "to the alarm", () => alarm.focus()],
  ]);
  async function load() {
    try {
      const params = new URLSearchParams(rangeQuery(range, { period }));
      for (const one of alarms) params.append("alarm", one);
      const answer = await ask(`metrics?${params}`);
      readable = answer.alarms.filter(({ error }) => error === undefined).map((one) => one.alarm);
      told.replaceChildren(...answer.alarms.map((one, index) => h("li", { class: one.fires ? "fires" : "" },
        h("strong", {}, one.error !== undefined ? "✕ no alarm " : one.fires ? "▲ fires " : "✓ does not fire "), h("code", {}, one.alarm), " ",
        button("remove", () => amend({ alarm: alarms.filter((_, place) => place !== index) }, { push: true, quiet: false })),
        one.error !== undefined && h("p", { class: "error-text", role: "alert" }, one.error),
        one.detail && h("ul", { class: "note" }, one.detail.split("; ").map((reason) => h("li", {}, reason))))),
        ...zoneNow() === "local" && answer.alarms.some(({ detail }) => detail) ? [h("li", { class: "note" }, "Times of alarms are UTC.")] : []);
      draw(answer.rows);
    } catch (error) {
      output.replaceChildren(errorPanel(error, load));
    }
  }
  function draw(rows) {
    if (rows.length === 0) return output.replaceChildren(h("p", { class: "none" }, `No invocation lies in this range. ${outsideNote(range, store)}`));
    const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))].map((name) => ({ name, type: name === "period" ? "timestamp" : "any" }));
    const table = plainTable({ columns, rows: rows.map((row) => columns.map(({ name }) => row[name])) }, { caption: "Metrics" });
    if (period === "all") return output.replaceChildren(table);
    const timed = rows.filter((row) => millisecondsOf(row.period) !== undefined);
    const sumOf = (list, name) => list.reduce((sum, row) => sum + Number(row[name] ?? 0), 0);
    // A function has its colour by how often it runs, in every chart the same.
    const functions = [...Map.groupBy(timed, (row) => row.function ?? "")]
      .sort(([, a], [, b]) => sumOf(b, "Invocations") - sumOf(a, "Invocations"));
    const charts = Object.entries(CHARTS).map(([name, unit]) => {
      const series = functions.map(([title, list], color) => ({ name: title, color, sum: sumOf(list, name),
        points: list.filter((row) => row[name] !== undefined && row[name] !== null)
          .map((row) => [millisecondsOf(row.period), Number(row[name])]).sort(([a], [b]) => a - b) }))
        .filter(({ points }) => points.length > 0).sort((a, b) => b.sum - a.sum);
      return timeChart(unit ? `${name}, ${unit}` : name, series, "line", { range: span, period: isLength(period) ? spanOf(period) : undefined });
    });
    const timeless = new Set(rows.filter((row) => !timed.includes(row)).map((row) => row.function ?? ""));
    output.replaceChildren(h("div", { class: "charts small-multiples" }, charts),
      ...timeless.size > 0 ? [h("p", { class: "note" }, `Without times, so only in the table: ${[...timeless].join(", ")}`)] : [], table);
  }
  load();
}
