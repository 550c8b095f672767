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

/// What a result means for the exit code.
struct ConditionOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("Exit with 1 when true: any, none, or 'rows > 5'.", valueName: "condition"))
  var failIf: RowCondition?

  /// The status of a run with these results.
  func status(of tables: [ResultTable]) -> ExitStatus {
    tables.contains { failIf?.isTrue(of: $0.rows.count) == true } ? .conditionMet : .success
  }
}

/// A condition on the number of rows: `any`, `none` or `rows > 5`.
struct RowCondition: ExpressibleByArgument {
  private let comparison: String
  private let count: Int

  init?(argument: String) {
    switch argument {
    case "any": (comparison, count) = (">", 0)
    case "none": (comparison, count) = ("=", 0)
    default:
      var rest = Substring(argument).drop { $0 == " " }
      guard rest.hasPrefix("rows") else { return nil }
      rest = rest.dropFirst(4).drop { $0 == " " }
      let comparison = rest.prefix { "<>=!".contains($0) }
      let number = rest.dropFirst(comparison.count).filter { $0 != " " }
      guard ["<", "<=", ">", ">=", "=", "==", "!="].contains(comparison), let count = Int(number)
      else { return nil }
      self.comparison = String(comparison)
      self.count = count
    }
  }

  func isTrue(of rows: Int) -> Bool {
    switch comparison {
    case "<": rows < count
    case "<=": rows <= count
    case ">": rows > count
    case ">=": rows >= count
    case "!=": rows != count
    default: rows == count
    }
  }
}
