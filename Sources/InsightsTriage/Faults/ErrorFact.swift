internal import InsightsEngine
internal import InsightsText

/// An error: a row of the table `errors`.
struct ErrorFact: Hashable, Sendable {
  /// Epoch milliseconds; `nil` if the event has no time.
  let timestamp: Int64?
  /// The log group; `nil` if unknown.
  let logGroup: String?
  /// The log stream; `nil` if unknown.
  let logStream: String?
  /// The request; `nil` if unknown.
  let requestID: String?
  /// `unhandled`, `logged`, `platform` or `gateway`.
  let kind: String
  /// The class or type of the error.
  let type: String?
  /// The message of the error.
  let message: String?
  /// The innermost frame of the application's code.
  let topFrame: String?
  /// A hash that is equal for equal faults.
  let fingerprint: String?
  /// Whether it reports a call that Lambda refused for lack of concurrency.
  let isThrottle: Bool

  /// The function's name, if the log group or stream contains it.
  var function: String? { FunctionName.of(logGroup: logGroup, logStream: logStream) }

  /// Type and message in one line, and the location.
  var summary: String {
    let title = [type, message?.firstLine].compactMap { $0 }.joined(separator: ": ")
    return topFrame.map { "\(title) at \($0)" } ?? title
  }

  /// Reads a row with all columns of the table.
  init(_ row: ResultRow) {
    timestamp = row.time("timestamp_ms")
    logGroup = row.text("log_group")
    logStream = row.text("log_stream")
    requestID = row.text("request_id")
    kind = row.text("kind") ?? ""
    type = row.text("type")
    message = row.text("message")
    topFrame = row.text("top_frame")
    fingerprint = row.text("fingerprint")
    isThrottle = ["type", "message", "traceback"].contains { column in
      guard var text = row.text(column) else { return false }
      return text.withUTF8(AWSMessages.Throttle.matches)
    }
  }
}
