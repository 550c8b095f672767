// Rows of an answer, any number of them: only those in sight are elements. A spacer gives the scroll bar
// its length; browsers limit how high an element may be, so beyond that positions are scaled.

import { button } from "./dom.js";
import { freshID } from "./dom.js";
import { h } from "./dom.js";
import { isNumeric } from "./exact.js";
import { shownTime } from "./times.js";
import { timedName } from "./times.js";
import { grouped } from "./text.js";
import { oneLine } from "./text.js";
import { decoded } from "./places.js";
import { showDialog } from "./keys.js";

const ROW_HEIGHT = 26;
const HEAD_HEIGHT = 30;
const SPACER_LIMIT = 8_000_000;
const CHARACTER = 7.6;

/** What a cell shows of a value. */
export function cellText(value, type) {
  if (value === null || value === undefined) return "";
  if (type === "timestamp") return shownTime(String(value));
  return oneLine(typeof value === "object" && !isNumeric(value) ? JSON.stringify(value) : String(value));
}

export class RowList {
  /**
   * `detail(row, index)` makes what an opened row shows. `layout` is what `cols=` said; `saveLayout` is
   * told when columns are moved, hidden, pinned or made wider.
   */
  constructor({ results, detail, layout, saveLayout, found }) {
    this.results = results;
    this.detail = detail;
    this.saveLayout = saveLayout;
    this.found = found;
    this.cursor = 0;
    this.column = 0;
    this.opened = -1;
    this.id = freshID("row");
    this.readLayout(layout);
    this.head = h("div", { class: "grid-head", role: "row" });
    this.window = h("div", { class: "grid-window", role: "presentation" });
    this.spacer = h("div", { class: "grid-spacer", role: "presentation" }, this.head, this.window);
    this.element = h("div", {
      class: "grid", role: "treegrid", tabindex: "0", "aria-label": "Rows",
      onscroll: () => this.draw(), onclick: (event) => this.clicked(event),
      oncopy: (event) => this.copied(event),
    }, this.spacer);
    this.pool = [];
    this.detailBox = h("div", { class: "row-detail", role: "row", hidden: true });
    this.window.append(this.detailBox);
    this.observer = new ResizeObserver(() => {
      this.fill();
      this.draw();
    });
    this.observer.observe(this.element);
    // An opened row is as high as what it shows, up to what the style sheet allows.
    this.detailHeight = 0;
    this.detailObserver = new ResizeObserver(() => {
      if (this.opened < 0 || this.detailBox.offsetHeight === this.detailHeight) return;
      this.detailHeight = this.detailBox.offsetHeight;
      this.draw();
    });
    this.detailObserver.observe(this.detailBox);
  }

  // `name:width:pin,name`, names percent-encoded.
  readLayout(layout) {
    this.layout = (layout ?? "").split(",").filter(Boolean).map((part) => {
      const [name, width, pinned] = part.split(":");
      return { name: decoded(name), width: Number(width) || undefined, pinned: pinned === "p" };
    });
  }

  layoutText() {
    return this.columns.map(({ name, width, pinned }) =>
      `${encodeURIComponent(name)}:${Math.round(width)}${pinned ? ":p" : ""}`).join(",");
  }

  /** Fixes the columns, by the first rows; they do not move while more come. */
  setColumns() {
    const known = this.results.columns.map((column, place) => ({ ...column, place }))
      .filter(({ name }) => name !== "@ptr");
    const sample = this.results.first(200);
    const wanted = this.layout.filter(({ name }) => known.some((column) => column.name === name));
    const chosen = wanted.length === 0 ? known
      : wanted.map((one) => ({ ...known.find(({ name }) => name === one.name), ...one }));
    this.hidden = known.filter(({ name }) => !chosen.some((column) => column.name === name));
    this.columns = chosen.map((column) => ({
      ...column, width: column.width ?? this.widthOf(column, sample),
      isNumber: sample.some((row) => isNumeric(row[column.place])),
    })).sort((a, b) => Number(b.pinned ?? false) - Number(a.pinned ?? false));
    // Until somebody changes the columns, the last one of text takes the room that is left.
    this.last = wanted.length === 0 ? this.columns.findLast(({ isNumber }) => !isNumber) : undefined;
    this.least = this.last?.width;
    this.fill();
    this.relayout(false);
    this.update();
  }

