internal import ArgumentParser
internal import InsightsEngine
internal import InsightsText

/// How long a command may take: what `--timeout` says.
struct TimeLimit: ExpressibleByArgument {
  private static let units = ["ms", "s", "m", "h"]
  /// When the program was started, or nearly so.
  private static let start = ContinuousClock.now

  let length: Duration

  init?(argument: String) {
    let unit = String(argument.drop { $0.isNumber })
    guard Self.units.contains(unit), let milliseconds = TimeExpression.length(argument),
      milliseconds > 0
    else { return nil }
    length = .milliseconds(milliseconds)
  }

  /// When the command has to end.
  var deadline: ContinuousClock.Instant { Self.start + length }

  /// When a piece of work that begins now has to end.
  var deadlineFromNow: ContinuousClock.Instant { .now + length }

  /// Notes the time.
  static func begin() { _ = start }
}
