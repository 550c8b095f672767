// A question in the language: the editor, and everything that is shown of its answer.

import { button } from "./dom.js";
import { debounced } from "./dom.js";
import { h } from "./dom.js";
import { ask } from "./api.js";
import { open } from "./api.js";
import { queryBody } from "./api.js";
import { streamed } from "./api.js";
import { chart } from "./chart.js";
import { chartKinds } from "./chart.js";
import { plainTable } from "./chart.js";
import { commandButton } from "./command.js";
import { commandLine } from "./command.js";
import { Editor } from "./editor.js";
import { exactText } from "./exact.js";
import { facets } from "./facets.js";
import { pastQueries } from "./history.js";
import { remember } from "./history.js";
import { showHistory } from "./history.js";
import { showPacks } from "./history.js";
import { TROUBLE } from "./histogram.js";
import { histogram } from "./histogram.js";
import { setViewKeys } from "./keys.js";
import { conditionOn } from "./language.js";
import { dropsRepeated } from "./language.js";
import { filtered } from "./language.js";
import { givesEvents } from "./language.js";
import { groupKeysOf } from "./language.js";
import { isLimited } from "./language.js";
import { piped } from "./language.js";
import { selectionOf } from "./language.js";
import { withPointers } from "./language.js";
import { amend } from "./places.js";
import { go } from "./places.js";
import { placeOf } from "./places.js";
import { rangeParams } from "./places.js";
import { rangeControl } from "./range.js";
import { rangeOf } from "./range.js";
import { shiftRange } from "./range.js";
import { visibleRange } from "./range.js";
import { Results } from "./results.js";
import { eventLink } from "./rowdetail.js";
import { rowDetail } from "./rowdetail.js";
import { RowList } from "./rowlist.js";
import { cellText } from "./rowlist.js";
import { copyText } from "./status.js";
import { errorPanel } from "./status.js";
import { saveFile } from "./status.js";
import { say } from "./status.js";
import { whisper } from "./status.js";
import { emptyStore } from "./store.js";
import { loadStore } from "./store.js";
import { outsideNote } from "./store.js";
import { byteText } from "./text.js";
import { counted } from "./text.js";
import { durationText } from "./text.js";
import { grouped } from "./text.js";

const PRINTED_ROWS = 2000;
const DRAFT_KEY = "insights.draft";
const VIEWS = ["rows", "chart", "patterns", "explain", "json"];
const FORMATS = ["csv", "json", "ndjson", "tsv", "markdown", "aws", "html"];
const STAGES = ["plan", "scan", "sql", "sqlite", "tokens", "syntax"];
const DOLLARS_PER_BYTE = 0.005 / 2 ** 30;
const EXAMPLES = [
  ["The newest lines", "fields @timestamp, @message\n| sort @timestamp desc\n| limit 100"],
  ["Lines with an error", "filter @message like /(?i)error/\n| fields @timestamp, @log, @message\n| sort @timestamp desc"],
  ["The slowest requests", "filter @type = \"REPORT\"\n| fields @timestamp, @requestId, @duration, @maxMemoryUsed\n| sort @duration desc\n| limit 20"],
  ["Events over time", "stats count(*) as events by bin(5m)"],
  ["What kinds of lines there are", "pattern @message"],
];

/** What AWS would ask for a scan. */
function priceText(bytes) {
  const price = Number(bytes) * DOLLARS_PER_BYTE;
  return price < 0.01 ? "AWS: <$0.01" : `AWS: $${price.toFixed(2)}`;
}

export function showQuery(main, place, store) {
  return new QueryView(main, place, store);
}

