// One line, with those around it: where a link to a line leads.

import { h } from "./dom.js";
import { answerOf } from "./api.js";
import { ask } from "./api.js";
import { commandButton } from "./command.js";
import { commandLine } from "./command.js";
import { setViewKeys } from "./keys.js";
import { conditionOn } from "./language.js";
import { fragmentOf } from "./places.js";
import { fieldsView } from "./rowdetail.js";
import { errorPanel } from "./status.js";
import { millisecondsOf } from "./times.js";
import { shownTime } from "./times.js";
import { zoneName } from "./times.js";
import { longText } from "./tree.js";

const AROUND = 25;

async function linesAround(event, pointer) {
  const time = millisecondsOf(event["@timestamp"]);
  const conditions = ["@log", "@logStream"].filter((name) => event[name] !== undefined)
    .map((name) => conditionOn(name, event[name]));
  const filter = conditions.length > 0 ? `filter ${conditions.join(" and ")}\n| ` : "";
  const ask = (order, range) => answerOf(
    `${filter}fields @timestamp, @message, @ptr\n| sort @timestamp ${order}, @ptr ${order}\n| limit ${AROUND * 2}`, range);
  const [before, behind] = await Promise.all([ask("desc", { end: time }), ask("asc", { start: time })]);
  const rows = new Map([...before.rows.toReversed(), ...behind.rows].map(([at, text, place]) => [place, { at, text, place }]));
  const all = [...rows.values()].sort((a, b) => a.at < b.at ? -1 : a.at > b.at ? 1 : a.place < b.place ? -1 : 1);
  const here = all.findIndex(({ place }) => place === pointer);
  return all.slice(Math.max(0, here - AROUND), here + AROUND + 1);
}

export function showEvent(main, place) {
  const box = h("div", {}, h("p", { class: "loading" }, "looking …"));
  main.append(box);
  setViewKeys([]);
  async function load() {
    try {
      const event = await ask(`record?ptr=${encodeURIComponent(place.id)}`);
      const request = event["@requestId"];
      const list = h("ol", { class: "story" });
      box.replaceChildren(h("div", { class: "toolbar" }, h("h1", {}, "one line"),
        request && h("a", { class: "action", href: fragmentOf({ view: "request", id: request }) }, "its request's story"),
        commandButton(() => commandLine(["record", place.id]))),
      h("p", { class: "facts" }, [event["@timestamp"] && `${shownTime(event["@timestamp"])} ${zoneName()}`, event["@log"], event["@logStream"]].filter(Boolean).join(" · ")),
      fieldsView(event), h("h2", {}, "lines around it"), list);
      if (event["@timestamp"] === undefined) {
        return list.append(h("li", {}, "It has no time: what was around it is unknown."));
      }
      for (const line of await linesAround(event, place.id)) {
        list.append(h("li", { class: `story-line${line.place === place.id ? " evidence" : ""}` },
          h("span", { class: "offset" }, shownTime(line.at).slice(11)), h("div", { class: "line-text" }, longText(line.text.trimEnd())),
          line.place === place.id ? h("span", { class: "mark" }, "● this line")
            : h("a", { class: "mark quiet", href: fragmentOf({ view: "event", id: line.place }), "aria-label": `the line of ${shownTime(line.at)}` }, "→")));
      }
    } catch (error) {
      box.replaceChildren(errorPanel(error, load));
    }
  }
  load();
}
