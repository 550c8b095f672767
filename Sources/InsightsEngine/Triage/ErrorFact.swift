internal import InsightsText

/// What is known of one error: a row of the table `errors`.
public struct ErrorFact: Hashable, Sendable {
  public let id: Int64
  /// Epoch milliseconds.
  public let timestamp: Int64?
  public let logGroup: String?
  public let logStream: String?
  public let requestID: String?
  /// `unhandled`, `logged`, `platform` or `gateway`.
  public let kind: String
  public let type: String?
  public let message: String?
  public let topFrame: String?
  public let fingerprint: String?
  /// Whether it tells of a call that Lambda refused for lack of concurrency.
  let isThrottle: Bool

  /// The function's name, where the log group or stream tells it.
  public var function: String? { FunctionName.of(logGroup: logGroup, logStream: logStream) }

  /// Type and message in one line, and the place.
  var summary: String {
    let title = [type, message?.firstLine].compactMap { $0 }.joined(separator: ": ")
    return topFrame.map { "\(title) at \($0)" } ?? title
  }

  /// Reads a row with all columns of the table.
  init(_ row: ResultRow) {
    id = row.integer("id") ?? 0
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
      return text.withUTF8(AWSMessages.Throttle.tells)
    }
  }
}

extension String {
  /// The text up to its first line break.
  var firstLine: String { String(prefix { !$0.isNewline }) }

  /// At most `count` characters, with a mark where something is left out.
  func shortened(to count: Int) -> String {
    guard self.count > count else { return self }
    return String(prefix(max(0, count - 1))) + "…"
  }
}
