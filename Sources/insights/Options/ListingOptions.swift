internal import InsightsText
internal import ArgumentParser
internal import InsightsEngine
internal import InsightsModel
internal import InsightsOutput
internal import InsightsQuery
internal import InsightsStore

/// The options of commands that list the contents of a store in a time range.
struct ListingOptions: ParsableArguments {
  @OptionGroup var range: RangeOptions
  @OptionGroup var input: SourceOptions
  @OptionGroup var output: OutputOptions
  @OptionGroup var messages: MessageOptions

  /// Calls `listing` with a sink, and writes the rows that the sink receives.
  func run(_ listing: (Engine, Binder.Options, any RowSink) throws -> Void) throws {
    try reporting(to: messages.reporter) {
      try OutputFile.check(output.output, store: input.store.path, inputs: input.paths)
      let (engine, inputStatus) = try input.open(messages)
      try range.reportUnknownLogGroups(of: engine, to: messages.reporter)
      let clock = try range.clock(of: engine)
      let options = Binder.Options(
        timeRange: try range.timeRange(at: clock), logGroups: range.logGroup, now: clock,
        rowLimit: .max)
      try output.write(color: messages.color) { formatter, buffer in
        if let formatter = formatter as? any SpoolingFormatter {
          let sink = SpoolSink(formatter)
          try listing(engine, options, sink)
          try sink.spool?.write(to: &buffer)
        } else {
          let sink = TableSink()
          try listing(engine, options, sink)
          try formatter.write(sink.table, to: &buffer)
        }
      }
      return inputStatus
    }
  }
}

/// Buffers rows on disk until all have arrived.
private final class SpoolSink: RowSink {
  private let formatter: any SpoolingFormatter
  private(set) var spool: (any RowSpool)?

  init(_ formatter: any SpoolingFormatter) { self.formatter = formatter }

  func begin(_ columns: [ResultColumn], of query: CompiledQuery) {
    spool = formatter.spool(for: columns, in: TemporaryFiles.folder)
  }

  func receive(_ rows: [[Value]]) throws {
    for row in rows { try spool?.append(row) }
  }
}
