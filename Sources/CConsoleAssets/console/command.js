// Every view is a command too; this writes it down for a shell.

import { absoluteEnd } from "./times.js";
import { absoluteTime } from "./times.js";
import { copyText } from "./status.js";
import { h } from "./dom.js";

let storeName = "insights.db";

export function setStoreName(name) {
  storeName = name;
}

function quoted(word) {
  return /^[\w./:=@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}

/** `insights query '…' --start=… --db logs.db`. */
export function commandLine(words, range) {
  const line = ["insights", ...words.map(quoted)];
  if (Number.isFinite(range?.start)) line.push(`--start=${absoluteTime(range.start)}`);
  if (Number.isFinite(range?.end)) line.push(`--end=${absoluteEnd(range.end)}`);
  for (const group of range?.groups ?? []) line.push("--log-group", quoted(group));
  line.push("--db", quoted(storeName));
  return line.join(" ");
}

/** A word that opens the command of what is shown. */
export function commandButton(makeLine) {
  const code = h("code", {});
  const box = h("details", { class: "as-command" }, h("summary", {}, "as command"),
    h("div", { class: "popup" }, h("pre", { tabindex: "0" }, code),
      h("button", { type: "button", onclick: () => copyText(makeLine(), "the command") }, "copy")));
  box.addEventListener("toggle", () => { code.textContent = makeLine(); });
  return box;
}
