internal import ArgumentParser
internal import InsightsEngine
internal import InsightsText

/// The time limit of a command: the value of `--timeout`.
struct TimeLimit: ExpressibleByArgument {
  private static let units = ["ms", "s", "m", "h"]
  /// The start time of the program, approximately.
  private static let start = ContinuousClock.now

  let length: Duration

  init?(argument: String) {
    let unit = String(argument.drop { $0.isNumber })
    guard Self.units.contains(unit), let milliseconds = TimeExpression.length(argument),
      milliseconds > 0
    else { return nil }
    length = .milliseconds(milliseconds)
  }

  /// The deadline of the command.
  var deadline: ContinuousClock.Instant { Self.start + length }

  /// The deadline of a piece of work that begins now.
  var deadlineFromNow: ContinuousClock.Instant { .now + length }

  /// Records the start time.
  static func begin() { _ = start }
}
