// The home page: what went wrong, the most urgent first.

import { button } from "./dom.js";
import { h } from "./dom.js";
import { ask } from "./api.js";
import { commandButton } from "./command.js";
import { commandLine } from "./command.js";
import { figuresOf } from "./figures.js";
import { TROUBLE } from "./histogram.js";
import { histogram } from "./histogram.js";
import { setViewKeys } from "./keys.js";
import { amend } from "./places.js";
import { fragmentOf } from "./places.js";
import { placeOf } from "./places.js";
import { rangeParams } from "./places.js";
import { rangeControl } from "./range.js";
import { rangeOf } from "./range.js";
import { shiftRange } from "./range.js";
import { visibleRange } from "./range.js";
import { copyText } from "./status.js";
import { errorPanel } from "./status.js";
import { say } from "./status.js";
import { whisper } from "./status.js";
import { emptyStore } from "./store.js";
import { loadStore } from "./store.js";
import { counted } from "./text.js";
import { durationText } from "./text.js";
import { grouped } from "./text.js";
import { oneLine } from "./text.js";
import { absoluteEnd } from "./times.js";
import { absoluteTime } from "./times.js";
import { millisecondsOf } from "./times.js";
import { shownTime } from "./times.js";
import { zoneName } from "./times.js";

/** The query parameters of a range, for requests that are no queries. */
export function rangeQuery(range, more = {}) {
  const params = new URLSearchParams();
  if (Number.isFinite(range.start)) params.set("start", range.start);
  if (Number.isFinite(range.end)) params.set("end", range.end);
  for (const group of range.groups) params.append("group", group);
  for (const [name, value] of Object.entries(more)) if (value) params.set(name, value);
  return params.toString();
}

/** A status with its colour; the number says it too. */
export function statusBadge(status) {
  return h("span", { class: `badge ${status >= 500 ? "server" : "caller"}` }, String(status));
}

/** `02:23:01 – 02:42:15`, or one time. */
function timesOf({ first, last }) {
  if (!first) return "";
  const [from, to] = [shownTime(first).slice(0, 19), shownTime(last ?? first).slice(0, 19)];
  if (from === to) return from;
  return `${from} – ${from.slice(0, 10) === to.slice(0, 10) ? to.slice(11) : to}`;
}

