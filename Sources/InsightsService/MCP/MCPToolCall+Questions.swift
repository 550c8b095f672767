internal import InsightsEngine
internal import InsightsModel
internal import InsightsOutput
internal import InsightsQuery
internal import InsightsText

// Arguments of several tools, and their common processing.

extension JSONSchema.Member {
  /// The time range, for tools in which it is optional.
  static let timeRange: [JSONSchema.Member] = [
    .optional("start_time", .string, "Start of the range. \(timeForms) Default: the oldest event."),
    .optional(
      "end_time", .string, "End of the range, inclusive. \(timeForms) Default: the newest event."),
  ]

  /// The time range, for tools that require one.
  static let requiredTimeRange: [JSONSchema.Member] = [
    .required("start_time", .string, "Start of the range. \(timeForms)"),
    .required("end_time", .string, "End of the range, inclusive. \(timeForms)"),
  ]

  private static let timeForms = """
    ISO 8601 such as 2025-04-19T20:00:00+00:00 (UTC without a zone), epoch seconds or milliseconds, \
    or relative to now such as -3h.
    """

  /// Arguments that AWS needs to find the logs; ignored here.
  static let ignored: [JSONSchema.Member] = [
    .optional("region", .string, "Accepted and ignored: the logs are in a local store."),
    .optional("profile_name", .string, "Accepted and ignored: there are no credentials."),
  ]

  static let logGroupNames = JSONSchema.Member.optional(
    "log_group_names", .list(.string, count: 0...1000),
    "Names of log groups, in which * stands for any text, or their ARNs. Default: all.")

  /// Messages about a result.
  static let messages = JSONSchema.Member.required(
    "messages", .strings, "Warnings, and whether there is more than is shown.")
}

extension MCPToolCall {
  /// Returns the time in an argument; `nil` if it is not given.
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

  /// Returns the range from `start_time` to `end_time`.
  ///
  /// - Throws: `MCPToolError`.
  func timeRange() throws(MCPToolError) -> TimeRange {
    var range = TimeRange.everything
    let now = LogService.now
    range.start = try time("start_time")?.milliseconds(now: now)
    if let end = try time("end_time") {
      // The argument's end is inclusive, the range's is not; an end in whole seconds includes that
      // second.
      range.end = end.milliseconds(now: now) + (end.isWholeSecond ? 1000 : 1)
    }
    if let start = range.start, let end = range.end, start >= end {
      throw MCPToolError("'end_time' is before 'start_time'", help: ["exchange them"])
    }
    return range
  }

  /// The log groups in `log_group_names`, as names or patterns.
  var logGroups: [String] { (strings("log_group_names") ?? []).map(ResourceName.logGroup) }

  /// Returns the options for compiling a query.
  ///
  /// - Throws: `MCPToolError`.
  func binderOptions() throws(MCPToolError) -> Binder.Options {
    Binder.Options(
      timeRange: try timeRange(), logGroups: logGroups, now: LogService.now,
      rowLimit: integer("limit"))
  }

  /// Returns possible reasons for an empty result: log groups that do not exist, a range without
  /// events.
  func reasonsForNothing(
    _ engine: Engine, _ range: TimeRange, logGroups: [String]
  ) throws -> [String] {
    var reasons: [String] = []
    for glob in logGroups {
      guard let names = try engine.logGroupSuggestions(for: glob) else { continue }
      let shown = names.prefix(5).map { "'\($0)'" }.joined(separator: ", ")
      reasons.append(
        "no log group is named '\(glob)'; "
          + (names.isEmpty ? "no event here has a log group" : "there are \(shown)")
          + (names.count > 5 ? " and \(names.count - 5) more" : ""))
    }
    if range != .everything, let newest = try engine.newestTimestamp() {
      let isBehind = range.start.map { newest < $0 } ?? false
      let text = "the newest event of all is of \(Self.text(ofTime: newest)) UTC"
      if isBehind {
        reasons.append("the range begins after all events: \(text)")
      } else if let end = range.end, end <= newest {
        reasons.append(text)
      }
    }
    return reasons
  }

  /// A time in the form of results.
  static func text(ofTime milliseconds: Int64) -> String {
    var bytes: [UInt8] = []
    Timestamp.append(milliseconds, to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Rows in the form of `--format json`.
  static func rows(of table: ResultTable) throws -> [JSONObject] {
    var buffer = OutputBuffer()
    try OutputFormatRegistry.formatter(named: "json", for: .none)?.write(table, to: &buffer)
    return try JSONValue(parsing: buffer.bytes).array?.compactMap(\.object) ?? []
  }
}
