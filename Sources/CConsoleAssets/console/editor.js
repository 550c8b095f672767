// The editor: one element of plain text. Colours are ranges that the browser paints (CSS Custom
// Highlight API), so the text is the text: undo, input methods and screen readers work as everywhere.

import { debounced } from "./dom.js";
import { freshID } from "./dom.js";
import { h } from "./dom.js";
import { ask } from "./api.js";
import { keyName } from "./keys.js";
import { tokensOf } from "./language.js";

const COLOURED = ["command", "function", "keyword", "field", "string", "number", "comment"];
const MARKED = ["error", "warning"];

/** Offsets as Swift counts them, in Unicode scalars, to those of JavaScript. */
function utf16Offset(text, scalars) {
  let offset = 0;
  for (let left = scalars; left > 0 && offset < text.length; left -= 1) {
    offset += text.codePointAt(offset) > 0xffff ? 2 : 1;
  }
  return offset;
}

/**
 * An editor. `run` is called for Ctrl+Enter, `changed` when typing rests, `recall(step)` for a query
 * of the history. Its element is `element`; `text` is what stands in it.
 */
export class Editor {
  constructor({ text, run, changed, recall, range }) {
    this.run = run;
    this.changed = changed;
    this.recall = recall;
    this.range = range;
    this.diagnostics = [];
    this.listID = freshID("completions");
    this.noteID = freshID("diagnostics");
    this.box = h("div", {
      class: "editor-text", contenteditable: "plaintext-only", spellcheck: "false",
      autocapitalize: "off", autocorrect: "off", role: "textbox", "aria-multiline": "true",
      "aria-label": "Query", "aria-autocomplete": "list", "aria-controls": this.listID,
      "aria-describedby": this.noteID, tabindex: "0",
    });
    if (!this.box.isContentEditable && this.box.contentEditable !== "plaintext-only") {
      this.box.contentEditable = "true";
    }
    this.list = h("ul", { role: "listbox", id: this.listID, class: "completions", hidden: true,
      "aria-label": "Completions" });
    this.notes = h("div", { class: "diagnostics", id: this.noteID, "aria-live": "polite" });
    this.element = h("div", { class: "editor" }, this.box, this.list, this.notes);
    this.checkSoon = debounced(() => this.check(), 30);
    this.completeSoon = debounced(() => this.complete(false), 80);
    this.box.addEventListener("input", (event) => this.typed(event));
    this.box.addEventListener("keydown", (event) => this.pressed(event));
    this.box.addEventListener("blur", () => setTimeout(() => this.closeList(), 150));
    this.text = text;
  }

  get text() {
    return this.box.textContent.replace(/\u00a0/g, " ");
  }

  set text(text) {
    this.box.textContent = text;
    this.colour();
    this.check();
  }

  /** Replaces a part as if it were typed, so that undo takes it back. */
  replace(start, end, text) {
    this.box.focus();
    const selection = getSelection();
    selection.removeAllRanges();
    selection.addRange(this.rangeOf(start, end));
    if (!document.execCommand("insertText", false, text)) {
      this.box.textContent = this.text.slice(0, start) + text + this.text.slice(end);
    }
    this.colour();
    this.checkSoon();
  }

  focus() {
    this.box.focus();
    getSelection().selectAllChildren(this.box);
    getSelection().collapseToEnd();
  }

