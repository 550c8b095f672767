public import InsightsEngine
internal import InsightsModel
internal import InsightsStore
internal import InsightsText

extension Engine {
  /// Searches a time range for the causes in the incident guide.
  ///
  /// - Throws: `StoreError` if the store cannot be read.
  public func triage(_ options: TriageOptions) throws -> TriageReport {
    // One request may have facts in several log groups.
    try store.provideFacts(
      of: Store.FactSelection(timeRange: options.selection.timeRange))
    var diagnosis = try diagnose(options, httpAPIsIn: .everything)
    let lookedAt = try lookedAt(diagnosis, options)
    if let start = lookedAt.start, let end = lookedAt.end, start <= end {
      diagnosis.span = start...end
    }
    let findings = try diagnosis.groups { try fault($0, of: diagnosis) }.map {
      try finding(of: $0, diagnosis, options)
    }
    return TriageReport(
      findings: findings.sorted(by: Finding.isMoreUrgent),
      limits: lookedAt.isEmpty ? [] : try limits(diagnosis, options), lookedAt: lookedAt)
  }

  private func lookedAt(
    _ diagnosis: Diagnosis, _ options: TriageOptions
  ) throws -> TriageReport.LookedAt {
    let span = try eventSpan(options)
    return TriageReport.LookedAt(
      eventCount: span.count, invocationCount: diagnosis.counts.all,
      gatewayRequestCount: diagnosis.gateways.requests.count, start: span.first, end: span.last,
      newest: span.last == nil ? try newestTimestamp() : nil, timeRange: options.timeRange)
  }

  func finding(
    of group: Diagnosis.Group, _ diagnosis: Diagnosis, _ options: TriageOptions
  ) throws -> Finding {
    let sample = try fault(group.sample, of: diagnosis)
    let evidence =
      try sample.evidence + group.cause.evidence(sample) + group.agreement
      + concurrency(around: group, options)
    return Finding(
      status: group.status, cause: group.title, count: group.count, first: group.first,
      last: group.last, overTime: group.overTime, functions: group.functions.sorted(),
      callers: group.callers.sorted(), isThrottle: group.cause.isThrottle,
      requestID: sample.requestID ?? sample.gateway?.id,
      evidence: evidence, advice: group.cause.advice(sample),
      lines: options.lineLimit == 0
        ? []
        : try lines(of: sample).shortened(
          to: options.lineLimit, around: sample.error?.message?.firstLine))
  }

  /// Returns the log lines of a fault's request, in order.
  private func lines(of fault: Fault) throws -> [RequestLine] {
    guard let id = fault.requestID ?? fault.gateway?.id else { return [] }
    return try requestLines(
      of: id, invocations: fault.invocation.map { [$0] } ?? [],
      gatewayIDs: fault.gateway.map { [$0.id] } ?? [], near: fault.timestamp)
  }

  /// Describes how many invocations overlapped when calls were refused.
  private func concurrency(
    around group: Diagnosis.Group, _ options: TriageOptions
  ) throws -> [String] {
    guard group.cause.isThrottle, let first = group.first, let last = group.last else { return [] }
    let peaks = try concurrencyPeaks(from: first - 60_000, to: last + 1000)
    let spilled = try sandboxStarts(options).filter { $0.provisioned > 0 && $0.onDemand > 0 }.map {
      "provisioned concurrency of \($0.function) was used up: it started \($0.provisioned) "
        + "sandboxes ahead and \($0.onDemand) on demand"
    }
    guard let total = peaks.total, total.count > 0 else { return spilled }
    let busiest = peaks.functions.sorted { ($1.value.count, $0.key) < ($0.value.count, $1.key) }
      .prefix(3).map { "\($0.key) \($0.value.count)" }.joined(separator: ", ")
    return [
      "peak of overlapping invocations at the time: \(total.count) in all logs here (\(busiest))"
    ] + spilled
  }

