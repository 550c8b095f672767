internal import ArgumentParser
internal import InsightsEngine
internal import InsightsQuery

/// `insights check`: compiles queries without running them.
///
/// Needs no store.
struct Check: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Compile queries without running them, and say what is wrong.",
    usage: "insights check <query> ... [<options>]")

  @Argument(help: ArgumentHelp("Queries, or .insights files.", valueName: "query"))
  var queries: [String]

  @OptionGroup var lookup: LookupOptions
  @OptionGroup var pack: PackOptions
  @OptionGroup var messages: MessageOptions

  func run() throws {
    let reporter = messages.reporter
    try reporting(to: reporter) {
      var statuses: [ExitStatus] = []
      for query in queries {
        let isFile = query.hasSuffix(".insights")
        guard let text = isFile ? TextFile.read(query) : query else {
          reporter.error("query file '\(query)' cannot be read")
          statuses.append(.noInput)
          continue
        }
        let saved = SavedQuery(name: isFile ? query : "query", text: text)
        // A parameter without a default can be anything; 1 is valid as a number and inside text.
        let defaults = saved.parameters.filter { $0.defaultValue != nil }.map(\.name)
        let filler = Dictionary(
          saved.parameterNames.filter { !defaults.contains($0) }.map { ($0, "1") },
          uniquingKeysWith: { first, _ in first })
        do {
          let source = try pack.expanding(saved.source(filling: filler))
          let tables = try lookup.tables(for: [source], pack: pack)
          let compiled = try CompiledQuery(
            source, options: Binder.Options(lookupTables: lookup.columns(of: tables)))
          reporter.diagnostics(compiled.warnings, of: compiled.source)
        } catch let error as QueryError {
          reporter.diagnostics(error.diagnostics, of: error.source)
          statuses.append(.data)
        }
      }
      return ExitStatus.gravest(statuses)
    }
  }
}