class QueryView {
  constructor(main, place, store) {
    this.store = store;
    this.main = main;
    this.toolbar = h("div", { class: "toolbar" });
    this.editor = new Editor({
      text: this.textFor(place), run: () => this.runTyped(), recall: (step) => this.recall(step),
      changed: debounced((text) => {
        this.keepDraft(text);
        this.tellEdited();
      }, 250),
    });
    this.figures = h("span", { class: "figures-line" });
    this.edited = h("span", { class: "note", hidden: true }, "edited since it ran");
    this.beside = h("div", { class: "query-links" },
      button("packs", () => showPacks((text) => this.take(text), () => this.editor.text)),
      button("history", () => showHistory((text) => this.take(text))),
      button("examples", () => this.showExamples()), this.edited, this.figures);
    this.chartPlace = h("div", { class: "histogram-place" });
    this.tabs = h("div", { class: "tabs", role: "tablist", "aria-label": "Views of the answer" });
    this.tools = h("div", { class: "result-tools" });
    this.findBox = h("search", { class: "find-box", hidden: true });
    this.output = h("div", { class: "output", role: "tabpanel", tabindex: "-1" });
    this.side = h("aside", { class: "side" });
    this.result = h("div", { class: "result", hidden: true }, h("div", { class: "result-bar" }, this.tabs, this.tools), this.findBox,
      h("div", { class: "result-body" }, this.side, this.output));
    main.append(h("h1", { class: "sr" }, "Query"), this.toolbar, this.editor.element, this.beside, this.chartPlace, this.result);
    main.classList.add("query-view");
    this.past = -1;
    // On paper there is no scrolling: a plain table of the rows, as many as one wants to print.
    this.beforePrint = () => {
      if (this.list?.element.isConnected) {
        this.isPrinted = true;
        this.output.replaceChildren(plainTable(this.small, { limit: PRINTED_ROWS, caption: "Rows" }));
      }
    };
    this.afterPrint = () => {
      this.isPrinted = false;
      this.show();
    };
    addEventListener("beforeprint", this.beforePrint);
    addEventListener("afterprint", this.afterPrint);
    this.update(place, true);
  }

  // What was typed and not run yet comes back after a reload.
  textFor(place) {
    const asked = place.params.get("q") ?? "";
    try {
      const draft = JSON.parse(sessionStorage.getItem(DRAFT_KEY));
      if (draft?.asked === asked && draft.text.trim() !== "") return draft.text;
    } catch {
      // A draft of another version.
    }
    return asked;
  }

  keepDraft(text) {
    sessionStorage.setItem(DRAFT_KEY, JSON.stringify({ asked: placeOf().params.get("q") ?? "", text }));
  }

  /** The address has changed, or shows this view first. */
  update(place, isFirst = false) {
    const asked = place.params.get("q") ?? "";
    // Another range leaves what is being written.
    if (!isFirst && asked !== this.asked && asked !== this.editor.text) this.editor.text = asked;
    this.asked = asked;
    this.range = rangeOf(place);
    this.limit = place.params.get("limit") === "all" ? "all" : undefined;
    this.toolbar.replaceChildren(rangeControl(place, this.store),
      this.runButton ??= button("Run", () => this.runTyped(), { hint: "Ctrl+Enter", class: "primary" }),
      this.stopButton ??= button("Stop", () => this.stop(), { hint: "Esc", disabled: true }),
      commandButton(() => this.command()));
    this.setKeys();
    const key = JSON.stringify([asked, place.params.get("start"), place.params.get("end"), this.range.groups, this.limit]);
    if (asked.trim() === "") {
      this.showExamples();
      if (isFirst) this.editor.focus();
    } else if (key !== this.answered) {
      this.answered = key;
      this.run(asked);
    } else this.show();
  }

  runTyped({ cols } = {}) {
    const text = this.editor.text.trim();
    if (text === "") return this.showExamples();
    if (text === placeOf().params.get("q")) {
      this.range = rangeOf(placeOf());
      this.run(text);
    } else amend({ q: text, view: undefined, limit: undefined, cols }, { push: true, quiet: false });
    this.keepDraft(text);
  }

  tellEdited() {
    const text = this.editor.text.trim();
    this.edited.hidden = this.text === undefined || text === this.text.trim() || text === "";
  }

  /** The command whose answer is what is shown; before there is one, that of what is written. */
  command() {
    if (this.text === undefined) return commandLine(["query", this.editor.text], this.range);
    const rows = this.limit ? ["--limit", this.limit] : [];
    const view = this.viewNow();
    if (view === "explain") return commandLine(["explain", this.text, "--stage", this.stage, ...rows], this.range);
    if (view === "patterns") return commandLine(["query", this.patternQuery], this.range);
    return commandLine(["query", this.text, ...rows], this.range);
  }

  /** What a link to this has besides the place: what is written, run or not. */
  get shared() {
    return { q: this.editor.text.trim() };
  }

  take(text) {
    this.editor.text = text;
    this.keepDraft(text);
    this.editor.focus();
  }

