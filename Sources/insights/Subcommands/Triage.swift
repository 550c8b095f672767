internal import ArgumentParser
internal import Glibc
internal import InsightsEngine
internal import InsightsModel
internal import InsightsOutput
internal import InsightsText
internal import InsightsTriage

/// `insights triage`: reports what went wrong, why, the evidence, and what to change.
struct Triage: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Find out what went wrong, why, and what to change.",
    usage: "insights triage [<number>|<request-id>] [<options>]",
    discussion: """
      Classifies every failed or slow invocation and gateway line by the HTTP status that callers saw (500, 502, 503, 504, 400, 403) and by its cause. With the number of a finding: that one in full. With a request id: the whole story of that request.

      A gateway line's own status always wins. Without one an unhandled error, a Lambda timeout or out of memory is a 502, a logged error of an invocation that ended well a 500, a duration at or over --gateway-timeout a 504, and a refused call in a caller's log a 503. Where the logs show an HTTP API, its own statuses are used.

      Examples:
        insights triage --since=3h
        insights triage 1
        insights triage --fail-if 'status >= 500'
        insights triage --format html --output incident.html
        insights triage 8329e494-91fc-4ed0-ac07-bf7e495d3335
      """)

  @Argument(
    help: ArgumentHelp(
      "The number of one finding, or the id of one request, Lambda's or the gateway's.",
      valueName: "number|request-id"))
  var subject: String?

  @Flag(
    exclusivity: .exclusive,
    help: ArgumentHelp(
      "Of each finding a few lines, which is the default on a terminal, or everything."))
  var detail: TriageDetail?

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

  @Flag(
    name: .customLong("no-pager"),
    help: "Do not show text through $INSIGHTS_PAGER, $PAGER or less on a terminal.")
  var hasNoPager = false

  @Option(
    help: ArgumentHelp(
      "Say what was wrong before: previous, day, week or month for an earlier period, or a range as start/end.",
      valueName: "period"),
    completion: .list(EarlierPeriod.allCases.map(\.rawValue)))
  var compare: ComparedRange?

  @OptionGroup var zone: TimeZoneOptions
  @OptionGroup var condition: ConditionOptions
  @OptionGroup var range: RangeOptions
  @OptionGroup var input: SourceOptions
  @OptionGroup var messages: MessageOptions

  func validate() throws {
    if gatewayTimeout < 1 || gatewayTimeout > 3_600_000 {
      throw ValidationError("--gateway-timeout takes milliseconds from 1 to 3600000")
    }
    if compare != nil, subject != nil {
      throw ValidationError("--compare is about all findings, not about '\(subject ?? "")'")
    }
    if lines < 0 { throw ValidationError("--lines takes a number from 0") }
  }

  func run() throws {
    let reporter = messages.reporter
    try reporting(to: reporter) {
      try OutputFile.check(output, store: input.store.path, inputs: input.paths)
      let (engine, inputStatus) = try input.open(messages)
      try range.reportUnknownLogGroups(of: engine, to: reporter)
      let clock = try range.clock(of: engine)
      let options = TriageOptions(
        timeRange: try range.timeRange(at: clock), logGroups: range.logGroup,
        gatewayTimeout: gatewayTimeout, lineLimit: lines)
      let findings: [Finding]
      if let subject, findingNumber == nil {
        guard let story = try engine.story(of: subject, options: options) else {
          throw Failure(
            .noInput, "no log names a request '\(subject)'",
            help: ["list what went wrong: insights triage"])
        }
        findings = story.findings
        try write(
          json: TriageJSON.text(of: story), document: documents.story(story),
          limits: story.limits, reporter: reporter)
      } else {
        let report = try engine.triage(options)
        if report.lookedAt.isEmpty {
          let absence = documents.absence(of: report.lookedAt)
          reporter.note(absence.prefix(1).lowercased() + absence.dropFirst())
        }
        findings = try selected(of: report)
        let comparison = try compare.flatMap {
          try engine.comparison(of: report, with: $0, options: options, now: clock)
        }
        try write(
          json: TriageJSON.text(of: findings, in: report, comparedWith: comparison),
          document: document(of: report, comparison), limits: report.limits, reporter: reporter)
      }
      return .mostSevere([inputStatus, try condition.status(of: [TriageTable.table(of: findings)])])
    }
  }

  /// The argument as the number of a finding: request ids are never that short and all digits.
  private var findingNumber: Int? {
    guard let subject, subject.utf8.allSatisfy({ $0 &- UInt8(ascii: "0") < 10 }) else { return nil }
    return Int(subject).flatMap { $0 < 1_000_000 ? $0 : nil }
  }

  /// Returns the requested finding, or all.
  private func selected(of report: TriageReport) throws -> [Finding] {
    guard let number = findingNumber else { return report.findings }
    guard report.findings.indices.contains(number - 1) else {
      let count = report.findings.count
      throw Failure(
        .noInput,
        "there is no finding \(number); there "
          + (count == 1 ? "is 1" : count == 0 ? "are none" : "are \(count)"),
        help: ["list them: insights triage --brief"])
    }
    return [report.findings[number - 1]]
  }

  private var documents: TriageDocument { TriageDocument(timeZone: zone.timeZone) }

  private func document(of report: TriageReport, _ comparison: TriageComparison?) -> Document {
    var document = document(of: report)
    if let comparison {
      let lines = comparison.lines(for: report.findings)
      document.blocks.append(
        .list(
          title: documents.title(of: comparison),
          items: lines.isEmpty ? ["nothing was wrong then either"] : lines))
    }
    return document
  }

  private func document(of report: TriageReport) -> Document {
    if let number = findingNumber { return documents.finding(number, of: report) }
    let isOnTerminal = format == .table && output == nil && isatty(STDOUT_FILENO) == 1
    switch detail ?? (isOnTerminal ? .brief : .full) {
    case .brief: return documents.brief(report)
    case .full: return documents.full(report)
    }
  }

  private func write(
    json: @autoclosure () -> String, document: @autoclosure () -> Document,
    limits: [String], reporter: Reporter
  ) throws {
    let format = self.format.documentFormat
    try OutputFile.write(
      to: output, color: messages.color,
      through: format == .table && !hasNoPager ? Pager.forStandardOutput() : nil
    ) { terminal, buffer in
      if let format {
        try format.write(document(), for: terminal, to: &buffer)
      } else {
        buffer.append(json())
      }
    }
    // Documents contain the limits themselves.
    if format == nil { for limit in limits { reporter.note(limit) } }
  }
}

/// The level of detail for each finding.
enum TriageDetail: String, EnumerableFlag {
  case brief, full
}

/// The formats of findings.
enum TriageFormat: String, CaseIterable, ExpressibleByArgument {
  case table, json, markdown, html

  /// The document format; `nil` for JSON.
  var documentFormat: DocumentFormat? { DocumentFormat(rawValue: rawValue) }
}
