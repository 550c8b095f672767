internal import ArgumentParser
internal import InsightsEngine
internal import InsightsModel
internal import InsightsOutput
internal import InsightsQuery
internal import InsightsText

/// What a query is asked over.
struct QueryOptions: ParsableArguments {
  @OptionGroup var range: RangeOptions

  @Option(help: ArgumentHelp("Fills {{name}} in the query; repeatable.", valueName: "name=value"))
  var param: [Parameter] = []

  @Option(help: ArgumentHelp("At most this many rows.", valueName: "count"))
  var limit: Int?

  func validate() throws {
    if let limit, limit < 0 { throw ValidationError("--limit takes a number from 0") }
  }

  /// The text of a query with its parameters filled in.
  func source(of query: SavedQuery) throws -> SourceText {
    try checkParameters(of: [query])
    return try query.source(filling: parameters)
  }

  /// The texts of queries with their parameters filled in; each takes those that it knows.
  func sources(of queries: [SavedQuery]) throws -> [SourceText] {
    try checkParameters(of: queries)
    return try queries.map { try $0.source(filling: parameters) }
  }

  private var parameters: [String: String] {
    Dictionary(param.map { ($0.name, $0.value) }, uniquingKeysWith: { _, last in last })
  }

  /// A value that no query has a place for is a mistake, most likely a misspelt name.
  private func checkParameters(of queries: [SavedQuery]) throws {
    var known: [String] = []
    for name in queries.flatMap(\.parameterNames) where !known.contains(name) {
      known.append(name)
    }
    guard let unknown = param.first(where: { !known.contains($0.name) }) else { return }
    throw Failure(
      .usage, "unknown parameter '\(unknown.name)'",
      help: [
        known.isEmpty
          ? "the query has no {{name}} to fill" : "parameters: \(known.joined(separator: ", "))"
      ])
  }

  /// What the binder needs to know; relative times count from `now`, else from the clock.
  ///
  /// `newest` gives the time of the newest event, for `--now newest`.
  func binderOptions(newest: () throws -> Int64?) throws -> Binder.Options {
    let clock = try range.clock(newest: newest)
    return Binder.Options(
      timeRange: try range.timeRange(at: clock), logGroups: range.logGroup, now: clock,
      rowLimit: limit)
  }

  /// What a report says of the range of time and the log groups.
  func facts(of options: Binder.Options, in zone: TimeZone) -> [Report.Fact] {
    func text(_ milliseconds: Int64) -> String {
      var bytes: [UInt8] = []
      Timestamp.append(milliseconds, in: zone, to: &bytes)
      return String(decoding: bytes, as: UTF8.self) + (zone.isUTC ? " UTC" : "")
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

/// `name=value`.
struct Parameter: ExpressibleByArgument {
  var name: String
  var value: String

  init?(argument: String) {
    guard let separator = argument.firstIndex(of: "="), separator > argument.startIndex else {
      return nil
    }
    name = String(argument[..<separator])
    value = String(argument[argument.index(after: separator)...])
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