/** A finding for an incident channel. */
export function findingMarkdown(finding) {
  const lines = [`**${finding.status} ${finding.cause}** ×${finding.count}`];
  const facts = [timesOf(finding) && `${timesOf(finding)} ${zoneName()}`, finding.functions.join(", ")];
  lines.push(facts.filter(Boolean).join(" · "), "");
  for (const fact of finding.evidence) lines.push(`- \`${fact.replaceAll("`", "'")}\``);
  lines.push("", `What to change: ${finding.advice}`);
  if (finding.request_id) lines.push("", `One request: \`${finding.request_id}\``);
  return lines.join("\n");
}

/** What names a finding in a link, also where others have come before it. */
function findingKey({ status, cause, functions, evidence }) {
  const text = [status, cause, ...functions, evidence[0] ?? ""].join("\n");
  let hash = 5381;
  for (let place = 0; place < text.length; place += 1) hash = (hash * 33 + text.charCodeAt(place)) % 4294967296;
  return hash.toString(36);
}

/** Where a finding lies in the range: its first to its last, or its counts over time. */
function strip(finding, span) {
  const box = h("span", { class: "strip", "aria-hidden": "true" });
  const counts = finding.over_time;
  if (counts?.length) {
    const highest = Math.max(...counts.map(Number));
    for (const count of counts) {
      const bar = h("i", {});
      bar.style.height = `${Number(count) === 0 ? 0 : Math.max(12, Number(count) / highest * 100)}%`;
      box.append(bar);
    }
    box.classList.add("counts");
    return box;
  }
  const [first, last] = [millisecondsOf(finding.first), millisecondsOf(finding.last)];
  const length = span.end - span.start;
  if (first === undefined || !(length > 0)) return undefined;
  const mark = h("i", {});
  mark.style.left = `${(first - span.start) / length * 100}%`;
  mark.style.width = `max(4px, ${(last - first) / length * 100}%)`;
  box.append(mark);
  return box;
}

function findingItem(finding, place, span, others) {
  // What tells it from others of the same cause.
  const isAlone = others.every((one) => one === finding || one.cause !== finding.cause);
  const around = {
    ...rangeParams(place),
    start: finding.first && absoluteTime(millisecondsOf(finding.first) - 60_000),
    end: finding.last && absoluteEnd(millisecondsOf(finding.last) + 60_000),
  };
  const lines = fragmentOf({ view: "query", params: { ...around, q: linesQuery(finding) } });
  const box = h("details", {},
      h("summary", { onclick: () => amend({ finding: box.open ? undefined : findingKey(finding) }) }, statusBadge(finding.status), h("span", { class: "cause" }, finding.cause,
          !isAlone && finding.evidence.length > 0 && h("span", { class: "told-by" }, ` ${oneLine(finding.evidence[0], 120)}`)),
        h("span", { class: "count" }, `×${grouped(finding.count)}`),
        h("span", { class: "functions" }, finding.functions.join(", ")),
        h("span", { class: "when" }, timesOf(finding)), strip(finding, span)),
      h("div", { class: "finding-body" },
        h("dl", {}, h("dt", {}, "evidence"), h("dd", {}, h("ul", {}, finding.evidence.map((fact) =>
          h("li", {}, h("code", {}, fact))))),
        h("dt", {}, "advice"), h("dd", { class: "advice" }, finding.advice),
        finding.callers?.length > 0 && [h("dt", {}, "callers"), h("dd", {}, finding.callers.join(", "))]),
        h("p", { class: "actions" },
          finding.request_id && h("a", { class: "action", href: fragmentOf({ view: "request", id: finding.request_id }) },
            "one request ", h("kbd", {}, "r")),
          h("a", { class: "action", href: lines }, "all lines at that time ", h("kbd", {}, "o")),
          finding.first && h("a", { class: "action", href: fragmentOf({ view: "compare", params: around }) },
            "compare with before ", h("kbd", {}, "b")),
          button("copy as Markdown", () => copyText(findingMarkdown(finding), "the finding"), { hint: "c" }))));
  return h("li", { class: "finding" }, box);
}

// The logs of the functions that it is charged to.
function linesQuery(finding) {
  const names = finding.functions.map((name) => name.replace(/[/\\.*+?^${}()|[\]]/g, "\\$&"));
  const condition = names.length > 0 ? `filter @log like /(${names.join("|")})/\n| ` : "";
  return `${condition}fields @timestamp, @message\n| sort @timestamp asc`;
}

export function showTriage(main, place, store) {
  const range = rangeOf(place);
  const abort = new AbortController();
  const facts = h("p", { class: "facts" });
  const chart = h("div", { class: "histogram-place" });
  const list = h("ol", { class: "findings", "aria-label": "Findings" });
  const notes = h("div", { class: "notes" });
  let found = [];
  let seen;
  main.append(h("div", { class: "toolbar" }, h("h1", {}, "What went wrong"), rangeControl(place, store),
    button("copy all", () => copyText(found.map(findingMarkdown).join("\n\n"), "all findings")),
    button("print", () => print()),
    commandButton(() => commandLine(["triage", "--full"], range))), facts, chart, list, notes);

  const items = () => [...list.querySelectorAll("summary")];
  const current = () => Math.max(0, items().indexOf(document.activeElement));
  const finding = () => found[current()];
  // Back comes to the finding again.
  const leave = (action) => () => {
    if (finding()) amend({ finding: findingKey(finding()) });
    action();
  };
  const link = (word) => leave(() => [...list.children[current()]?.querySelectorAll("a.action") ?? []]
    .find((one) => one.textContent.startsWith(word))?.click());
  setViewKeys([
    ["j, ArrowDown", "next finding", () => items().length > 0 && items()[Math.min(items().length - 1, items().indexOf(document.activeElement) + 1)].focus()],
    ["k, ArrowUp", "previous finding", () => items().length > 0 && items()[Math.max(0, current() - 1)].focus()],
    ["r", "one request of the finding", link("one request")],
    ["o", "all lines at that time", link("all lines")],
    ["b", "compare with the time before", link("compare")],
    ["c", "copy the finding as Markdown", () => finding() && copyText(findingMarkdown(finding()), "the finding")],
    ["[", "the range before", () => shiftRange(place, store, -1)],
    ["]", "the range behind", () => shiftRange(place, store, 1)],
    ["p", "print", () => print()],
  ]);

  async function load() {
    list.replaceChildren(h("li", { class: "loading" }, "looking …"));
    try {
      const [answer] = await Promise.all([ask(`triage?${rangeQuery(range)}`, { signal: abort.signal }), loadStore()]);
      const span = visibleRange(range, store);
      found = answer.findings;
      whisper(counted(found.length, "finding"));
      list.replaceChildren(...found.map((one) => findingItem(one, place, span, found)));
      const wanted = placeOf().params.get("finding");
      const opened = list.querySelectorAll("details")[wanted ? found.findIndex((one) => findingKey(one) === wanted) : 0];
      if (wanted && !opened && found.length > 0) say("the finding of this link is not in this range");
      if (opened) opened.open = true;
      if (wanted && opened && document.activeElement === document.body) opened.querySelector("summary").focus();
      if (found.length === 0) list.append(nothing(answer.looked_at, place, store));
      seen = store.events;
      const limits = answer.limits ?? [];
      notes.replaceChildren(...limits.length > 0 ? [h("h2", {}, "What the logs cannot show"),
        h("ul", {}, limits.map((note) => h("li", {}, note)))] : []);
      showFacts(answer);
      if (answer.looked_at.events === 0) return chart.replaceChildren();
      // Errors are found by the invocations that they end; without any, by their words.
      const isOfLambda = answer.looked_at.invocations > 0;
      chart.replaceChildren(await histogram({
        series: isOfLambda ? [{ name: "errors in the logs", query: "SOURCE errors", kind: "trouble" }] : [
          { name: "events", query: "fields @timestamp" }, { name: "error, exception, timed out", query: `filter ${TROUBLE}` }],
        range, span, signal: abort.signal, label: isOfLambda ? "errors over time" : "events over time",
      }));
    } catch (error) {
      if (error.name !== "AbortError") list.replaceChildren(h("li", {}, errorPanel(error, load)));
    }
  }

  async function showFacts({ looked_at: looked, findings }) {
    const byStatus = new Map();
    for (const one of findings) byStatus.set(one.status, (byStatus.get(one.status) ?? 0) + Number(one.count));
    const badges = [...byStatus].sort(([a], [b]) => b - a).map(([status, count]) =>
      h("span", { class: "fact" }, statusBadge(status), ` ×${grouped(count)}`));
    const told = [counted(looked.events, "event"), counted(looked.invocations, "invocation")];
    const failed = findings.reduce((sum, one) => sum + Number(one.count), 0);
    if (failed > 0) badges.push(h("span", { class: "fact" }, counted(failed, "failed request")));
    facts.replaceChildren(...badges, h("span", { class: "fact" }, told.join(" · ")));
    if (looked.invocations === 0) return;
    const sums = await figuresOf(range, abort.signal).catch(() => undefined);
    if (!sums) return;
    facts.append(h("span", { class: "fact" }, [counted(sums.requests, "request"),
      sums.p50 !== undefined && `p50 ${durationText(sums.p50)}`,
      sums.p99 !== undefined && `p99 ${durationText(sums.p99)}`,
      sums.cold_starts > 0 && counted(sums.cold_starts, "cold start")].filter(Boolean).join(" · ")));
  }

  const more = h("p", { class: "facts" });
  facts.after(more);
  const tellGrowth = () => {
    const count = store.events - (seen ?? store.events);
    if (!more.isConnected || count === 0) return more.replaceChildren();
    more.replaceChildren(`the store has ${count > 0 ? `${counted(count, "more event")}` : "other events"} now`, button("look again", load));
  };
  addEventListener("storefacts", tellGrowth);
  load();
  return { leave: () => {
    abort.abort();
    removeEventListener("storefacts", tellGrowth);
  } };
}

function nothing(looked, place, store) {
  if (store.events === 0) {
    return h("li", { class: "none" }, emptyStore());
  }
  if (looked.events === 0) {
    return h("li", { class: "none" }, `No event lies in this range. ${looked.newest ? `The newest is of ${shownTime(looked.newest)} ${zoneName()}.` : ""}`);
  }
  const lines = h("a", { href: fragmentOf({ view: "query", params: { ...rangeParams(place),
    q: `filter ${TROUBLE}\n| fields @timestamp, @log, @message\n| sort @timestamp desc` } }) }, "Lines with an error's words");
  if (looked.invocations === 0 && looked.gateway_requests === 0) {
    return h("li", { class: "none" }, "No invocations: these logs have no lines of Lambda (START, REPORT) or API Gateway, by which causes are found. ", lines);
  }
  return h("li", { class: "none" }, "Nothing went wrong here that the logs show. ", lines);
}
