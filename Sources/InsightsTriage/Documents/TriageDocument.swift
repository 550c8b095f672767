internal import InsightsModel
public import InsightsOutput
public import InsightsText

/// Documents about findings and requests, for readers rather than programs.
public struct TriageDocument {
  /// The zone of displayed times.
  private let timeZone: TimeZone

  /// Prepares documents that show local times of `timeZone`.
  public init(timeZone: TimeZone = .utc) {
    self.timeZone = timeZone
  }

  /// Returns every finding with all details.
  public func full(_ report: TriageReport) -> Document {
    var blocks = heading(of: report)
    if !report.findings.isEmpty {
      blocks.append(.findings(overview(of: report, .inBrief)))
    }
    blocks.append(.paragraph(lookedAt(report)))
    for (index, finding) in report.findings.enumerated() {
      blocks += self.blocks(of: finding, number: index + 1)
    }
    return Document(title: "Triage", blocks: blocks + limits(of: report))
  }

  /// Returns every finding with its first evidence.
  public func brief(_ report: TriageReport) -> Document {
    guard !report.findings.isEmpty else { return full(report) }
    let blocks =
      heading(of: report) + [
        .findings(overview(of: report, .withEvidence)), .paragraph(lookedAt(report)),
      ] + limits(of: report) + [
        .paragraph(
          "'insights triage 1' shows the first in full, 'insights triage REQUEST_ID' one request, '--full' everything."
        )
      ]
    return Document(title: "Triage", blocks: blocks)
  }

  /// Returns one finding with all details.
  public func finding(_ number: Int, of report: TriageReport) -> Document {
    let finding = report.findings[number - 1]
    return Document(
      title: "Finding \(number): \(finding.status) \(finding.cause)",
      blocks: blocks(of: finding, number: number))
  }

  /// Returns the first part of a page of results: the findings, with what to change for each.
  public func opening(_ report: TriageReport) -> [Document.Block] {
    heading(of: report, level: 2) + [.paragraph(lookedAt(report))]
      + (report.findings.isEmpty ? [] : [.findings(overview(of: report, .withAdvice))])
  }

  private func heading(of report: TriageReport, level: Int = 1) -> [Document.Block] {
    let text: String
    if report.lookedAt.isEmpty {
      text = "Nothing to look at"
    } else if report.findings.isEmpty {
      let lookedAt = report.lookedAt
      let isBlind = lookedAt.invocationCount == 0 && lookedAt.gatewayRequestCount == 0
      text = isBlind ? "No invocations" : "Nothing wrong"
    } else {
      let requests = report.findings.reduce(0) { $0 + $1.count }
      text =
        "\(Self.amount(report.findings.count, "finding")) in "
        + Self.amount(requests, "failed or slow request")
    }
    return [.heading(level: level, text: text)]
  }

  /// Returns the title of a comparison.
  public func title(of comparison: TriageComparison) -> String {
    guard let start = comparison.range.start, let end = comparison.range.end else {
      return "Compared with before"
    }
    return "Compared with \(time(start)) to \(time(end - 1))"
  }

  private func limits(of report: TriageReport) -> [Document.Block] {
    report.limits.isEmpty || report.lookedAt.isEmpty
      ? [] : [.list(title: "What the logs cannot show", items: report.limits)]
  }

  /// Explains why there was nothing to examine, and what to do about it.
  public func absence(of lookedAt: TriageReport.LookedAt) -> String {
    guard let newest = lookedAt.newest else {
      return lookedAt.timeRange == .everything
        ? "There are no events here"
        : "There are no events \(description(of: lookedAt.timeRange)): the store has none with a time"
    }
    guard lookedAt.timeRange != .everything else {
      return "There are no events of these log groups; the newest of all is of " + time(newest)
    }
    return "There are no events \(description(of: lookedAt.timeRange)); the newest is of "
      + "\(time(newest)); try --now newest"
  }

  /// `between 2026-03-17 02:00:00.000 and 2026-03-17 03:00:00.000`; ends are inclusive.
  private func description(of range: TimeRange) -> String {
    let end = range.end.map { time($0 - 1) }
    switch (range.start.map { time($0) }, end) {
    case (let start?, let end?): return "between \(start) and \(end)"
    case (let start?, nil): return "from \(start) on"
    case (nil, let end?): return "up to \(end)"
    case (nil, nil): return "at any time"
    }
  }

  private func lookedAt(_ report: TriageReport) -> String {
    let lookedAt = report.lookedAt
    guard !lookedAt.isEmpty else { return absence(of: lookedAt) + "." }
    var text = "Looked at \(Self.amount(lookedAt.invocationCount, "invocation"))"
    if lookedAt.gatewayRequestCount > 0 {
      text +=
        " and \(Self.amount(lookedAt.gatewayRequestCount, "gateway request")) that failed or belong to them"
    }
    text += ", in \(Self.amount(lookedAt.eventCount, "event"))"
    if let start = lookedAt.start, let end = lookedAt.end {
      text += " from \(time(start)) to \(time(end))"
    }
    text += "."
    if let day = day(of: report.findings) {
      text += " All on \(day), times in \(timeZone.name)."
    } else if report.findings.contains(where: { $0.first != nil }) {
      text += " Times in \(timeZone.name)."
    }
    return text
  }

  /// The level of detail of findings in an overview.
  private struct Detail {
    var hasEvidence: Bool
    var hasAdvice: Bool
    /// Whether the document contains a section for each finding.
    var hasSection: Bool

