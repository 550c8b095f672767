internal import ArgumentParser
internal import InsightsEngine
internal import InsightsModel
internal import InsightsOutput
internal import InsightsQuery

/// `insights query`: one query, answered.
struct Query: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Answer one query.",
    usage: "insights query '<query>' [<options>]",
    discussion: """
      Examples:
        insights query 'filter @message like /ERROR/ | limit 20'
        insights query 'stats count(*) by bin(5m)' --format json
        insights query --file slow.insights --since=3h
        insights query 'stats count(*) by @type' --from ./exported-logs
      """)

  @Argument(help: "The query; '-' reads it from standard input.")
  var query: String?

  @Option(help: "Read the query from this file.", completion: .file(extensions: ["insights"]))
  var file: String?

  @OptionGroup var options: QueryOptions
  @OptionGroup var lookup: LookupOptions
  @OptionGroup var pack: PackOptions
  @OptionGroup var condition: ConditionOptions
  @OptionGroup var input: SourceOptions
  @OptionGroup var output: OutputOptions
  @OptionGroup var messages: MessageOptions

  func validate() throws {
    if query != nil, file != nil { throw ValidationError("give a query or --file, not both") }
    if query == nil, file == nil {
      throw ValidationError("there is no query; for example: insights query 'limit 20'")
    }
  }

  func run() throws {
    let reporter = messages.reporter
    try reporting(to: reporter) {
      let query = try savedQuery()
      let source = try pack.expanding(options.source(of: query))
      let tables = try lookup.tables(for: [source], pack: pack)
      let (engine, inputStatus) = try input.open(telling: reporter)
      var binderOptions = try options.binderOptions(newest: engine.newestTimestamp)
      binderOptions.showsPointers = output.showsQueryDetails
      binderOptions.lookupTables = lookup.columns(of: tables)
      try engine.load(tables)
      let answer = try engine.answer(
        source, options: binderOptions, countsRows: output.showsQueryDetails)
      reporter.diagnostics(answer.query.warnings, of: answer.query.source)
      reporter.tell(answer, of: engine, options: binderOptions)
      let result = NamedResult(query, as: source, table: answer.table)
      output.tellOfMissingChart(of: result, to: reporter)
      try output.write(
        Report(
          title: query.title ?? "Query",
          facts: options.facts(of: binderOptions, in: output.timeZone) + [input.fact],
          results: [result], isSingle: true),
        color: messages.color)
      return .gravest([inputStatus, condition.status(of: [answer.table])])
    }
  }

  private func savedQuery() throws -> SavedQuery {
    if let file {
      guard let text = TextFile.read(file) else {
        throw Failure(.noInput, "query file '\(file)' cannot be read")
      }
      return SavedQuery(name: file, text: text)
    }
    guard let query, query != "-" else {
      guard let input = TextFile.readStandardInput() else {
        throw Failure(.noInput, "standard input cannot be read as a query")
      }
      return SavedQuery(name: "standard input", text: input)
    }
    return SavedQuery(name: "query", text: query)
  }
}

extension Reporter {
  /// Tells what there is to know about an answer beside its rows and warnings.
  func tell(_ answer: Engine.Answer, of engine: Engine, options: Binder.Options) {
    if answer.table.rows.count == Binder.defaultRowLimit,
      options.rowLimit == nil,
      !answer.query.syntax.hasLimit
    {
      note(
        "showing the first \(Binder.defaultRowLimit) rows",
        help: ["set your own 'limit', up to 100000, or aggregate with 'stats'"])
    }
    if answer.table.rows.isEmpty, options.timeRange != .everything,
      let newest = try? engine.newestTimestamp()
    {
      note("no event matches in this time range; the newest event is of \(Self.time(newest))")
    }
  }
}
