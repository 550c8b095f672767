// Text of strangers, made fit to be shown on one line or many.

// Control characters, and those that change the direction in which text runs.
const HIDDEN = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]/gu;
const CELL_LENGTH = 1000;

function mark(character) {
  const code = character.codePointAt(0);
  if (code < 0x20) return String.fromCodePoint(0x2400 + code);
  if (code === 0x7f) return "␡";
  return `⟨${code.toString(16).toUpperCase().padStart(4, "0")}⟩`;
}

/** The text with marks for what cannot be seen; line breaks and tabs stay. */
export function shown(text) {
  return text.replace(/\r\n/g, "\n").replace(HIDDEN, mark);
}

/** The first characters on one line, as cells show them. */
export function oneLine(text, length = CELL_LENGTH) {
  const start = text.length > length ? `${text.slice(0, length)}…` : text;
  return shown(start.trimEnd()).replace(/\s*\n\s*/g, " ↵ ").replace(/\t/g, "  ");
}

/** `1 row`, `2 rows`; with the digits in groups. */
export function counted(count, noun, plural = `${noun}s`) {
  return `${grouped(count)} ${count === 1 ? noun : plural}`;
}

/** 1,234,567 */
export function grouped(number) {
  const text = String(number);
  return /^-?\d{4,}$/.test(text) ? text.replace(/\B(?=(\d{3})+$)/g, ",") : text;
}

/** 21 kB */
export function byteText(bytes) {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let value = Number(bytes);
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${value >= 100 || unit === 0 ? Math.round(value) : value.toPrecision(2)} ${units[unit]}`;
}

/** 31 ms, 1.8 s, 52 s, 3 min */
export function durationText(milliseconds) {
  const value = Number(milliseconds);
  if (!Number.isFinite(value)) return "";
  if (value < 10) return `${Number(value.toFixed(2))} ms`;
  if (value < 10_000) return `${grouped(Math.round(value))} ms`;
  if (value < 120_000) return `${Number((value / 1000).toFixed(1))} s`;
  if (value < 7_200_000) return `${Math.round(value / 60_000)} min`;
  return `${Number((value / 3_600_000).toFixed(1))} h`;
}

/** A number as an axis or a cell of figures shows it. */
export function figure(value) {
  const number = Number(value);
  if (Number.isInteger(number)) return grouped(number);
  return String(Number(number.toPrecision(4)));
}

/** How far into something a moment is: `+31 ms`, `+72.502 s`, `+4:11.290`. */
export function offsetText(milliseconds) {
  if (milliseconds < 10_000) return `+${grouped(Math.round(milliseconds))} ms`;
  const seconds = milliseconds / 1000;
  if (seconds < 120) return `+${seconds.toFixed(3)} s`;
  const minutes = Math.floor(seconds / 60);
  const rest = (seconds % 60).toFixed(3).padStart(6, "0");
  return minutes < 60 ? `+${minutes}:${rest}`
    : `+${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}:${rest}`;
}
