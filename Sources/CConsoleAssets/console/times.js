// Times are UTC on the wire (`2026-03-17 02:43:17.870`); here they become milliseconds and back, in
// the zone that the reader chose.

const ZONE_KEY = "insights.zone";
let zone = localStorage.getItem(ZONE_KEY) === "local" ? "local" : "UTC";

/** `UTC` or `local`. */
export function zoneNow() {
  return zone;
}

export function setZone(name) {
  zone = name === "local" ? "local" : "UTC";
  localStorage.setItem(ZONE_KEY, zone);
}

/** What stands beside times: `UTC`, or the reader's zone by name. */
export function zoneName() {
  return zone === "UTC" ? "UTC" : Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** The name of a column; beside times stands their zone. */
export function timedName(name, type) {
  return type === "timestamp" ? `${name} (${zoneName()})` : name;
}

/** Epoch milliseconds of a time as results give it; `undefined` where it is none. */
export function millisecondsOf(text) {
  if (typeof text !== "string" || !/^\d{4}-\d\d-\d\d[ T]/.test(text)) return undefined;
  const value = Date.parse(`${text.replace(" ", "T")}${/Z$|[+-]\d\d:?\d\d$/.test(text) ? "" : "Z"}`);
  return Number.isNaN(value) ? undefined : value;
}

function parts(milliseconds) {
  const date = new Date(milliseconds);
  const shift = zone === "UTC" ? 0 : date.getTimezoneOffset() * 60_000;
  return new Date(milliseconds - shift).toISOString().replace("T", " ").replace("Z", "");
}

/** `2026-03-17 02:43:17.870` in the reader's zone. */
export function timeText(milliseconds) {
  return Number.isFinite(milliseconds) ? parts(milliseconds) : "";
}

/** A time as results give it, in the reader's zone. */
export function shownTime(text) {
  const value = millisecondsOf(text);
  return value === undefined || zone === "UTC" ? text : parts(value);
}

/** Only as much of a time as tells it from others in a span: `02:43`, `03-17 02:43`, `2026-03-17`. */
export function shortTime(milliseconds, span) {
  const text = parts(milliseconds);
  if (span > 400 * 86_400_000) return text.slice(0, 10);
  if (span > 3 * 86_400_000) return text.slice(5, 10);
  if (span > 20 * 3_600_000) return text.slice(5, 16);
  if (span > 600_000) return text.slice(11, 16);
  return span > 10_000 ? text.slice(11, 19) : text.slice(11, 23);
}

/** `17 Mar 2026 01:42–03:05 UTC`; the year and the day are said once where they are the same. */
export function spanText(start, end) {
  if (!Number.isFinite(start) && !Number.isFinite(end)) return "all times";
  if (!Number.isFinite(start)) return `until ${minuteText(end)} ${zoneName()}`;
  if (!Number.isFinite(end)) return `from ${minuteText(start)} ${zoneName()}`;
  const [from, to] = [minuteText(start), minuteText(end)];
  const same = from.slice(0, 10) === to.slice(0, 10);
  return `${from} – ${same ? to.slice(11) : to} ${zoneName()}`;
}

function minuteText(milliseconds) {
  const text = parts(milliseconds);
  return text.endsWith(":00.000") ? text.slice(0, 16) : text.slice(0, 19);
}

const UNITS = { ms: 1, s: 1000, m: 60_000, min: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };
const MONTHS = { mo: 1, month: 1, months: 1, y: 12, year: 12, years: 12 };
const DATE = /^(\d{4})([-/])(\d\d)\2(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?(?:Z| ?(?:UTC|GMT)| ?\(?([+-])(\d\d):?(\d\d)?\)?)?)?$/;

/**
 * Milliseconds of a time as people write it, by the rules of `--start` and `--end`: ISO 8601 in UTC, epoch
 * seconds or milliseconds, or relative to now (`-3h`, `-2mo`). An end in whole seconds has all of its
 * second. `undefined` for nothing, NaN for what is no time.
 */
export function readTime(text, { isEnd = false } = {}) {
  const trimmed = (text ?? "").trim();
  if (trimmed === "") return undefined;
  if (/^now$/i.test(trimmed)) return Date.now();
  const relative = /^([+-])(\d+)([a-z]+)$/i.exec(trimmed);
  if (relative) return relativeTime(Number(`${relative[1]}${relative[2]}`), relative[3].toLowerCase());
  const rest = isEnd ? 999 : 0;
  if (/^[+-]?\d+$/.test(trimmed)) {
    const number = Number(trimmed);
    if (Math.abs(number) >= 1e15) return NaN;
    return Math.abs(number) < 1e11 ? number * 1000 + rest : number;
  }
  return dateTime(trimmed, rest);
}

function relativeTime(count, unit) {
  if (Object.hasOwn(UNITS, unit)) return Math.abs(count) <= 1e9 ? Date.now() + count * UNITS[unit] : NaN;
  if (!Object.hasOwn(MONTHS, unit) || Math.abs(count * MONTHS[unit]) > 12_000) return NaN;
  const date = new Date();
  const day = date.getUTCDate();
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + count * MONTHS[unit]);
  const length = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  return date.setUTCDate(Math.min(day, length));
}

function dateTime(text, rest) {
  const parts = DATE.exec(text);
  if (!parts) return NaN;
  const [year, , month, day, hour = 0, minute = 0, second = 0] = parts.slice(1, 8).map((part) => part && Number(part));
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  const [sign, hours = 0, minutes = 0] = [parts[9] === "-" ? -1 : 1, ...parts.slice(10).map((part) => Number(part ?? 0))];
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day || hour > 23 || minute > 59 || second > 60
    || hours > 18 || minutes > 59) return NaN;
  const fraction = parts[8] ? Number(parts[8].padEnd(3, "0").slice(0, 3)) : rest;
  return date.getTime() + ((hour - sign * hours) * 60 + minute - sign * minutes) * 60_000 + second * 1000 + fraction;
}

// CloudWatch cuts bins longer than the unit before the next: bin(300s) is bin(60s).
const BINS = ["1ms", "10ms", "100ms", "1s", "5s", "10s", "30s", "1m", "5m", "10m", "30m", "1h", "3h", "6h", "12h",
  "1d", "7d", "28d"];

/** The shortest bin that gives at most `count` bars, as the language writes it, and its length. */
export function binFor(span, count) {
  for (const name of BINS) {
    const length = spanOf(name);
    if (span / length <= count) return { name, length };
  }
  const days = Math.ceil(span / count / UNITS.d);
  return { name: `${days}d`, length: days * UNITS.d };
}

const LENGTH_TEXT = /^(\d+)(ms|s|m|min|h|d|w)$/;

/** Whether a text is a length such as `5m`. */
export function isLength(text) {
  return LENGTH_TEXT.test(text);
}

/** The length of `5m` in milliseconds. */
export function spanOf(text) {
  const [, amount, unit] = LENGTH_TEXT.exec(text);
  return Number(amount) * UNITS[unit];
}

/** A time in a link or a command: `2026-03-17T02:43:17.870Z`. */
export function absoluteTime(milliseconds) {
  return new Date(milliseconds).toISOString().replace(".000Z", "Z");
}

/** The same for the last millisecond of a range, which has all of its second where only that is told. */
export function absoluteEnd(milliseconds) {
  return new Date(milliseconds).toISOString().replace(".999Z", "Z");
}
