// What is said beside the page: one live line for screen readers and eyes, errors, the clipboard, files.

import { h } from "./dom.js";

const line = h("div", { role: "status", class: "status-line" });
let fading;

/** The element of the live line. */
export function statusLine() {
  return line;
}

/** Says something for a while. */
export function say(text) {
  line.textContent = text;
  line.classList.add("visible");
  clearTimeout(fading);
  fading = setTimeout(() => line.classList.remove("visible"), 4000);
}

/** Says it only to those who listen. */
export function whisper(text) {
  line.textContent = text;
  line.classList.remove("visible");
}

/** An error with its next step, and a way to try again. */
export function errorPanel(error, again) {
  return h("div", { class: "error-panel", role: "alert" },
    h("p", {}, h("strong", {}, "error: "), error.message),
    (error.help ?? []).map((help) => h("p", { class: "note" }, help)),
    again && h("button", { type: "button", onclick: again }, "try again"));
}

export async function copyText(text, what) {
  try {
    await navigator.clipboard.writeText(text);
    say(`copied ${what}`);
  } catch {
    say("the browser does not allow copying here");
  }
}

/** Gives the reader a file. */
export function saveFile(name, blob) {
  const address = URL.createObjectURL(blob);
  const link = h("a", { href: address, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