  recall(step) {
    const past = pastQueries();
    this.past = Math.min(past.length - 1, Math.max(-1, this.past + step));
    this.editor.text = this.past < 0 ? "" : past[this.past].query;
    this.editor.focus();
  }

  addFilter(condition) {
    this.editor.text = filtered(this.editor.text, condition);
    // It has the same columns, so they stay as they were laid out.
    this.runTyped({ cols: placeOf().params.get("cols") });
  }

  showExamples() {
    this.answered = undefined;
    this.text = undefined;
    this.result.hidden = true;
    this.edited.hidden = true;
    this.figures.textContent = "";
    this.chartPlace.replaceChildren(h("ul", { class: "query-list examples" }, EXAMPLES.map(([title, text]) =>
      h("li", {}, h("button", { type: "button", class: "query-choice", onclick: () => {
        this.take(text);
        this.runTyped();
      } }, h("strong", {}, title), h("code", {}, text))))));
  }

  stop() {
    this.abort?.abort();
  }

  async run(text) {
    this.stop();
    const abort = new AbortController();
    this.abort = abort;
    const results = new Results();
    const started = performance.now();
    this.results = results;
    this.text = text;
    this.tellEdited();
    this.list?.remove();
    this.list = undefined;
    this.find = undefined;
    this.findBox.hidden = true;
    this.result.hidden = false;
    this.chartPlace.replaceChildren();
    this.extra = {};
    this.stopButton.disabled = false;
    this.main.setAttribute("aria-busy", "true");
    this.figures.textContent = "running …";
    this.output.replaceChildren(h("p", { class: "loading" }, "running …"));
    this.drawTabs();
    let failure;
    try {
      await this.stream(text, results, abort.signal);
    } catch (error) {
      failure = error;
    }
    if (this.abort !== abort) return;
    this.milliseconds = performance.now() - started;
    this.stopButton.disabled = true;
    this.main.removeAttribute("aria-busy");
    this.isComplete = failure === undefined;
    if (failure && failure.name !== "AbortError") {
      this.figures.textContent = "";
      whisper(failure.message);
      if (failure.diagnostics?.length) this.editor.show(failure.diagnostics);
      if (results.length === 0) this.result.hidden = true;
      this.chartPlace.replaceChildren(errorPanel(failure, () => this.run(text)));
      return;
    }
    this.tell(failure !== undefined);
    if (failure === undefined) {
      remember({ query: text, rows: results.length, milliseconds: this.milliseconds, at: Date.now() });
    }
    this.show();
    if (givesEvents(text)) this.drawHistogram(abort.signal);
    this.drawSide();
  }

  /** Rows with pointers where that is possible, else as they were asked for. */
  async stream(text, results, signal) {
    const take = (object) => {
      results.take(object);
      if (object.rows && this.results === results) this.rowsCame();
    };
    const pointed = withPointers(text);
    if (pointed !== undefined) {
      try {
        return await streamed("query", { body: queryBody(pointed, this.range, this.limit), signal }, take);
      } catch (error) {
        if (error.status !== 400) throw error;
      }
    }
    await streamed("query", { body: queryBody(text, this.range, this.limit), signal }, take);
  }

