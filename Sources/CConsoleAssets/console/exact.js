// JSON whose numbers keep their digits. A number that JavaScript would change (9007199254740993,
// 1.50) becomes a `Digits`, which shows the text that stands in the source.

/** A number by its source text. */
export class Digits {
  constructor(text) {
    this.text = text;
  }
  toString() {
    return this.text;
  }
  valueOf() {
    return Number(this.text);
  }
  toJSON() {
    return JSON.rawJSON ? JSON.rawJSON(this.text) : Number(this.text);
  }
}

function reviveDigits(_, value, context) {
  if (typeof value !== "number" || context === undefined) return value;
  return String(value) === context.source ? value : new Digits(context.source);
}

// What JavaScript may write otherwise than the source: 16 digits or more, a zero at the end of a
// fraction, an exponent, a negative zero, a fraction that begins with many zeros. To look for it
// costs a tenth of calling a function for each value.
const CHANGES = /\d[\d.]{15}|\.\d*0(?!\d)|\d[eE]|-0|\.0{5}/;

/** Parses JSON without changing a digit. */
export function parseExact(text) {
  return CHANGES.test(text) ? JSON.parse(text, reviveDigits) : JSON.parse(text);
}

/** JSON text, laid out, with the digits that were read. */
export function exactText(value, indent = 2) {
  return JSON.stringify(value, null, indent);
}

/** Whether it is a number, whichever way it is kept. */
export function isNumeric(value) {
  return typeof value === "number" || value instanceof Digits;
}
