internal import InsightsEngine
internal import InsightsText

/// An invocation: a row of the table `invocations`.
struct InvocationFact: Hashable, Sendable {
  /// The request; `nil` if unknown.
  let requestID: String?
  /// The log group; `nil` if unknown.
  let logGroup: String?
  /// The log stream; `nil` if unknown.
  let logStream: String?
  /// From 1; a retry of an asynchronous event has the request id of the first attempt.
  let attempt: Int64
  /// Epoch milliseconds; `nil` if the log has no times.
  let start: Int64?
  /// Epoch milliseconds; `nil` without a REPORT, or without times.
  let end: Int64?
  /// Milliseconds, without init.
  let duration: Double?
  /// The billed duration in milliseconds.
  let billed: Int64?
  /// The configured memory in megabytes, as Lambda counts them.
  let memorySize: Int64?
  /// The peak memory in megabytes.
  let memoryUsed: Int64?
  /// The time in milliseconds that the request waited for its sandbox: Init Duration, or Restore
  /// Duration.
  let coldStart: Double?
  /// `success`, `error`, `timeout` or `incomplete`.
  let status: String
  /// The type of the error in the REPORT; `nil` if there is none.
  let errorType: String?
  /// Whether it was stopped at its timeout.
  let hasTimedOut: Bool
  /// Whether it ran out of memory.
  let isOutOfMemory: Bool
  /// The id of its X-Ray trace.
  let xrayTraceID: String?

  /// The function's name, if the log group or stream contains it.
  var function: String? { FunctionName.of(logGroup: logGroup, logStream: logStream) }

  /// Init and duration together, in milliseconds: the minimum that a caller waited.
  var total: Double? { duration.map { $0 + (coldStart ?? 0) } }

  /// The end; without one, the start plus the duration if that is known.
  var lastMoment: Int64? {
    end ?? start.map { $0 &+ (wholeDuration ?? 0) }
  }

  /// The duration in integral milliseconds, rounded up.
  ///
  /// More than a year is not plausible, and sums with it would overflow.
  var wholeDuration: Int64? {
    duration.flatMap { $0 >= 0 && $0 < 32_000_000_000 ? Int64($0.rounded(.up)) : nil }
  }

  /// Reads a row with all columns of the table.
  init(_ row: ResultRow) {
    requestID = row.text("request_id")
    logGroup = row.text("log_group")
    logStream = row.text("log_stream")
    attempt = row.integer("attempt") ?? 1
    start = row.time("start_ms")
    end = row.time("end_ms")
    duration = row.number("duration_ms")
    billed = row.integer("billed_ms")
    memorySize = row.integer("memory_mb")
    memoryUsed = row.integer("max_memory_mb")
    coldStart = row.number("init_ms") ?? row.number("restore_ms")
    status = row.text("status") ?? ""
    errorType = row.text("error_type")
    hasTimedOut = row.isTrue("timed_out")
    isOutOfMemory = row.isTrue("oom")
    xrayTraceID = row.text("xray_trace_id")
  }
}
