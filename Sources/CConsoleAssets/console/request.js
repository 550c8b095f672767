// One request from START to REPORT: its attempts, its lines, and where it waited.

import { button } from "./dom.js";
import { h } from "./dom.js";
import { ask } from "./api.js";
import { commandButton } from "./command.js";
import { commandLine } from "./command.js";
import { parseExact } from "./exact.js";
import { setViewKeys } from "./keys.js";
import { fragmentOf } from "./places.js";
import { copyText } from "./status.js";
import { errorPanel } from "./status.js";
import { durationText } from "./text.js";
import { offsetText } from "./text.js";
import { millisecondsOf } from "./times.js";
import { shownTime } from "./times.js";
import { zoneName } from "./times.js";
import { longText } from "./tree.js";
import { valueTree } from "./tree.js";
import { findingMarkdown } from "./triage.js";
import { rangeQuery } from "./triage.js";
import { statusBadge } from "./triage.js";

// A gap within an attempt is shown from this share of it on, and from these milliseconds.
const GAP_SHARE = 0.08;
const GAP_LEAST = 250;

function share(value, whole) {
  return `${Math.max(0.5, Math.min(100, value / whole * 100))}%`;
}

function bar(className, width, left = "0%") {
  const inner = h("i", { class: className });
  inner.style.width = width;
  inner.style.left = left;
  return h("span", { class: "meter", "aria-hidden": "true" }, inner);
}

/** `[start, end]` of each attempt, in milliseconds. */
function attemptSpans(attempts) {
  return attempts.map(({ end, start, duration_ms: duration }) =>
    [millisecondsOf(start), millisecondsOf(end) ?? (millisecondsOf(start) + Number(duration ?? 0))]);
}

/** Attempts on one scale of time, and the memory of each. */
function attemptsTable(attempts) {
  const [starts, ends] = [0, 1].map((side) => attemptSpans(attempts).map((span) => span[side]));
  const [first, last] = [Math.min(...starts.filter(Number.isFinite)), Math.max(...ends.filter(Number.isFinite))];
  const length = Math.max(1, last - first);
  const rows = attempts.flatMap((one, index) => {
    const wait = index > 0 ? starts[index] - ends[index - 1] : 0;
    return [
      wait > 0 && h("tr", { class: "wait" }, h("td", { colspan: 6 }, `${durationText(wait)} until the next attempt`)),
      h("tr", { class: `attempt ${one.status}`, tabindex: "-1" },
        h("th", { scope: "row" }, `attempt ${one.attempt ?? index + 1}`),
        h("td", {}, h("span", { class: `status ${one.status}` }, one.status ?? "unknown")),
        h("td", { class: "meter-cell" }, Number.isFinite(starts[index])
          && bar(one.status, share(ends[index] - starts[index], length), share(starts[index] - first, length))),
        h("td", { class: "number" }, one.duration_ms === null ? "no end" : durationText(one.duration_ms),
          one.cold_start_ms !== null && h("span", { class: "quiet" }, ` + ${durationText(one.cold_start_ms)} cold start`)),
        h("td", { class: "meter-cell memory" }, one.max_memory_mb !== null
          && bar("memory", share(Number(one.max_memory_mb), Number(one.memory_mb)))),
        h("td", { class: "number" }, one.max_memory_mb === null ? "" : `${one.max_memory_mb} of ${one.memory_mb} MB`)),
    ];
  });
  return h("table", { class: "attempts" }, h("caption", { class: "sr" }, "Attempts"), h("tbody", {}, rows));
}

/** What a line says without the id and time that all of them have. */
function lineBody(text) {
  const json = text.trimStart();
  if (json.startsWith("{") && json.length < 1_000_000) {
    try {
      const value = parseExact(json);
      return h("details", { class: "json-line" }, h("summary", {}, longText(text)), valueTree(value));
    } catch {
      // It only begins like JSON.
    }
  }
  return longText(text);
}

export function showRequest(main, place, store) {
  const abort = new AbortController();
  if (!place.id) return void main.append(errorPanel({ message: "the address names no request", help: ["it ends with the id of one"] }));
  const box = h("div", {}, h("p", { class: "loading" }, "looking …"));
  main.append(box);
  async function load() {
    try {
      const answer = await ask(`triage?${rangeQuery({ groups: [] }, { request: /^[0-9A-F-]{36}$/.test(place.id) ? place.id.toLowerCase() : place.id })}`, { signal: abort.signal });
      box.replaceChildren(...story(answer, place, store));
    } catch (error) {
      if (error.name !== "AbortError") box.replaceChildren(errorPanel(error, load));
    }
  }
  load();
  return { leave: () => abort.abort() };
}

