internal import InsightsEngine
internal import InsightsModel
internal import InsightsOutput
internal import InsightsQuery
internal import InsightsText

extension APIRequest {
  /// Returns the time range of the URL's parameters: `start` and `end`, which is inclusive.
  func timeRange() throws(APIError) -> TimeRange {
    TimeRange(
      start: try time("start")?.milliseconds(now: LogService.now),
      end: try time("end").map {
        $0.milliseconds(now: LogService.now) + ($0.isWholeSecond ? 1000 : 1)
      })
  }

  private func time(_ name: String) throws(APIError) -> TimeExpression? {
    guard let text = http.parameter(name), !text.isEmpty else { return nil }
    guard let time = TimeExpression(text) else {
      throw APIError("'\(name)' takes a time, not '\(text)'")
    }
    return time
  }

  /// Returns the time range, the log groups and the clock of a body.
  func binderOptions() throws(APIError) -> Binder.Options {
    Binder.Options(
      timeRange: TimeRange(start: try integer("start"), end: try integer("end").map { $0 &+ 1 }),
      logGroups: try strings("logGroups") ?? [], now: LogService.now)
  }

  /// Returns a required member.
  func required(_ name: String) throws(APIError) -> String {
    guard let text = try string(name) else { throw APIError("'\(name)' is missing") }
    return text
  }
}

extension Reply {
  /// A document that is already JSON.
  static func json(text: String) -> Reply {
    Reply(headers: [("content-type", "application/json")], body: .bytes(Array(text.utf8)))
  }

  /// Rows in the form of `--format json`.
  static func json(_ table: ResultTable) throws -> Reply {
    json(text: try jsonText(of: table))
  }

  static func jsonText(of table: ResultTable) throws -> String {
    var buffer = OutputBuffer()
    try OutputFormatRegistry.formatter(named: "json", for: .none)?.write(table, to: &buffer)
    return String(decoding: buffer.bytes, as: UTF8.self)
  }
}
