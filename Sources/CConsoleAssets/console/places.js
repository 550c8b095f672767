// Where the reader is: the fragment of the address, `#/view/id?name=value`. It holds everything that a
// link must carry and never reaches a server or its log.

let follow = () => {};

/** The place that an address names. */
export function placeOf(fragment = location.hash) {
  const [path, query = ""] = fragment.replace(/^#\/?/, "").split(/\?(.*)/s);
  const [view = "", ...rest] = path.split("/");
  return {
    view: view || "triage",
    id: rest.map(decoded).join("/"),
    params: new URLSearchParams(query),
  };
}

/** What a part of an address stands for; a part that was cut or typed wrongly stands for itself. */
export function decoded(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** The fragment of a place; parameters that are empty are left out. */
export function fragmentOf({ view, id = "", params = {} }) {
  const kept = new URLSearchParams();
  const entries = params instanceof URLSearchParams ? params.entries() : Object.entries(params);
  for (const [name, value] of entries) {
    for (const one of [value].flat()) {
      if (one !== undefined && one !== null && one !== "") kept.append(name, one);
    }
  }
  const path = id ? `${view}/${id.split("/").map(encodeURIComponent).join("/")}` : view;
  const query = kept.toString().replace(/\+/g, "%20");
  return `#/${path}${query && `?${query}`}`;
}

/** What of a place other views understand too: the range and the log groups. */
export function rangeParams(place) {
  return {
    start: place.params.get("start"), end: place.params.get("end"),
    group: place.params.getAll("group"),
  };
}

/** Goes somewhere; Back comes back. */
export function go(place) {
  const fragment = fragmentOf(place);
  if (fragment === location.hash) return follow(placeOf());
  history.pushState(null, "", fragment);
  follow(placeOf());
}

/** Changes parameters of this place; `push` where Back shall undo it. */
export function amend(changes, { push = false, quiet = true } = {}) {
  const place = placeOf();
  for (const [name, value] of Object.entries(changes)) {
    place.params.delete(name);
    for (const one of [value].flat()) {
      if (one !== undefined && one !== null && one !== "") place.params.append(name, one);
    }
  }
  const fragment = fragmentOf(place);
  if (fragment === location.hash) return;
  if (push) history.pushState(null, "", fragment);
  else history.replaceState(null, "", fragment);
  if (!quiet) follow(placeOf());
}

/** Calls `action` with every place that is gone to. */
export function onPlace(action) {
  follow = action;
  addEventListener("popstate", () => action(placeOf()));
}