    static let inBrief = Detail(hasEvidence: false, hasAdvice: false, hasSection: true)
    static let withEvidence = Detail(hasEvidence: true, hasAdvice: false, hasSection: false)
    static let withAdvice = Detail(hasEvidence: true, hasAdvice: true, hasSection: false)
  }

  /// Returns a line for each finding; if all are on one day, times omit the date.
  private func overview(
    of report: TriageReport, _ detail: Detail
  ) -> [Document.Finding] {
    let isOneDay = day(of: report.findings) != nil
    func clock(_ time: Int64) -> String {
      let text = self.time(time).prefix(19)
      return String(isOneDay ? text.dropFirst(11) : text)
    }
    return report.findings.enumerated().map { index, finding in
      var facts = [Self.amount(finding.count, "request")]
      if !finding.functions.isEmpty { facts.append(Self.named(finding.functions)) }
      if !finding.callers.isEmpty { facts.append("called by \(Self.named(finding.callers))") }
      if let first = finding.first, let last = finding.last {
        let (since, until) = (clock(first), clock(last))
        facts.append(since == until ? since : "\(since) to \(until)")
      }
      return Document.Finding(
        number: index + 1, status: finding.status, title: finding.cause, facts: facts,
        evidence: detail.hasEvidence ? finding.evidence.first : nil,
        advice: detail.hasAdvice ? finding.advice : nil,
        section: detail.hasSection ? index + 1 : nil)
    }
  }

  /// Returns the first few names, and the number of others.
  private static func named(_ names: [String]) -> String {
    names.count <= 4
      ? names.joined(separator: ", ")
      : names.prefix(3).joined(separator: ", ") + " and \((names.count - 3).grouped) more"
  }

  /// Returns the day of all findings; `nil` if there are several, or no times.
  private func day(of findings: [Finding]) -> Substring? {
    let days = Set(
      findings.flatMap { [$0.first, $0.last] }.compactMap { $0.map { time($0).prefix(10) } })
    return days.count == 1 ? days.first : nil
  }

  /// A local time in full.
  private func time(_ milliseconds: Int64) -> String {
    var bytes: [UInt8] = []
    Timestamp.append(milliseconds, in: timeZone, to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  private func blocks(of finding: Finding, number: Int) -> [Document.Block] {
    var facts = [Document.Fact("requests", finding.count.grouped)]
    if let first = finding.first, let last = finding.last {
      facts.append(Document.Fact("since", time(first)))
      if last != first { facts.append(Document.Fact("last", time(last))) }
    }
    if !finding.functions.isEmpty {
      facts.append(Document.Fact("functions", finding.functions.joined(separator: ", ")))
    }
    if !finding.callers.isEmpty {
      facts.append(Document.Fact("called by", finding.callers.joined(separator: ", ")))
    }
    var blocks: [Document.Block] = [
      .heading(level: 2, text: "\(number). \(finding.status) \(finding.cause)"), .facts(facts),
      .list(title: "Evidence", items: finding.evidence),
      .list(title: "What to change", items: [finding.advice]),
    ]
    if !finding.lines.isEmpty, let id = finding.requestID {
      blocks.append(.log(title: "Request \(id)", lines: lines(finding.lines)))
    }
    return blocks
  }

  /// Returns everything in the logs about a request.
  public func story(_ story: RequestStory) -> Document {
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
          title: story.lines.first?.timestamp.map { "from \(time($0))" } ?? "in order",
          lines: timeline(story.lines)),
      ]
    }
    if !story.limits.isEmpty {
      document.blocks.append(.list(title: "What the logs cannot show", items: story.limits))
    }
    return document
  }

  private func facts(of story: RequestStory) -> [Document.Fact] {
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
      let location = error.topFrame.map { " at \($0)" } ?? ""
      facts.append(Document.Fact("\(error.kind) error", text + location))
    }
    facts.append(Document.Fact("X-Ray trace", story.xrayTraceID ?? "not in the logs"))
    return facts
  }

  private func facts(of attempt: InvocationFact) -> [Document.Fact] {
    var facts = [Document.Fact("outcome", attempt.status)]
    if let type = attempt.errorType { facts[0].value += " (\(type))" }
    if let start = attempt.start { facts.append(Document.Fact("start", time(start))) }
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

  private func lines(_ lines: [RequestLine]) -> [Document.LogLine] {
    lines.map { line in
      Document.LogLine(
        label: line.timestamp.map { String(time($0).dropFirst(11)) } ?? "",
        text: Self.shown(line), omittedCount: line.omittedCount)
    }
  }

  /// Returns the lines with the time since the first one.
  private func timeline(_ lines: [RequestLine]) -> [Document.LogLine] {
    let start = lines.lazy.compactMap(\.timestamp).first
    let labels = lines.map { line in
      line.timestamp.map { "+\(($0 - (start ?? $0)).grouped) ms" } ?? ""
    }
    let width = labels.map(\.count).max() ?? 0
    return zip(lines, labels).map { line, label in
      Document.LogLine(
        label: String(repeating: " ", count: width - label.count) + label, text: Self.shown(line))
    }
  }

  /// Returns the text of a line, without the request id that begins every line of an execution log.
  private static func shown(_ line: RequestLine) -> String {
    let id = line.text.utf8.prefix(39)
    guard id.count == 39, id.first == UInt8(ascii: "("), id.suffix(2).elementsEqual(") ".utf8)
    else { return line.text }
    return "gateway: " + String(line.text.unicodeScalars.dropFirst(39))
  }

  private static func amount(_ count: Int, _ noun: String) -> String {
    "\(count.grouped) \(noun)\(count == 1 ? "" : "s")"
  }
}
