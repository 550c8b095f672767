internal import ArgumentParser
internal import InsightsEngine
internal import InsightsModel
internal import InsightsOutput

/// `insights triage`: what went wrong, why, on what evidence, and what to change.
struct Triage: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Find out what went wrong, why, and what to change.",
    usage: "insights triage [<request-id>] [<options>]",
    discussion: """
      Classifies every failed or slow invocation and gateway line by the HTTP status that callers saw (500, 502, 503, 504, 400, 403) and by its cause. With a request id: the whole story of that request.

      A gateway line's own status always wins. Without one an unhandled error, a Lambda timeout or out of memory is a 502, a logged error of an invocation that ended well a 500, a duration at or over --gateway-timeout a 504, and a refused call in a caller's log a 503. Where the logs show an HTTP API, its own statuses are used.

      Examples:
        insights triage --since=3h
        insights triage --format html --output incident.html
        insights triage 8329e494-91fc-4ed0-ac07-bf7e495d3335
      """)

  @Argument(help: "The id of one request, Lambda's or the gateway's.")
  var requestID: String?

  @Option(
    help: ArgumentHelp(
      "When the gateway gives up waiting, in milliseconds.", valueName: "milliseconds"))
  var gatewayTimeout = TriageOptions.defaultGatewayTimeout

  @Option(
    help: ArgumentHelp("Most log lines to show of a finding's sample request.", valueName: "count"))
  var lines = 20

  @Option(help: "As text, JSON, Markdown or one HTML page.")
  var format: TriageFormat = .table

  @Option(
    help: ArgumentHelp("Write the results to this file.", valueName: "file"), completion: .file())
  var output: String?

  @OptionGroup var range: RangeOptions
  @OptionGroup var store: StoreOptions
  @OptionGroup var messages: MessageOptions

  func validate() throws {
    if gatewayTimeout < 1 || gatewayTimeout > 3_600_000 {
      throw ValidationError("--gateway-timeout takes milliseconds from 1 to 3600000")
    }
    if lines < 0 { throw ValidationError("--lines takes a number from 0") }
  }

  func run() throws {
    let reporter = messages.reporter
    try reporting(to: reporter) {
      try OutputFile.check(output, store: store.path)
      let engine = try openEngine(store, messages)
      try range.tellOfUnknownLogGroups(of: engine, to: reporter)
      let clock = try range.clock(newest: engine.newestTimestamp)
      let options = TriageOptions(
        timeRange: try range.timeRange(at: clock), logGroups: range.logGroup,
        gatewayTimeout: gatewayTimeout, lineLimit: lines)
      if let requestID {
        guard let story = try engine.story(of: requestID, options: options) else {
          throw Failure(
            .noInput, "no log names a request '\(requestID)'",
            help: ["list what went wrong: insights triage"])
        }
        try write(
          json: { TriageJSON.append(story, to: &$0) }, document: TriageDocument.document(of: story),
          limits: story.limits, reporter: reporter)
      } else {
        let report = try engine.triage(options)
        if report.lookedAt.isEmpty {
          let absence = TriageDocument.absence(of: report.lookedAt)
          reporter.note(absence.prefix(1).lowercased() + absence.dropFirst())
        }
        try write(
          json: { TriageJSON.append(report, to: &$0) },
          document: TriageDocument.document(of: report), limits: report.limits, reporter: reporter)
      }
      return .success
    }
  }

  private func write(
    json appendJSON: (inout OutputBuffer) -> Void, document: Document, limits: [String],
    reporter: Reporter
  ) throws {
    try OutputFile.write(to: output, color: messages.color) { terminal, buffer in
      if let format = format.documentFormat {
        try format.write(document, for: terminal, to: &buffer)
      } else {
        appendJSON(&buffer)
      }
    }
    // The documents say it themselves.
    if format == .json { for limit in limits { reporter.note(limit) } }
  }
}

/// How findings are written.
enum TriageFormat: String, CaseIterable, ExpressibleByArgument {
  case table, json, markdown, html

  /// `nil` for JSON, which is no document.
  var documentFormat: DocumentFormat? { DocumentFormat(rawValue: rawValue) }
}