  /// Returns sentences about what the logs of the range cannot show.
  private func limits(_ diagnosis: Diagnosis, _ options: TriageOptions) throws -> [String] {
    let counts = diagnosis.counts
    var limits: [String] = []
    let range = options.timeRange
    if try diagnosis.gateways.requests.isEmpty
      && !hasGatewayLines(in: range, diagnosis.lineKinds)
    {
      let isOutside =
        try range != .everything
        && hasGatewayLines(in: .everything, lineKinds(in: .everything))
      limits.append(
        (isOutside
          ? "The API Gateway logs here have no lines in this time range"
          : "There are no API Gateway logs here")
          + ": statuses are what a caller behind a proxy integration would see. Malformed "
          + "responses, refused requests (400, 403) and the gateway's own errors leave no line in a "
          + "function's log.")
    }
    limits.append(
      "A throttled function logs nothing: only its callers and the gateway report it. Throttled calls "
        + "by S3, SNS or EventBridge leave no line at all.")
    if counts.incomplete > 0 {
      limits.append(
        "Invocations with a START and no end: \(counts.incomplete). They still ran when the "
          + "log ends, or lines are missing; their outcome is unknown.")
    }
    if counts.memorySuspects > 0 {
      limits.append(
        "Invocations that used all of their memory, without proof that they ran out of it: "
          + "\(counts.memorySuspects).")
    }
    if diagnosis.assembler.succeededCount > 0 {
      limits.append(
        "Requests left out, as the gateway reports success despite a logged error or a late response: "
          + "\(diagnosis.assembler.succeededCount).")
    }
    if counts.withoutTime > 0 {
      limits.append(
        "Invocations without a time: \(counts.withoutTime). No time range finds them, and they "
          + "cannot be put in order with the others.")
    }
    return limits
  }
}

extension Finding {
  /// Server errors come before rejected requests, frequent before rare, recent before old.
  static func isMoreUrgent(_ left: Finding, _ right: Finding) -> Bool {
    func key(_ finding: Finding) -> (Int, Int, Int64) {
      (finding.status >= 500 ? 1 : 0, finding.count, finding.last ?? .min)
    }
    if key(left) != key(right) { return key(left) > key(right) }
    if (left.cause, left.status) != (right.cause, right.status) {
      return (left.cause, left.status) < (right.cause, right.status)
    }
    return left.functions.lexicographicallyPrecedes(right.functions)
  }
}

extension Diagnosis.Group {
  fileprivate var agreement: [String] {
    guard confirmedCount > 0, count > 1 else { return [] }
    return ["\(confirmedCount) of \(count) confirmed by the gateway's own lines"]
  }
}

extension Fault {
  /// The evidence common to all faults: the error, the gateway's messages, and the REPORT.
  fileprivate var evidence: [String] {
    var evidence: [String] = []
    if let error {
      evidence.append(error.summary.shortened(to: 240))
    }
    if let throttle { evidence.append(throttle.message.firstLine.shortened(to: 240)) }
    if let gateway {
      evidence += gateway.failures.prefix(3).map { "gateway: \($0.shortened(to: 240))" }
      if let status = gateway.status {
        evidence.append(
          "gateway: status \(status)" + (gateway.route.map { " to \($0)" } ?? ""))
      }
    }
    if let invocation, let duration = invocation.duration {
      var report = "REPORT: duration \(milliseconds(duration))"
      if let used = invocation.memoryUsed, let size = invocation.memorySize {
        report += ", memory \(used) of \(size) MB"
      }
      if let cold = invocation.coldStart { report += ", cold start \(milliseconds(cold))" }
      if invocation.status != "success" { report += ", status \(invocation.status)" }
      evidence.append(report)
      if invocation.attempt > 1 { evidence.append("attempt \(invocation.attempt) of its request") }
    }
    return evidence
  }
}

extension [RequestLine] {
  /// Returns at most `limit` lines, the most informative ones, with gaps marked.
  ///
  /// `error` is the message of the error: its line, the lines before it, and the lines that show
  /// the outcome have priority.
  func shortened(to limit: Int, around error: String?) -> [RequestLine] {
    guard count > limit else { return self }
    let anchor = error.flatMap { text in firstIndex { $0.text.includes(text) } } ?? count - 1
    let kept = indices.sorted { left, right in
      (self[left].importance, abs(left - anchor), left)
        < (self[right].importance, abs(right - anchor), right)
    }
    var chosen = Set(kept.prefix(limit))
    if limit > 0, chosen.insert(anchor).inserted { chosen.remove(kept[limit - 1]) }
    var lines: [RequestLine] = []
    var omittedCount = 0
    for index in indices {
      guard chosen.contains(index) else {
        omittedCount += 1
        continue
      }
      lines.append(self[index])
      lines[lines.count - 1].omittedCount = omittedCount
      omittedCount = 0
    }
    return lines
  }
}

extension RequestLine {
  /// 0 for lines that show the outcome, 2 for those about the gateway's steps.
  fileprivate var importance: Int {
    let outcomes = ["START ", "REPORT ", "Method completed", "Execution failed", "Lambda "]
    let details = [
      "Extended Request Id", "Verifying Usage Plan", "API Key", "Usage Plan", "Method request",
      "Method response", "Endpoint request", "Endpoint response headers", "X-ray", "END ",
    ]
    let isGateway = text.hasPrefix("(") && text.utf8.count > 39
    let content = isGateway ? String(text.unicodeScalars.dropFirst(39)) : text
    if outcomes.contains(where: content.hasPrefix) { return 0 }
    return details.contains(where: content.hasPrefix) ? 2 : 1
  }
}
