internal import InsightsText

/// Lists the log streams of a group, by name or by the time of their last event.
enum DescribeLogStreams: AWSOperation {
  static let name = "DescribeLogStreams"
  static let members: [Member] = [
    .optional("logGroupName", .logGroupName),
    .optional("logGroupIdentifier", .logGroupIdentifier),
    .optional("logStreamNamePrefix", .logStreamName),
    .optional("orderBy", .string(values: ["LogStreamName", "LastEventTime"])),
    .optional("descending", .boolean),
    .optional("nextToken", .nextToken),
    .optional("limit", .integer(1...50)),
  ]

  static func respond(to request: AWSRequest, in service: LogService) throws -> AWSReply {
    let groupName = try request.logGroup()
    let prefix = request.string("logStreamNamePrefix")
    let isByTime = request.string("orderBy") == "LastEventTime"
    if isByTime, prefix != nil {
      throw AWSError.invalidParameter(
        "Cannot order by LastEventTime with a logStreamNamePrefix.")
    }
    guard let group = try service.catalogue().group(groupName) else {
      throw AWSError.logGroupMissing
    }
    var places = group.streams.filter { stream in
      prefix.map { stream.name.hasPrefix($0) } ?? true
    }.map { Place($0, isByTime: isByTime) }
    let isDescending = request.bool("descending")
    places.sort { isDescending ? $1.text.isBefore($0.text) : $0.text.isBefore($1.text) }
    let (page, nextToken) = try request.page(
      of: places, limit: Int(request.integer("limit") ?? 50), place: \.text,
      isBehind: { isDescending ? $0.text.isBefore($1) : $1.isBefore($0.text) })
    var reply: JSONObject = [
      "logStreams": .array(page.map { .object(entry($0.stream, of: group, request)) })
    ]
    reply["nextToken"] = nextToken.map { .string($0) }
    return .json(reply)
  }

  /// A stream with a text that sorts in the order of the list.
  private struct Place {
    var stream: LogCatalogue.Stream
    var text: String

    init(_ stream: LogCatalogue.Stream, isByTime: Bool) {
      self.stream = stream
      text = stream.name
      guard isByTime else { return }
      // A fixed number of digits; streams without a time are the oldest.
      let digits = "\(stream.lastTimestamp.map { UInt64(bitPattern: $0) ^ 1 << 63 } ?? 0)"
      text = String(repeating: "0", count: 20 - digits.count) + digits + " " + text
    }
  }

  private static func entry(
    _ stream: LogCatalogue.Stream, of group: LogCatalogue.Group, _ request: AWSRequest
  ) -> JSONObject {
    var name = group.resourceName(in: request.region)
    name.logStream = stream.name
    var entry: JSONObject = [
      "logStreamName": .string(stream.name),
      "creationTime": .integer(stream.creationTime),
      "arn": .string(name.text),
      // AWS has sent 0 since 2019.
      "storedBytes": 0,
    ]
    entry["firstEventTimestamp"] = stream.firstTimestamp.map { .integer($0) }
    entry["lastEventTimestamp"] = stream.lastTimestamp.map { .integer($0) }
    // Clients expect it wherever there are events, and hide streams for which it is old.
    entry["lastIngestionTime"] = stream.lastIngestionTime.map { .integer($0) }
    return entry
  }
}

extension AWSRequest {
  /// Returns the log group that a request names by `logGroupName` or `logGroupIdentifier`.
  ///
  /// - Throws: `AWSError` if neither is given, or both are.
  public func logGroup() throws(AWSError) -> String {
    switch (string("logGroupName"), string("logGroupIdentifier")) {
    case (let name?, nil): return name
    case (nil, let identifier?): return ResourceName.logGroup(of: identifier)
    case (nil, nil):
      throw AWSError(
        "InvalidParameterException",
        "At least one of logGroupName or logGroupIdentifier is required.")
    default:
      throw AWSError(
        "ValidationException",
        "LogGroup name and LogGroup ARN are mutually exclusive parameters.")
    }
  }
}
