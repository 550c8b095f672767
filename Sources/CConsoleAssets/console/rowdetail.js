// What an opened row shows: its fields as a tree, its text with its line breaks, and where to go from it.

import { button } from "./dom.js";
import { h } from "./dom.js";
import { ask } from "./api.js";
import { exactText } from "./exact.js";
import { parseExact } from "./exact.js";
import { fragmentOf } from "./places.js";
import { copyText } from "./status.js";
import { longText } from "./tree.js";
import { valueTree } from "./tree.js";

/** The address of an event, which is good for as long as the store is. */
export function eventLink(pointer) {
  return `${location.origin}${location.pathname}${fragmentOf({ view: "event", id: pointer })}`;
}

/** The fields of a message that is JSON; `undefined` where it is not. */
function objectIn(message) {
  if (typeof message !== "string" || !message.trimStart().startsWith("{")) return undefined;
  try {
    return parseExact(message);
  } catch {
    return undefined;
  }
}

/** An event or a row, `fields` by name. */
export function fieldsView(fields, filter) {
  const { "@message": message, ...others } = fields;
  const object = objectIn(message);
  const rest = Object.entries(others).filter(([name]) => name !== "@ptr"
    && (object === undefined || name.startsWith("@")));
  return h("div", { class: "fields" },
    object === undefined && message !== undefined && h("pre", { class: "message", tabindex: "0" }, longText(String(message).trimEnd())),
    valueTree(Object.fromEntries(rest), filter),
    object !== undefined && valueTree(object, filter));
}

/** The detail of a row; the whole event is fetched where the row has a pointer. */
export function rowDetail(row, columns, { filter } = {}) {
  const shown = Object.fromEntries(columns.flatMap(({ name }, place) =>
    row[place] === null || row[place] === undefined ? [] : [[name, row[place]]]));
  const pointer = shown["@ptr"];
  const place = h("div", {}, fieldsView(shown, filter));
  const actions = h("p", { class: "actions" });
  const tell = (fields) => {
    const request = fields["@requestId"] ?? fields.requestId;
    actions.replaceChildren(...[
      request && h("a", { class: "action", href: fragmentOf({ view: "request", id: String(request) }) }, "request story ", h("kbd", {}, "r")),
      pointer && h("a", { class: "action", href: fragmentOf({ view: "event", id: pointer }) }, "lines around it"),
      pointer && button("copy link", () => copyText(eventLink(pointer), "the link to this line"), { hint: "l" }),
      button("copy text", () => copyText(String(fields["@message"] ?? Object.values(fields).join("\t")), "the text"), { hint: "c" }),
      button("copy JSON", () => copyText(exactText(fields), "the row as JSON"), { hint: "C" }),
    ].filter(Boolean));
  };
  tell(shown);
  if (pointer) {
    ask(`record?ptr=${encodeURIComponent(pointer)}`).then((fields) => {
      place.replaceChildren(fieldsView({ ...fields, ...shown }, filter));
      tell({ ...fields, ...shown });
    }).catch(() => {});
  }
  return h("div", {}, actions, place);
}
