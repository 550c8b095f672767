// Generated from Queries/ by `make golden`; do not edit.

/// The query pack as it was when the program was built, so that the binary needs no files beside it.
enum BuiltInQueries {
  static let all: [(name: String, text: String)] = [
    (
      "gateway/errors-by-cause",
      #"""
      # title: Gateway errors by cause
      # description: What stands behind the 4xx and 5xx of a REST API, from its execution log
      # headline: sum(requests) — failed

      parse @message /^\((?<gatewayRequestId>[0-9a-f]+-[0-9a-f-]+)\) /
      | parse @message /Method completed with status: (?<methodStatus>[0-9]+)/
      | filter ispresent(gatewayRequestId)
      | stats latest(methodStatus) as httpStatus, max(@timestamp) as time,
          sum(@message like /failed with status: 429|ConcurrentInvocationLimitExceeded/) as throttled,
          sum(@message like /customer function error: .*Task timed out/) as functionTimedOut,
          sum(strcontains(@message, "due to customer function error")) as functionFailed,
          sum(strcontains(@message, "Execution failed due to a timeout error")) as gatewayTimedOut,
          sum(strcontains(@message, "Malformed Lambda proxy response")) as malformed,
          sum(strcontains(@message, "Invalid permissions on Lambda function")) as forbidden,
          sum(strcontains(@message, "Execution failed due to configuration error")) as misconfigured,
          sum(@message like /Request body does not match|Missing required request/) as malformedRequest,
          sum(@message like /is not authorized to|Unauthorized request|ACCESS_DENIED/) as refused
          by gatewayRequestId
      | filter httpStatus >= 400
      | stats count(*) as requests, fromMillis(max(time)) as lastSeen,
          sortsFirst(gatewayRequestId) as exampleRequestId
          by httpStatus,
          case(throttled > 0, "function throttled",
            functionTimedOut > 0, "function timed out",
            functionFailed > 0, "function error",
            gatewayTimedOut > 0, "integration limit reached",
            malformed > 0, "malformed proxy response",
            forbidden > 0, "no permission to invoke the function",
            misconfigured > 0, "integration misconfigured",
            malformedRequest > 0, "malformed request",
            refused > 0, "caller not authorized",
            "answered by the function") as cause
      | sort requests desc, httpStatus

      """#
    ),
    (
      "gateway/malformed-responses",
      #"""
      # title: Malformed responses
      # description: 502: the function gave no proxy response (an object with statusCode and a text body)
      # headline: rows

      parse @message /^\((?<gatewayRequestId>[0-9a-f]+-[0-9a-f-]+)\) /
      | parse @message /HTTP Method: (?<httpMethod>[A-Z]+), Resource Path: (?<resourcePath>\S+)/
      | parse @message /Endpoint response body before transformations: (?<responseBody>.*)/
      | parse @message /AWS Integration Endpoint RequestId : (?<lambdaRequestId>[0-9a-f-]+)/
      | filter ispresent(gatewayRequestId)
      | stats sum(strcontains(@message, "Malformed Lambda proxy response")) as malformed,
          fromMillis(max(@timestamp)) as time, latest(lambdaRequestId) as @requestId,
          latest(httpMethod) as method, latest(resourcePath) as path, latest(responseBody) as body
          by gatewayRequestId
      | filter malformed > 0
      | display time, @requestId, method, path, body
      | sort time desc

      """#
    ),
    (
      "lambda/cold-start-rate",
      #"""
      # title: Cold start rate
      # description: The share of requests that met a cold start, and how long those waited, by log group
      # headline: percent(coldStarts, invocations) — % of invocations

      filter @type = "REPORT" or type = "platform.report"
      | parse @message /MB\s+Restore Duration: (?<restoreDuration>[0-9.]+) ms/
      | filter @message not like /RequestId: \S+\s+Init Duration/
      | fields coalesce(@duration, record.metrics.durationMs) as durationMs,
          coalesce(@initDuration, record.metrics.initDurationMs,
            1 * restoreDuration, record.metrics.restoreDurationMs) as coldStartMs
      | stats count(*) as invocations, sum(ispresent(coldStartMs)) as coldStarts,
          100 * sum(ispresent(coldStartMs)) / count(*) as coldPercent,
          avg(coldStartMs) as averageMs, max(coldStartMs) as maximumMs
          by @log
      | sort coldPercent desc

      """#
    ),
    (
      "lambda/cold-starts",
      #"""
      # title: Cold starts
      # description: Requests that waited for a new sandbox (or a restored snapshot), the longest wait first
      # headline: rows

      filter @type = "REPORT" or type = "platform.report"
      | parse @message /MB\s+Restore Duration: (?<restoreDuration>[0-9.]+) ms/
      | filter @message not like /RequestId: \S+\s+Init Duration/
      | fields coalesce(@duration, record.metrics.durationMs) as durationMs,
          coalesce(@initDuration, record.metrics.initDurationMs,
            1 * restoreDuration, record.metrics.restoreDurationMs) as coldStartMs
      | filter ispresent(coldStartMs)
      | parse @log /(?<function>[^\/:]+)$/
      | display @timestamp, @requestId, function, coldStartMs, durationMs,
          coldStartMs + durationMs as totalMs
      | sort coldStartMs desc

      """#
    ),
    (
      "lambda/concurrency",
      #"""
      # title: Concurrency
      # description: Busiest minutes: mean concurrency (time spent / 60 s), and sandboxes, which bound the peak
      # headline: max(sandboxes) — at once in the busiest minute
      # parameter: count: number = 20 — how many minutes to show
      # chart: none

      filter @type = "REPORT" or type = "platform.report"
      | fields coalesce(@duration, record.metrics.durationMs) as durationMs
      | stats count(*) as invocations, sum(durationMs) / 60000 as meanConcurrency,
          count_distinct(@logStream) as sandboxes
          by @log, bin(1m) as minute
      | sort sandboxes desc, meanConcurrency desc
      | limit {{count}}

      """#
    ),
    (
      "lambda/cost",
      #"""
      # title: Cost
      # description: What the invocations cost in US dollars, by log group; a GB is 1024 MB, as AWS bills
      # headline: sum(dollars) — US dollars
      # parameter: gb_second_price: number = 0.0000166667 — US dollars per GB-second (x86; 0.0000133334 on Arm)
      # parameter: million_requests_price: number = 0.20 — US dollars per million requests

      filter @type = "REPORT" or type = "platform.report"
      | fields coalesce(@billedDuration, record.metrics.billedDurationMs) / 1000 as billedSeconds,
          coalesce(@memorySize / 1000000, record.metrics.memorySizeMB) / 1024 as sizeGB
      | stats count(*) as requests, sum(billedSeconds * sizeGB) as gbSeconds,
          sum(billedSeconds * sizeGB) * {{gb_second_price}}
            + count(*) * {{million_requests_price}} / 1000000 as dollars
          by @log
      | fields 1000000 * dollars / requests as dollarsPerMillion
      | sort dollars desc

      """#
    ),
    (
      "lambda/duration-percentiles",
      #"""
      # title: Duration percentiles
      # description: How long requests take, by log group, in milliseconds without the init of cold starts
      # headline: max(p95) — ms, the highest p95

      filter @type = "REPORT" or type = "platform.report"
      | fields coalesce(@duration, record.metrics.durationMs) as durationMs
      | stats count(*) as invocations, avg(durationMs) as average,
          pct(durationMs, 50) as p50, pct(durationMs, 90) as p90,
          pct(durationMs, 95) as p95, pct(durationMs, 99) as p99, max(durationMs) as maximum
          by @log
      | sort p95 desc

      """#
    ),
    (
      "lambda/errors-by-type",
      #"""
      # title: Errors by type
      # description: How often each type of error happened, in how many requests, and where it last came from
      # headline: rows — different
      # local: true

      SOURCE errors
      | filter kind != "gateway"
      | parse @log /(?<function>[^\/:]+)$/
      | stats count(*) as errors, count_distinct(@requestId) as requests,
          fromMillis(min(@timestamp)) as firstSeen, fromMillis(max(@timestamp)) as lastSeen,
          latest(message) as lastMessage, latest(top_frame) as lastFrame
          by @log, function, kind, type
      | display function, kind, type, errors, requests, firstSeen, lastSeen, lastMessage, lastFrame
      | sort errors desc, type

      """#
    ),
    (
      "lambda/errors",
      #"""
      # title: Errors
      # description: Every error, newest first: unhandled, logged with an exception, or raised by Lambda itself
      # headline: rows
      # local: true

      SOURCE errors
      | filter kind != "gateway"
      | parse @log /(?<function>[^\/:]+)$/
      | display @timestamp, @requestId, function, kind, type, message, top_frame
      | sort @timestamp desc

      """#
    ),
    (
      "lambda/incomplete-invocations",
      #"""
      # title: Incomplete invocations
      # description: Invocations that started and left neither a REPORT nor an error
      # headline: rows — without an end
      # local: true

      SOURCE invocations
      | filter status = "incomplete"
      | parse @log /(?<function>[^\/:]+)$/
      | display @timestamp, @requestId, function, attempt
      | sort @timestamp desc

      """#
    ),
    (
      "lambda/init-failures",
      #"""
      # title: Failed inits
      # description: Sandboxes that failed to start or to restore, before any handler ran
      # headline: rows

      filter @message like /^(INIT|RESTORE)_REPORT .*Status: (error|timeout)/
          or (type in ["platform.initReport", "platform.restoreReport"] and record.status != "success")
      | parse @message /(Init|Restore) Duration: (?<textMs>[0-9.]+) ms/
      | parse @message /Phase: (?<textPhase>\w+)/
      | parse @message /Status: (?<textStatus>\w+)/
      | parse @message /Error Type: (?<textErrorType>\S+)/
      | parse @log /(?<function>[^\/:]+)$/
      | display @timestamp, function,
          coalesce(textPhase, record.phase) as phase, coalesce(textStatus, record.status) as outcome,
          coalesce(textErrorType, record.errorType) as initErrorType,
          coalesce(1 * textMs, record.metrics.durationMs) as initMs, @logStream
      | sort @timestamp desc

      """#
    ),
    (
      "lambda/memory-headroom",
      #"""
      # title: Memory headroom
      # description: How close functions come to their memory size; the tightest first
      # headline: min(headroomPercent) — % free in the tightest function

      filter @type = "REPORT" or type = "platform.report"
      | fields coalesce(@memorySize / 1000000, record.metrics.memorySizeMB) as sizeMB,
          coalesce(@maxMemoryUsed / 1000000, record.metrics.maxMemoryUsedMB) as usedMB
      | stats count(*) as invocations, avg(usedMB) as averageUsedMB, max(usedMB) as peakUsedMB
          by @log, sizeMB
      | fields 100 * (sizeMB - peakUsedMB) / sizeMB as headroomPercent
      | sort headroomPercent

      """#
    ),
    (
      "lambda/near-timeouts",
      #"""
      # title: Near timeouts
      # description: Requests that used up most of their time and yet ended by themselves
      # headline: rows
      # parameter: timeout: number = 30000 — the timeout of the function in milliseconds
      # parameter: percent: number = 80 — how much of it must be used

      filter @type = "REPORT" or type = "platform.report"
      | fields coalesce(@duration, record.metrics.durationMs) as durationMs
      | filter durationMs >= {{timeout}} * {{percent}} / 100 and durationMs < {{timeout}}
      | filter @message not like /Status: timeout/ and @message not like /"status": ?"timeout"/
      | parse @log /(?<function>[^\/:]+)$/
      | display @timestamp, @requestId, function, durationMs,
          100 * durationMs / {{timeout}} as percentOfTimeout
      | sort durationMs desc

      """#
    ),
    (
      "lambda/oom-kills",
      #"""
      # title: Out of memory
      # description: Invocations that provably ran out of memory: killed by Lambda, or by their own runtime
      # headline: rows
      # local: true

      SOURCE invocations
      | filter oom = 1
      | parse @log /(?<function>[^\/:]+)$/
      | display @timestamp, @requestId, function, error_type as errorType,
          memory_mb as sizeMB, max_memory_mb as usedMB
      | sort @timestamp desc

      """#
    ),
    (
      "lambda/over-provisioned-memory",
      #"""
      # title: Over-provisioned memory
      # description: Functions that never use much of the memory they pay for
      # headline: rows — of the functions
      # parameter: percent: number = 50 — functions whose peak stays under this share of their memory

      filter @type = "REPORT" or type = "platform.report"
      | fields coalesce(@memorySize / 1000000, record.metrics.memorySizeMB) as sizeMB,
          coalesce(@maxMemoryUsed / 1000000, record.metrics.maxMemoryUsedMB) as usedMB
      | stats count(*) as invocations, max(usedMB) as peakUsedMB by @log, sizeMB
      | fields 100 * peakUsedMB / sizeMB as peakPercent
      | filter peakPercent < {{percent}}
      | sort sizeMB desc

      """#
    ),
    (
      "lambda/recent-tracebacks",
      #"""
      # title: Recent tracebacks
      # description: The latest errors with their whole tracebacks, in any language
      # parameter: count: number = 10 — how many tracebacks to show
      # local: true

      SOURCE errors
      | filter ispresent(traceback)
      | parse @log /(?<function>[^\/:]+)$/
      | display @timestamp, @requestId, function, type, top_frame, traceback
      | sort @timestamp desc
      | limit {{count}}

      """#
    ),
    (
      "lambda/retries",
      #"""
      # title: Retries
      # description: Asynchronous events that Lambda tried more than once: attempts share one request id
      # headline: rows

      filter @type = "START" or type = "platform.start"
      | parse @log /(?<function>[^\/:]+)$/
      | stats count(*) as attempts, fromMillis(min(@timestamp)) as firstAttempt,
          fromMillis(max(@timestamp)) as lastAttempt
          by @log, function, @requestId
      | filter attempts > 1
      | display function, @requestId, attempts, firstAttempt, lastAttempt
      | sort attempts desc, lastAttempt desc

      """#
    ),
    (
      "lambda/slowest-requests",
      #"""
      # title: Slowest requests
      # description: The requests that ran longest, and whether a cold start was part of it
      # headline: max(durationMs) — ms, the slowest
      # parameter: count: number = 20 — how many requests to show

      filter @type = "REPORT" or type = "platform.report"
      | fields coalesce(@duration, record.metrics.durationMs) as durationMs,
          coalesce(@initDuration, record.metrics.initDurationMs) as initMs
      | parse @log /(?<function>[^\/:]+)$/
      | display @timestamp, @requestId, function, durationMs, initMs
      | sort durationMs desc
      | limit {{count}}

      """#
    ),
    (
      "lambda/throttles",
      #"""
      # title: Throttled calls
      # description: Calls refused for lack of concurrency, as callers log them (the function itself logs nothing)
      # headline: rows

      filter @message like /\b(TooManyRequestsException|ThrottlingException|CallerRateLimitExceeded)\b/
          or @message like /ConcurrentInvocationLimitExceeded|Lambda invocation failed with status: 429/
          or (@message like /Rate Exceeded\./ and @message not like /Execution failed due to/)
      | fields @timestamp, @requestId, @log, @message
      | sort @timestamp desc

      """#
    ),
    (
      "lambda/timeouts",
      #"""
      # title: Timeouts
      # description: Invocations that Lambda stopped at their timeout, whichever line says so, each once
      # headline: rows
      # local: true

      SOURCE invocations
      | filter timed_out = 1
      | parse @log /(?<function>[^\/:]+)$/
      | display @timestamp, @requestId, function, duration_ms as durationMs, attempt,
          cold_start as coldStart
      | sort @timestamp desc

      """#
    ),
  ]
}
