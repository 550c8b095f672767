// What is known of the store. It may be written to while the page is open, so views ask again.

import { h } from "./dom.js";
import { ask } from "./api.js";

/** The answer of `/api/info`: `store`, `events`, `first_event_ms`, `last_event_ms` and more. */
export const storeFacts = {};

/** What to do where there are no events at all. */
export function emptyStore() {
  return [h("p", {}, "The store is empty. Take logs in with:"), h("pre", {}, "insights ingest ./exported-logs")];
}

/** Asks for the facts, and tells the frame. */
export async function loadStore() {
  const facts = await ask("info");
  for (const name of Object.keys(storeFacts)) delete storeFacts[name];
  Object.assign(storeFacts, facts);
  dispatchEvent(new Event("storefacts"));
}
