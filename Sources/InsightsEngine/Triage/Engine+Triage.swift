internal import InsightsModel

extension Engine {
  /// Carries out the incident guide over a time range.
  ///
  /// - Throws: `StoreError` when the store cannot be read.
  public func triage(_ options: TriageOptions) throws -> TriageReport {
    let diagnosis = try diagnose(options)
    var findings: [Finding] = []
    for group in diagnosis.groups {
      findings.append(try finding(of: group, options))
    }
    return TriageReport(
      findings: findings.sorted(by: Finding.isMoreUrgent),
      limits: try limits(of: diagnosis, options),
      invocationCount: diagnosis.invocationCount,
      gatewayRequestCount: diagnosis.gatewayRequestCount)
  }

  /// Faults of one cause and status that are told together.
  struct FaultGroup {
    let cause: FailureCause
    let status: Int
    let title: String
    var faults: [Fault]
  }

  /// Every fault of a range, in groups.
  struct Diagnosis {
    var groups: [FaultGroup] = []
    var invocationCount = 0
    var gatewayRequestCount = 0
    var incompleteCount = 0
    var memorySuspectCount = 0
    var timelessCount = 0
    /// Errors and slow answers of requests that the gateway answered well.
    var answeredWellCount = 0
    var hasGatewayLines = false
  }

  func diagnose(_ options: TriageOptions) throws -> Diagnosis {
    let counts = try counts(options)
    var assembler = FaultAssembler(
      gatewayTimeout: Double(options.gatewayTimeout),
      functionsBehindHTTPAPIs: try functionsBehindHTTPAPIs())
    assembler.add(invocations: try suspectInvocations(options))
    let errors = try errors(options)
    assembler.add(errors: errors)
    assembler.add(throttles: try throttleLines(options, errors: errors))
    let ids = assembler.requestIDs
    var requests = try GatewayRequest.merged(
      executionLogRequests(options, lambdaRequestIDs: ids)
        + accessLogRequests(options, lambdaRequestIDs: ids))
    // The lines themselves tell more than the rows made from them.
    let known = Set(requests.map(\.id))
    requests += try GatewayRequest.merged(gatewayErrors(options).filter { !known.contains($0.id) })
    let called = Set(requests.compactMap(\.lambdaRequestID)).subtracting(ids)
    assembler.add(gatewayRequests: requests, invocations: try invocations(of: called))

    var diagnosis = Diagnosis()
    diagnosis.invocationCount = counts.invocations
    diagnosis.incompleteCount = counts.incomplete
    diagnosis.memorySuspectCount = counts.memorySuspects
    diagnosis.timelessCount = counts.withoutTime
    diagnosis.gatewayRequestCount = requests.count
    diagnosis.answeredWellCount = assembler.answeredWellCount
    diagnosis.hasGatewayLines = try !requests.isEmpty || hasGatewayLines(options)
    var positions: [String: Int] = [:]
    for fault in assembler.faults {
      guard let cause = FailureCauseRegistry.cause(of: fault) else { continue }
      let status = cause.status(of: fault)
      let title = cause.title(fault)
      let key = "\(status)\u{0}\(title)\u{0}\(cause.groupKey(of: fault))"
      if let position = positions[key] {
        diagnosis.groups[position].faults.append(fault)
      } else {
        positions[key] = diagnosis.groups.count
        diagnosis.groups.append(
          FaultGroup(cause: cause, status: status, title: title, faults: [fault]))
      }
    }
    return diagnosis
  }

  func finding(of group: FaultGroup, _ options: TriageOptions) throws -> Finding {
    let times = group.faults.compactMap(\.timestamp)
    let sample = group.sample
    let evidence =
      try sample.evidence + group.cause.evidence(sample) + group.agreement
      + concurrency(around: group, options)
    return Finding(
      status: group.status, cause: group.title, count: group.faults.count, first: times.min(),
      last: times.max(), functions: Set(group.faults.compactMap(\.function)).sorted(),
      requestID: sample.requestID ?? sample.gateway?.id, evidence: evidence,
      advice: group.cause.advice(sample),
      lines: try lines(of: sample).shortened(
        to: options.lineLimit, around: sample.error?.message?.firstLine))
  }

