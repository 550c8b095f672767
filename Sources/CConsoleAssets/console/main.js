// The frame: which view is shown, what the header says, and the keys that act everywhere.

import { button } from "./dom.js";
import { h } from "./dom.js";
import { takeToken } from "./api.js";
import { setStoreName } from "./command.js";
import { showCompare } from "./compare.js";
import { showDashboard } from "./dashboard.js";
import { showEvent } from "./event.js";
import { addKeys } from "./keys.js";
import { listenToKeys } from "./keys.js";
import { setViewKeys } from "./keys.js";
import { showKeys } from "./keys.js";
import { showMetrics } from "./metrics.js";
import { fragmentOf } from "./places.js";
import { go } from "./places.js";
import { onPlace } from "./places.js";
import { placeOf } from "./places.js";
import { rangeParams } from "./places.js";
import { showQuery } from "./query.js";
import { showSavedQuery } from "./query.js";
import { fixedRange } from "./range.js";
import { rangeControl } from "./range.js";
import { rangeProblem } from "./range.js";
import { showRequest } from "./request.js";
import { copyText } from "./status.js";
import { errorPanel } from "./status.js";
import { say } from "./status.js";
import { statusLine } from "./status.js";
import { whisper } from "./status.js";
import { loadStore } from "./store.js";
import { storeFacts } from "./store.js";
import { showTail } from "./tail.js";
import { counted } from "./text.js";
import { shown } from "./text.js";
import { setZone } from "./times.js";
import { spanText } from "./times.js";
import { zoneName } from "./times.js";
import { zoneNow } from "./times.js";
import { showTriage } from "./triage.js";

/** Every view: its name in addresses, its name in the header, its letter behind `g`. */
const PAGES = [
  { view: "triage", title: "Triage", letter: "t", show: showTriage },
  { view: "query", title: "Query", letter: "q", show: showQuery },
  { view: "compare", title: "Compare", letter: "c", show: showCompare },
  { view: "tail", title: "Tail", letter: "l", show: showTail },
  { view: "metrics", title: "Metrics", letter: "m", show: showMetrics },
  { view: "dashboard", title: "Dashboard", letter: "d", show: showDashboard },
  { view: "request", title: "Request", show: showRequest, within: "triage" },
  { view: "event", title: "Line", show: showEvent, within: "query" },
  { view: "run", title: "Saved query", show: showSavedQuery, within: "query" },
];

// How often the page asks whether there are more events, in milliseconds.
const GROWTH_PAUSE = 15_000;

// What was last on the page Query: its word in the header leads back there.
let lastQuery = {};

/** Where a page is gone to: with the range of a place, and Query with what it had. */
function paramsFor(view, place) {
  return { ...view === "query" ? lastQuery : {}, ...rangeParams(place) };
}

const main = h("main", { id: "main", tabindex: "-1" });
const facts = h("span", { class: "store" });
const tabs = h("nav", { "aria-label": "Pages" });
const zoneButton = button("", toggleZone, { class: "zone", title: "UTC or local time" });
let current;

function toggleZone() {
  setZone(zoneNow() === "UTC" ? "local" : "UTC");
  say(`times in ${zoneName()}`);
  tellStore();
  show(placeOf(), true);
}

function tellStore() {
  zoneButton.textContent = zoneName();
  facts.textContent = [storeFacts.store, storeFacts.events !== undefined && counted(storeFacts.events, "event"),
    storeFacts.first_event_ms !== undefined && spanText(storeFacts.first_event_ms, storeFacts.last_event_ms)].filter(Boolean).join(" · ");
}

/** Copies a link to what is shown: times are absolute, since "the last hour" is another one later. */
function shareThis() {
  const place = placeOf();
  if (rangeProblem(place.params.get("start"), place.params.get("end"))) return say("this place has no valid range");
  const params = { ...Object.fromEntries([...place.params.keys()].map((name) => [name, place.params.getAll(name)])),
    ...fixedRange(place), ...current?.handle?.shared };
  copyText(`${location.origin}${location.pathname}${fragmentOf({ ...place, params })}`, "a link to this");
}

/** What stands in place of a view whose address cannot be followed. */
function wrongPlace(place, page) {
  if (!page) {
    return [errorPanel({ message: `there is no page '${place.view}'`,
      help: [`the pages are ${PAGES.filter(({ letter }) => letter).map(({ title }) => title).join(", ")}`] })];
  }
  const problem = rangeProblem(place.params.get("start"), place.params.get("end"));
  return problem && [h("div", { class: "toolbar" }, h("h1", {}, page.title), rangeControl(place, storeFacts)), errorPanel(problem)];
}

