internal import InsightsEngine
internal import InsightsModel
internal import InsightsSQLite
internal import InsightsStore
internal import InsightsText

/// Reads the logs of API Gateway: execution logs, and access logs as JSON or in Common Log Format.
extension Engine {
  /// Adds the failed requests in execution logs, and those that called a function for a request
  /// that `isWanted` accepts.
  func readExecutionLogs(
    in range: TimeRange, isWanted: (RequestKey) -> Bool, into requests: inout GatewayRecords
  ) throws {
    var ids: Set<RequestID> = []
    try forEachRow(
      of: """
        filter \(GatewayRequest.isFailureLine) or \(GatewayRequest.isCallLine) | fields @message
        """, in: range
    ) { row in
      let line = row.bytes(at: 0)
      guard let id = ExecutionLine.gatewayID(of: line) else { return }
      if let called = ExecutionLine.lambdaID(of: line) {
        guard isWanted(RequestKey(called)) else { return }
      }
      ids.insert(id)
    }
    guard !ids.isEmpty else { return }
    try forEachRow(
      of: "filter \(GatewayRequest.isDetailLine) | fields @timestamp, @log, @message", in: range
    ) { row in
      let line = row.bytes(at: 2)
      guard let id = ExecutionLine.gatewayID(of: line), ids.contains(id) else { return }
      let text = String(decoding: line.dropFirst(ExecutionLine.prefixLength), as: UTF8.self)
      requests.read(
        line: text.withoutTrailingSpace, of: id,
        logGroup: row.optionalText(at: 1)?.logGroupOfLog, at: row.optionalInteger(at: 0))
    }
  }

  /// Adds the failed requests that ingest found in gateway logs, unless another log contains them.
  func readGatewayErrors(in range: TimeRange, into requests: inout GatewayRecords) throws {
    let known = requests
    try forEachRow(
      of: """
        SOURCE errors | filter kind = "gateway" and ispresent(gateway_request_id)
        | display timestamp_ms, log_group, request_id, gateway_request_id, http_status, type, message
        """, in: range
    ) { row in
      let row = ResultRow(
        row,
        columns: [
          "timestamp_ms", "log_group", "request_id", "gateway_request_id", "http_status", "type",
          "message",
        ])
      guard let request = GatewayRequest(errorRow: row), !known.contains(RequestID(request.id))
      else { return }
      requests.add(request)
    }
  }

  /// Adds the failed requests in access logs, and those that called a function for a request that
  /// `isWanted` accepts.
  func readAccessLogs(
    in range: TimeRange, hasCommonLog: Bool, isWanted: (RequestKey) -> Bool,
    into requests: inout GatewayRecords
  ) throws {
    if hasCommonLog { try readCommonLog(in: range, into: &requests) }
    guard try hasAccessRecords() else { return }
    var called: [RequestID] = []
    try forEachRow(
      of: """
        filter \(GatewayRequest.isAccessRecord) and not (status >= 500 or status in [400, 403, 429])
        | display requestId, integrationRequestId
        """, in: range
    ) { row in
      if !row.isNull(at: 1), isWanted(RequestKey(RequestID(row.bytes(at: 1)))) {
        called.append(RequestID(row.bytes(at: 0)))
      }
    }
    let wanted = Set(called)
    let columns = ["@timestamp", "@log"] + GatewayRequest.accessFields
    let condition =
      wanted.isEmpty ? " and (status >= 500 or status in [400, 403, 429])" : ""
    try forEachRow(
      of: """
        filter \(GatewayRequest.isAccessRecord)\(condition)
        | display \(columns.joined(separator: ", "))
        """, in: range
    ) { row in
      let row = ResultRow(row, columns: columns)
      guard let request = GatewayRequest(accessRecord: row) else { return }
      let isFailure = request.status.map { $0 >= 500 || [400, 403, 429].contains($0) } ?? false
      if isFailure || wanted.contains(RequestID(request.id)) { requests.add(request) }
    }
  }

  private func readCommonLog(
    in range: TimeRange, into requests: inout GatewayRecords
  ) throws {
    try forEachRow(
      of: """
        filter @message like \(GatewayRequest.anyCommonLogPattern)
        | parse @message \(GatewayRequest.commonLogPattern)
        | filter ispresent(clfStatus) | display @timestamp, @log, clfStatus, clfRoute, clfId
        """, in: range
    ) { row in
      let row = ResultRow(
        row, columns: ["@timestamp", "@log", "clfStatus", "clfRoute", "clfId"])
      if let request = GatewayRequest(commonLog: row) { requests.add(request) }
    }
  }

  /// Whether events have the fields of a JSON access log.
  func hasAccessRecords() throws -> Bool {
    let names = Set(ResultRow.rows(of: try fields()).compactMap { $0.text("field") })
    return names.contains("status") && names.contains("requestId")
      && !names.isDisjoint(with: ["routeKey", "resourcePath", "httpMethod"])
  }

  /// Whether the range contains lines of a gateway.
  func hasGatewayLines(in range: TimeRange, _ kinds: LineKinds) throws -> Bool {
    if kinds.hasExecutionLog || kinds.hasCommonLog { return true }
    guard try hasAccessRecords() else { return false }
    let query = "filter \(GatewayRequest.isAccessRecord) | fields status | limit 1"
    return try !rows(of: query, in: range).isEmpty
  }
}

/// Reads the ids in a line of an execution log: `(<gateway id>) <text>`.
enum ExecutionLine {
  private static let idLength = 36
  /// The number of bytes before the text.
  static let prefixLength = idLength + 3

  static func gatewayID(of line: UnsafeBufferPointer<UInt8>) -> RequestID? {
    guard line.count >= prefixLength else { return nil }
    return RequestID(UnsafeBufferPointer(rebasing: line[1..<1 + idLength]))
  }

  /// Returns Lambda's request id if the line contains it; otherwise `nil`.
  static func lambdaID(of line: UnsafeBufferPointer<UInt8>) -> RequestID? {
    let label: StaticString = AWSMessages.Gateway.endpointRequestID
    let start = prefixLength + label.utf8CodeUnitCount + 3
    guard line.holds(label, at: prefixLength), line.holds(" : ", at: start - 3),
      line.count >= start + idLength
    else { return nil }
    return RequestID(UnsafeBufferPointer(rebasing: line[start..<start + idLength]))
  }
}
