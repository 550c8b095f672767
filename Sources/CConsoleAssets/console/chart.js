// A picture of a result: bars by name, or values over time. The shape of the result decides.

import { h } from "./dom.js";
import { svg } from "./dom.js";
import { isNumeric } from "./exact.js";
import { millisecondsOf } from "./times.js";
import { shortTime } from "./times.js";
import { shownTime } from "./times.js";
import { timeText } from "./times.js";
import { timedName } from "./times.js";
import { counted } from "./text.js";
import { figure } from "./text.js";
import { oneLine } from "./text.js";

const CHART_WIDTH = 900;
const CHART_HEIGHT = 220;
const SERIES_COUNT = 8;
const CHART_BAR_COUNT = 50;

/** How a result may be drawn, the best first; empty where it has no numbers. */
export function chartKinds({ columns, rows }, keys) {
  const { measures, time } = chartShape({ columns, rows }, keys);
  if (measures.length === 0 || rows.length === 0) return [];
  if (time < 0) return ["bars"];
  return isCounting(rows, measures) ? ["columns", "line", "area"] : ["line", "area", "columns"];
}

function isCounting(rows, measures) {
  return rows.every((row) => measures.every((place) => row[place] === null
    || row[place] === undefined || Number.isInteger(Number(row[place])) && Number(row[place]) >= 0));
}

/** Which columns are measured and which say of what. */
function chartShape({ columns, rows }, keys) {
  const isKey = (name) => keys?.includes(name) ?? false;
  const holdsNumbers = (place) => rows.some((row) => isNumeric(row[place]))
    && rows.every((row) => row[place] === null || row[place] === undefined || isNumeric(row[place]));
  const places = columns.map((_, place) => place);
  const time = places.find((place) => (columns[place].type === "timestamp"
    || isKey(columns[place].name) && rows.some((row) => millisecondsOf(row[place]) !== undefined))
    && (keys === undefined || isKey(columns[place].name))) ?? -1;
  const measures = places.filter((place) =>
    place !== time && !isKey(columns[place].name) && holdsNumbers(place));
  const names = places.filter((place) => place !== time && !measures.includes(place)
    && (keys === undefined || isKey(columns[place].name)));
  return { measures, names, time };
}

function labelOf(row, names, index) {
  return names.length === 0 ? String(index + 1)
    : names.map((place) => oneLine(String(row[place] ?? "(none)"), 80)).join(" · ");
}

/** Draws a result as one of its kinds. */
export function chart(result, keys, kind) {
  const shape = chartShape(result, keys);
  if (kind === "bars") return barCharts(result, shape);
  const timeless = result.rows.filter((row) => millisecondsOf(row[shape.time]) === undefined).length;
  return h("div", { class: "charts" }, shape.measures.map((place) => timeChart(
    result.columns[place].name, seriesOf(result, shape, place), kind)),
  timeless > 0 && h("p", { class: "note" }, `not drawn: ${counted(timeless, "row")} without a time`));
}

function seriesOf({ rows }, { names, time }, measure) {
  const byName = new Map();
  for (const [index, row] of rows.entries()) {
    const moment = millisecondsOf(row[time]);
    if (moment === undefined || row[measure] === null || row[measure] === undefined) continue;
    const name = names.length === 0 ? "" : labelOf(row, names, index);
    if (!byName.has(name)) byName.set(name, []);
    byName.get(name).push([moment, Number(row[measure])]);
  }
  const series = [...byName].map(([name, points]) => ({
    name, points: points.sort(([a], [b]) => a - b),
    sum: points.reduce((sum, [, value]) => sum + value, 0),
  }));
  return series.sort((a, b) => b.sum - a.sum);
}

/** One number for each name. */
function barCharts({ columns, rows }, { measures, names }) {
  const single = rows.length === 1 && names.length === 0;
  const panels = single
    ? [["", measures.map((place) => [columns[place].name, rows[0][place]])]]
    : measures.map((place) =>
      [columns[place].name, rows.map((row, index) => [labelOf(row, names, index), row[place]])]);
  return h("div", { class: "charts" }, panels.map(([name, bars]) => {
    const highest = Math.max(...bars.map(([, value]) => Math.abs(Number(value ?? 0))), Number.MIN_VALUE);
    return h("figure", { class: "bars" }, name && h("figcaption", {}, name),
      h("table", {}, h("tbody", {}, bars.slice(0, CHART_BAR_COUNT).map(([label, value]) => {
        const bar = h("div", { class: "bar" });
        bar.style.width = `${Math.abs(Number(value ?? 0)) / highest * 100}%`;
        return h("tr", {}, h("th", { scope: "row" }, label), h("td", { class: "bar-cell" }, bar),
          h("td", { class: "number" }, value === null || value === undefined ? "–" : String(value)));
      }))),
      bars.length > CHART_BAR_COUNT && h("p", { class: "note" }, `the first ${CHART_BAR_COUNT} of ${bars.length}`));
  }));
}

function niceCeiling(value) {
  if (value <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 2.5, 5, 10].map((step) => step * power).find((step) => step >= value);
}

// Where every value lies on a grid of periods, a period between two values has none, and a line across it
// would claim some; other values stand for themselves.
function gridOf(times, step) {
  const first = Math.min(...times);
  return times.every((time) => (time - first) % step === 0) ? step : Infinity;
}

/**
 * Values over time, `{name, points, color}` each. `color` is a place in the palette, from which the
 * series has the same colour in several charts; beyond its end lines are dashed. `period` is how far
 * apart values are.
 */