  /// The log lines of a fault's request, in order.
  private func lines(of fault: Fault) throws -> [RequestLine] {
    guard let id = fault.requestID ?? fault.gateway?.id else { return [] }
    return try requestLines(
      of: id, invocations: fault.invocation.map { [$0] } ?? [],
      gatewayIDs: fault.gateway.map { [$0.id] } ?? [], near: fault.timestamp)
  }

  /// How many invocations overlapped when calls were refused.
  private func concurrency(
    around group: FaultGroup, _ options: TriageOptions
  ) throws -> [String] {
    guard group.title.hasPrefix("throttled"),
      let first = group.faults.compactMap(\.timestamp).min(),
      let last = group.faults.compactMap(\.timestamp).max()
    else { return [] }
    // Lambda runs an invocation for 15 minutes at most.
    let intervals = try invocationIntervals(
      in: .init(start: first - 900_000, end: last + 1000), logGroups: [])
    let peaks = ConcurrencyPeak.byFunction(of: intervals, from: first - 60_000, to: last + 1000)
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

  /// What the logs of the range cannot show.
  private func limits(of diagnosis: Diagnosis, _ options: TriageOptions) throws -> [String] {
    var limits: [String] = []
    if !diagnosis.hasGatewayLines {
      limits.append(
        "There are no API Gateway logs here: statuses are what a caller behind a proxy integration "
          + "would see. Malformed responses, refused requests (400, 403) and the gateway's own "
          + "errors leave no line in a function's log.")
    }
    limits.append(
      "A throttled function logs nothing: only callers and the gateway tell of it. Calls by S3, SNS "
        + "or EventBridge that are throttled leave no line at all.")
    if diagnosis.incompleteCount > 0 {
      limits.append(
        "Invocations with a START and no end: \(diagnosis.incompleteCount). They still ran when the "
          + "log ends, or lines are missing; their outcome is unknown.")
    }
    if diagnosis.memorySuspectCount > 0 {
      limits.append(
        "Invocations that used all of their memory, without proof that they ran out of it: "
          + "\(diagnosis.memorySuspectCount).")
    }
    if diagnosis.answeredWellCount > 0 {
      limits.append(
        "Requests with a logged error or a late answer that the gateway answered well, and that are "
          + "left out: \(diagnosis.answeredWellCount).")
    }
    if diagnosis.timelessCount > 0 {
      limits.append(
        "Invocations without a time: \(diagnosis.timelessCount). No time range finds them, and they "
          + "cannot be put in order with the others.")
    }
    return limits
  }
}

extension Finding {
  /// Server errors before refused requests, the frequent before the rare, the recent before the old.
  static func isMoreUrgent(_ left: Finding, _ right: Finding) -> Bool {
    func key(_ finding: Finding) -> (Int, Int, Int64) {
      (finding.status >= 500 ? 1 : 0, finding.count, finding.last ?? .min)
    }
    if key(left) != key(right) { return key(left) > key(right) }
    return (left.cause, left.status) < (right.cause, right.status)
  }
}

extension Engine.FaultGroup {
  /// The newest fault that tells most.
  fileprivate var sample: Fault {
    func key(_ fault: Fault) -> (Int, Int64) {
      let parts: [Bool] = [
        fault.requestID != nil, fault.invocation != nil, fault.gateway != nil, fault.error != nil,
      ]
      return (parts.count { $0 }, fault.timestamp ?? .min)
    }
    var sample = faults[0]
    for fault in faults.dropFirst() where key(fault) >= key(sample) { sample = fault }
    return sample
  }

  /// How many of the faults the gateway's own lines confirm.
  fileprivate var agreement: [String] {
    let count = faults.count { $0.gateway?.inferredStatus != nil }
    guard count > 0, faults.count > 1 else { return [] }
    return ["\(count) of \(faults.count) confirmed by the gateway's own lines"]
  }
}

extension Fault {
  /// What every fault can show: the error, the gateway's words, and the REPORT.
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
  /// At most `limit` lines, the telling ones first; gaps are marked.
  ///
  /// `error` is the message of the error that is looked for: its line, what stands before it, and
  /// the lines that tell the outcome stay longest.
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
  /// 0 for lines that tell the outcome, 2 for those that only tell how the gateway went about it.
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
