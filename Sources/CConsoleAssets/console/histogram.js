// Events over time. A part is chosen with the mouse, a finger or the arrow keys, and Back undoes it.

import { h } from "./dom.js";
import { svg } from "./dom.js";
import { binFor } from "./times.js";
import { millisecondsOf } from "./times.js";
import { absoluteEnd } from "./times.js";
import { absoluteTime } from "./times.js";
import { shortTime } from "./times.js";
import { timeText } from "./times.js";
import { zoneName } from "./times.js";
import { answerOf } from "./api.js";
import { freeName } from "./language.js";
import { piped } from "./language.js";
import { amend } from "./places.js";
import { grouped } from "./text.js";

const WIDTH = 1000;
const HEIGHT = 64;
const BAR_COUNT = 120;

/** Lines that a histogram shows apart. */
export const TROUBLE = "@message like /(?i)\\b(error|exception|timed out)\\b/";

/**
 * Counts the rows of each query in `series` (`{name, query, kind}`) over the range, and gives an
 * element; the first series is what the others are a part of.
 */
export async function histogram({ series, range, span, signal, label }) {
  const start = span.start;
  const end = Math.max(span.end, start + 1);
  const bin = binFor(end - start, BAR_COUNT);
  const first = Math.floor(start / bin.length) * bin.length;
  const count = Math.floor((end - first) / bin.length) + 1;
  const counted = await Promise.all(series.map(async (one) => {
    const [events, time] = [freeName("events", one.query), freeName("time", one.query)];
    const command = `stats count(*) as ${events} by bin(${bin.name}) as ${time} | limit 10000`;
    const { columns, rows } = await answerOf(piped(one.query, command), range, { signal });
    const place = columns.findIndex(({ name }) => name === events);
    const bars = new Array(count).fill(0);
    let timeless = 0;
    for (const row of rows) {
      const index = Math.floor((millisecondsOf(row[1 - place]) - first) / bin.length);
      if (Number.isNaN(index)) timeless += Number(row[place]);
      // What came since the range was known is at its end.
      else bars[Math.min(count - 1, Math.max(0, index))] += Number(row[place]);
    }
    return { ...one, bars, timeless, total: bars.reduce((sum, value) => sum + value, timeless) };
  }));
  return new Histogram({ counted, first, bin, count, start, end, label }).element;
}

class Histogram {
  constructor(parts) {
    Object.assign(this, parts);
    this.cursor = -1;
    this.anchor = -1;
    this.highest = Math.max(1, ...this.counted[0].bars);
    this.brush = svg("rect", { class: "brush", y: 0, height: HEIGHT, width: 0, visibility: "hidden" });
    this.told = h("output", { class: "histogram-told" });
    const bars = this.counted.map((series, place) => this.path(series, place));
    this.picture = svg("svg", {
      viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none", "aria-hidden": "true",
    }, bars, this.brush);
    const total = this.counted[0].total;
    this.frame = h("div", {
      class: "histogram-frame", tabindex: "0", role: "group",
      "aria-label": `${this.label}: ${grouped(total)} by ${this.bin.name}; arrow keys read, Shift and arrow keys choose, Enter zooms`,
      onkeydown: (event) => this.pressed(event),
      onpointerdown: (event) => this.down(event),
      onpointermove: (event) => this.moved(event),
      onpointerup: (event) => this.up(event),
      onpointercancel: () => this.clear(),
      onpointerleave: () => this.anchor < 0 && this.clear(),
    }, this.picture);
    this.element = h("figure", { class: "histogram" }, this.frame, this.axis(),
      h("figcaption", {}, this.legend(), this.told, this.table()));
  }

  path(series, place) {
    const width = WIDTH / this.count;
    const gap = this.count > 60 ? 0.12 : 0.2;
    const shape = series.bars.map((value, index) => {
      if (value === 0) return "";
      const height = Math.max(1.5, value / this.highest * (HEIGHT - 2));
      const left = (index + gap / 2) * width;
      return `M${left.toFixed(2)} ${HEIGHT}v${-height.toFixed(2)}h${(width * (1 - gap)).toFixed(2)}v${height.toFixed(2)}z`;
    }).join("");
    return svg("path", { d: shape, class: `bars ${series.kind ?? (place === 0 ? "all" : "trouble")}` });
  }