async function show(place, isFresh = false) {
  if (place.params.get("tz")) setZone(place.params.get("tz"));
  const page = PAGES.find(({ view }) => view === place.view);
  const wrong = wrongPlace(place, page);
  if (place.view === "query") lastQuery = Object.fromEntries(["q", "view", "cols"].map((name) => [name, place.params.get(name)]));
  tabs.replaceChildren(...PAGES.filter(({ letter }) => letter).map(({ view, title }) => h("a", {
    href: fragmentOf({ view, params: paramsFor(view, place) }),
    "aria-current": view === place.view || view === page?.within ? "page" : undefined,
  }, title)));
  document.title = shown(`${page?.title ?? "No page"}${place.id ? ` ${place.id}` : ""} · insights`);
  if (!isFresh && !wrong && current?.page === page && current.handle?.update) return current.handle.update(place);
  // What was told of the view before is not true of this one.
  if (current && current.page !== page) whisper(page?.title ?? "No page");
  current?.handle?.leave?.();
  document.querySelectorAll("dialog[open]").forEach((dialog) => dialog.close());
  main.replaceChildren();
  const handle = { page };
  current = handle;
  if (wrong) {
    setViewKeys([]);
    return main.replaceChildren(...wrong);
  }
  try {
    const loading = loadStore();
    // Where it is known already, a view is shown at once, also while the server does not answer.
    if (storeFacts.events === undefined) await loading;
    else loading.catch(() => {});
    if (current !== handle) return;
    handle.handle = await page.show(main, place, storeFacts);
  } catch (error) {
    main.replaceChildren(errorPanel(error, () => show(placeOf(), true)));
  }
}

// Boxes that open over the page close by Esc and by a click beside them.
function closeBoxes(except) {
  let isClosed = false;
  for (const box of document.querySelectorAll("details[open]:has(> .popup)")) {
    if (box.contains(except)) continue;
    box.open = false;
    isClosed = true;
  }
  return isClosed;
}

// A box hangs from the right end of its word; where it would leave the page to the left, it moves.
document.addEventListener("toggle", ({ target }) => requestAnimationFrame(() => {
  const popup = target.open && target.querySelector(":scope > .popup");
  if (!popup) return;
  popup.style.translate = "";
  popup.style.translate = `${Math.max(0, 8 - popup.getBoundingClientRect().left)}px`;
}), true);
document.body.append(
  h("a", { class: "skip", href: "#main", onclick: (event) => {
    event.preventDefault();
    main.focus();
  } }, "to the content"),
  h("header", {}, h("a", { class: "brand", href: "#/triage" }, "insights"), facts, tabs,
    h("span", { class: "header-tools" }, zoneButton, button("share", shareThis, { hint: "s", title: "copy a link to this" }),
      button("keys", showKeys, { hint: "?" }))),
  main, statusLine());
addEventListener("storefacts", () => {
  setStoreName(storeFacts.store ?? "insights.db");
  tellStore();
});
document.addEventListener("click", (event) => closeBoxes(event.target));
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    const box = document.activeElement.closest?.("details[open]:has(> .popup)");
    if (closeBoxes(null)) {
      box?.querySelector("summary").focus();
      event.preventDefault();
    }
  }
}, true);
const printed = h("p", { class: "print-only" });
main.before(printed);
addEventListener("beforeprint", () => {
  printed.textContent = `${location.href} · printed ${new Date().toISOString().slice(0, 16).replace("T", " ")} UTC`;
});
addKeys([
  ["?", "all keys", () => showKeys()],
  ["z", "UTC or local time", toggleZone],
  ["s", "copy a link to what is shown", shareThis],
  ...PAGES.filter(({ letter }) => letter).map(({ view, title, letter }) =>
    [`g ${letter}`, `go to ${title}`, () => go({ view, params: paramsFor(view, placeOf()) })]),
]);
listenToKeys();
// A store may grow while one looks.
setInterval(() => document.visibilityState === "visible" && loadStore().catch(() => {}), GROWTH_PAUSE);
// A link of a server that was started anew may be opened in a tab where the page is.
onPlace((place) => takeToken() ? show(placeOf(), true) : show(place));
show(placeOf());
