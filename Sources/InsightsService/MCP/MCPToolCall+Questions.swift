internal import InsightsEngine
internal import InsightsModel
internal import InsightsOutput
internal import InsightsQuery
internal import InsightsText

// What several tools take, and what several of them do with it.

extension JSONSchema.Member {
  /// The range of time, where a tool can do without.
  static let timeRange: [JSONSchema.Member] = [
    .optional("start_time", .string, "Start of the range. \(timeForms) Default: the oldest event."),
    .optional(
      "end_time", .string, "End of the range, inclusive. \(timeForms) Default: the newest event."),
  ]

  /// The range of time, where a tool has to have one.
  static let requiredTimeRange: [JSONSchema.Member] = [
    .required("start_time", .string, "Start of the range. \(timeForms)"),
    .required("end_time", .string, "End of the range, inclusive. \(timeForms)"),
  ]

  private static let timeForms = """
    ISO 8601 such as 2025-04-19T20:00:00+00:00 (UTC without a zone), epoch seconds or milliseconds, \
    or relative to now such as -3h.
    """

  /// What AWS needs to find a store, and this one does not.
  static let ignored: [JSONSchema.Member] = [
    .optional("region", .string, "Accepted and ignored: the logs are in a local store."),
    .optional("profile_name", .string, "Accepted and ignored: there are no credentials."),
  ]

  static let logGroupNames = JSONSchema.Member.optional(
    "log_group_names", .list(.string, count: 0...1000),
    "Names of log groups, in which * stands for any text, or their ARNs. Default: all.")

  /// What there is to say of a result beside it.
  static let messages = JSONSchema.Member.required(
    "messages", .strings, "Warnings, and whether there is more than is shown.")
}

extension MCPToolCall {
  /// A time that an argument says; `nil` where it says nothing.
  ///
  /// - Throws: `MCPToolError`.
  private func time(_ name: String) throws(MCPToolError) -> TimeExpression? {
    guard let text = string(name), !text.isEmpty else { return nil }
    guard let time = TimeExpression(text) else {
      throw MCPToolError(
        "'\(name)' takes a time, not '\(text)'",
        help: ["write it as 2025-04-19T20:00:00Z, in epoch seconds, or as -3h"])
    }
    return time
  }

  /// The range that `start_time` and `end_time` say.
  ///
  /// - Throws: `MCPToolError`.
  func timeRange() throws(MCPToolError) -> TimeRange {
    var range = TimeRange.everything
    let now = LogService.now
    range.start = try time("start_time")?.milliseconds(now: now)
    if let end = try time("end_time") {
      // Ends are inclusive, ranges are not; an end in whole seconds includes its second.
      range.end = end.milliseconds(now: now) + (end.isWholeSecond ? 1000 : 1)
    }
    if let start = range.start, let end = range.end, start >= end {
      throw MCPToolError("'end_time' is before 'start_time'", help: ["exchange them"])
    }
    return range
  }

  /// The log groups that `log_group_names` says, as names or patterns.
  var logGroups: [String] { (strings("log_group_names") ?? []).map(ResourceName.logGroup) }

  /// What a query is compiled with.
  ///
  /// - Throws: `MCPToolError`.
  func binderOptions() throws(MCPToolError) -> Binder.Options {
    Binder.Options(
      timeRange: try timeRange(), logGroups: logGroups, now: LogService.now,
      rowLimit: integer("limit"))
  }

  /// What may be why there is nothing: names that no log group has, a range without events.
  func reasonsForNothing(
    _ engine: Engine, _ range: TimeRange, logGroups: [String]
  ) throws -> [String] {
    var reasons: [String] = []
    for glob in logGroups {
      guard let names = try engine.logGroups(insteadOf: glob) else { continue }
      let shown = names.prefix(5).map { "'\($0)'" }.joined(separator: ", ")
      reasons.append(
        "no log group is named '\(glob)'; "
          + (names.isEmpty ? "no event here has a log group" : "there are \(shown)")
          + (names.count > 5 ? " and \(names.count - 5) more" : ""))
    }
    if range != .everything, let newest = try engine.newestTimestamp() {
      let isBehind = range.start.map { newest < $0 } ?? false
      let text = "the newest event of all is of \(Self.text(ofTime: newest)) UTC"
      reasons.append(isBehind ? "the range begins after all events: \(text)" : text)
    }
    return reasons
  }

  /// A time as results show it.
  static func text(ofTime milliseconds: Int64) -> String {
    var bytes: [UInt8] = []
    Timestamp.append(milliseconds, to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Rows as `--format json` writes them.
  static func rows(of table: ResultTable) throws -> [JSONObject] {
    var buffer = OutputBuffer()
    try OutputFormatRegistry.formatter(named: "json", for: .none)?.write(table, to: &buffer)
    return try JSONValue(parsing: buffer.bytes).array?.compactMap(\.object) ?? []
  }
}
