internal import InsightsEngine
internal import InsightsModel
internal import InsightsStore

/// Every fault of a time range, with what is needed to report each in full.
struct Diagnosis {
  var assembler = FaultAssembler()
  var gateways = GatewayRecords()
  var counts = Store.InvocationCounts()
  /// The functions that seem to be behind an HTTP API, which maps faults to other statuses.
  var functionsBehindHTTPAPIs: Set<Int32> = []
  /// See `FaultAssembler.onlyCalled`.
  var onlyCalled: [Int32: String] = [:]
  /// The times of the first and the last event, between which faults are counted over time; `nil`
  /// if not requested.
  var span: ClosedRange<Int64>?
  let lineKinds: LineKinds
  let gatewayTimeout: Double

  /// Faults of one cause and status that form a finding.
  struct Group {
    let cause: FailureCause
    let status: Int
    let title: String
    var count = 0
    /// Epoch milliseconds.
    var first: Int64?
    var last: Int64?
    /// See `Finding.overTime`.
    var overTime: [Int] = []
    var functions: Set<String> = []
    /// The functions whose calls were refused.
    var callers: Set<String> = []
    /// The number of faults that the gateway's own lines confirm.
    var confirmedCount = 0
    /// The newest fault with the most information.
    var sample: FaultRecord
    fileprivate var sampleKey: (Int, Int64) = (-1, .min)
  }

  /// Equal for faults with the same cause, title and functions, regardless of their requests.
  private struct Signature: Hashable {
    var origin = LogOrigins.Origin.unknown
    var suspect: Int32 = -1
    var error: Int32 = -1
    var throttle: Int32 = -1
    var gateway: Int32 = -1
    var isSlow = false
    var isSlowByColdStart = false
  }

  /// The cause and texts for the faults of a signature.
  private struct Verdict {
    var group: Int
    var function: String?
    var caller: String?
  }

  /// Returns the faults for which `isWanted` returns true, in groups, in the order of the first
  /// fault.
  ///
  /// The cause is determined once for each signature: `fault` returns its first fault in full.
  func groups(
    where isWanted: (FaultRecord) -> Bool = { _ in true },
    fault: (FaultRecord) throws -> Fault
  ) throws -> [Group] {
    var groups: [Group] = []
    var positions: [String: Int] = [:]
    var verdicts: [Signature: Verdict?] = [:]
    for record in assembler.faults where isWanted(record) {
      let signature = signature(of: record)
      if verdicts[signature] == nil {
        let fault = try fault(record)
        if let cause = FailureCauseRegistry.cause(of: fault) {
          let status = cause.status(of: fault)
          let title = cause.title(fault)
          let key = "\(status)\u{0}\(title)\u{0}\(cause.groupKey(of: fault))"
          if positions[key] == nil {
            positions[key] = groups.count
            groups.append(Group(cause: cause, status: status, title: title, sample: record))
          }
          verdicts[signature] = Verdict(
            group: positions[key] ?? 0, function: fault.chargedFunction,
            caller: fault.isRefusedCall ? fault.function : nil)
        } else {
          verdicts.updateValue(nil, forKey: signature)
        }
      }
      guard case let verdict?? = verdicts[signature] else { continue }
      add(record, to: &groups[verdict.group], verdict)
    }
    return groups
  }

  private func add(_ record: FaultRecord, to group: inout Group, _ verdict: Verdict) {
    group.count += 1
    let time = time(of: record)
    if let time {
      group.first = min(group.first ?? time, time)
      group.last = max(group.last ?? time, time)
      if let span, span.contains(time) {
        if group.overTime.isEmpty {
          group.overTime = [Int](repeating: 0, count: Finding.overTimeCount)
        }
        let share = Double(time - span.lowerBound) / Double(span.upperBound - span.lowerBound + 1)
        group.overTime[Int(share * Double(Finding.overTimeCount))] += 1
      }
    }
    if let function = verdict.function { group.functions.insert(function) }
    if let caller = verdict.caller { group.callers.insert(caller) }
    let gateway = record.gateway < 0 ? nil : assembler.gateways[Int(record.gateway)]
    if gateway?.hasStatus == true { group.confirmedCount += 1 }
    let parts = [
      record.request.isKnown || gateway?.lambdaID != nil, record.suspect >= 0, gateway != nil,
      record.errorClass >= 0,
    ]
    let key = (parts.count { $0 }, time ?? .min)
    if key >= group.sampleKey {
      group.sampleKey = key
      group.sample = record
    }
  }