  rowsCame() {
    if (this.frame) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = undefined;
      if (this.list) this.list.update();
      else if (this.viewNow() === "rows") this.show();
    });
  }

  tell(isStopped) {
    const { results } = this;
    const scanned = results.statistics;
    const parts = [durationText(this.milliseconds), counted(results.length, "row")];
    if (scanned) {
      const bytes = Number(scanned.bytesScanned ?? 0);
      parts.push(`${counted(Math.round(scanned.recordsScanned ?? 0), "event")} scanned`, byteText(bytes), priceText(bytes));
    }
    if (isStopped) parts.unshift("stopped: the rows are incomplete");
    this.figures.replaceChildren(parts.join(" · "));
    if (this.isCut()) {
      this.figures.append(" · the first 10,000 ", button("all rows", () => amend({ limit: "all" }, { push: true, quiet: false })));
    }
    for (const { message } of results.diagnostics.filter(({ severity }) => severity === "warning")) {
      this.figures.append(h("span", { class: "warning-text" }, ` · ${message}`));
    }
    whisper(`${counted(results.length, "row")}, ${durationText(this.milliseconds)}`);
  }

  isCut() {
    return this.results.length === 10_000 && this.limit === undefined && !isLimited(this.text);
  }

  get keysOfGroups() {
    return groupKeysOf(this.text);
  }

  get small() {
    return { columns: this.results.columns.filter(({ name }) => name !== "@ptr"), rows: this.results.first() };
  }

  viewNow() {
    const wanted = placeOf().params.get("view");
    if (VIEWS.includes(wanted)) return wanted;
    const keys = this.keysOfGroups;
    if (keys && this.isComplete && this.results.length > 1 && chartKinds(this.small, keys)[0] !== "bars"
      && chartKinds(this.small, keys).length > 0) return "chart";
    return "rows";
  }

  drawTabs() {
    const now = this.viewNow();
    this.tabs.replaceChildren(...VIEWS.map((name, index) => h("button", {
      type: "button", role: "tab", "aria-selected": String(name === now), tabindex: name === now ? "0" : "-1",
      onclick: () => this.goToView(name), title: `${index + 1}`,
      onkeydown: (event) => {
        const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
        if (!step) return;
        event.preventDefault();
        event.stopPropagation();
        this.goToView(VIEWS[(index + step + VIEWS.length) % VIEWS.length]);
        this.tabs.querySelector("[aria-selected=true]").focus();
      },
    }, name === "json" ? "JSON" : name[0].toUpperCase() + name.slice(1))));
    this.tools.replaceChildren(
      button("find", () => this.openFind(), { hint: "f" }),
      button("columns", () => this.list?.chooseColumns()),
      this.exportMenu());
  }

  goToView(name) {
    amend({ view: name });
    this.show();
  }

  show() {
    // Rows that come while the page is printed are shown afterwards.
    if (!this.results || this.isPrinted) return;
    const view = this.viewNow();
    this.drawTabs();
    this.output.className = `output output-${view}`;
    const draw = {
      rows: () => this.drawRows(), chart: () => this.drawChart(), patterns: () => this.drawPatterns(),
      explain: () => this.drawExplain(), json: () => this.drawJSON(),
    }[view];
    draw();
  }

  drawRows() {
    if (this.results.length === 0) {
      return this.output.replaceChildren(h("div", { class: "none" }, !this.isComplete ? "running …"
        : this.store.events === 0 ? emptyStore() : `No row matches. ${outsideNote(this.range, this.store)}`));
    }
    if (placeOf().params.get("wrap")) {
      return this.output.replaceChildren(plainTable(this.small, { caption: "Rows" }));
    }
    if (!this.list) {
      this.list = new RowList({
        results: this.results, layout: placeOf().params.get("cols"),
        saveLayout: (cols) => amend({ cols }), found: (row) => this.find?.test(row),
        detail: (row) => rowDetail(row, this.results.columns,
          givesEvents(this.text) ? { filter: (condition) => this.addFilter(condition) } : {}),
      });
      this.output.replaceChildren(this.list.element);
      this.list.setColumns();
      if (document.activeElement === document.body && this.list.isInSight()) this.list.element.focus({ preventScroll: true });
    } else if (!this.list.element.isConnected) this.output.replaceChildren(this.list.element);
    this.list.update();
    this.setKeys();
  }

  drawChart() {
    const keys = this.keysOfGroups;
    const kinds = chartKinds(this.small, keys);
    if (kinds.length === 0) {
      return this.output.replaceChildren(h("p", { class: "none" },
        "These rows have no numbers to draw. Sum them up, for example: ", h("code", {}, "| stats count(*) by bin(5m)")));
    }
    const kind = kinds.includes(placeOf().params.get("chart")) ? placeOf().params.get("chart") : kinds[0];
    this.output.replaceChildren(h("p", { class: "choice" }, kinds.map((name) => button(name, () => {
      amend({ chart: name });
      this.show();
    }, { "aria-pressed": String(name === kind) }))), chart(this.small, keys, kind));
  }

  /** An answer that belongs to this one, asked for once. */
  async also(name, make) {
    this.output.replaceChildren(h("p", { class: "loading" }, "working …"));
    const text = this.text;
    try {
      this.extra[name] ??= await make();
      if (this.text === text && this.viewNow() === name.split(" ")[0]) return this.extra[name];
    } catch (error) {
      if (error.name !== "AbortError") this.output.replaceChildren(errorPanel(error, () => this.show()));
    }
    return undefined;
  }

  get patternQuery() {
    return piped(selectionOf(this.text), "pattern @message");
  }

  async drawPatterns() {
    const answer = await this.also("patterns", () => ask("query", {
      body: queryBody(this.patternQuery, this.range), signal: this.abort.signal }));
    if (!answer) return;
    const place = Object.fromEntries(answer.columns.map(({ name }, index) => [name, index]));
    this.output.replaceChildren(h("p", { class: "note" }, `${counted(answer.rows.length, "pattern")} of all matching lines`),
    h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Patterns" }, h("table", { class: "patterns" },
      h("thead", {}, h("tr", {}, ["lines", "share", "pattern"].map((name) => h("th", { scope: "col" }, name)))),
      h("tbody", {}, answer.rows.map((row) => {
        const pattern = String(row[place["@pattern"]]);
        return h("tr", {}, h("td", { class: "number" }, grouped(row[place["@sampleCount"]])),
          h("td", { class: "number" }, `${(Number(row[place["@ratio"]]) * 100).toFixed(1)} %`),
          h("td", {}, h("code", {}, pattern), " ", button("examples", () => this.addFilter(patternCondition(pattern)))));
      })))));
  }

  get stage() {
    const wanted = placeOf().params.get("stage");
    return STAGES.includes(wanted) ? wanted : "plan";
  }

  async drawExplain() {
    const { stage } = this;
    const answer = await this.also(`explain ${stage}`, () => ask("explain", {
      body: { ...queryBody(this.text, this.range), stage }, signal: this.abort.signal }));
    if (!answer) return;
    const { statistics } = this.results;
    this.output.replaceChildren(h("p", { class: "choice" }, STAGES.map((name) => button(name, () => {
      amend({ stage: name });
      this.show();
    }, { "aria-pressed": String(name === stage) }))),
    h("pre", { class: "explain", tabindex: "0" }, answer.text),
    statistics && plainTable({ columns: [{ name: "statistic" }, { name: "value" }],
      rows: Object.entries(statistics).map(([name, value]) => [name, grouped(Math.round(value))]) }));
  }

  drawJSON() {
    const rows = this.results.first(1000).map((row) => this.results.object(row));
    this.output.replaceChildren(h("p", { class: "choice" }, button("copy", () => copyText(exactText(rows), "the rows as JSON")),
      this.results.length > 1000 && h("span", { class: "note" }, `the first 1,000 of ${grouped(this.results.length)} rows; export has all`)),
    h("pre", { class: "explain", tabindex: "0" }, rows.slice(0, 200).map((row) => exactText(row)).join(",\n"),
      rows.length > 200 && `\n… ${rows.length - 200} more`));
  }

  async drawHistogram(signal) {
    await loadStore().catch(() => {});
    const span = visibleRange(this.range, this.store);
    if (this.store.first_event_ms === undefined || !(span.end >= span.start)) return;
    const selection = selectionOf(this.text) || "fields @timestamp";
    const name = dropsRepeated(this.text) ? "events, repeated ones too" : "events";
    try {
      const element = await histogram({
        series: [{ name, query: selection }, { name: "error, exception, timed out", query: piped(selection, `filter ${TROUBLE}`) }],
        range: this.range, span, signal, label: "events over time",
      });
      if (!signal.aborted) this.chartPlace.replaceChildren(element);
    } catch {
      // Rows are what was asked for; without the picture they stand for themselves.
    }
  }

  drawSide() {
    if (!givesEvents(this.text) && selectionOf(this.text) === "" && commandIsLocal(this.text)) return this.side.replaceChildren();
    if (!this.facets) {
      this.facets = facets({
        selection: () => selectionOf(this.text), range: () => this.range,
        filter: (condition) => this.addFilter(condition), column: (name) => this.addColumn(name),
      });
      this.drawer = h("details", { class: "drawer" }, h("summary", {}, "Fields"), this.facets.element);
      this.drawer.open = !matchMedia("(max-width: 720px)").matches;
    }
    if (!this.drawer.isConnected) this.side.replaceChildren(this.drawer);
    this.facets.update();
  }

  addColumn(name) {
    this.editor.text = piped(this.editor.text, `fields ${name === "@message" ? name : `${givesEvents(this.text) && !/\bfields\b/.test(this.text) ? "@timestamp, @message, " : ""}${name}`}`);
    this.runTyped();
  }

  exportMenu() {
    const box = h("details", { class: "menu" }, h("summary", {}, "export"), h("div", { class: "popup" },
      h("p", { class: "note" }, "all rows, as the command writes them"),
      FORMATS.map((format) => button(format === "html" ? "one HTML file" : format, () => {
        box.open = false;
        this.export(format);
      }))));
    return box;
  }

  async export(format) {
    say(`exporting as ${format} …`);
    try {
      const response = await open("export", { accept: "*/*", body: {
        ...queryBody(this.text, this.range), format } });
      saveFile(`insights.${{ markdown: "md", aws: "aws.json" }[format] ?? format}`, await response.blob());
      say(`saved insights.${format}`);
    } catch (error) {
      say(`not exported: ${error.message}`);
    }
  }

  openFind() {
    const input = h("input", { type: "search", "aria-label": "Find in all rows", placeholder: "find in all rows" });
    const told = h("output", {});
    const seek = async (direction) => {
      const word = input.value.toLowerCase();
      this.find = word === "" ? undefined : { test: (row) => this.rowText(row).includes(word) };
      if (!this.find || !this.list) return this.list?.draw();
      const { length } = this.results;
      for (let step = 1; step <= length; step += 1) {
        const index = (this.list.cursor + direction * step + length * 2) % length;
        const row = this.results.row(index) ?? await this.results.fetch(index);
        if (this.find?.test(row)) {
          told.textContent = `row ${grouped(index + 1)} of ${grouped(length)}`;
          return this.list.goTo(index);
        }
        if (step % 20_000 === 0) await new Promise((resolve) => setTimeout(resolve));
      }
      told.textContent = this.isCut() ? "nothing found in the first 10,000 rows: ask for all rows" : "nothing found";
    };
    const close = () => {
      this.find = undefined;
      this.findBox.hidden = true;
      this.list?.draw();
      this.list?.element.focus();
    };
    input.addEventListener("keydown", (event) => {
      if (event.key === "Enter") seek(event.shiftKey ? -1 : 1);
      else if (event.key === "Escape") close();
      else return;
      event.preventDefault();
      event.stopPropagation();
    });
    this.findBox.replaceChildren(input, button("next", () => seek(1), { hint: "Enter" }), button("previous", () => seek(-1)),
      button("close", close, { hint: "Esc" }), told);
    this.findBox.hidden = false;
    if (this.viewNow() !== "rows") this.goToView("rows");
    input.focus();
  }

  rowText(row) {
    return this.results.columns.map(({ name, type }, place) =>
      name === "@ptr" ? "" : typeof row[place] === "string" ? row[place] : cellText(row[place], type)).join(" ").toLowerCase();
  }

  setKeys() {
    const list = () => this.list;
    const onRows = (action) => () => {
      if (!this.list?.element.isConnected || !this.list.isFocused() || !this.list.row) return false;
      return action(this.results.object(this.list.row), this.list.row);
    };
    const pointerOf = (row) => row[this.results.columns.findIndex(({ name }) => name === "@ptr")];
    const byCell = (isKept) => onRows(() => {
      const { name, value } = this.list.cell;
      if (givesEvents(this.text)) this.addFilter(conditionOn(name, value, isKept));
    });
    setViewKeys([
      ["Ctrl+Enter", "run", () => this.runTyped()],
      ["Escape", "stop; close the row", () => {
        if (!this.stopButton.disabled) return this.stop();
        if (list()?.opened >= 0) return list().close();
        return false;
      }],
      ["/", "to the editor", () => this.editor.focus()],
      ["f", "find in the rows", () => this.openFind()],
      ...VIEWS.map((name, index) => [String(index + 1), `${name}`, () => this.goToView(name)]),
      ["[", "the range before", () => shiftRange(placeOf(), this.store, -1)],
      ["]", "the range behind", () => shiftRange(placeOf(), this.store, 1)],
      ["Alt+Backspace", "undo the zoom", () => history.back()],
      ...list()?.keys ?? [],
      ["r", "the story of the row's request", onRows(async (fields, row) => {
        const pointer = pointerOf(row);
        const known = fields["@requestId"] ?? (pointer && (await ask(`record?ptr=${encodeURIComponent(pointer)}`).catch(() => ({})))["@requestId"]);
        if (known) go({ view: "request", id: String(known) });
        else say("this line belongs to no request");
      })],
      ["c", "copy the text of the row", onRows((fields) => copyText(String(fields["@message"] ?? Object.values(fields).join("\t")), "the text"))],
      ["C", "copy the row as JSON", onRows((fields) => copyText(exactText(fields), "the row as JSON"))],
      ["l", "copy a link to the line", onRows((_, row) => pointerOf(row) && copyText(eventLink(pointerOf(row)), "the link to this line"))],
      ["+", "keep rows with this cell", byCell(true)],
      ["-", "leave out rows with this cell", byCell(false)],
      ["w", "wrap lines: a plain table of up to 500 rows", () => {
        amend({ wrap: placeOf().params.get("wrap") ? undefined : "1" });
        this.show();
      }],
      ["Ctrl+Space", "complete (in the editor)"],
      ["Alt+Enter", "apply the fix (in the editor)"],
      ["Alt+ArrowUp, Alt+ArrowDown", "earlier and later queries (in the editor)"],
    ]);
  }

  leave() {
    this.stop();
    this.list?.remove();
    removeEventListener("beforeprint", this.beforePrint);
    removeEventListener("afterprint", this.afterPrint);
    this.main.classList.remove("query-view");
  }
}

