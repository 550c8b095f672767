internal import InsightsModel
internal import InsightsQuery

/// What triage asks the store, always in the query language.
extension Engine {
  /// Rows that one question may give; beyond it the oldest are left out.
  static let factLimit = 1_000_000

  /// Ids that are named in one query; more of them are picked out of all rows.
  private static let idLimit = 2000

  /// The rows of a query over a time range.
  func rows(
    of query: String, in timeRange: TimeRange = .everything, logGroups: [String] = []
  ) throws -> [ResultRow] {
    let options = Binder.Options(
      timeRange: timeRange, logGroups: logGroups, rowLimit: Self.factLimit)
    return ResultRow.rows(of: try answer(SourceText(query, name: "triage"), options: options).table)
  }

  /// A condition that a field is one of `ids`, which are ids and need no escapes; `nil` for too many.
  private func condition(_ field: String, in ids: Set<String>) -> String? {
    let safe = ids.filter(\.isIdentifier)
    guard !safe.isEmpty, safe.count <= Self.idLimit else { return nil }
    return "\(field) in [\(safe.sorted().map { "\"\($0)\"" }.joined(separator: ","))]"
  }

  /// Invocations that failed, did not end, or took as long as a gateway waits.
  func suspectInvocations(_ options: TriageOptions) throws -> [InvocationFact] {
    try rows(
      of: """
        SOURCE invocations
        | filter status != "success"
            or coalesce(init_ms, restore_ms, 0) + duration_ms >= \(options.gatewayTimeout)
        | display \(InvocationFact.columns) | sort @timestamp asc
        """, in: options.timeRange, logGroups: options.logGroups
    ).map { InvocationFact($0) }
  }

  /// The invocations of request ids, whenever they were.
  func invocations(of requestIDs: Set<String>) throws -> [InvocationFact] {
    guard !requestIDs.isEmpty else { return [] }
    let filter = condition("request_id", in: requestIDs)
    guard filter != nil || requestIDs.contains(where: \.isIdentifier) else { return [] }
    return try rows(
      of: """
        SOURCE invocations \(filter.map { "| filter \($0)" } ?? "")
        | display \(InvocationFact.columns) | sort @timestamp asc
        """
    ).map { InvocationFact($0) }.filter { requestIDs.contains($0.requestID ?? "") }
  }

  /// The errors of the functions, in order of time.
  func errors(_ options: TriageOptions) throws -> [ErrorFact] {
    try rows(
      of: """
        SOURCE errors | filter kind != "gateway"
        | display \(ErrorFact.columns) | sort @timestamp asc
        """, in: options.timeRange, logGroups: options.logGroups
    ).map { ErrorFact($0) }
  }

  /// Lines that tell of refused calls, in the logs of the callers.
  ///
  /// A runtime's own error lines name no request; `errors` tells whose they are.
  func throttleLines(
    _ options: TriageOptions, errors: [ErrorFact]
  ) throws -> [ThrottleLine] {
    func place(_ group: String?, _ stream: String?, _ time: Int64?) -> [String?] {
      [group, stream, time.map { String($0) }]
    }
    let requests = Dictionary(
      errors.filter(\.isThrottle).map {
        (place($0.logGroup, $0.logStream, $0.timestamp), $0.requestID)
      }, uniquingKeysWith: { first, _ in first })
    // A line of level INFO or DEBUG quotes what happened elsewhere.
    return try rows(
      of: """
        filter @message like \(ThrottleLine.pattern)
        | filter @message not like /^\\([0-9a-f-]{36}\\) /
            and @message not like /^\\[?(TRACE|DEBUG|INFO)\\b|\\t(TRACE|DEBUG|INFO|trce|dbug|info)\\t|"level" ?: ?"(?i)(trace|debug|info)/
        | fields @timestamp, @log, @logStream, @requestId, @message | sort @timestamp asc
        """, in: options.timeRange, logGroups: options.logGroups
    ).map { row in
      var line = ThrottleLine(row)
      if line.requestID == nil {
        line.requestID = requests[place(line.logGroup, line.logStream, line.timestamp)] ?? nil
      }
      return line
    }
  }

  // MARK: Gateway

  private static let gatewayID = "parse @message /^\\((?<gatewayId>[0-9a-f-]{36})\\) /"

  /// The requests of execution logs that failed, and those that called one of `lambdaRequestIDs`.
  func executionLogRequests(
    _ options: TriageOptions, lambdaRequestIDs: Set<String>
  ) throws -> [GatewayRequest] {
    let range = options.timeRange
    let failing = try rows(
      of: """
        filter @message like \(GatewayRequest.failurePattern)
        | \(Self.gatewayID) | display gatewayId
        """, in: range)
    var ids = Set(failing.compactMap { $0.text("gatewayId") })
    if !lambdaRequestIDs.isEmpty {
      let filter = condition("lambdaId", in: lambdaRequestIDs) ?? "ispresent(lambdaId)"
      let calls = try rows(
        of: """
          filter @message like /^\\([0-9a-f-]{36}\\) AWS Integration Endpoint RequestId :/
          | \(Self.gatewayID) | parse @message /RequestId : (?<lambdaId>[0-9a-f-]{36})/
          | filter \(filter) | display gatewayId, lambdaId
          """, in: range)
      for call in calls where lambdaRequestIDs.contains(call.text("lambdaId") ?? "") {
        if let id = call.text("gatewayId") { ids.insert(id) }
      }
    }
    guard !ids.isEmpty else { return [] }
    let details = try rows(
      of: """
        filter @message like \(GatewayRequest.detailPattern)
        | \(Self.gatewayID) \(condition("gatewayId", in: ids).map { "| filter \($0)" } ?? "")
        | display @timestamp, @log, gatewayId, @message | sort @timestamp asc
        """, in: range)
    var requests: [String: GatewayRequest] = [:]
    for row in details {
      guard let id = row.text("gatewayId"), ids.contains(id), let message = row.text("@message")
      else { continue }
      var request =
        requests[id] ?? GatewayRequest(id: id, logGroup: row.text("@log")?.logGroupOfLog)
      let line = message.dropFirst(id.count + 3)
      request.read(line: line.withoutTrailingSpace, at: row.time("@timestamp"))
      requests[id] = request
    }
    return requests.values.sorted { ($0.first ?? 0, $0.id) < ($1.first ?? 0, $1.id) }
  }

  /// The failed requests that ingest found in gateway logs.
  func gatewayErrors(_ options: TriageOptions) throws -> [GatewayRequest] {
    try rows(
      of: """
        SOURCE errors | filter kind = "gateway" and ispresent(gateway_request_id)
        | display timestamp_ms, log_group, request_id, gateway_request_id, http_status, type, message
        | sort @timestamp asc
        """, in: options.timeRange
    ).compactMap { GatewayRequest(errorRow: $0) }
  }

  /// The requests of access logs that failed, and those that called one of `lambdaRequestIDs`.
  func accessLogRequests(
    _ options: TriageOptions, lambdaRequestIDs: Set<String>
  ) throws -> [GatewayRequest] {
    var requests = try rows(
      of: """
        parse @message \(GatewayRequest.commonLogPattern)
        | filter ispresent(clfStatus)
        | display @timestamp, @log, clfStatus, clfRoute, clfId | sort @timestamp asc
        """, in: options.timeRange
    ).compactMap { GatewayRequest(commonLog: $0) }
    guard try hasAccessRecords() else { return requests }
    let calls = condition("integrationRequestId", in: lambdaRequestIDs).map { "or \($0)" }
    requests += try rows(
      of: """
        filter \(Self.isAccessRecord)
            and (status >= 500 or status in [400, 403, 429] \(calls ?? ""))
        | display @timestamp, @log, \(GatewayRequest.accessFields.joined(separator: ", "))
        | sort @timestamp asc
        """, in: options.timeRange
    ).compactMap { GatewayRequest(accessRecord: $0) }
    return requests
  }

  /// An application may log requests in JSON too, but neither with these fields together nor without
  /// a level.
  private static let isAccessRecord = """
    ispresent(status) and ispresent(requestId) and not ispresent(level)
    and (ispresent(routeKey) or ispresent(resourcePath) or ispresent(httpMethod))
    and (ispresent(requestTime) or ispresent(requestTimeEpoch) or ispresent(protocol)
      or ispresent(responseLength))
    """

  private func hasAccessRecords() throws -> Bool {
    let names = Set(ResultRow.rows(of: try fields()).compactMap { $0.text("field") })
    return names.contains("status") && names.contains("requestId")
      && !names.isDisjoint(with: ["routeKey", "resourcePath", "httpMethod"])
  }

  /// The functions that are seen to stand behind an HTTP API.
  ///
  /// Its access log names their requests, or they log events of its payload format.
  func functionsBehindHTTPAPIs() throws -> Set<String> {
    var functions: Set<String> = []
    if try hasAccessRecords() {
      let ids = try rows(
        of: """
          filter \(Self.isAccessRecord) and ispresent(routeKey) and not ispresent(connectionId)
          | filter integrationRequestId like /^[0-9a-f-]{36}$/
          | display integrationRequestId | limit \(Self.idLimit)
          """
      ).compactMap { $0.text("integrationRequestId") }
      functions.formUnion(try invocations(of: Set(ids)).compactMap(\.function))
    }
    let logs = try rows(
      of: """
        filter @message like /"routeKey" ?: ?"/ and @message like /"requestContext" ?:/
            and @message not like /\\.lambda-url\\.|"connectionId" ?:/
        | stats count(*) as events by @log
        """)
    functions.formUnion(
      logs.compactMap { FunctionName.of(logGroup: $0.text("@log")?.logGroupOfLog, logStream: nil) })
    return functions
  }

  /// How many sandboxes of each function were started ahead, with provisioned concurrency, and how
  /// many when a request came.
  ///
  /// Only the JSON log format tells.
  func sandboxStarts(
    _ options: TriageOptions
  ) throws -> [(function: String, provisioned: Int, onDemand: Int)] {
    let names = Set(ResultRow.rows(of: try fields()).compactMap { $0.text("field") })
    guard names.contains("record.initializationType") else { return [] }
    return try rows(
      of: """
        filter type = "platform.initStart"
        | stats sum(record.initializationType = "provisioned-concurrency") as provisioned,
            sum(record.initializationType = "on-demand") as demanded by @log
        """, in: options.timeRange
    ).compactMap { row in
      FunctionName.of(logGroup: row.text("@log")?.logGroupOfLog, logStream: nil).map {
        ($0, Int(row.integer("provisioned") ?? 0), Int(row.integer("demanded") ?? 0))
      }
    }
  }

  /// How many invocations, incomplete ones and suspects of memory a range has.
  func counts(_ options: TriageOptions) throws -> (
    invocations: Int, incomplete: Int, memorySuspects: Int, withoutTime: Int
  ) {
    let row = try rows(
      of: """
        SOURCE invocations
        | stats count(*) as invocations, sum(status = "incomplete") as incomplete,
            sum(max_memory_mb >= memory_mb and oom = 0) as suspects,
            sum(not ispresent(start_ms)) as timeless
        """, in: options.timeRange, logGroups: options.logGroups
    ).first
    func count(_ name: String) -> Int { Int(row?.integer(name) ?? 0) }
    return (count("invocations"), count("incomplete"), count("suspects"), count("timeless"))
  }

  /// Whether the range has lines of a gateway at all.
  func hasGatewayLines(_ options: TriageOptions) throws -> Bool {
    let execution = try rows(
      of: """
        filter @message like /^\\([0-9a-f-]{36}\\) (Starting execution|Method completed|Execution failed)/
        | limit 1
        """, in: options.timeRange)
    if !execution.isEmpty { return true }
    guard try hasAccessRecords() else { return false }
    return try !rows(of: "filter \(Self.isAccessRecord) | limit 1", in: options.timeRange).isEmpty
  }
}

extension String {
  /// Whether it can be put into a query as it is: letters, digits, hyphens, underscores and what
  /// base64 ids end in.
  var isIdentifier: Bool {
    !isEmpty && utf8.count <= 128
      && utf8.allSatisfy { byte in
        byte &- 48 < 10 || (byte | 0x20) &- UInt8(ascii: "a") < 26
          || [UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "=")].contains(byte)
      }
  }
}

extension StringProtocol {
  /// Without white space at its end.
  var withoutTrailingSpace: String {
    var rest = self[...]
    while let last = rest.last, last.isWhitespace { rest = rest.dropLast() }
    return String(rest)
  }
}
