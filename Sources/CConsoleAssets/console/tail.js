// Matching lines as they come. Scrolling up stops the movement; what came meanwhile waits.

import { button } from "./dom.js";
import { h } from "./dom.js";
import { streamed } from "./api.js";
import { commandButton } from "./command.js";
import { commandLine } from "./command.js";
import { setViewKeys } from "./keys.js";
import { amend } from "./places.js";
import { rangeOf } from "./range.js";
import { errorPanel } from "./status.js";
import { say } from "./status.js";
import { counted } from "./text.js";
import { grouped } from "./text.js";
import { oneLine } from "./text.js";
import { timeText } from "./times.js";
import { zoneName } from "./times.js";
import { millisecondsOf } from "./times.js";

const LINE_COUNT = 5000;

export function showTail(main, place) {
  const { groups } = rangeOf(place);
  const filter = h("input", { name: "filter", size: 48, value: place.params.get("q") ?? "", autocomplete: "off",
    placeholder: "@message like /ERROR/", "aria-label": "Filter" });
  const list = h("ol", {});
  const frame = h("div", { class: "tail-lines", tabindex: "0", "aria-label": "Lines", role: "log", "aria-live": "off" }, list);
  const told = h("output", {}, "waiting for lines");
  const resume = button("", () => follow(true), { hidden: true, class: "primary resume" });
  const problem = h("div", {});
  let [waiting, count, isFollowing, isConnected] = [[], 0, true, false];
  // Behind which line new ones come; what was shown does not come again when the server is back.
  let after;
  let abort = new AbortController();
  const toggle = button("pause", () => follow(!isFollowing), { hint: "Space" });
  main.append(h("div", { class: "toolbar" }, h("h1", {}, "Tail"),
    h("form", { onsubmit: (event) => {
      event.preventDefault();
      amend({ q: filter.value.trim() }, { push: true, quiet: false });
    } }, filter, " ", h("button", { type: "submit" }, "filter")), toggle,
    commandButton(() => commandLine(["tail", ...filter.value.trim() ? [filter.value.trim()] : []], { groups })), told),
  problem, h("div", { class: "tail-frame" }, frame, resume));
  const isAtEnd = () => frame.scrollHeight - frame.scrollTop - frame.clientHeight < 30;
  frame.addEventListener("scroll", () => {
    if (isFollowing && !isAtEnd()) follow(false);
    else if (!isFollowing && isAtEnd() && waiting.length === 0) follow(true);
  });
  setViewKeys([
    ["Space", "pause and go on", (event) => event.target.closest("button, a, summary") ? false : follow(!isFollowing)],
    ["/", "to the filter", () => filter.focus()],
    ["End", "go on at the newest", () => follow(true)],
  ]);

  function follow(is) {
    isFollowing = is;
    toggle.firstChild.textContent = is ? "pause" : "go on";
    if (is) {
      const lines = waiting;
      waiting = [];
      append(lines);
    }
    tell();
  }

  function tell() {
    resume.hidden = isFollowing || waiting.length === 0;
    resume.textContent = `${grouped(waiting.length)} new: go on`;
    const state = !isConnected ? "not connected" : isFollowing ? "following" : "paused";
    told.textContent = count === 0 && isConnected ? "waiting for lines" : `${counted(count, "line")} · ${state}`;
  }

  function append(events) {
    const items = events.slice(-LINE_COUNT).map((event) => {
      const time = typeof event.timestamp === "number" ? event.timestamp : millisecondsOf(event.timestamp);
      return h("li", {}, h("span", { class: "offset", title: zoneName() }, timeText(time).slice(5)), " ",
        h("span", { class: "quiet" }, (event.log ?? "").replace(/^\d+:/, "").split("/").at(-1)), " ",
        h("span", { class: "line-text" }, oneLine(event.message)));
    });
    list.append(...items);
    while (list.childElementCount > LINE_COUNT) list.firstChild.remove();
    if (isFollowing) frame.scrollTop = frame.scrollHeight;
  }

  async function listen() {
    problem.replaceChildren();
    abort = new AbortController();
    try {
      const body = { filter: filter.value.trim(), logGroups: groups, after };
      await streamed("tail", { body, signal: abort.signal }, ({ events, after: newest, diagnostics }) => {
        after = newest;
        if (diagnostics?.length) problem.replaceChildren(...diagnostics.map(({ message, help }) => h("p", { class: "warning-text" }, [message, ...help].join("; "))));
        isConnected = true;
        count += events.length;
        if (isFollowing) append(events);
        else waiting = waiting.concat(events).slice(-LINE_COUNT);
        tell();
      });
      isConnected = false;
      tell();
      problem.replaceChildren(h("p", {}, "the tail has ended ", button("go on", listen)));
    } catch (error) {
      if (error.name === "AbortError") return;
      isConnected = false;
      tell();
      problem.replaceChildren(errorPanel(error, listen));
      say(error.message);
    }
  }
  listen();
  return { leave: () => abort.abort() };
}
