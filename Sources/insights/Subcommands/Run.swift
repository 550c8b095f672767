internal import ArgumentParser
internal import InsightsEngine
internal import InsightsModel
internal import InsightsOutput
internal import InsightsQuery
internal import InsightsTriage

/// `insights run`: runs saved queries by name.
struct Run: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Run saved queries: one, a whole pack, a .insights file, or a CloudWatch dashboard.",
    usage: "insights run <name> ... [<options>]",
    discussion: """
      Examples:
        insights run lambda/errors
        insights run lambda --format json
        insights run lambda/slowest-requests --param count=5
        insights run dashboard.json --format html --output dashboard.html
      """)

  @Argument(
    help: ArgumentHelp(
      "A query such as lambda/errors, a pack such as lambda, a file, a link into AWS's console, or the JSON of a CloudWatch dashboard.",
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
      if let file = dashboardFile { return try runDashboard(file, reporter) }
      let (queries, files, isSingle) = try savedQueries()
      var preparation = options.preparation(pack, lookup)
      preparation.wantsDetails = output.showsQueryDetails
      let prepared = try preparation.prepare(queries)
      if !isSingle, !output.takesSeveralResults {
        throw Failure(
          .usage, "format '\(output.format)' holds the rows of one query only",
          help: ["run one query at a time, or use --format json"])
      }
      var times = StageTimes()
      let (engine, inputStatus) = try input.open(messages)
      times.end(input.stage)
      let clock = try options.range.clock(of: engine)
      if queries.contains(where: { $0.link == nil }) {
        try options.range.reportUnknownLogGroups(of: engine, to: reporter)
      }
      // A page with several results begins with what went wrong.
      let isPage = !isSingle && output.format == "html"
      var results: [NamedResult] = []
      var asked: [QueryRequest] = []
      for question in prepared {
        if question.query.link != nil {
          reporter.report(
            try engine.notes(ofLogGroups: preparation.logGroups(of: question.query)))
        }
        asked.append(try preparation.request(for: question, at: clock))
      }
      if isSingle, asked.count == 1,
        let rows = try RowOutput(
          output, condition: condition, messages,
          reportQuery: { reportDetails(of: $0, to: reporter) })
      {
        let outcome = try rows.write(asked[0], by: engine)
        times.add(outcome.timing)
        reporter.report(engine.notes(of: outcome, to: asked[0]))
        timing.report(times, to: reporter)
        return .mostSevere([inputStatus, rows.status])
      }
      try engine.answer(asked) { index, answer in
        let (source, binderOptions) = (asked[index].source, asked[index].options)
        times.add(answer.timing)
        reportDetails(of: answer.query, to: reporter)
        reporter.report(engine.notes(of: answer.outcome, to: asked[index]))
        let query = queries[index]
        var result = NamedResult(query, as: source, table: answer.table)
        // Pages are passed on, so they must not show local folders.
        if output.format == "html", files.contains(query.name) {
          result.name = FileName.last(of: query.name)
        }
        if isPage {
          result.headline = try headline(of: query, answer, by: engine, binderOptions, reporter)
        }
        results.append(result)
      }
      let overall =
        isSingle
        ? asked[0].options
        : Binder.Options(
          timeRange: try options.range.timeRange(at: clock), logGroups: options.range.logGroup,
          now: clock)
      let report = Report(
        title: names.map { files.contains($0) ? FileName.last(of: $0) : $0 }
          .joined(separator: ", "),
        opening: isPage ? try opening(by: engine, overall) : [],
        facts: options.facts(of: overall, in: output.timeZone) + [input.fact],
        results: results, isSingle: isSingle)
      for result in results where result.chart != .none {
        output.reportMissingChart(of: result, to: reporter)
      }
      try output.write(report, color: messages.color)
      times.end("output")
      timing.report(times, to: reporter)
      return .mostSevere([inputStatus, try condition.status(of: results.map(\.table))])
    }
  }

  private func reportDetails(of query: CompiledQuery, to reporter: Reporter) {
    // Saved queries cover more fields than the logs of one store have.
    reporter.diagnostics(query.warnings.filter { $0.id != "absent-field" }, of: query.source)
  }

  private func opening(
    by engine: Engine, _ options: Binder.Options
  ) throws -> [Document.Block] {
    let report = try engine.triage(
      TriageOptions(timeRange: options.timeRange, logGroups: options.logGroups))
    return TriageDocument(timeZone: output.timeZone).opening(report)
  }

  /// Returns the headline number of a result.
  private func headline(
    of query: SavedQuery, _ answer: Engine.Answer, by engine: Engine, _ options: Binder.Options,
    _ reporter: Reporter
  ) throws -> Report.Fact? {
    guard let text = query.headline else { return nil }
    guard let headline = Headline(text) else {
      reporter.warning(
        "the headline of '\(query.name)' cannot be read: \(text)",
        help: ["write for example: # headline: sum(dollars) — US dollars"])
      return nil
    }
    var rowCount = answer.table.rows.count
    if !answer.query.syntax.hasLimit, rowCount == options.rowLimit ?? Binder.defaultRowLimit {
      // A sum over truncated rows is meaningless, but the number of all rows can be queried.
      guard headline.countsRows else { return nil }
      let text = answer.query.source[0..<answer.query.source.bytes.count]
      let count = try engine.answer(
        SourceText(text + "\n| stats count(*) as rows", name: query.name), options: options)
      guard case .integer(let number)? = count.table.rows.first?.first else { return nil }
      rowCount = Int(number)
    }
    let columns = answer.table.columns.map(\.name)
    if let unknown = headline.columnNames.first(where: { !columns.contains($0) }) {
      reporter.warning(
        "the headline of '\(query.name)' names a column '\(unknown)' that its rows do not have",
        help: ["columns: \(columns.joined(separator: ", "))"])
    }
    return headline.fact(of: answer.table, rowCount: rowCount)
  }

  /// Returns the queries with the given names, each once, and which names are files; a single query
  /// is printed without a heading.
  private func savedQueries() throws -> (
    queries: [SavedQuery], files: Set<String>, isSingle: Bool
  ) {
    let pack = self.pack.load()
    var queries: [SavedQuery] = []
    var files: Set<String> = []
    var isSingle = names.count == 1
    for name in names {
      var found = pack.queries(named: name)
      if ConsoleLink.isLink(name) {
        found = [try SavedQuery(name: name, given: name)]
      } else if found.isEmpty, let text = TextFile.read(name) {
        found = [try SavedQuery(name: name, given: text)]
        files.insert(name)
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
    return (queries, files, isSingle)
  }
}
