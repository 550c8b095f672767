public import ArgumentParser
internal import Glibc
public import InsightsEngine
internal import InsightsModel
internal import InsightsQuery

/// What a query is asked over.
struct QueryOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "First time of the range: ISO 8601, epoch seconds or milliseconds, or relative: --start=-3h.",
      valueName: "time"))
  var start: TimeExpression?

  @Option(help: ArgumentHelp("Last time of the range, inclusive.", valueName: "time"))
  var end: TimeExpression?

  @Option(
    help: ArgumentHelp("The last while, such as 3h or 2d, instead of --start.", valueName: "length")
  )
  var since: String?

  @Option(
    help: ArgumentHelp(
      "What 'now' means: a time, or 'newest' for the newest event.", valueName: "time"))
  var now: String?

  @Option(
    help: ArgumentHelp("Only log groups whose name matches; repeatable.", valueName: "glob"))
  var logGroup: [String] = []

  @Option(help: ArgumentHelp("Fills {{name}} in the query; repeatable.", valueName: "name=value"))
  var param: [Parameter] = []

  @Option(help: ArgumentHelp("At most this many rows.", valueName: "count"))
  var limit: Int?

  func validate() throws {
    if let since, TimeExpression.length(since) == nil {
      throw ValidationError("--since takes a length of time such as 90m, 3h or 2d, not '\(since)'")
    }
    if let now, now != "newest", TimeExpression(now) == nil {
      throw ValidationError("--now takes a time or 'newest', not '\(now)'")
    }
    if since != nil, start != nil {
      throw ValidationError("--since and --start exclude each other")
    }
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
    let clock = try self.clock(newest: newest)
    var options = Binder.Options(
      logGroups: logGroup, now: clock, rowLimit: limit)
    options.timeRange.start = start?.milliseconds(now: clock)
    if let since, let length = TimeExpression.length(since) {
      options.timeRange.start = clock - length
    }
    if let end {
      // Ends are inclusive, ranges are not; an end in whole seconds includes its second.
      options.timeRange.end = end.milliseconds(now: clock) + (end.isWholeSecond ? 1000 : 1)
    }
    if let start = options.timeRange.start, let end = options.timeRange.end, start >= end {
      throw Failure(.usage, "the time range ends before it starts")
    }
    return options
  }

  private func clock(newest: () throws -> Int64?) throws -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    let wall = Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    guard let now else { return wall }
    if now == "newest" { return try newest() ?? wall }
    return TimeExpression(now)?.milliseconds(now: wall) ?? wall
  }
}

extension TimeExpression: ExpressibleByArgument {
  public init?(argument: String) { self.init(argument) }
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
