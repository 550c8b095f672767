public import ArgumentParser
public import InsightsEngine
internal import InsightsOutput
internal import InsightsQuery

extension QueryStage: ExpressibleByArgument {}

/// `insights explain`: what becomes of a query, stage by stage.
///
/// Needs no store.
struct Explain: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Show what becomes of a query: tokens, syntax, plan, SQL, SQLite's plan.",
    usage: "insights explain '<query>' [<options>]")

  @Argument(help: "The query.")
  var query: String

  @Option(help: "What to show.")
  var stage: QueryStage = .plan

  @OptionGroup var options: QueryOptions
  @OptionGroup var lookup: LookupOptions
  @OptionGroup var pack: PackOptions
  @OptionGroup var messages: MessageOptions

  func run() throws {
    try reporting(to: messages.reporter) {
      let saved = SavedQuery(name: "query", text: query)
      let source = try pack.expanding(options.source(of: saved))
      var binderOptions = try options.binderOptions(newest: { nil })
      let tables = try lookup.tables(for: [source], pack: pack)
      binderOptions.lookupTables = lookup.columns(of: tables)
      let text = try Engine.explain(
        source, stage: stage, options: binderOptions, lookupTables: tables)
      var buffer = OutputBuffer(fileDescriptor: 1)
      buffer.append(text + "\n")
      try buffer.flush()
      return .success
    }
  }
}
