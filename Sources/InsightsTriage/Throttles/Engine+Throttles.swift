internal import InsightsEngine
internal import InsightsModel
internal import InsightsSQLite
internal import InsightsStore
internal import InsightsText

/// Reads the lines of callers' logs that report refused calls.
extension Engine {
  /// Selects the lines in callers' logs that report refused calls.
  ///
  /// Lines of level INFO or DEBUG are excluded, since they quote what happened elsewhere.
  private static let throttleQuery = """
    filter @message like \(AWSMessages.Throttle.pattern)
    | filter @message not like /^\\([0-9a-f-]{36}\\) /
        and @message not like /^\\[?(TRACE|DEBUG|INFO)\\b|\\t(TRACE|DEBUG|INFO|trce|dbug|info)\\t|"level" ?: ?"(?i)(trace|debug|info)/
    | fields @timestamp, @log, @logStream, @requestId, @message
    """

  /// Calls `body` with each line that reports a refused call.
  func forEachThrottleLine(
    in timeRange: TimeRange, logGroups: [String], _ body: (ThrottleLine) throws -> Void
  ) throws {
    try forEachRow(of: Self.throttleQuery, in: timeRange, logGroups: logGroups) { row in
      try body(
        ThrottleLine(
          timestamp: row.optionalInteger(at: 0),
          logGroup: row.optionalText(at: 1)?.logGroupOfLog, logStream: row.optionalText(at: 2),
          requestID: row.optionalText(at: 3), message: row.text(at: 4)))
    }
  }

  /// Returns the lines that report refused calls.
  ///
  /// A runtime's own error lines contain no request id; `requests` determines it by time and
  /// stream.
  func throttles(
    _ options: TriageOptions, requests: [LineKey: RequestKey],
    into assembler: inout FaultAssembler
  ) throws -> [ThrottleRecord] {
    var records: [ThrottleRecord] = []
    try forEachThrottleLine(in: options.timeRange, logGroups: options.logGroups) { line in
      let origin = assembler.origins.origin(logGroup: line.logGroup, logStream: line.logStream)
      let kind = ThrottleClass(
        reason: ThrottleReason(in: line.message),
        called: CalledFunction.named(in: line.message, by: line.function))
      var request = RequestKey(line.requestID.map { RequestID($0) })
      if !request.isKnown, let time = line.timestamp {
        let key = LineKey(group: line.logGroup, stream: line.logStream, time: time)
        request = requests[key] ?? request
      }
      records.append(
        ThrottleRecord(
          request: request, time: line.timestamp ?? FaultRecord.unknownTime, origin: origin,
          kind: assembler.throttleClasses.number(of: kind)))
    }
    return records
  }

  /// Returns the requests of the error lines that report refused calls, by time and stream.
  func requests(
    ofThrottlesAmong errors: [ErrorRecord], _ assembler: FaultAssembler
  ) throws -> [LineKey: RequestKey] {
    var requests: [LineKey: RequestKey] = [:]
    var stream: Int64?
    var names: (logGroup: String?, logStream: String?) = (nil, nil)
    for error in errors
    where error.request.isKnown && assembler.errorClasses[error.kind].throttle != nil {
      if error.stream != stream {
        stream = error.stream
        names = try store.names(ofStream: error.stream)
      }
      let key = LineKey(
        group: names.logGroup, stream: names.logStream, time: error.time)
      requests[key] = requests[key] ?? error.request
    }
    return requests
  }
}

/// The stream and the time of a line.
struct LineKey: Hashable {
  var group: String?
  var stream: String?
  var time: Int64
}