  fill() {
    if (!this.last) return;
    const others = this.columns.reduce((sum, one) => sum + (one === this.last ? 0 : one.width), 0);
    const width = Math.max(this.least, this.element.clientWidth - others - 2);
    if (width === this.last.width) return;
    this.last.width = width;
    this.relayout(false);
  }

  // Wide enough for 95 of 100 values.
  widthOf({ name, type, place }, sample) {
    const lengths = sample.map((row) => cellText(row[place], type).length).sort((a, b) => a - b);
    const typical = lengths[Math.floor(lengths.length * 0.95)] ?? 0;
    return Math.min(720, Math.max(64, Math.max(typical, timedName(name, type).length + 1) * CHARACTER + 20));
  }

  drawHead() {
    let left = 0;
    this.head.replaceChildren(...this.columns.map((column, place) => {
      const cell = h("div", { class: "cell head-cell", role: "columnheader", tabindex: "-1" },
        h("span", {}, timedName(column.name, column.type)),
        h("div", { class: "grip", onpointerdown: (event) => this.resize(event, place) }));
      cell.draggable = true;
      cell.addEventListener("dragstart", (event) => event.dataTransfer.setData("text/plain", String(place)));
      cell.addEventListener("dragover", (event) => event.preventDefault());
      cell.addEventListener("drop", (event) => {
        event.preventDefault();
        this.move(Number(event.dataTransfer.getData("text/plain")), place);
      });
      this.style(cell, column, left);
      column.left = left;
      left += column.width;
      return cell;
    }));
    this.width = left;
    this.spacer.style.width = `max(100%, ${left}px)`;
    this.element.setAttribute("aria-colcount", String(this.columns.length));
  }

  style(cell, column, left) {
    cell.style.width = `${column.width}px`;
    cell.classList.toggle("number", column.isNumber === true);
    cell.classList.toggle("pinned", column.pinned === true);
    cell.style.left = column.pinned ? `${left}px` : "";
  }

  resize(event, place) {
    event.preventDefault();
    event.stopPropagation();
    const column = this.columns[place];
    this.last = undefined;
    const [from, width] = [event.clientX, column.width];
    const grip = event.target;
    grip.setPointerCapture(event.pointerId);
    grip.onpointermove = (moved) => {
      column.width = Math.max(40, width + moved.clientX - from);
      this.relayout(false);
    };
    grip.onpointerup = () => {
      grip.onpointermove = null;
      this.saveLayout(this.layoutText());
    };
  }

  move(from, to) {
    if (from === to || !this.columns[from] || !this.columns[to]) return;
    this.columns.splice(to, 0, ...this.columns.splice(from, 1));
    this.relayout();
  }

  relayout(isSaved = true) {
    this.columns.sort((a, b) => Number(b.pinned ?? false) - Number(a.pinned ?? false));
    const grip = document.querySelector(".grip:active");
    if (grip) {
      for (const [place, cell] of [...this.head.children].entries()) {
        cell.style.width = `${this.columns[place].width}px`;
      }
    } else this.drawHead();
    this.pool.forEach(({ row }) => row.remove());
    this.pool = [];
    if (isSaved) {
      this.last = undefined;
      this.saveLayout(this.layoutText());
    }
    this.draw();
  }

  /** Columns by keyboard: order, width, hidden, pinned. */
  chooseColumns() {
    const list = h("ul", { class: "column-list" });
    const fill = (focus) => {
      const change = (action, name, word) => () => {
        action();
        this.relayout();
        fill([name, word]);
      };
      list.replaceChildren(...this.columns.map((column, place) => h("li", {}, h("span", {}, column.name),
        button("↑", change(() => place > 0 && this.move(place, place - 1), column.name, "up"),
          { "aria-label": `${column.name} to the left` }),
        button("↓", change(() => this.move(place, place + 1), column.name, "down"),
          { "aria-label": `${column.name} to the right` }),
        button("narrower", change(() => { column.width = Math.max(40, column.width * 0.8); }, column.name)),
        button("wider", change(() => { column.width *= 1.25; }, column.name)),
        button(column.pinned ? "unpin" : "pin", change(() => { column.pinned = !column.pinned; })),
        this.columns.length > 1 && button("hide", change(() => {
          this.hidden.push(...this.columns.splice(place, 1));
        })))),
      ...this.hidden.map((column, place) => h("li", { class: "quiet" }, h("span", {}, column.name),
        button("show", change(() => {
          const [shown] = this.hidden.splice(place, 1);
          this.columns.push({ ...shown, width: shown.width ?? this.widthOf(shown, this.results.first(200)) });
        })))));
      if (focus) {
        [...list.children].find((item) => item.firstChild.textContent === focus[0])
          ?.querySelector("button")?.focus();
      }
    };
    fill();
    showDialog("Columns", list);
  }

