// What the invocations of a range come to: the same counts as `insights info` and `metrics` give.

import { answerOf } from "./api.js";

const INVOCATIONS = `SOURCE invocations
| stats count(*) as invocations, sum(cold_start) as cold_starts, pct(duration_ms, 50) as p50, pct(duration_ms, 95) as p95, pct(duration_ms, 99) as p99, max(duration_ms) as longest, max(max_memory_mb) as memory`;
// Many ids are counted sooner in the events than in the table of invocations.
const REQUESTS = `filter @type in ["START", "REPORT"] or type in ["platform.start", "platform.report"]
| stats count_distinct(@requestId) as requests`;
const ERRORS = "SOURCE errors | stats count(*) as errors";

/** The queries whose results are the figures. */
export const FIGURE_QUERIES = [INVOCATIONS, REQUESTS, ERRORS];

/** `{invocations, requests, errors, cold_starts, p50, p95, p99, longest, memory}`; milliseconds and MB. */
export async function figuresOf(range, signal) {
  const answers = await Promise.all(FIGURE_QUERIES.map((query) => answerOf(query, range, { signal })));
  const given = answers.flatMap(({ columns, rows }) => columns.map(({ name }, place) => [name, rows[0]?.[place]]));
  return { invocations: 0, requests: 0, errors: 0, cold_starts: 0,
    ...Object.fromEntries(given.filter(([, value]) => value !== undefined && value !== null)) };
}