export function timeChart(name, series, kind, { range, period } = {}) {
  const drawn = series.slice(0, SERIES_COUNT);
  const look = (place) => {
    const color = drawn[place].color ?? place;
    return `s${color % SERIES_COUNT}${color < SERIES_COUNT ? "" : color < 2 * SERIES_COUNT ? " dashed" : " dotted"}`;
  };
  const points = drawn.flatMap((one) => one.points);
  if (points.length === 0) return h("figure", { class: "times" }, h("figcaption", {}, name),
    h("p", { class: "note" }, "no data"));
  const times = points.map(([time]) => time);
  let first = Math.min(range?.start ?? Infinity, ...times);
  let last = Math.max(range?.end ?? -Infinity, ...times);
  const values = points.map(([, value]) => value);
  const highest = niceCeiling(Math.max(...values));
  const lowest = Math.min(0, ...values);
  const step = period ?? smallestStep(times);
  const grid = gridOf(times, step);
  if (kind === "columns") last += step;
  if (first === last) {
    first -= 1;
    last += 1;
  }
  const x = (time) => (time - first) / (last - first) * CHART_WIDTH;
  const y = (value) => CHART_HEIGHT - (value - lowest) / (highest - lowest) * CHART_HEIGHT;
  const shapes = drawn.map(({ points: line }, place) => {
    const pieces = piecesOf(line, grid);
    const path = kind === "columns"
      ? line.map(([time, value]) => {
        const width = Math.max(1, step / (last - first) * CHART_WIDTH * 0.85 / drawn.length);
        return `M${(x(time) + place * width).toFixed(1)} ${y(0).toFixed(1)}V${y(value).toFixed(1)}h${width.toFixed(1)}V${y(0).toFixed(1)}z`;
      }).join("")
      : pieces.map((piece) => piece.map(([time, value], index) =>
        `${index === 0 ? "M" : "L"}${x(time).toFixed(1)} ${y(value).toFixed(1)}`).join("")
        + (kind === "area" ? `V${y(0).toFixed(1)}H${x(piece[0][0]).toFixed(1)}z` : "")).join("");
    // A value without neighbours has no line to be seen by.
    const marked = kind === "columns" ? [] : kind === "line" && line.length <= 60 ? line
      : pieces.filter((piece) => piece.length === 1).flat();
    // Ends of strokes stay round where the picture is stretched.
    const dots = marked.length > 0 && svg("path", { class: `series dots ${look(place)}`,
      d: marked.map(([time, value]) => `M${x(time).toFixed(1)} ${y(value).toFixed(1)}h0`).join("") });
    return [svg("path", { d: path, class: `series ${look(place)} ${kind}` }), dots];
  });
  const lines = [0, 0.5, 1].map((share) => lowest + share * (highest - lowest));
  const text = `${name}: ${drawn.map((one) => `${one.name || "value"} from ${figure(Math.min(...one.points.map((p) => p[1])))} to ${figure(Math.max(...one.points.map((p) => p[1])))}`).join("; ")}`;
  return h("figure", { class: "times" }, h("figcaption", {}, name),
    h("div", { class: "plot" },
      h("div", { class: "scale", "aria-hidden": "true" },
        lines.toReversed().map((value) => h("span", {}, figure(value)))),
      svg("svg", { viewBox: `0 0 ${CHART_WIDTH} ${CHART_HEIGHT}`, preserveAspectRatio: "none", role: "img", "aria-label": text },
        lines.map((value) => svg("path", { d: `M0 ${y(value)}H${CHART_WIDTH}`, class: "grid-line" })), shapes),
      h("div", { class: "axis", "aria-hidden": "true" }, [0, 0.5, 1].map((share) =>
        h("span", {}, shortTime(first + share * (last - first), last - first))))),
    h("p", { class: "legend" }, drawn.map((one, place) => one.name !== "" && h("span", {},
      h("i", { class: `swatch ${look(place)}` }), one.name))),
    series.length > SERIES_COUNT && h("p", { class: "note" },
      `the ${SERIES_COUNT} largest of ${series.length} series`),
    h("p", { class: "sr" }, `from ${timeText(first)} to ${timeText(last)}`));
}

/** The runs of values that follow each other without a period between them. */
function piecesOf(points, grid) {
  const pieces = [];
  for (const point of points) {
    const last = pieces.at(-1)?.at(-1);
    if (last && point[0] - last[0] <= grid) pieces.at(-1).push(point);
    else pieces.push([point]);
  }
  return pieces;
}

function smallestStep(times) {
  const sorted = [...new Set(times)].sort((a, b) => a - b);
  let step = Infinity;
  for (let index = 1; index < sorted.length; index += 1) step = Math.min(step, sorted[index] - sorted[index - 1]);
  return Number.isFinite(step) ? step : 60_000;
}

/** A small table of a result, whole. */
export function plainTable({ columns, rows }, { limit = 500, caption } = {}) {
  const isNumber = columns.map((_, place) => rows.some((row) => isNumeric(row[place])));
  return h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": caption ?? "table" }, h("table", {},
    h("thead", {}, h("tr", {}, columns.map(({ name, type }, place) =>
      h("th", { scope: "col", class: isNumber[place] ? "number" : "" }, timedName(name, type))))),
    h("tbody", {}, rows.slice(0, limit).map((row) => h("tr", {}, columns.map(({ type }, place) => {
      const value = row[place];
      const text = value === null || value === undefined ? "" : type === "timestamp"
        ? shownTime(String(value)) : oneLine(typeof value === "object" && !isNumeric(value)
          ? JSON.stringify(value) : String(value));
      return h("td", { class: isNumber[place] ? "number" : "" }, text);
    }))))),
  rows.length > limit && h("p", { class: "note" }, `the first ${limit} of ${rows.length} rows`));
}