  /** More rows have come. */
  update() {
    this.element.setAttribute("aria-rowcount", String(this.results.length + 1));
    this.draw();
  }

  get contentHeight() {
    return this.results.length * ROW_HEIGHT + (this.opened >= 0 ? this.detailHeight : 0);
  }

  get viewHeight() {
    return Math.max(0, this.element.clientHeight - HEAD_HEIGHT);
  }

  get scale() {
    const spacer = Math.min(this.contentHeight, SPACER_LIMIT);
    return spacer <= this.viewHeight ? 1
      : (this.contentHeight - this.viewHeight) / (spacer - this.viewHeight);
  }

  topOf(index) {
    return index * ROW_HEIGHT + (this.opened >= 0 && index > this.opened ? this.detailHeight : 0);
  }

  draw() {
    if (!this.columns) return;
    this.spacer.style.height = `${Math.min(this.contentHeight, SPACER_LIMIT) + HEAD_HEIGHT}px`;
    this.window.style.height = `${this.viewHeight}px`;
    const top = this.element.scrollTop * this.scale;
    let first = Math.floor(top / ROW_HEIGHT);
    if (this.opened >= 0 && first > this.opened) {
      first = Math.max(this.opened, Math.floor((top - this.detailHeight) / ROW_HEIGHT));
    }
    const count = Math.ceil(this.viewHeight / ROW_HEIGHT) + 2;
    while (this.pool.length < count) this.pool.push(this.newRow());
    let missing;
    for (const [place, slot] of this.pool.entries()) {
      const index = first + place;
      const isThere = place < count && index < this.results.length;
      slot.row.hidden = !isThere;
      if (!isThere) continue;
      slot.row.style.transform = `translateY(${this.topOf(index) - top}px)`;
      const row = this.results.row(index);
      if (row === undefined) missing ??= index;
      this.fillRow(slot, index, row);
    }
    this.detailBox.hidden = this.opened < 0;
    if (this.opened >= 0) {
      this.detailBox.style.transform = `translateY(${this.topOf(this.opened) + ROW_HEIGHT - top}px)`;
      this.detailBox.style.width = `${this.element.clientWidth}px`;
      this.detailBox.style.left = `${this.element.scrollLeft}px`;
    }
    if (missing !== undefined) {
      Promise.all([this.results.fetch(missing), this.results.fetch(Math.min(missing + count, this.results.length - 1))])
        .then(() => this.draw());
    }
  }

  newRow() {
    const cells = this.columns.map((column) => {
      const cell = h("div", { class: "cell", role: "gridcell" });
      this.style(cell, column, column.left);
      return cell;
    });
    const row = h("div", { class: "grid-row", role: "row" }, cells);
    this.window.append(row);
    return { row, cells };
  }

  fillRow({ row, cells }, index, values) {
    row.dataset.index = index;
    row.id = `${this.id}-${index}`;
    row.setAttribute("aria-rowindex", String(index + 2));
    row.classList.toggle("even", index % 2 === 0);
    row.classList.toggle("now", index === this.cursor);
    row.setAttribute("aria-expanded", String(index === this.opened));
    if (index === this.cursor) this.element.setAttribute("aria-activedescendant", row.id);
    const isFound = values !== undefined && this.found?.(values) === true;
    row.classList.toggle("found", isFound);
    for (const [place, cell] of cells.entries()) {
      const column = this.columns[place];
      const text = values === undefined ? "…" : cellText(values[column.place], column.type);
      if (cell.textContent !== text) cell.textContent = text;
      cell.classList.toggle("cell-now", index === this.cursor && place === this.column);
    }
    row.classList.toggle("trouble", values !== undefined && this.isTrouble(values));
  }

  isTrouble(values) {
    return this.columns.some(({ name, place }) => (name === "level" || name === "@message" || name === "status")
      && typeof values[place] === "string" && /\b(ERROR|FATAL|error|timeout)\b|Task timed out/.test(values[place].slice(0, 400)));
  }

  clicked(event) {
    const row = event.target.closest(".grid-row");
    if (!row || !getSelection().isCollapsed) return;
    const cell = event.target.closest(".cell");
    this.column = Math.max(0, [...row.children].indexOf(cell));
    const index = Number(row.dataset.index);
    const wasHere = this.cursor === index;
    this.goTo(index);
    if (wasHere || this.opened >= 0 || event.detail > 1 || matchMedia("(pointer: coarse)").matches) this.toggle();
  }