  rangeOf(start, end) {
    const range = new Range();
    range.selectNodeContents(this.box);
    const walker = document.createTreeWalker(this.box, NodeFilter.SHOW_TEXT);
    let offset = 0;
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const next = offset + node.length;
      if (start >= offset && start <= next) range.setStart(node, start - offset);
      if (end >= offset && end <= next) {
        range.setEnd(node, end - offset);
        break;
      }
      offset = next;
    }
    return range;
  }

  get caret() {
    const selection = getSelection();
    if (selection.rangeCount === 0 || !this.box.contains(selection.focusNode)) return this.text.length;
    const range = new Range();
    range.selectNodeContents(this.box);
    range.setEnd(selection.focusNode, selection.focusOffset);
    return range.toString().length;
  }

  colour() {
    if (!CSS.highlights) return;
    const text = this.text;
    const ranges = Object.fromEntries([...COLOURED, ...MARKED].map((kind) => [kind, []]));
    for (const token of tokensOf(text)) ranges[token.kind]?.push(this.rangeOf(token.start, token.end));
    for (const diagnostic of this.diagnostics.filter(({ end }) => end !== undefined)) {
      const start = utf16Offset(text, diagnostic.start);
      const end = Math.max(utf16Offset(text, diagnostic.end), start + 1);
      if (start < text.length) {
        ranges[diagnostic.severity === "error" ? "error" : "warning"]
          .push(this.rangeOf(start, Math.min(end, text.length)));
      }
    }
    for (const [kind, list] of Object.entries(ranges)) CSS.highlights.set(kind, new Highlight(...list));
  }

  typed() {
    this.diagnostics = this.diagnostics.filter(({ end }) => end <= this.caret - 1);
    this.colour();
    this.checkSoon();
    this.completeSoon();
    this.changed?.(this.text);
  }

  /** Asks the compiler what it thinks of the text. */
  async check() {
    this.checking?.abort();
    this.checking = new AbortController();
    const text = this.text;
    if (text.trim() === "") return this.show([]);
    try {
      const answer = await ask("check", { body: { query: text }, signal: this.checking.signal });
      if (text === this.text) this.show(answer.diagnostics ?? []);
    } catch (error) {
      if (text === this.text && error.diagnostics?.length) this.show(error.diagnostics);
    }
  }

  /** Shows what is wrong, at its place and in words. */
  show(diagnostics) {
    this.diagnostics = diagnostics.filter(({ severity }) => severity !== "note");
    this.box.setAttribute("aria-invalid", String(diagnostics.some(({ severity }) => severity === "error")));
    this.colour();
    const byKey = diagnostics.find(({ fix }) => fix);
    this.notes.replaceChildren(...diagnostics.slice(0, 4).map((diagnostic) => this.note(diagnostic, diagnostic === byKey)));
  }

  note(diagnostic, isByKey) {
    const help = [...(diagnostic.notes ?? []), ...(diagnostic.help ?? [])];
    const place = diagnostic.line ? `${diagnostic.line}:${diagnostic.column} ` : "";
    return h("p", { class: `diagnostic ${diagnostic.severity}` },
      h("span", { class: "severity" }, `${place}${diagnostic.severity}: `), diagnostic.message,
      help.map((line) => h("span", { class: "help" }, ` · ${line}`)),
      diagnostic.fix && h("button", {
        type: "button", class: "fix", onclick: () => this.apply(diagnostic),
      }, "fix ", isByKey && h("kbd", {}, "Alt+Enter")));
  }

  /** Puts in what the compiler says was meant. */
  apply({ fix }) {
    const text = this.text;
    this.replace(utf16Offset(text, fix.start), utf16Offset(text, fix.end), fix.text);
  }

  pressed(event) {
    const name = keyName(event);
    const isOpen = !this.list.hidden;
    const actions = {
      "Ctrl+Enter": () => { this.closeList(); this.run(); },
      "Ctrl+Space": () => this.complete(true),
      "Alt+Enter": () => {
        const diagnostic = this.diagnostics.find((one) => one.fix);
        if (diagnostic) this.apply(diagnostic);
      },
      "Alt+ArrowUp": () => this.recall?.(1),
      "Alt+ArrowDown": () => this.recall?.(-1),
    };
    if (isOpen) {
      actions.ArrowDown = () => this.choose(this.chosen + 1);
      actions.ArrowUp = () => this.choose(this.chosen - 1);
      actions.Escape = () => this.closeList();
      // Enter accepts only what was chosen by a key, so that it still breaks lines.
      if (this.chosen >= 0) actions.Enter = () => this.accept(this.chosen);
    } else {
      if (this.text === "") actions.ArrowUp = () => this.recall?.(1);
      actions.Escape = () => this.box.blur();
    }
    if (!actions[name]) return;
    actions[name]();
    event.preventDefault();
    event.stopPropagation();
  }

  async complete(isAsked) {
    const [text, cursor] = [this.text, this.caret];
    const word = /[\w@.$]*$/.exec(text.slice(0, cursor))[0];
    if (!isAsked && word.length < 1) return this.closeList();
    try {
      // Scalars, as everywhere on the wire.
      const answer = await ask("complete", { body: { text, cursor: [...text.slice(0, cursor)].length } });
      if (text !== this.text) return;
      const candidates = answer.candidates.filter(({ text: name }) => isAsked || name !== word);
      this.openList(candidates.slice(0, 50), utf16Offset(text, answer.start), cursor);
    } catch {
      this.closeList();
    }
  }

  openList(candidates, start, end) {
    if (candidates.length === 0 || document.activeElement !== this.box) return this.closeList();
    this.candidates = candidates;
    this.word = { start, end };
    this.chosen = -1;
    this.list.replaceChildren(...candidates.map((candidate, index) => h("li", {
      role: "option", id: `${this.listID}-${index}`, "aria-selected": "false",
      onpointerdown: (event) => { event.preventDefault(); this.accept(index); },
    }, h("span", { class: `word ${candidate.kind}` }, candidate.text),
    h("span", { class: "kind" }, candidate.detail ?? candidate.kind))));
    const caret = this.rangeOf(start, end).getBoundingClientRect();
    const frame = this.element.getBoundingClientRect();
    this.list.hidden = false;
    const left = Math.min(caret.left - frame.left, frame.width - this.list.offsetWidth);
    this.list.style.left = `${Math.max(0, left)}px`;
    this.list.style.top = `${(caret.bottom || frame.top + 24) - frame.top + 4}px`;
  }

  choose(index) {
    const items = this.list.children;
    this.chosen = (index + items.length) % items.length;
    for (const [place, item] of [...items].entries()) {
      item.setAttribute("aria-selected", String(place === this.chosen));
    }
    items[this.chosen].scrollIntoView({ block: "nearest" });
    this.box.setAttribute("aria-activedescendant", items[this.chosen].id);
  }

  accept(index) {
    const { text } = this.candidates[index];
    this.closeList();
    this.replace(this.word.start, this.word.end, text);
  }

  closeList() {
    this.list.hidden = true;
    this.box.removeAttribute("aria-activedescendant");
  }
}
