internal import ArgumentParser
internal import InsightsEngine
internal import InsightsModel
internal import InsightsOutput
internal import InsightsQuery

/// How a command lists what a store has in a range of time.
struct ListingOptions: ParsableArguments {
  @OptionGroup var range: RangeOptions
  @OptionGroup var input: SourceOptions
  @OptionGroup var output: OutputOptions
  @OptionGroup var messages: MessageOptions

  /// Writes the rows that `listing` gives of the store.
  func run(_ listing: (Engine, Binder.Options) throws -> ResultTable) throws {
    try reporting(to: messages.reporter) {
      try OutputFile.check(output.output, store: input.store.path, inputs: input.paths)
      let (engine, inputStatus) = try input.open(messages)
      try range.tellOfUnknownLogGroups(of: engine, to: messages.reporter)
      let clock = try range.clock(of: engine)
      let table = try listing(
        engine,
        Binder.Options(
          timeRange: try range.timeRange(at: clock), logGroups: range.logGroup, now: clock,
          rowLimit: .max))
      try output.write(color: messages.color) { formatter, buffer in
        try formatter.write(table, to: &buffer)
      }
      return inputStatus
    }
  }
}
