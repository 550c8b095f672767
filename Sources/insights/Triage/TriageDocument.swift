internal import InsightsEngine
internal import InsightsModel
internal import InsightsOutput

/// Findings and stories as documents for people.
enum TriageDocument {
  static func document(of report: TriageReport) -> Document {
    var document = Document(title: "Triage")
    guard !report.lookedAt.isEmpty else {
      document.blocks = [
        .heading(level: 1, text: "Nothing to look at"),
        .paragraph(absence(of: report.lookedAt) + "."),
      ]
      return document
    }
    let looked = lookedAt(report)
    guard !report.findings.isEmpty else {
      let heading =
        report.lookedAt.invocationCount == 0 && report.lookedAt.gatewayRequestCount == 0
        ? "No invocations" : "Nothing wrong"
      document.blocks = [.heading(level: 1, text: heading), .paragraph(looked)]
      document.blocks.append(.list(title: "What the logs cannot show", items: report.limits))
      return document
    }
    let requests = report.findings.reduce(0) { $0 + $1.count }
    document.blocks = [
      .heading(
        level: 1,
        text:
          "\(amount(report.findings.count, "finding")) in \(amount(requests, "failed or slow request"))"
      ),
      .paragraph(looked), .table(overview(of: report.findings)),
    ]
    for (index, finding) in report.findings.enumerated() {
      document.blocks += blocks(of: finding, number: index + 1)
    }
    document.blocks.append(.list(title: "What the logs cannot show", items: report.limits))
    return document
  }

  /// Why nothing was looked at, and what to do about it.
  static func absence(of lookedAt: TriageReport.LookedAt) -> String {
    guard let newest = lookedAt.newest else {
      return lookedAt.timeRange == .everything
        ? "There are no events here"
        : "There are no events \(words(for: lookedAt.timeRange)): the store has none with a time"
    }
    guard lookedAt.timeRange != .everything else {
      return "There are no events of these log groups; the newest of all is of "
        + Reporter.time(newest)
    }
    return "There are no events \(words(for: lookedAt.timeRange)); the newest is of "
      + "\(Reporter.time(newest)); try --now newest"
  }

  /// `between 2026-03-17 02:00:00.000 and 2026-03-17 03:00:00.000`; ends are inclusive.
  private static func words(for range: TimeRange) -> String {
    let end = range.end.map { Reporter.time($0 - 1) }
    switch (range.start.map { Reporter.time($0) }, end) {
    case (let start?, let end?): return "between \(start) and \(end)"
    case (let start?, nil): return "from \(start) on"
    case (nil, let end?): return "up to \(end)"
    case (nil, nil): return "at any time"
    }
  }

  private static func lookedAt(_ report: TriageReport) -> String {
    let lookedAt = report.lookedAt
    var text =
      "Looked at \(amount(lookedAt.invocationCount, "invocation"))"
    if lookedAt.gatewayRequestCount > 0 {
      text +=
        " and \(amount(lookedAt.gatewayRequestCount, "gateway request")) that failed or belong to them"
    }
    text += ", in \(amount(lookedAt.eventCount, "event"))"
    if let start = lookedAt.start, let end = lookedAt.end {
      text += " from \(Reporter.time(start)) to \(Reporter.time(end))"
    }
    text += "."
    if let day = day(of: report.findings) { text += " All on \(day), times in UTC." }
    return text
  }

  /// A row for each finding; where all of them are of one day, times are without it.
  private static func overview(of findings: [Finding]) -> ResultTable {
    let isOneDay = day(of: findings) != nil
    var table = ResultTable(columns: [
      ResultColumn(name: "#", type: .number), ResultColumn(name: "status", type: .number),
      ResultColumn(name: "count", type: .number), ResultColumn(name: "cause", type: .text),
      ResultColumn(name: "functions", type: .text),
      ResultColumn(name: "since", type: isOneDay ? .text : .timestamp),
    ])
    for (index, finding) in findings.enumerated() {
      let clock = finding.first.map { Reporter.time($0).dropFirst(11).prefix(8) }
      let since: Value? =
        isOneDay ? clock.map { .text(String($0)) } : finding.first.map { .integer($0) }
      table.rows.append([
        .integer(Int64(index + 1)), .integer(Int64(finding.status)),
        .integer(Int64(finding.count)), .text(finding.cause),
        finding.functions.isEmpty ? .null : .text(finding.functions.joined(separator: ", ")),
        since ?? .null,
      ])
    }
    return table
  }

  /// The day (UTC) of all findings; `nil` when they are of several, or without times.
  private static func day(of findings: [Finding]) -> Substring? {
    let days = Set(
      findings.flatMap { [$0.first, $0.last] }.compactMap {
        $0.map { Reporter.time($0).prefix(10) }
      })
    return days.count == 1 ? days.first : nil
  }

  private static func blocks(of finding: Finding, number: Int?) -> [Document.Block] {
    var facts = [Document.Fact("requests", Int64(finding.count).formatted)]
    if let first = finding.first, let last = finding.last {
      facts.append(Document.Fact("since", Reporter.time(first)))
      if last != first { facts.append(Document.Fact("last", Reporter.time(last))) }
    }
    if !finding.functions.isEmpty {
      facts.append(Document.Fact("functions", finding.functions.joined(separator: ", ")))
    }
    if !finding.callers.isEmpty {
      facts.append(Document.Fact("called by", finding.callers.joined(separator: ", ")))
    }
    let prefix = number.map { "\($0). " } ?? ""
    var blocks: [Document.Block] = [
      .heading(level: 2, text: "\(prefix)\(finding.status) \(finding.cause)"), .facts(facts),
      .list(title: "Evidence", items: finding.evidence),
      .list(title: "What to change", items: [finding.advice]),
    ]
    if !finding.lines.isEmpty, let id = finding.requestID {
      blocks.append(.log(title: "Request \(id)", lines: lines(finding.lines)))
    }
    return blocks
  }

