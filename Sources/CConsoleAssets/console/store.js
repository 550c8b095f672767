// What is known of the store. It may be written to while the page is open, so views ask again.

import { h } from "./dom.js";
import { ask } from "./api.js";
import { timeText } from "./times.js";
import { zoneName } from "./times.js";

/** The answer of `/api/info`: `store`, `events`, `first_event_ms`, `last_event_ms` and more. */
export const storeFacts = {};

/** What to do where there are no events at all. */
export function emptyStore() {
  return [h("p", {}, "The store is empty. Take logs in with:"), h("pre", {}, "insights ingest ./exported-logs")];
}

/** Why a range has no events, where all of them lie outside of it; else nothing. */
export function outsideNote({ start, end }, store) {
  if (store.events === 0) return "The store is empty.";
  if (store.last_event_ms === undefined) return "No event has a time.";
  if (!(start > store.last_event_ms || end < store.first_event_ms)) return "";
  return `The newest event is of ${timeText(store.last_event_ms)} ${zoneName()}.`;
}

/** Asks for the facts, and tells the frame. */
export async function loadStore() {
  const facts = await ask("info");
  for (const name of Object.keys(storeFacts)) delete storeFacts[name];
  Object.assign(storeFacts, facts);
  dispatchEvent(new Event("storefacts"));
}