  /// Returns when a fault was first logged, in epoch milliseconds.
  func time(of record: FaultRecord) -> Int64? {
    let times = [
      record.errorTime,
      record.throttle < 0
        ? FaultRecord.unknownTime : assembler.throttles[Int(record.throttle)].time,
      record.gateway < 0 ? FaultRecord.unknownTime : assembler.gateways[Int(record.gateway)].last,
      record.suspect < 0
        ? FaultRecord.unknownTime : assembler.suspects[Int(record.suspect)].lastMoment,
    ]
    return times.first { $0 != FaultRecord.unknownTime }
  }

  private func signature(of record: FaultRecord) -> Signature {
    var signature = Signature()
    signature.error = record.errorClass
    var isBehindHTTPAPI = false
    if record.gateway >= 0 {
      let gateway = assembler.gateways[Int(record.gateway)]
      signature.gateway = gateway.kind
      isBehindHTTPAPI = gateway.facts.api == .http
    }
    if record.throttle >= 0 {
      let throttle = assembler.throttles[Int(record.throttle)]
      signature.throttle = throttle.kind
      signature.origin = throttle.origin
    }
    guard record.suspect >= 0 else { return signature }
    let invocation = assembler.suspects[Int(record.suspect)]
    signature.suspect = invocation.kind
    signature.origin = invocation.origin
    if functionsBehindHTTPAPIs.contains(invocation.origin.function) { isBehindHTTPAPI = true }
    let limit = Fault.timeLimit(isBehindHTTPAPI: isBehindHTTPAPI, gatewayTimeout: gatewayTimeout)
    signature.isSlow = invocation.total >= limit
    signature.isSlowByColdStart =
      invocation.coldStart > 0 && invocation.duration >= 0 && invocation.duration < limit
    return signature
  }
}

extension Engine {
  /// Reads every fault of a range.
  ///
  /// `calledOnly`: the requests that failed only for the gateway and whose invocations are needed;
  /// `nil` for all. `httpAPIs`: the range in which functions behind HTTP APIs are searched.
  func diagnose(
    _ options: TriageOptions, calledOnly: Set<RequestKey>? = nil, httpAPIsIn range: TimeRange
  ) throws -> Diagnosis {
    let kinds = try lineKinds(in: options.timeRange)
    var diagnosis = Diagnosis(
      lineKinds: kinds, gatewayTimeout: Double(options.gatewayTimeout))
    var errors: [ErrorRecord] = []
    var suspects: [[Store.SuspectInvocation]]
    (diagnosis.counts, suspects) = try store.surveyInvocations(
      of: options.selection, slowFrom: options.gatewayTimeout,
      meanwhile: { errors = try self.errors(options, into: &diagnosis.assembler) })
    diagnosis.assembler.add(suspects: try records(of: &suspects, into: &diagnosis.assembler))
    diagnosis.assembler.add(errors: errors)
    if kinds.hasThrottles {
      let requests = try requests(ofThrottlesAmong: errors, diagnosis.assembler)
      diagnosis.assembler.add(
        throttles: try throttles(options, requests: requests, into: &diagnosis.assembler))
    }
    diagnosis.onlyCalled = diagnosis.assembler.onlyCalled
    try readGateways(options, into: &diagnosis, calledOnly: calledOnly)
    if !diagnosis.assembler.faults.isEmpty {
      let hasEvents = range != options.timeRange || kinds.hasHTTPEvents
      for name in try functionsBehindHTTPAPIs(in: range, hasEvents: hasEvents) {
        diagnosis.functionsBehindHTTPAPIs.insert(
          diagnosis.assembler.origins.number(ofFunction: name))
      }
    }
    return diagnosis
  }

