public import ArgumentParser
internal import Glibc
internal import InsightsEngine
internal import InsightsModel
public import InsightsText

/// Which events are looked at: a range of time, and log groups.
struct RangeOptions: ParsableArguments {
  // Relative times begin with a dash, which an option's name does otherwise.
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

  /// The time that relative ones count from: the wall clock, unless `--now` says another.
  ///
  /// `newest` gives the time of the newest event, for `--now newest`.
  func clock(newest: () throws -> Int64?) throws -> Int64 {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    let wall = Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
    guard let now else { return wall }
    if now == "newest" { return try newest() ?? wall }
    return TimeExpression(now)?.milliseconds(now: wall) ?? wall
  }

  /// The log groups that a query reads: those given, else those of the link that it came as.
  func logGroups(of link: ConsoleLink?) -> [String] {
    logGroup.isEmpty ? link?.logGroups ?? [] : logGroup
  }

  /// Warns of a glob that no log group matches, with the names of those that there are.
  func tellOfUnknownLogGroups(
    of engine: Engine, link: ConsoleLink? = nil, to reporter: Reporter
  ) throws {
    for glob in logGroups(of: link) {
      guard let names = try engine.logGroups(insteadOf: glob) else { continue }
      let shown = names.prefix(5).map { "'\($0)'" }.joined(separator: ", ")
      reporter.warning(
        "no log group matches '\(glob)'",
        notes: [
          names.isEmpty
            ? "no event here has a log group"
            : "log groups: \(shown)" + (names.count > 5 ? " and \(names.count - 5) more" : "")
        ],
        help: names.isEmpty
          ? ["name one when you ingest: --log-group <name>"] : ["list them: insights groups"])
    }
  }

  /// The range in epoch milliseconds, at this time; what is not given is taken from `link`.
  func timeRange(at clock: Int64, link: ConsoleLink? = nil) throws -> TimeRange {
    var range = TimeRange.everything
    range.start = (start ?? link?.start)?.milliseconds(now: clock)
    // The last while is one up to now.
    let end = end ?? (since == nil ? link?.end : nil)
    if let since, let length = TimeExpression.length(since) { range.start = clock - length }
    if let end {
      // Ends are inclusive, ranges are not; an end in whole seconds includes its second.
      range.end = end.milliseconds(now: clock) + (end.isWholeSecond ? 1000 : 1)
    }
    if let start = range.start, let end = range.end, start >= end {
      throw Failure(.usage, "the time range ends before it starts")
    }
    return range
  }
}

extension TimeExpression: ExpressibleByArgument {
  public init?(argument: String) { self.init(argument) }
}