function story({ findings, request }, place) {
  const lines = request.timeline;
  const first = lines.map(({ timestamp }) => millisecondsOf(timestamp)).find(Number.isFinite);
  const last = lines.map(({ timestamp }) => millisecondsOf(timestamp)).findLast(Number.isFinite);
  const length = Math.max(1, last - first);
  const spans = attemptSpans(request.attempts);
  const evidence = request.errors.map(({ message }) => message).filter(Boolean)
    .concat(findings.flatMap((one) => one.evidence.map((fact) => fact.replace(/^gateway: /, ""))))
    .filter((text) => text.length > 8);
  const items = [];
  let before = first;
  for (const line of lines) {
    const time = millisecondsOf(line.timestamp);
    const gap = time - before;
    const isWithin = spans.find(([start, end]) => start <= before && time <= end + 1);
    const isBetween = !isWithin && spans.slice(1).some(([start]) => start >= before && start <= time);
    if (gap >= GAP_LEAST && (isBetween || gap / (isWithin ? isWithin[1] - isWithin[0] : length) >= GAP_SHARE)) {
      const pause = h("li", { class: "gap" }, h("span", {}, `┆ ${durationText(gap)} ${isBetween ? "until the next attempt" : "without a line: here it waited"}`));
      pause.style.setProperty("--gap", `${Math.round(20 + 100 * gap / length)}px`);
      items.push(pause);
    }
    if (Number.isFinite(time)) before = time;
    const isEvidence = evidence.some((text) => line.message.includes(text))
      || /^REPORT .*Status: (timeout|error)/s.test(line.message);
    const item = h("li", { class: `story-line${isEvidence ? " evidence" : ""}`, tabindex: "-1" },
      h("span", { class: "offset", title: shownTime(line.timestamp ?? "") }, Number.isFinite(time) ? offsetText(time - first) : ""),
      h("div", { class: "line-text" }, lineBody(line.message)),
      isEvidence && h("span", { class: "mark" }, "● evidence"));
    item.dataset.text = line.message;
    items.push(item);
  }
  const list = h("ol", { class: "story" }, items);
  const told = [request.attempts[0]?.function, request.attempts.length > 0 && `${request.attempts.length} ${request.attempts.length === 1 ? "attempt" : "attempts"}`,
    `X-Ray: ${request.xray_trace_id ?? "none"}`, first && `${shownTime(lines.find(({ timestamp }) => timestamp).timestamp)} ${zoneName()}`];
  const storyLines = () => [...list.querySelectorAll(".story-line")];
  const at = () => storyLines().indexOf(document.activeElement);
  const step = (count) => () => {
    const all = storyLines();
    all[Math.min(all.length - 1, Math.max(0, at() + count))]?.focus();
  };
  const markdown = () => [`Request \`${request.request_id}\` · ${told.filter(Boolean).join(" · ")}`, "",
    ...findings.map(findingMarkdown), "", "```", ...lines.map((line) => `${line.timestamp ?? ""} ${line.message}`), "```"].join("\n");
  const toAttempt = (count) => () => {
    const starts = storyLines().filter((item) => /^(START|INIT_START)|"platform\.(start|initStart)"/.test(item.dataset.text));
    const now = document.activeElement;
    const next = count > 0 ? starts.find((item) => now.compareDocumentPosition(item) & Node.DOCUMENT_POSITION_FOLLOWING) ?? starts.at(-1)
      : starts.findLast((item) => now.compareDocumentPosition(item) & Node.DOCUMENT_POSITION_PRECEDING) ?? starts[0];
    next?.focus();
  };
  setViewKeys([
    ["j, ArrowDown", "next line", step(1)],
    ["k, ArrowUp", "previous line", () => storyLines()[Math.max(0, at() - 1)]?.focus()],
    ["]", "next attempt", toAttempt(1)],
    ["[", "previous attempt", toAttempt(-1)],
    ["Enter", "open the line", () => {
      const inner = document.activeElement.querySelector?.("details");
      if (!inner || document.activeElement.tagName === "SUMMARY") return false;
      inner.open = !inner.open;
    }],
    ["c", "copy as Markdown", () => copyText(markdown(), "the request")],
    ["p", "print", () => print()],
  ]);
  const id = request.request_id ?? request.gateway_request_ids[0] ?? place.id;
  return [
    h("div", { class: "toolbar" }, h("h1", {}, h("span", { class: "quiet" }, "request "), h("code", {}, id)),
      button("copy as Markdown", () => copyText(markdown(), "the request"), { hint: "c" }),
      button("print", () => print(), { hint: "p" }),
      h("a", { class: "action", href: fragmentOf({ view: "query", params: { q: `filter @requestId = "${id}"\n| sort @timestamp asc` } }) }, "its lines as a query"),
      commandButton(() => commandLine(["triage", id]))),
    h("p", { class: "facts" }, findings.map((one) => h("span", { class: "fact" }, statusBadge(one.status))),
      h("span", { class: "fact" }, told.filter(Boolean).join(" · ")),
      request.gateway_request_ids.length > 0 && h("span", { class: "fact" }, `gateway ${request.gateway_request_ids.join(", ")}`)),
    request.attempts.length > 0 && attemptsTable(request.attempts),
    findings.map((one) => h("p", { class: "verdict" }, statusBadge(one.status), " ", h("strong", {}, one.cause),
      h("span", { class: "advice" }, ` ${one.advice}`))),
    list,
    request.limits.length > 0 && h("ul", { class: "notes" }, request.limits.map((note) => h("li", {}, note))),
  ].flat().filter(Boolean);
}
