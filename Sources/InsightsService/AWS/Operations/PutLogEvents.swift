internal import InsightsEngine
internal import InsightsIngest
internal import InsightsText

/// Stores events of a log stream; a reply means that they are on disk.
enum PutLogEvents: AWSOperation {
  static let name = "PutLogEvents"
  static let isWriting = true
  static let members: [Member] = [
    .required("logGroupName", .logGroupName), .required("logStreamName", .logStreamName),
    .required(
      "logEvents",
      .list(
        1...10_000,
        of: .structure([
          .required("timestamp", .timestamp), .required("message", .string(1...Int.max)),
        ]))),
    // Accepted and ignored, as on AWS since 2023.
    .optional("sequenceToken", .string(1...Int.max)),
    .optional(
      "entity",
      .structure([
        .optional("keyAttributes", .map(.init(length: 1...32), .init(length: 1...512), 2...4)),
        .optional("attributes", .map(.init(length: 1...256), .init(length: 1...512), 0...10)),
      ])),
  ]

  private static let byteLimit = 1_048_576
  /// The bytes that AWS counts per event in addition to its message.
  private static let eventOverhead = 26
  private static let hour: Int64 = 3_600_000
  private static let day = 24 * hour
  /// How old an event may be, and how far in the future, in milliseconds.
  private static let pastLimit = 14 * day
  private static let futureLimit = 2 * hour

  static func respond(to request: AWSRequest, in service: LogService) throws -> AWSReply {
    let now = LogService.now
    let events = request.array("logEvents") ?? []
    let times = events.map { $0.object?["timestamp"]?.integer ?? 0 }
    try checkSize(of: events)
    guard zip(times, times.dropFirst()).allSatisfy({ $0 <= $1 }) else {
      throw AWSError.invalidParameter(
        "Log events in a single PutLogEvents request must be in chronological order.")
    }
    var accepted = 0..<times.count
    var rejected = JSONObject()
    if !service.options.acceptsAnyTime {
      let oldEnd = times.prefix { $0 < now - pastLimit }.count
      let newStart = times.prefix { $0 <= now + futureLimit }.count
      if oldEnd > 0 { rejected["tooOldLogEventEndIndex"] = .integer(oldEnd) }
      if newStart < times.count { rejected["tooNewLogEventStartIndex"] = .integer(newStart) }
      accepted = min(oldEnd, newStart)..<newStart
      if let first = accepted.first, times[newStart - 1] - times[first] > day {
        throw AWSError.invalidParameter(
          "The batch of log events in a single PutLogEvents request cannot span more than 24 hours."
        )
      }
    }
    var new = NewEvents(
      logGroup: request.required("logGroupName"), logStream: request.required("logStreamName"),
      attributes: attributes(of: request), ingestionTime: now)
    new.obeysRetention = !service.options.acceptsAnyTime
    for index in accepted {
      new.append(
        timestamp: times[index], message: (events[index].object?["message"]?.string ?? "").utf8)
    }
    let expired = try service.store(new)
    if expired > 0 {
      rejected["expiredLogEventEndIndex"] = .integer(accepted.lowerBound + expired)
    }
    var reply: JSONObject = [
      // As long as AWS's; clients keep it but need not send it.
      "nextSequenceToken": .string(
        LogEventKey(timestamp: now, position: Int64(events.count)).eventID)
    ]
    if !rejected.isEmpty { reply["rejectedLogEventsInfo"] = .object(rejected) }
    return .json(reply)
  }

  private static func checkSize(of events: [JSONValue]) throws(AWSError) {
    var byteCount = 0
    for event in events {
      let count = (event.object?["message"]?.string?.utf8.count ?? 0) + eventOverhead
      guard count <= byteLimit else {
        throw .invalidParameter(
          "Log event too large: \(count) bytes exceeds limit of \(byteLimit)")
      }
      byteCount += count
    }
    guard byteCount <= byteLimit else {
      throw .invalidParameter(
        "Upload too large: \(byteCount) bytes exceeds limit of \(byteLimit)")
    }
  }

  /// Returns the entity of the events, as the system fields in which CloudWatch shows it.
  private static func attributes(of request: AWSRequest) -> [String: String] {
    guard let entity = request.object("entity") else { return [:] }
    var attributes: [String: String] = [:]
    for (member, title) in [("keyAttributes", "KeyAttributes"), ("attributes", "Attributes")] {
      for value in entity[member]?.object?.members ?? [] {
        attributes["@entity.\(title).\(value.name)"] = value.value.string
      }
    }
    return attributes
  }
}
