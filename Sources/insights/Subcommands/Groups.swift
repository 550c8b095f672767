internal import ArgumentParser
internal import InsightsEngine
internal import InsightsOutput
internal import InsightsQuery

/// `insights groups`: the log groups of a store.
struct Groups: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List the log groups, their numbers of events, and the times of the first and last.",
    usage: "insights groups [<options>]")

  @OptionGroup var range: RangeOptions
  @OptionGroup var store: StoreOptions
  @OptionGroup var output: OutputOptions
  @OptionGroup var messages: MessageOptions

  func run() throws {
    try reporting(to: messages.reporter) {
      let engine = try openEngine(store)
      try range.tellOfUnknownLogGroups(of: engine, to: messages.reporter)
      let clock = try range.clock(newest: engine.newestTimestamp)
      let table = try engine.logGroups(
        options: Binder.Options(
          timeRange: try range.timeRange(at: clock), logGroups: range.logGroup, now: clock,
          rowLimit: .max))
      try output.write(color: messages.color) { formatter, buffer in
        try formatter.write(table, to: &buffer)
      }
      return .success
    }
  }
}
