internal import InsightsEngine
internal import InsightsModel
internal import InsightsQuery
internal import InsightsText

/// Returns the fields of the events of a log group around a time, and how many events have each.
enum GetLogGroupFields: AWSOperation {
  static let name = "GetLogGroupFields"
  static let members: [Member] = [
    .optional("logGroupName", .logGroupName),
    .optional("time", .timestamp),
    .optional("logGroupIdentifier", .logGroupIdentifier),
  ]

  private static let minute: Int64 = 60_000

  static func respond(to request: AWSRequest, in service: LogService) throws -> AWSReply {
    let name = try request.logGroup()
    guard let group = try service.catalogue().group(name) else { throw AWSError.logGroupMissing }
    var range: TimeRange
    if let time = request.integer("time") {
      let seconds = SecondRange(start: time, end: time).start
      range = TimeRange(
        start: seconds * 1000 - 8 * minute, end: seconds * 1000 + 8 * minute + 1)
    } else {
      // Imported logs have no events in the last minutes of the clock; use the newest time of the
      // group.
      guard let newest = group.lastTimestamp else { return .json(["logGroupFields": []]) }
      range = TimeRange(start: newest - 15 * minute, end: newest + 1)
    }
    let options = Binder.Options(timeRange: range, logGroups: [name])
    let shares = try service.withEngine(until: request.clientGone) {
      try $0.fieldShares(options: options)
    }
    return .json([
      "logGroupFields": .array(
        shares.map { ["name": .string($0.name), "percent": .integer($0.percent)] })
    ])
  }
}
