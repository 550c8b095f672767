internal import ArgumentParser
internal import InsightsEngine
internal import InsightsModel
internal import InsightsOutput
internal import InsightsQuery

/// `insights run`: saved queries by name.
struct Run: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run saved queries: one, a whole pack, or a .insights file.",
    usage: "insights run <name> ... [<options>]",
    discussion: """
      Examples:
        insights run lambda/errors
        insights run lambda --format json
        insights run lambda/slowest-requests --param count=5
      """)

  @Argument(
    help: ArgumentHelp(
      "A query such as lambda/errors, a pack such as lambda, a file, or a link into AWS's console.",
      valueName: "name"),
    completion: .savedQueries)
  var names: [String]

  @OptionGroup var pack: PackOptions
  @OptionGroup var options: QueryOptions
  @OptionGroup var lookup: LookupOptions
  @OptionGroup var condition: ConditionOptions
  @OptionGroup var input: SourceOptions
  @OptionGroup var output: OutputOptions
  @OptionGroup var timing: TimingOptions
  @OptionGroup var messages: MessageOptions

  func run() throws {
    let reporter = messages.reporter
    try reporting(to: reporter) {
      try OutputFile.check(
        output.output, store: input.store.path, inputs: input.paths + names + lookup.files)
      let (queries, isSingle) = try savedQueries()
      let sources = try options.sources(of: queries).map(pack.expanding)
      let tables = try lookup.tables(for: sources, pack: pack)
      if !isSingle, !output.takesSeveralResults {
        throw Failure(
          .usage, "format '\(output.format)' holds the rows of one query only",
          help: ["run one query at a time, or use --format json"])
      }
      var times = StageTimes()
      let (engine, inputStatus) = try input.open(messages)
      times.end(input.stage)
      let clock = try options.range.clock(newest: engine.newestTimestamp)
      if queries.contains(where: { $0.link == nil }) {
        try options.range.tellOfUnknownLogGroups(of: engine, to: reporter)
      }
      try engine.load(tables)
      var results: [NamedResult] = []
      var asked: [(source: SourceText, options: Binder.Options)] = []
      for (query, source) in zip(queries, sources) {
        if query.link != nil {
          try options.range.tellOfUnknownLogGroups(of: engine, link: query.link, to: reporter)
        }
        var binderOptions = try options.binderOptions(link: query.link, at: clock)
        binderOptions.showsPointers = output.showsQueryDetails
        binderOptions.lookupTables = lookup.columns(of: tables)
        asked.append((source, binderOptions))
      }
      try engine.answer(asked, countsRows: output.showsQueryDetails) { index, answer in
        let (source, binderOptions) = asked[index]
        times.add(answer.timing)
        // Saved queries cover more fields than one store's logs have.
        reporter.diagnostics(
          answer.query.warnings.filter { $0.id != "absent-field" }, of: source)
        reporter.tell(answer, of: engine, options: binderOptions)
        results.append(NamedResult(queries[index], as: source, table: answer.table))
      }
      let report = Report(
        title: names.joined(separator: ", "),
        facts: try options.facts(
          of: options.binderOptions(link: isSingle ? queries[0].link : nil, at: clock),
          in: output.timeZone) + [input.fact],
        results: results, isSingle: isSingle)
      for result in results where result.chart != .none {
        output.tellOfMissingChart(of: result, to: reporter)
      }
      try output.write(report, color: messages.color)
      times.end("output")
      timing.tell(times, to: reporter)
      return .gravest([inputStatus, condition.status(of: results.map(\.table))])
    }
  }

  /// The queries that the names stand for, each once; a single query gives bare rows.
  private func savedQueries() throws -> (queries: [SavedQuery], isSingle: Bool) {
    let pack = self.pack.load()
    var queries: [SavedQuery] = []
    var isSingle = names.count == 1
    for name in names {
      var found = pack.queries(named: name)
      if ConsoleLink.isLink(name) {
        found = [try SavedQuery(name: name, given: name)]
      } else if found.isEmpty, let text = TextFile.read(name) {
        found = [try SavedQuery(name: name, given: text)]
      }
      guard !found.isEmpty else {
        let similar = pack.namesSimilar(to: name)
        throw Failure(
          .noInput, "there is no saved query or pack '\(name)'",
          help: similar.isEmpty ? ["list them: insights queries"] : ["did you mean \(similar)?"])
      }
      if found[0].name != name { isSingle = false }
      for query in found where !queries.contains(where: { $0.name == query.name }) {
        queries.append(query)
      }
    }
    return (queries, isSingle)
  }
}