  private func readGateways(
    _ options: TriageOptions, into diagnosis: inout Diagnosis, calledOnly: Set<RequestKey>?
  ) throws {
    let assembler = diagnosis.assembler
    let range = options.timeRange
    if diagnosis.lineKinds.hasExecutionLog {
      try readExecutionLogs(in: range, isWanted: assembler.hasFault, into: &diagnosis.gateways)
    }
    try readAccessLogs(
      in: range, hasCommonLog: diagnosis.lineKinds.hasCommonLog, isWanted: assembler.hasFault,
      into: &diagnosis.gateways)
    try readGatewayErrors(in: range, into: &diagnosis.gateways)
    diagnosis.gateways.finish()
    var called: Set<RequestKey> = []
    for request in diagnosis.gateways.requests where request.lambdaID != nil {
      let key = request.lambdaRequest
      if !assembler.hasFault(of: key), calledOnly?.contains(key) ?? true { called.insert(key) }
    }
    let invocations = try invocations(of: called, into: &diagnosis.assembler)
    for index in diagnosis.gateways.requests.indices {
      diagnosis.gateways.nameFunction(ofRequest: index, in: &diagnosis.assembler.origins)
    }
    diagnosis.assembler.add(gateways: diagnosis.gateways.requests, called: invocations)
  }

  /// Returns a fault in full.
  func fault(_ record: FaultRecord, of diagnosis: Diagnosis) throws -> Fault {
    let assembler = diagnosis.assembler
    var fault = Fault(gatewayTimeout: diagnosis.gatewayTimeout)
    if record.suspect >= 0 {
      let id = assembler.suspects[Int(record.suspect)].id
      fault.invocation = ResultRow.rows(of: try store.invocations(ids: [id])).first
        .map { InvocationFact($0) }
    }
    if record.errorClass >= 0 {
      fault.error = ResultRow.rows(of: try store.errors(ids: [record.errorID])).first
        .map { ErrorFact($0) }
      let kind = assembler.errorClasses[record.errorClass]
      fault.called = kind.throttle.flatMap {
        $0.called ?? diagnosis.onlyCalled[kind.origin.function]
      }
    }
    if record.throttle >= 0 {
      let throttle = assembler.throttles[Int(record.throttle)]
      fault.throttle = try line(of: throttle, assembler)
      fault.called =
        assembler.throttleClasses[throttle.kind].called
        ?? diagnosis.onlyCalled[throttle.origin.function]
    }
    if record.gateway >= 0 {
      fault.gateway = diagnosis.gateways.request(assembler.gateways[Int(record.gateway)])
    }
    let function = fault.function
    fault.isBehindHTTPAPI =
      fault.gateway?.api == .http
      || diagnosis.functionsBehindHTTPAPIs.contains { assembler.origins.function($0) == function }
    return fault
  }

  /// Returns the line that a record was made from.
  private func line(of throttle: ThrottleRecord, _ assembler: FaultAssembler) throws
    -> ThrottleLine?
  {
    var range = TimeRange.everything
    if throttle.time != FaultRecord.unknownTime {
      range = TimeRange(start: throttle.time, end: throttle.time + 1)
    }
    var origins = assembler.origins
    var best: (rank: Int, line: ThrottleLine)?
    try forEachThrottleLine(in: range, logGroups: []) { line in
      let isOfRequest = line.requestID.map { RequestKey($0) == throttle.request } ?? false
      let isOfOrigin =
        origins.origin(logGroup: line.logGroup, logStream: line.logStream) == throttle.origin
      let kind = ThrottleClass(
        reason: ThrottleReason(in: line.message),
        called: CalledFunction.named(in: line.message, by: line.function))
      let isOfKind = kind == assembler.throttleClasses[throttle.kind]
      let rank = (isOfRequest ? 4 : 0) + (isOfOrigin ? 2 : 0) + (isOfKind ? 1 : 0)
      if rank > best?.rank ?? 0 { best = (rank, line) }
    }
    return best?.line
  }
}
