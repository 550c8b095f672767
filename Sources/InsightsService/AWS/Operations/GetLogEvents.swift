internal import InsightsEngine
internal import InsightsStore
internal import InsightsText

/// Returns the events of a log stream, in pages, in both directions.
///
/// A token is a direction and a key: `f/` leads to later events, `b/` to earlier ones. It is
/// valid as long as the store, and includes events that have arrived since.
enum GetLogEvents: AWSOperation {
  static let name = "GetLogEvents"
  static let members: [Member] = [
    .optional("logGroupName", .logGroupName),
    .optional("logGroupIdentifier", .logGroupIdentifier),
    .required("logStreamName", .logStreamName),
    .optional("startTime", .timestamp), .optional("endTime", .timestamp),
    .optional("nextToken", .nextToken), .optional("limit", .integer(1...10_000)),
    .optional("startFromHead", .boolean), .optional("unmask", .boolean),
  ]

  private struct Token {
    var isForward: Bool
    var key: LogEventKey

    init(isForward: Bool, _ key: LogEventKey) {
      self.isForward = isForward
      self.key = key
    }

    init?(_ text: String) {
      let parts = text.split(separator: "/", omittingEmptySubsequences: false)
      guard parts.count == 3, parts[0] == "f" || parts[0] == "b", parts[2] == "s",
        let key = LogEventKey(eventID: String(parts[1]))
      else { return nil }
      self.init(isForward: parts[0] == "f", key)
    }

    var text: String { "\(isForward ? "f" : "b")/\(key.eventID)/s" }
  }

  static func respond(to request: AWSRequest, in service: LogService) throws -> AWSReply {
    try service.withEngine(until: request.clientGone) { try respond(to: request, by: $0) }
  }

  private static func respond(
    to request: AWSRequest, by engine: Engine
  ) throws -> AWSReply {
    let group = try request.logGroup()
    let stream = request.required("logStreamName")
    var token: Token?
    if let text = request.string("nextToken") {
      guard let known = Token(text) else { throw AWSError.invalidToken }
      token = known
    }
    guard try engine.logGroup(named: group) != nil else { throw AWSError.logGroupMissing }
    guard try engine.hasLogStream(stream, ofGroup: group) else { throw AWSError.logStreamMissing }
    var selection = LogEventSelection(logGroups: [group])
    selection.logStreams = [stream]
    selection.start = request.integer("startTime")
    selection.end = request.integer("endTime").map { $0 - 1 }
    let isForward = token?.isForward ?? request.bool("startFromHead")
    let page = try engine.logEvents(
      selection, after: token?.key, newestFirst: !isForward,
      limit: Int(request.integer("limit") ?? 10_000))
    let events = isForward ? page.events : page.events.reversed()
    let (forward, backward) = tokens(around: events, token, start: selection.start)
    var bytes = Array("{\"events\":[".utf8)
    for event in events {
      if bytes.last != UInt8(ascii: "[") { bytes.append(UInt8(ascii: ",")) }
      event.append(to: &bytes, hasStream: false)
    }
    bytes.append(
      contentsOf: """
        ],"nextForwardToken":"\(forward.text)","nextBackwardToken":"\(backward.text)"}
        """.utf8)
    return .document(.bytes(bytes))
  }

  /// Returns the tokens of a page; at an end of the stream, the request's token is returned again.
  private static func tokens(
    around events: [LogEventRecord], _ token: Token?, start: Int64?
  ) -> (forward: Token, backward: Token) {
    if let first = events.first, let last = events.last {
      return (Token(isForward: true, last.key), Token(isForward: false, first.key))
    }
    let key = token?.key ?? LogEventKey(timestamp: start ?? 0, position: 0)
    var (ahead, back) = (key, key)
    // The event at the key itself is excluded in both directions.
    if let token {
      if token.isForward { back.position += 1 } else { ahead.position = max(ahead.position - 1, 0) }
    }
    return (Token(isForward: true, ahead), Token(isForward: false, back))
  }
}