  static func document(of story: RequestStory) -> Document {
    let id = story.requestID ?? story.gatewayRequestIDs.first ?? ""
    var document = Document(title: "Request \(id)")
    document.blocks = [.heading(level: 1, text: "Request \(id)"), .facts(facts(of: story))]
    for attempt in story.attempts where story.attempts.count > 1 {
      document.blocks += [
        .heading(level: 2, text: "Attempt \(attempt.attempt)"), .facts(facts(of: attempt)),
      ]
    }
    if story.findings.isEmpty {
      document.blocks.append(.paragraph("Nothing wrong with it, by the incident guide."))
    }
    for finding in story.findings {
      document.blocks += [
        .heading(level: 2, text: "\(finding.status) \(finding.cause)"),
        .list(title: "Evidence", items: finding.evidence),
        .list(title: "What to change", items: [finding.advice]),
      ]
    }
    if !story.lines.isEmpty {
      document.blocks += [
        .heading(level: 2, text: "Timeline"),
        .log(
          title: story.lines.first?.timestamp.map { "from \(Reporter.time($0))" } ?? "in order",
          lines: timeline(story.lines)),
      ]
    }
    if !story.limits.isEmpty {
      document.blocks.append(.list(title: "What the logs cannot show", items: story.limits))
    }
    return document
  }

  private static func facts(of story: RequestStory) -> [Document.Fact] {
    var facts: [Document.Fact] = []
    if let function = story.attempts.first?.function {
      facts.append(Document.Fact("function", function))
    }
    if !story.gatewayRequestIDs.isEmpty {
      facts.append(
        Document.Fact("gateway request", story.gatewayRequestIDs.joined(separator: ", ")))
    }
    if story.attempts.count == 1, let attempt = story.attempts.first {
      facts += self.facts(of: attempt)
    } else if story.attempts.count > 1 {
      facts.append(
        Document.Fact(
          "attempts",
          "\(story.attempts.count), as Lambda retries asynchronous events under one id"))
    }
    for error in story.errors {
      let text = [error.type, error.message].compactMap { $0 }.joined(separator: ": ")
      let place = error.topFrame.map { " at \($0)" } ?? ""
      facts.append(Document.Fact("\(error.kind) error", text + place))
    }
    facts.append(Document.Fact("X-Ray trace", story.xrayTraceID ?? "not in the logs"))
    return facts
  }

  private static func facts(of attempt: InvocationFact) -> [Document.Fact] {
    var facts = [Document.Fact("outcome", attempt.status)]
    if let type = attempt.errorType { facts[0].value += " (\(type))" }
    if let start = attempt.start { facts.append(Document.Fact("start", Reporter.time(start))) }
    if let duration = attempt.duration {
      var text = "\(duration) ms"
      if let billed = attempt.billed { text += ", billed \(billed) ms" }
      facts.append(Document.Fact("duration", text))
      facts.append(
        Document.Fact("cold start", attempt.coldStart.map { "\($0) ms" } ?? "no"))
    }
    if let used = attempt.memoryUsed, let size = attempt.memorySize {
      facts.append(Document.Fact("memory", "\(used) of \(size) MB"))
    }
    if let stream = attempt.logStream { facts.append(Document.Fact("log stream", stream)) }
    return facts
  }

  // MARK: Lines

  private static func lines(_ lines: [RequestLine]) -> [Document.LogLine] {
    lines.map { line in
      Document.LogLine(
        label: line.timestamp.map { String(Reporter.time($0).dropFirst(11)) } ?? "",
        text: shown(line), omittedCount: line.omittedCount)
    }
  }

  /// The lines with the time since the first one.
  private static func timeline(_ lines: [RequestLine]) -> [Document.LogLine] {
    let start = lines.lazy.compactMap(\.timestamp).first
    let labels = lines.map { line in
      line.timestamp.map { "+\(($0 - (start ?? $0)).formatted) ms" } ?? ""
    }
    let width = labels.map(\.count).max() ?? 0
    return zip(lines, labels).map { line, label in
      Document.LogLine(
        label: String(repeating: " ", count: width - label.count) + label, text: shown(line))
    }
  }

  /// The text of a line; the request id in front of every line of an execution log tells nothing new.
  private static func shown(_ line: RequestLine) -> String {
    let id = line.text.utf8.prefix(39)
    guard id.count == 39, id.first == UInt8(ascii: "("), id.suffix(2).elementsEqual(") ".utf8)
    else { return line.text }
    return "gateway: " + String(line.text.unicodeScalars.dropFirst(39))
  }

  private static func amount(_ count: Int, _ noun: String) -> String {
    "\(Int64(count).formatted) \(noun)\(count == 1 ? "" : "s")"
  }
}

extension Int64 {
  /// With a comma between thousands.
  fileprivate var formatted: String {
    var text = ""
    for (index, digit) in String(magnitude).reversed().enumerated() {
      if index > 0, index.isMultiple(of: 3) { text = "," + text }
      text = String(digit) + text
    }
    return text
  }
}
