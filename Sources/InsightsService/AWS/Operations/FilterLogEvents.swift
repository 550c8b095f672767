internal import InsightsEngine
internal import InsightsQuery
internal import InsightsStore
internal import InsightsText

/// Returns the events of a log group that match a filter pattern, by time, in pages.
enum FilterLogEvents: AWSOperation {
  static let name = "FilterLogEvents"
  static let members: [Member] = [
    .optional("logGroupName", .logGroupName),
    .optional("logGroupIdentifier", .logGroupIdentifier),
    .optional("logStreamNames", .list(1...100, of: .logStreamName)),
    .optional("logStreamNamePrefix", .logStreamName),
    .optional("startTime", .timestamp), .optional("endTime", .timestamp),
    .optional("filterPattern", .filterPattern), .optional("nextToken", .nextToken),
    .optional("limit", .integer(1...10_000)), .optional("interleaved", .boolean),
    .optional("unmask", .boolean), .optional("startFromHead", .boolean),
  ]

  static func respond(to request: AWSRequest, in service: LogService) throws -> AWSReply {
    try service.withEngine(until: request.clientGone) { try respond(to: request, by: $0) }
  }

  private static func respond(
    to request: AWSRequest, by engine: Engine
  ) throws -> AWSReply {
    let group = try request.logGroup()
    let streams = request.strings("logStreamNames") ?? []
    let prefix = request.string("logStreamNamePrefix")
    guard streams.isEmpty || prefix == nil else {
      throw AWSError.invalidParameter(
        "logStreamNamePrefix and logStreamNames are mutually exclusive parameters.")
    }
    guard try engine.logGroup(named: group) != nil else { throw AWSError.logGroupMissing }
    for stream in streams where try !engine.hasLogStream(stream, ofGroup: group) {
      throw AWSError.logStreamMissing
    }
    var selection = LogEventSelection(logGroups: [group])
    selection.logStreams = streams
    selection.logStreamPrefixes = prefix.map { [$0] } ?? []
    selection.start = request.integer("startTime")
    selection.end = request.integer("endTime")
    selection.pattern = try request.filterPattern("filterPattern")
    var key: LogEventKey?
    if let text = try PageToken.place(in: request) {
      guard let known = LogEventKey(eventID: text) else { throw AWSError.invalidToken }
      key = known
    }
    let page = try engine.logEvents(
      selection, after: key,
      newestFirst: request.input["startFromHead"]?.bool == false,
      limit: Int(request.integer("limit") ?? 10_000))
    var bytes = Array("{\"events\":[".utf8)
    for event in page.events {
      if bytes.last != UInt8(ascii: "[") { bytes.append(UInt8(ascii: ",")) }
      event.append(to: &bytes, hasStream: true)
    }
    bytes.append(contentsOf: "],\"searchedLogStreams\":[]".utf8)
    if page.hasMore, let last = page.events.last {
      bytes.append(contentsOf: ",\"nextToken\":".utf8)
      JSONWriter.append(string: PageToken.text(of: last.key.eventID, for: request), to: &bytes)
    }
    bytes.append(UInt8(ascii: "}"))
    return .document(.bytes(bytes))
  }
}

extension Shape {
  static let filterPattern = Shape.string(0...1024)
}

extension AWSRequest {
  /// Returns the filter pattern of a member; `nil` if it is not given.
  func filterPattern(_ name: String) throws(AWSError) -> FilterPattern? {
    guard let text = string(name) else { return nil }
    do throws(FilterPatternError) {
      return try FilterPattern(text)
    } catch {
      throw .invalidParameter("Invalid filter pattern: \(error.description(in: text))")
    }
  }
}

extension LogEventRecord {
  /// Appends the event in the form of FilterLogEvents if `hasStream`, otherwise of GetLogEvents.
  func append(to bytes: inout [UInt8], hasStream: Bool) {
    bytes.append(UInt8(ascii: "{"))
    if hasStream {
      bytes.append(contentsOf: "\"logStreamName\":".utf8)
      JSONWriter.append(string: logStream, to: &bytes)
      bytes.append(UInt8(ascii: ","))
    }
    bytes.append(contentsOf: "\"timestamp\":\(key.timestamp),\"message\":".utf8)
    JSONWriter.append(string: message, to: &bytes)
    bytes.append(contentsOf: ",\"ingestionTime\":\(ingestionTime)".utf8)
    if hasStream { bytes.append(contentsOf: ",\"eventId\":\"\(key.eventID)\"".utf8) }
    bytes.append(UInt8(ascii: "}"))
  }
}
