public import ArgumentParser
public import InsightsEngine
internal import InsightsOutput
internal import InsightsQuery

extension QueryStage: ExpressibleByArgument {}

/// `insights explain`: shows a query at each stage.
///
/// Needs a store only for the scan.
struct Explain: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show what becomes of a query: tokens, syntax, plan, SQL, SQLite's plan, scan.",
    usage: "insights explain '<query>' [<options>]",
    discussion: """
      Needs no store, but for the scan: that runs the query, and tells what was asked of the store, \
      which segments were read, why the others were skipped, by which index, and what is left \
      to SQLite.

      Examples:
        insights explain 'stats count(*) by bin(5m)' --stage sql
        insights explain 'filterIndex orderId = "A-1042"' --stage scan
      """)

  @Argument(help: "The query.")
  var query: String

  @Option(help: "What to show.")
  var stage: QueryStage = .plan

  @OptionGroup var options: QueryOptions
  @OptionGroup var store: StoreOptions
  @OptionGroup var lookup: LookupOptions
  @OptionGroup var pack: PackOptions
  @OptionGroup var messages: MessageOptions

  func run() throws {
    try reporting(to: messages.reporter) {
      let preparation = options.preparation(pack, lookup)
      let prepared = try preparation.prepare(SavedQuery(name: "query", given: query))
      let engine = stage == .scan ? try openEngine(store, messages) : nil
      let request = try preparation.request(
        for: prepared,
        at: preparation.range.clock(newest: { try engine?.newestTimestamp() }))
      let text = try Engine.explain(
        request.source, stage: stage, options: request.options,
        lookupTables: request.lookupTables, engine: engine)
      var buffer = OutputBuffer(fileDescriptor: 1)
      buffer.append(text + "\n")
      try buffer.flush()
      return .success
    }
  }
}