  axis() {
    const span = this.end - this.start;
    const marks = (this.count < 4 ? [0, 1] : [0, 0.25, 0.5, 0.75, 1]).map((share) =>
      h("span", {}, shortTime(this.first + share * this.count * this.bin.length, span)));
    return h("div", { class: "axis", "aria-hidden": "true" }, marks);
  }

  legend() {
    return h("span", { class: "legend" }, this.counted.map((series, place) => h("span", {},
      h("i", { class: `swatch ${series.kind ?? (place === 0 ? "all" : "trouble")}` }),
      `${series.name} ${grouped(series.total)}${series.timeless > 0 ? `, ${grouped(series.timeless)} without a time` : ""}`)),
    h("span", { class: "quiet" }, `a bar is ${this.bin.name} · ${zoneName()}`));
  }

  table() {
    const box = h("details", { class: "figures" }, h("summary", {}, "as table"));
    box.addEventListener("toggle", () => {
      if (!box.open || box.childElementCount > 1) return;
      const rows = this.counted[0].bars.flatMap((value, index) => value === 0 ? [] : [h("tr", {},
        h("th", { scope: "row" }, timeText(this.first + index * this.bin.length)),
        this.counted.map(({ bars }) => h("td", { class: "number" }, grouped(bars[index]))))]);
      box.append(h("div", { class: "scroll", tabindex: "0" }, h("table", {},
        h("thead", {}, h("tr", {}, h("th", { scope: "col" }, `time (${zoneName()})`),
          this.counted.map(({ name }) => h("th", { scope: "col" }, name)))),
        h("tbody", {}, rows))));
    });
    return box;
  }

  indexAt(event) {
    const { left, width } = this.frame.getBoundingClientRect();
    return Math.min(this.count - 1, Math.max(0, Math.floor((event.clientX - left) / width * this.count)));
  }

  show() {
    const [from, to] = this.anchor < 0 ? [this.cursor, this.cursor]
      : [Math.min(this.anchor, this.cursor), Math.max(this.anchor, this.cursor)];
    if (from < 0) return;
    const width = WIDTH / this.count;
    this.brush.setAttribute("x", from * width);
    this.brush.setAttribute("width", (to - from + 1) * width);
    this.brush.setAttribute("visibility", "visible");
    const sums = this.counted.map(({ name, bars }) =>
      `${name} ${grouped(bars.slice(from, to + 1).reduce((sum, value) => sum + value, 0))}`);
    const start = timeText(this.first + from * this.bin.length);
    const last = timeText(this.first + (to + 1) * this.bin.length);
    this.told.textContent = `${start.slice(0, 19)} – ${last.slice(11, 19)}: ${sums.join(", ")}`;
  }

  clear() {
    this.anchor = -1;
    this.cursor = -1;
    this.brush.setAttribute("visibility", "hidden");
    this.told.textContent = "";
  }

  zoom() {
    const from = Math.min(this.anchor < 0 ? this.cursor : this.anchor, this.cursor);
    const to = Math.max(this.anchor, this.cursor);
    if (from < 0) return;
    amend({
      start: absoluteTime(Math.max(this.start, this.first + from * this.bin.length)),
      end: absoluteEnd(Math.min(this.end, this.first + (to + 1) * this.bin.length - 1)),
    }, { push: true, quiet: false });
  }

  down(event) {
    if (event.button !== 0) return;
    this.anchor = this.indexAt(event);
    this.cursor = this.anchor;
    this.frame.setPointerCapture(event.pointerId);
    this.show();
  }

  moved(event) {
    this.cursor = this.indexAt(event);
    this.show();
  }

  up(event) {
    if (this.anchor < 0) return;
    this.cursor = this.indexAt(event);
    // A click only reads; a drag zooms.
    if (this.anchor !== this.cursor) this.zoom();
    else this.anchor = -1;
  }

  pressed(event) {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (step) {
      if (event.shiftKey && this.anchor < 0) this.anchor = Math.max(this.cursor, 0);
      if (!event.shiftKey) this.anchor = -1;
      this.cursor = Math.min(this.count - 1, Math.max(0, this.cursor + step));
      this.show();
    } else if (event.key === "Home" || event.key === "End") {
      this.cursor = event.key === "Home" ? 0 : this.count - 1;
      this.show();
    } else if (event.key === "Enter" && this.cursor >= 0) this.zoom();
    else if (event.key === "Escape" && this.cursor >= 0) this.clear();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}
