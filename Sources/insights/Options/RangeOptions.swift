public import ArgumentParser
internal import InsightsEngine
internal import InsightsModel
public import InsightsText

/// Options that select events: a time range, and log groups.
struct RangeOptions: ParsableArguments {
  // Relative times begin with a dash, like the name of an option.
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "First time of the range: ISO 8601, epoch seconds or milliseconds, or relative: --start -3h.",
      valueName: "time"))
  var start: TimeExpression?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("Last time of the range, inclusive.", valueName: "time"))
  var end: TimeExpression?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("The last while, such as 3h or 2d, instead of --start.", valueName: "length")
  )
  var since: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "What 'now' means: a time, or 'newest' for the newest event.", valueName: "time"))
  var now: String?

  @Option(
    help: ArgumentHelp("Only log groups whose name matches; repeatable.", valueName: "glob"))
  var logGroup: [String] = []

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
  }

  /// The range as given by the user.
  var selection: RangeSelection {
    RangeSelection(
      start: start, end: end, length: since.flatMap { TimeExpression.length($0) },
      now: now == "newest"
        ? .newestEvent : now.flatMap { TimeExpression($0) }.map { .time($0) } ?? .wallClock)
  }

  /// Returns the reference of relative times, in epoch milliseconds.
  func clock(of engine: Engine) throws -> Int64 {
    try selection.clock(newest: engine.newestTimestamp)
  }

  /// Warns of a glob that matches no log group.
  func reportUnknownLogGroups(of engine: Engine, to reporter: Reporter) throws {
    reporter.report(try engine.notes(ofLogGroups: logGroup))
  }

  /// Returns the range in epoch milliseconds, relative to `clock`.
  func timeRange(at clock: Int64) throws -> TimeRange {
    try selection.timeRange(at: clock)
  }
}

extension TimeExpression: ExpressibleByArgument {
  /// Parses the argument; `nil` if invalid.
  public init?(argument: String) { self.init(argument) }
}

extension ComparedRange: ExpressibleByArgument {
  public init?(argument: String) { self.init(argument) }
}
