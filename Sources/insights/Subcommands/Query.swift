internal import ArgumentParser
internal import Glibc
internal import InsightsEngine
internal import InsightsIngest
internal import InsightsModel
internal import InsightsOutput
internal import InsightsQuery
internal import InsightsStore
internal import InsightsThreads

/// `insights query`: runs one query.
struct Query: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Answer one query, or what is typed at a prompt.",
    usage: "insights query '<query>' [<options>]",
    discussion: """
      Examples:
        insights query 'filter @message like /ERROR/ | limit 20'
        insights query 'stats count(*) by bin(5m)' --format json
        insights query --file slow.insights --since=3h
        insights query 'stats count(*) by @type' --from ./exported-logs
        insights query 'stats count(*) by level' --follow --from function.log
      """)

  @Argument(
    help:
      "The query, or a link to one in AWS's console; '-' reads it from standard input. Without one, on a terminal: a prompt."
  )
  var query: String?

  @Option(help: "Read the query from this file.", completion: .file(extensions: ["insights"]))
  var file: String?

  @Flag(help: "Go on until interrupted or --fail-if is true, and answer again as the logs grow.")
  var follow = false

  @OptionGroup var options: QueryOptions
  @OptionGroup var lookup: LookupOptions
  @OptionGroup var pack: PackOptions
  @OptionGroup var condition: ConditionOptions
  @OptionGroup var input: SourceOptions
  @OptionGroup var output: OutputOptions
  @OptionGroup var timing: TimingOptions
  @OptionGroup var messages: MessageOptions

  func validate() throws {
    if query != nil, file != nil { throw ValidationError("give a query or --file, not both") }
    if query == nil, file == nil, follow || output.output != nil || !Prompt.isPossible {
      throw ValidationError("there is no query; for example: insights query 'limit 20'")
    }
  }

  func run() throws {
    let reporter = messages.reporter
    try reporting(to: reporter) {
      if query == nil, file == nil { return try converse(reporter) }
      let query = try savedQuery()
      try OutputFile.check(
        output.output, store: input.store.path,
        inputs: input.paths + [file].compactMap { $0 } + lookup.files)
      // Report errors in the query's parts before reading files.
      let question = try preparation.prepare(query)
      if follow {
        do {
          return try followedStatus(of: question, reporter)
        } catch StoreError.timedOut {
          return .success
        } catch StoreError.interrupted {
          return .interrupted
        }
      }
      var times = StageTimes()
      let (engine, inputStatus) = try input.open(messages)
      times.end(input.stage)
      reporter.report(try engine.notes(ofLogGroups: preparation.logGroups(of: query)))
      let response = try respond(to: question, by: engine, output, reporter, &times)
      timing.report(times, to: reporter)
      return .mostSevere([inputStatus, response.status])
    }
  }

  private var preparation: QueryPreparation {
    options.preparation(pack, lookup)
  }

  /// Runs the prompt until the user leaves.
  private func converse(_ reporter: Reporter) throws -> ExitStatus {
    let (engine, inputStatus) = try input.open(messages)
    try options.range.reportUnknownLogGroups(of: engine, to: reporter)
    let fields = try engine.fields().rows.compactMap { row -> String? in
      if case .text(let name)? = row.first { name } else { nil }
    }
    var prompt = Prompt(format: output.format, fields: fields, reporter: reporter) {
      text, format in
      let query = try SavedQuery(name: "query", given: text)
      let hasLimit = options.limit != nil || Parser.parse(SourceText(query.text)).syntax.hasLimit
      var times = StageTimes()
      var output = output
      output.format = format
      let response = try respond(
        to: preparation.prepare(query),
        by: engine.with(
          ExecutionContext(
            cancellation: Cancellation(
              deadline: messages.timeout?.deadlineFromNow,
              isRequested: { Interruption.hasCome }))),
        output, reporter, &times, rowLimit: hasLimit ? nil : Prompt.rowLimit)
      if !hasLimit, response.rowCount == Prompt.rowLimit {
        reporter.note("showing the first \(Prompt.rowLimit) rows", help: ["set your own 'limit'"])
      }
      timing.report(times, to: reporter)
      return response.columns
    }
    try prompt.run(
      welcome:
        "insights \(Insights.version), \(PrintableText.line(of: input.place)). \\? helps, Ctrl-D quits."
    )
    return inputStatus
  }

  /// The result of a query whose rows have been written.
  private struct Response {
    var columns: [ResultColumn]
    var rowCount: Int
    /// The exit status that the condition determines.
    var status: ExitStatus
  }

  /// Builds the request for an engine.
  private func request(
    for question: PreparedQuery, of engine: Engine, _ output: OutputOptions, rowLimit: Int? = nil
  ) throws -> QueryRequest {
    var preparation = preparation
    preparation.wantsDetails = output.showsQueryDetails
    if let rowLimit { preparation.rowLimit = rowLimit }
    return try preparation.request(
      for: question, at: preparation.range.clock(newest: engine.newestTimestamp))
  }

  /// Runs a query, writes its rows, and reports warnings and notes.
  ///
  /// `rowLimit` is the prompt's limit for queries without one.
  private func respond(
    to question: PreparedQuery, by engine: Engine, _ output: OutputOptions,
    _ reporter: Reporter, _ times: inout StageTimes, rowLimit: Int? = nil
  ) throws -> Response {
    let rows = try RowOutput(output, condition: condition, messages) { query in
      reporter.diagnostics(query.warnings, of: query.source)
    }
    guard let rows else {
      let (result, binderOptions) = try answer(
        question, by: engine, output, reporter, &times, rowLimit: rowLimit)
      output.reportMissingChart(of: result, to: reporter)
      try output.write(
        report(of: result, to: question.query, binderOptions), color: messages.color)
      times.end("output")
      return Response(
        columns: result.table.columns, rowCount: result.table.rows.count,
        status: try condition.status(of: [result.table]))
    }
    let request = try request(for: question, of: engine, output, rowLimit: rowLimit)
    let outcome = try rows.write(request, by: engine)
    times.add(outcome.timing)
    report(outcome, of: engine, request, to: reporter)
    return Response(columns: rows.columns, rowCount: rows.rowCount, status: rows.status)
  }

  /// Runs a query and reports warnings and notes; returns its rows.
  private func answer(
    _ question: PreparedQuery, by engine: Engine, _ output: OutputOptions, _ reporter: Reporter,
    _ times: inout StageTimes, rowLimit: Int? = nil
  ) throws -> (result: NamedResult, options: Binder.Options) {
    let request = try request(for: question, of: engine, output, rowLimit: rowLimit)
    let answer = try engine.answer(request)
    times.add(answer.outcome.timing)
    reporter.diagnostics(answer.query.warnings, of: answer.query.source)
    report(answer.outcome, of: engine, request, to: reporter)
    return (NamedResult(question.query, as: question.source, table: answer.table), request.options)
  }

  private func report(
    _ outcome: QueryOutcome, of engine: Engine, _ request: QueryRequest, to reporter: Reporter
  ) {
    reporter.diagnostics(engine.trapsExplainingNoRows(of: outcome), of: outcome.query.source)
    reporter.report(engine.notes(of: outcome, to: request))
  }

  private func write(
    _ result: NamedResult, of query: SavedQuery, _ binderOptions: Binder.Options
  ) throws {
    try output.write(report(of: result, to: query, binderOptions), color: messages.color)
  }

  private func report(
    of result: NamedResult, to query: SavedQuery, _ binderOptions: Binder.Options
  ) -> Report {
    var result = result
    result.name = FileName.last(of: result.name)
    return Report(
      title: query.title ?? "Query",
      facts: options.facts(of: binderOptions, in: output.timeZone) + [input.fact],
      results: [result], isSingle: true)
  }

  /// Runs the query again whenever the logs have grown, until interrupted or the condition is true.
  ///
  /// On a terminal the latest result replaces the previous one.
  private func followedStatus(
    of question: PreparedQuery, _ reporter: Reporter
  ) throws -> ExitStatus {
    Interruption.watch()
    let waiting = messages.waiting(for: input.store.path)
    let logs = input.followed(messages)
    try input.reportMissingFiles(to: reporter)
    let isTerminal = output.output == nil && isatty(STDOUT_FILENO) == 1
    let progress = ProgressReport(isShown: !reporter.isQuiet)
    // Warnings are the same each time.
    var reporter = reporter
    var shown: ResultTable?
    while !Interruption.hasCome, !waiting.isOver {
      var times = StageTimes()
      if let state = try logs.update(progress: progress.update) {
        progress.erase()
        times.end(input.stage)
        for notice in state.summary?.notices ?? [] { reporter.report(notice) }
        let (result, binderOptions) = try answer(
          question, by: state.engine, output, reporter, &times)
        reporter = reporter.quiet
        if result.table != shown {
          if isTerminal { try Self.clearScreen() }
          try write(result, of: question.query, binderOptions)
          shown = result.table
          times.end("output")
          timing.report(times, to: reporter)
        }
        let status = try condition.status(of: [result.table])
        if status != .success { return status }
      }
      try Interruption.wait(milliseconds: 300)
    }
    return Interruption.hasCome ? .interrupted : .success
  }

  private static func clearScreen() throws {
    var buffer = OutputBuffer(fileDescriptor: STDOUT_FILENO)
    buffer.append("\u{1B}[H\u{1B}[2J")
    try buffer.flush()
  }

  private func savedQuery() throws -> SavedQuery {
    if let file {
      guard let text = TextFile.read(file) else {
        throw Failure(.noInput, "query file '\(file)' cannot be read")
      }
      return try SavedQuery(name: file, given: text)
    }
    guard let query, query != "-" else {
      guard let input = TextFile.readStandardInput() else {
        throw Failure(.noInput, "standard input cannot be read as a query")
      }
      return try SavedQuery(name: "standard input", given: input)
    }
    return try SavedQuery(name: "query", given: query)
  }
}
