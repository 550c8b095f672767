// The rows of an answer. The first stay as they are; later ones are kept as JSON outside of the page's
// memory and read again when they are looked at.

import { parseExact } from "./exact.js";

const KEPT_ROWS = 10_000;
const BATCH = 500;
const CACHED_BATCHES = 24;

export class Results {
  columns = [];
  statistics = undefined;
  diagnostics = [];
  length = 0;
  #rows = [];
  #open = [];
  #batches = [];
  #cache = new Map();

  /** Takes one object of the stream. */
  take(object) {
    if (object.columns) this.columns = object.columns;
    if (object.rows) for (const row of object.rows) this.#add(row);
    if (object.statistics) this.statistics = object.statistics;
    if (object.diagnostics) this.diagnostics = object.diagnostics;
  }

  #add(row) {
    this.length += 1;
    if (this.#rows.length < KEPT_ROWS) {
      this.#rows.push(row);
      return;
    }
    this.#open.push(row);
    if (this.#open.length === BATCH) {
      this.#batches.push(new Blob([JSON.stringify(this.#open)]));
      this.#open = [];
    }
  }

  /** A row; `undefined` while it has to be fetched. */
  row(index) {
    if (index < KEPT_ROWS) return this.#rows[index];
    const batch = Math.floor((index - KEPT_ROWS) / BATCH);
    const rows = batch < this.#batches.length ? this.#cache.get(batch) : this.#open;
    return rows?.[(index - KEPT_ROWS) % BATCH];
  }

  /** Fetches what `row` did not have. */
  async fetch(index) {
    const batch = Math.floor((index - KEPT_ROWS) / BATCH);
    if (index >= KEPT_ROWS && batch < this.#batches.length && !this.#cache.has(batch)) {
      const rows = parseExact(await this.#batches[batch].text());
      this.#cache.set(batch, rows);
      if (this.#cache.size > CACHED_BATCHES) this.#cache.delete(this.#cache.keys().next().value);
    }
    return this.row(index);
  }

  /** The rows that are in memory, at most `count`. */
  first(count = KEPT_ROWS) {
    return this.#rows.slice(0, count);
  }

  /** A row as an object, as `--format json` writes it. */
  object(row) {
    return Object.fromEntries(this.columns.flatMap(({ name }, place) =>
      name === "@ptr" || row[place] === null || row[place] === undefined ? [] : [[name, row[place]]]));
  }
}