function commandIsLocal(text) {
  return /^\s*source\s+(invocations|errors)\b/i.test(text);
}

// Python's runtime indents tracebacks with spaces that do not break.
const WHITE_SPACE = "[\\s\u00a0]+";

/**
 * The condition that a pattern stands for: its fixed parts in their order, with one part of a line for each
 * token, from begin to end. A space of a pattern stands for any white space.
 */
export function patternCondition(pattern) {
  const parts = pattern.trim().split(/(<\w+-\d+>)/).map((part, place) => place % 2 === 1
    // `128 MB` is a number, `17/Mar/2026 02:30` a time.
    ? (part.startsWith("<Number") ? "\\S+?(?: [A-Za-z]{1,3})??" : part.startsWith("<Time") ? "\\S+?(?: [-+]?\\d\\S*)??" : "\\S+?")
    : part.replace(/[/\\.*+?^${}()|[\]]/g, "\\$&").replace(/\s+/g, WHITE_SPACE));
  return `@message like /^\\s*${parts.join("")}\\s*$/`;
}

/** The form of a saved query, for `/#/run/lambda/errors`. */
export async function showSavedQuery(main, place, store) {
  const box = h("div", {}, h("p", { class: "loading" }, "looking …"));
  main.append(box);
  setViewKeys([]);
  const packs = await ask("queries").catch((error) => error);
  if (packs instanceof Error) return void box.replaceChildren(errorPanel(packs));
  const saved = packs.find(({ name }) => name === place.id);
  if (!saved) {
    return void box.replaceChildren(errorPanel({ message: `there is no saved query '${place.id}'`,
      help: ["the packs are listed behind 'packs' on the page Query"] }));
  }
  const wrong = h("div", {});
  const inputs = saved.parameters.map(({ name, default: value, description }) => h("label", {}, `${name} `,
    h("input", { name, value: place.params.get(name) ?? value ?? "", autocomplete: "off" }),
    description && h("span", { class: "quiet" }, ` ${description}`)));
  const submit = async (event) => {
    event?.preventDefault();
    const parameters = Object.fromEntries(inputs.map((label) => {
      const input = label.querySelector("input");
      return [input.name, input.value];
    }));
    amend(parameters);
    try {
      const { query } = await ask("queries", { body: { name: saved.name, parameters } });
      go({ view: "query", params: { ...rangeParams(place), q: query.trim() } });
    } catch (error) {
      wrong.replaceChildren(errorPanel(error));
    }
  };
  box.replaceChildren(h("div", { class: "toolbar" }, h("h1", {}, saved.title ?? saved.name), rangeControl(place, store),
    commandButton(() => commandLine(["run", saved.name, ...[...box.querySelectorAll("input[name]")].flatMap((input) =>
      saved.parameters.some(({ name, default: value }) => name === input.name && value !== input.value)
        ? ["--param", `${input.name}=${input.value}`] : [])], rangeOf(place)))),
  h("p", {}, saved.description), h("form", { class: "parameters", onsubmit: submit }, inputs,
    h("button", { type: "submit", class: "primary" }, "run")), wrong, h("pre", { class: "explain", tabindex: "0" }, saved.query));
  if (saved.parameters.length === 0) submit();
  else box.querySelector("form.parameters input")?.focus();
}
