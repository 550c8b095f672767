internal import ArgumentParser
internal import InsightsEngine
internal import InsightsModel
internal import InsightsOutput
internal import InsightsQuery
internal import InsightsText

/// What a query is asked over.
struct QueryOptions: ParsableArguments {
  @OptionGroup var range: RangeOptions

  @OptionGroup var parameters: ParameterOptions

  @Option(help: ArgumentHelp("At most this many rows.", valueName: "count"))
  var limit: Int?

  func validate() throws {
    if let limit, limit < 0 { throw ValidationError("--limit takes a number from 0") }
  }

  /// The text of a query with its parameters filled in.
  func source(of query: SavedQuery) throws -> SourceText { try parameters.source(of: query) }

  /// The texts of queries with their parameters filled in; each takes those that it knows.
  func sources(of queries: [SavedQuery]) throws -> [SourceText] {
    try parameters.sources(of: queries)
  }

  /// What the binder needs to know; relative times count from `now`, else from the clock.
  ///
  /// `newest` gives the time of the newest event, for `--now newest`. Range and log groups that are
  /// not given are those of `link`.
  func binderOptions(
    link: ConsoleLink? = nil, newest: () throws -> Int64?
  ) throws -> Binder.Options {
    try binderOptions(link: link, at: range.clock(newest: newest))
  }

  /// The same where the time that relative ones count from is known.
  func binderOptions(link: ConsoleLink? = nil, at clock: Int64) throws -> Binder.Options {
    Binder.Options(
      timeRange: try range.timeRange(at: clock, link: link), logGroups: range.logGroups(of: link),
      now: clock, rowLimit: limit)
  }

  /// What a report says of the range of time and the log groups.
  func facts(of options: Binder.Options, in zone: TimeZone) -> [Report.Fact] {
    func text(_ milliseconds: Int64) -> String {
      var bytes: [UInt8] = []
      Timestamp.append(milliseconds, in: zone, to: &bytes)
      return String(decoding: bytes, as: UTF8.self) + (zone === TimeZone.utc ? " UTC" : "")
    }
    let range =
      switch (options.timeRange.start, options.timeRange.end) {
      case (nil, nil): "everything"
      case (let start?, nil): "from \(text(start))"
      // Ranges end before their end; people count it in.
      case (nil, let end?): "until \(text(end - 1))"
      case (let start?, let end?): "\(text(start)) to \(text(end - 1))"
      }
    let groups = options.logGroups.joined(separator: ", ")
    return [Report.Fact("Time range", range)]
      + (groups.isEmpty ? [] : [Report.Fact("Log groups", groups)])
  }
}
