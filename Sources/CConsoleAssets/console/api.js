// The server's own interface, /api/…: JSON there and back, with the token of the link.

import { parseExact } from "./exact.js";

const TOKEN_KEY = "insights.token";
const channel = new BroadcastChannel("insights.token");

/** An answer that is no answer: why, and what to do. */
export class ApiError extends Error {
  constructor(message, { status = 0, diagnostics = [], help = [] } = {}) {
    super(message);
    this.status = status;
    this.diagnostics = diagnostics;
    this.help = help;
  }
}

/**
 * The link has the token in its fragment. It moves to this tab's storage and out of the address, so
 * that an address that is copied never carries it. Returns whether there was one.
 */
export function takeToken() {
  const match = /^#token=([^&]+)&?(.*)$/s.exec(location.hash);
  if (!match) return false;
  sessionStorage.setItem(TOKEN_KEY, decodeURIComponent(match[1]));
  history.replaceState(null, "", `${location.pathname}${match[2] ? `#${match[2]}` : ""}`);
  return true;
}

takeToken();
channel.addEventListener("message", ({ data }) => {
  const token = sessionStorage.getItem(TOKEN_KEY);
  if (data === "wanted" && token) channel.postMessage({ token });
});

/** The token of another tab that is open; `undefined` where none answers. */
function tokenOfOtherTabs() {
  return new Promise((resolve) => {
    const timer = setTimeout(() => finish(undefined), 300);
    const finish = (token) => {
      clearTimeout(timer);
      channel.removeEventListener("message", listen);
      resolve(token);
    };
    const listen = ({ data }) => data?.token && finish(data.token);
    channel.addEventListener("message", listen);
    channel.postMessage("wanted");
  });
}

async function request(path, body, signal, accept) {
  const token = sessionStorage.getItem(TOKEN_KEY);
  const headers = { Accept: accept };
  if (token) headers.Authorization = `Bearer ${token}`;
  if (body !== undefined) headers["Content-Type"] = "application/json";
  try {
    return await fetch(`/api/${path}`, {
      method: body === undefined ? "GET" : "POST", headers, signal, cache: "no-store",
      body: body === undefined ? undefined : JSON.stringify(body),
    });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new ApiError("the server does not answer", {
      help: ["is insights serve still running? What you wrote here is kept."],
    });
  }
}

let asking;

/** The response to a request, which is good; a tab without a token asks the others first. */
export async function open(path, { body, signal, accept = "application/json" } = {}) {
  if (!sessionStorage.getItem(TOKEN_KEY)) {
    const token = await (asking ??= tokenOfOtherTabs());
    if (token) sessionStorage.setItem(TOKEN_KEY, token);
  }
  let response = await request(path, body, signal, accept);
  if (response.status === 401) {
    // The server was started anew; a tab that was opened by its new link knows.
    const token = await tokenOfOtherTabs();
    if (token && token !== sessionStorage.getItem(TOKEN_KEY)) {
      sessionStorage.setItem(TOKEN_KEY, token);
      response = await request(path, body, signal, accept);
    }
  }
  if (!response.ok) throw await errorOf(response);
  return response;
}

async function errorOf(response) {
  const status = response.status;
  if (status === 401) {
    return new ApiError("this tab has no token", {
      status, help: ["open the link that insights serve printed when it started; it has the token"],
    });
  }
  let told = {};
  try {
    told = parseExact(await response.text());
  } catch {
    // A proxy may answer with something else; the status is said then.
  }
  return errorFrom(told, status);
}

function errorFrom(told, status) {
  const error = typeof told.error === "object" && told.error ? told.error : told;
  const diagnostics = told.diagnostics ?? error.diagnostics ?? [];
  const message = error.message ?? (typeof told.error === "string" ? told.error : undefined)
    ?? diagnostics[0]?.message ?? `the server answered with status ${status}`;
  const reason = diagnostics.length > 0 && diagnostics[0].message !== message ? `: ${diagnostics[0].message}` : "";
  return new ApiError(message + reason, { status, diagnostics, help: error.help?.length ? error.help : diagnostics[0]?.help ?? [] });
}

/** The JSON that a request is answered with. */
export async function ask(path, options) {
  return parseExact(await (await open(path, options)).text());
}

/** Calls `take` with each object of a stream of JSON lines. */
export async function streamed(path, options, take) {
  const response = await open(path, { ...options, accept: "application/x-ndjson" });
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = "";
  const takeLine = (line) => {
    if (line.trim() === "") return;
    const object = parseExact(line);
    if (object.error) throw errorFrom(object, response.status);
    take(object);
  };
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) break;
      const lines = (rest + value).split("\n");
      rest = lines.pop();
      lines.forEach(takeLine);
    }
  } catch (error) {
    if (error instanceof ApiError || error.name === "AbortError") throw error;
    throw new ApiError("the answer broke off", { help: ["what came before is shown; run it again"] });
  }
  takeLine(rest);
}

/** The rows of a query, at once: `{columns, rows, statistics, diagnostics}`. */
export function answerOf(query, range, { limit, signal } = {}) {
  return ask("query", { body: queryBody(query, range, limit), signal });
}

/** What `/api/query` takes. */
export function queryBody(query, range, limit) {
  const body = { query };
  if (Number.isFinite(range?.start)) body.start = range.start;
  if (Number.isFinite(range?.end)) body.end = range.end;
  if (range?.groups?.length) body.logGroups = range.groups;
  if (limit !== undefined) body.limit = limit;
  return body;
}
