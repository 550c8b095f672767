// The words of a query, for its colours and for queries that are made of it. What is right or wrong only
// the compiler says.

const TOKEN =
  /(#[^\n]*)|("(?:[^"\\]|\\.)*"?|'(?:[^'\\]|\\.)*'?)|(`[^`]*`?)|(\/(?:[^/\\\n]|\\.)+\/[a-z]*)|(\d+(?:\.\d+)?[a-z]*)|([@$A-Za-z_][\w.@$]*)|(\|)|([()[\]{},])|([^\s])/gy;

const WORDS = new Set(["and", "or", "not", "in", "like", "as", "by", "asc", "desc", "with", "on"]);

/** `{kind, start, end, text}` for each token; a space is none. Offsets are UTF-16. */
export function tokensOf(text) {
  const tokens = [];
  let expectsCommand = true;
  let last;
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const space = /\s*/y;
    space.lastIndex = TOKEN.lastIndex;
    space.exec(text);
    TOKEN.lastIndex = space.lastIndex;
    if (TOKEN.lastIndex >= text.length) break;
    const start = TOKEN.lastIndex;
    let match = TOKEN.exec(text);
    // A slash behind a value divides; elsewhere it begins a regex.
    if (match[4] && last && /^(field|number|close)$/.test(last.kind)) {
      TOKEN.lastIndex = start + 1;
      match = ["/"];
    }
    const token = { start, end: TOKEN.lastIndex, text: match[0], kind: "symbol" };
    if (match[1]) token.kind = "comment";
    else if (match[2]) token.kind = "string";
    else if (match[3]) token.kind = "field";
    else if (match[4]) token.kind = "string";
    else if (match[5]) token.kind = "number";
    else if (match[7]) token.kind = "pipe";
    else if (match[0] === ")" || match[0] === "]") token.kind = "close";
    else if (match[6]) {
      if (expectsCommand) token.kind = "command";
      else if (WORDS.has(match[0].toLowerCase())) token.kind = "keyword";
      else token.kind = /^\s*\(/.test(text.slice(token.end)) ? "function" : "field";
    }
    if (token.kind !== "comment") {
      expectsCommand = token.kind === "pipe";
      last = token;
    }
    tokens.push(token);
  }
  return tokens;
}

/** The commands of a query: `{name, text}`, divided at pipes outside of brackets. */
export function commandsOf(text) {
  const commands = [];
  let depth = 0;
  let start = 0;
  let name;
  for (const token of tokensOf(text)) {
    if (token.kind === "symbol" && /^[([{]$/.test(token.text)) depth += 1;
    if (token.kind === "close" || token.text === "}") depth -= 1;
    if (token.kind === "command" && depth === 0) name ??= token.text.toLowerCase();
    if (token.kind === "pipe" && depth === 0) {
      commands.push({ name, text: text.slice(start, token.start) });
      start = token.end;
      name = undefined;
    }
  }
  commands.push({ name, text: text.slice(start) });
  return commands.filter((command) => command.name !== undefined);
}

// What they do to an event depends on no other event. A test compares both lists with the compiler's commands.
const ROW_COMMANDS = new Set(["source", "filter", "where", "filterindex", "fields", "parse", "json", "lookup", "cidrlookup",
  "unnest", "expand", "unmask"]);
const SHOW_COMMANDS = new Set(["sort", "order", "limit", "head", "tail", "display"]);

const LIMITS = new Set(["limit", "head", "tail"]);

// How many of the first commands say which events a query is about.
function selectionLength(commands) {
  const end = commands.findIndex(({ name }) => !ROW_COMMANDS.has(name) && !SHOW_COMMANDS.has(name));
  return commands.slice(0, end < 0 ? undefined : end).findLastIndex(({ name }) => ROW_COMMANDS.has(name)) + 1;
}

/** What of a query says which events it is about, to count them otherwise. */
export function selectionOf(text) {
  const commands = commandsOf(text);
  const selecting = commands.slice(0, selectionLength(commands));
  // Which events a limit leaves depends on what stands before it.
  const hasLimit = selecting.some(({ name }) => LIMITS.has(name));
  return selecting.filter(({ name }) => ROW_COMMANDS.has(name) || hasLimit && name !== "display")
    .map((command) => command.text.trim()).join("\n| ");
}

/** Whether a query says itself how many rows it has at most. */
export function isLimited(text) {
  return commandsOf(text).some(({ name }) => LIMITS.has(name));
}

/** Whether it leaves out events that are like others. */
export function dropsRepeated(text) {
  return commandsOf(text).some(({ name }) => name === "dedup");
}

/** The query with one more command. */
export function piped(text, command) {
  const trimmed = text.trim().replace(/\|\s*$/, "").trimEnd();
  return trimmed === "" ? command : `${trimmed}\n| ${command}`;
}

/** A name that does not stand in a text. */
export function freeName(name, text) {
  return text.includes(name) ? freeName(`${name}_`, text) : name;
}

/** Whether its rows are log events, one each. */
export function givesEvents(text) {
  return commandsOf(text).every(({ name, text: words }) =>
    (ROW_COMMANDS.has(name) || SHOW_COMMANDS.has(name) || name === "dedup")
      && !/^\s*source\s+(invocations|errors)\b/i.test(words));
}

/** The same query with a pointer to each event, for what a row is opened with. */
export function withPointers(text) {
  const commands = commandsOf(text);
  // What is no query yet shall not become one.
  if (commands.length === 0 || !givesEvents(text)) return undefined;
  const display = commands.findLast(({ name }) => name === "display");
  const fields = commands.some(({ name }) => name === "fields");
  if (commands.at(-1).name === "display") {
    const end = tokensOf(text).findLast(({ kind }) => kind !== "comment").end;
    return `${text.slice(0, end)}, @ptr${text.slice(end)}`;
  }
  if (display) return undefined;
  const pointer = fields ? "fields @ptr" : "fields @timestamp, @message, @ptr";
  // Only limits may stand behind the command that leaves out repeated events.
  const dedup = commands.findIndex(({ name }) => name === "dedup");
  if (dedup < 0) return piped(text, pointer);
  return commands.map((command) => command.text.trim()).toSpliced(dedup, 0, pointer).join("\n| ");
}

/** The names of what the last `stats` groups by; `undefined` without one. */
export function groupKeysOf(text) {
  const stats = commandsOf(text).findLast(({ name }) => name === "stats");
  if (!stats) return undefined;
  const tokens = tokensOf(stats.text);
  const by = tokens.findLast((token) => token.kind === "keyword" && token.text.toLowerCase() === "by");
  if (!by) return [];
  const keys = [];
  let depth = 0;
  let start = by.end;
  let alias;
  for (const token of [...tokens, { text: ",", start: stats.text.length, end: stats.text.length }]) {
    if (token.start < by.end) continue;
    if (/^[([{]$/.test(token.text)) depth += 1;
    if (/^[)\]}]$/.test(token.text)) depth -= 1;
    if (token.kind === "keyword" && token.text.toLowerCase() === "as" && depth === 0) alias = token.end;
    if (token.text === "," && depth === 0) {
      keys.push(stats.text.slice(alias ?? start, token.start).trim().replaceAll("`", ""));
      start = token.end;
      alias = undefined;
    }
  }
  return keys;
}

/** Whether the language can write a field's name; it has no way to write a backtick. */
export function isWritable(name) {
  return name !== "" && !name.includes("`");
}

/** A field's name as the language writes it. */
export function fieldText(name) {
  return /^[@A-Za-z_][\w.@]*$/.test(name) && !WORDS.has(name.toLowerCase()) ? name : `\`${name}\``;
}

/** A value as the language writes it. */
export function valueText(value) {
  if (typeof value === "number" || typeof value === "object") return String(value);
  if (typeof value === "boolean") return value ? "1" : "0";
  return `"${String(value).replaceAll("\\", "\\\\").replaceAll("\"", "\\\"")
    .replaceAll("\n", "\\n").replaceAll("\t", "\\t").replaceAll("\r", "\\r")}"`;
}

/** The condition that keeps rows with this value, or those without it. */
export function conditionOn(name, value, isKept = true) {
  if (value === null || value === undefined) {
    return isKept ? `not ispresent(${fieldText(name)})` : `ispresent(${fieldText(name)})`;
  }
  return `${fieldText(name)} ${isKept ? "=" : "!="} ${valueText(value)}`;
}

/** The query with a condition put where it counts: behind the commands that select events. */
export function filtered(text, condition) {
  const commands = commandsOf(text);
  const texts = commands.map((command) => command.text.trim());
  texts.splice(selectionLength(commands), 0, `filter ${condition}`);
  return texts.join("\n| ");
}