  copied(event) {
    const selection = getSelection();
    if (selection.isCollapsed || this.detailBox.contains(selection.anchorNode)) return;
    const lines = [...this.window.querySelectorAll(".grid-row:not([hidden])")]
      .filter((row) => selection.containsNode(row, true))
      .sort((a, b) => a.dataset.index - b.dataset.index)
      .map((row) => [...row.children].map((cell) => cell.textContent).join("\t"));
    if (lines.length < 2) return;
    event.clipboardData.setData("text/plain", lines.join("\n"));
    event.preventDefault();
  }

  /** Moves to a row and brings it into sight; an open detail moves along. */
  goTo(index) {
    if (this.results.length === 0) return;
    if (!this.isInSight()) this.element.scrollIntoView({ block: "nearest" });
    this.cursor = Math.min(this.results.length - 1, Math.max(0, index));
    if (this.opened >= 0 && this.opened !== this.cursor) this.open(this.cursor);
    const top = this.element.scrollTop * this.scale;
    const from = this.topOf(this.cursor);
    const height = ROW_HEIGHT + (this.opened === this.cursor ? this.detailHeight : 0);
    let wanted = top;
    if (from < top) wanted = from;
    else if (from + height > top + this.viewHeight) {
      wanted = Math.min(from, from + height - this.viewHeight);
    }
    if (wanted !== top) this.element.scrollTop = wanted / this.scale;
    const { left, width } = this.columns[this.column];
    if (left + width > this.element.scrollLeft + this.element.clientWidth || left < this.element.scrollLeft) {
      this.element.scrollLeft = left;
    }
    this.draw();
  }

  toggle() {
    if (this.opened === this.cursor) this.close();
    else this.open(this.cursor).then(() => this.goTo(this.cursor));
  }

  async open(index) {
    const row = this.results.row(index) ?? await this.results.fetch(index);
    this.opened = index;
    this.detailBox.replaceChildren(h("div", { role: "gridcell", class: "detail-cell", "aria-colspan": this.columns.length },
      this.detail(row, index)));
    this.detailBox.hidden = false;
    this.detailHeight = this.detailBox.offsetHeight;
    this.draw();
  }

  close() {
    this.opened = -1;
    this.detailBox.replaceChildren();
    this.draw();
  }

  /** The row where the reader is. */
  get row() {
    return this.results.row(this.cursor);
  }

  /** The name and the value of the cell where the reader is. */
  get cell() {
    const column = this.columns?.[this.column];
    return column && this.row && { name: column.name, value: this.row[column.place] };
  }

  get keys() {
    const page = () => Math.max(1, Math.floor(this.viewHeight / ROW_HEIGHT) - 1);
    const moves = [
      ["j, ArrowDown", "next row", () => this.goTo(this.cursor + 1)],
      ["k, ArrowUp", "previous row", () => this.goTo(this.cursor - 1)],
      ["PageDown", "a page down", () => this.goTo(this.cursor + page())],
      ["PageUp", "a page up", () => this.goTo(this.cursor - page())],
      ["Home", "first row", () => this.goTo(0)],
      ["End", "last row", () => this.goTo(this.results.length - 1)],
      ["ArrowRight", "next cell", () => this.goToColumn(this.column + 1)],
      ["ArrowLeft", "previous cell", () => this.goToColumn(this.column - 1)],
      ["Enter", "open or close the row", () => this.toggle()],
    ];
    return moves.map(([name, text, action]) => [name, text, () => this.isFocused() ? action() : false]);
  }

  /** Whether some of its rows can be seen. */
  isInSight() {
    const { top, bottom } = this.element.getBoundingClientRect();
    return top + HEAD_HEIGHT + ROW_HEIGHT < innerHeight && bottom > 0;
  }

  isFocused() {
    return document.activeElement === this.element || document.activeElement === document.body;
  }

  goToColumn(place) {
    this.column = Math.min(this.columns.length - 1, Math.max(0, place));
    this.goTo(this.cursor);
  }

  /** What is said of the length: `26 rows`. */
  get summary() {
    return `${grouped(this.results.length)} ${this.results.length === 1 ? "row" : "rows"}`;
  }

  remove() {
    this.observer.disconnect();
    this.detailObserver.disconnect();
  }
}
