internal import InsightsModel
internal import InsightsQuery
internal import InsightsSQL
internal import InsightsSQLite
internal import InsightsStore
internal import InsightsText

/// The queries of triage; those that read events are in the query language.
///
/// Rows are processed one by one. Only `FaultRecord` and similar compact records are kept in
/// memory.
extension Engine {
  /// An internal query does not compile: a bug in `insights`, never the user's error.
  public struct BuiltInQueryError: Error {
    /// The text of the query.
    public let query: String
    /// Its errors, joined by semicolons.
    public let message: String
  }

  private func compiled(
    _ query: String, in timeRange: TimeRange, logGroups: [String]
  ) throws -> SQLStatement {
    let options = Binder.Options(timeRange: timeRange, logGroups: logGroups, rowLimit: .max)
    do {
      return try compile(SourceText(query, name: "triage"), options: options).plan.statement(
        for: store)
    } catch {
      throw BuiltInQueryError(
        query: query, message: error.diagnostics.map(\.message).joined(separator: "; "))
    }
  }

  /// Calls `body` with each row of a query over a time range.
  func forEachRow(
    of query: String, in timeRange: TimeRange = .everything, logGroups: [String] = [],
    _ body: (Statement) throws -> Void
  ) throws {
    try store.forEachRow(
      of: compiled(query, in: timeRange, logGroups: logGroups), context: context, body)
  }

  /// Returns the rows of a query with few rows.
  func rows(
    of query: String, in timeRange: TimeRange = .everything, logGroups: [String] = []
  ) throws -> [ResultRow] {
    ResultRow.rows(
      of: try store.table(
        of: compiled(query, in: timeRange, logGroups: logGroups), context: context))
  }

  // MARK: Functions

  /// Returns the invocations that failed, or took as long as a gateway waits.
  ///
  /// The parts are emptied one by one, since both copies at once would take twice the memory.
  func records(
    of parts: inout [[Store.SuspectInvocation]], into assembler: inout FaultAssembler
  ) throws(StoreError) -> [SuspectRecord] {
    var records: [SuspectRecord] = []
    records.reserveCapacity(parts.reduce(0) { $0 + $1.count })
    for index in parts.indices {
      for suspect in parts[index] { records.append(try record(of: suspect, &assembler)) }
      parts[index] = []
    }
    return records
  }

  private func record(
    of suspect: Store.SuspectInvocation, _ assembler: inout FaultAssembler
  ) throws(StoreError) -> SuspectRecord {
    let duration = suspect.durationMilliseconds
    // More than a year is not plausible, and sums with it would overflow.
    let whole = duration.flatMap {
      (0..<32_000_000_000).contains($0) ? Int64($0.rounded(.up)) : nil
    }
    let kind = SuspectClass(
      status: suspect.status,
      isTimeout: suspect.status == .timeout || suspect.isTimedOut,
      isOutOfMemory: suspect.isOutOfMemory, errorType: suspect.errorType)
    return SuspectRecord(
      id: suspect.id, stream: suspect.streamID, request: RequestKey(suspect.requestID),
      place: try assembler.places.place(ofStream: suspect.streamID, in: store),
      start: suspect.start ?? FaultRecord.unknownTime,
      lastMoment: suspect.end ?? suspect.start.map { $0 &+ (whole ?? 0) }
        ?? FaultRecord.unknownTime,
      duration: duration ?? -1, coldStart: suspect.coldStartMilliseconds ?? 0,
      kind: assembler.suspectClasses.number(of: kind))
  }

  /// Returns the invocations of requests that failed only according to the gateway, at any time.
  func invocations(
    of requests: Set<RequestKey>, into assembler: inout FaultAssembler
  ) throws -> [RequestKey: SuspectRecord] {
    guard !requests.isEmpty else { return [:] }
    var records: [RequestKey: SuspectRecord] = [:]
    var failure: StoreError?
    try store.forEachInvocation(ofRequestsWhere: { requests.contains(RequestKey($0)) }) { found in
      do throws(StoreError) {
        let record = try record(of: found, &assembler)
        // Of several attempts, the last one counts.
        if records[record.request].map({ $0.start <= record.start }) ?? true {
          records[record.request] = record
        }
      } catch { failure = error }
    }
    if let failure { throw failure }
    return records
  }

  /// Returns the errors of the functions.
  func errors(
    _ options: TriageOptions, into assembler: inout FaultAssembler
  ) throws -> [ErrorRecord] {
    var records: [ErrorRecord] = []
    var failure: StoreError?
    let mayThrottle = try store.hasThrottlingErrors()
    try store.forEachError(of: options.selection) { error in
      do throws(StoreError) {
        let place = try assembler.places.place(ofStream: error.streamID, in: store)
        let kind = ErrorClass(
          error, place, caller: assembler.places.function(place.function), mayThrottle: mayThrottle)
        records.append(
          ErrorRecord(
            id: error.id, request: RequestKey(error.requestID), stream: error.streamID,
            time: error.timestamp ?? FaultRecord.unknownTime,
            kind: assembler.errorClasses.number(of: kind)))
      } catch { failure = error }
    }
    if let failure { throw failure }
    return records
  }

  // MARK: Throttles

  /// Selects the lines in callers' logs that report refused calls.
  ///
  /// Lines of level INFO or DEBUG are excluded, since they quote what happened elsewhere.
  private static let throttleQuery = """
    filter @message like \(AWSMessages.Throttle.pattern)
    | filter @message not like /^\\([0-9a-f-]{36}\\) /
        and @message not like /^\\[?(TRACE|DEBUG|INFO)\\b|\\t(TRACE|DEBUG|INFO|trce|dbug|info)\\t|"level" ?: ?"(?i)(trace|debug|info)/
    | fields @timestamp, @log, @logStream, @requestId, @message
    """

  /// Calls `body` with each line that reports a refused call.
  func forEachThrottleLine(
    in timeRange: TimeRange, logGroups: [String], _ body: (ThrottleLine) throws -> Void
  ) throws {
    try forEachRow(of: Self.throttleQuery, in: timeRange, logGroups: logGroups) { row in
      try body(
        ThrottleLine(
          timestamp: row.optionalInteger(at: 0),
          logGroup: row.optionalText(at: 1)?.logGroupOfLog, logStream: row.optionalText(at: 2),
          requestID: row.optionalText(at: 3), message: row.text(at: 4)))
    }
  }

  /// Returns the lines that report refused calls.
  ///
  /// A runtime's own error lines contain no request id; `requests` determines it by time and
  /// stream.
  func throttles(
    _ options: TriageOptions, requests: [ThrottlePlace: RequestKey],
    into assembler: inout FaultAssembler
  ) throws -> [ThrottleRecord] {
    var records: [ThrottleRecord] = []
    try forEachThrottleLine(in: options.timeRange, logGroups: options.logGroups) { line in
      let place = assembler.places.place(logGroup: line.logGroup, logStream: line.logStream)
      let kind = ThrottleClass(
        reason: ThrottleReason(in: line.message),
        called: CalledFunction.named(in: line.message, by: line.function))
      var request = RequestKey(line.requestID.map { RequestID($0) })
      if !request.isKnown, let time = line.timestamp {
        let place = ThrottlePlace(group: line.logGroup, stream: line.logStream, time: time)
        request = requests[place] ?? request
      }
      records.append(
        ThrottleRecord(
          request: request, time: line.timestamp ?? FaultRecord.unknownTime, place: place,
          kind: assembler.throttleClasses.number(of: kind)))
    }
    return records
  }

  /// Returns the requests of the error lines that report refused calls, by time and stream.
  func requests(
    ofThrottlesAmong errors: [ErrorRecord], _ assembler: FaultAssembler
  ) throws -> [ThrottlePlace: RequestKey] {
    var requests: [ThrottlePlace: RequestKey] = [:]
    var stream: Int64?
    var names: (logGroup: String?, logStream: String?) = (nil, nil)
    for error in errors
    where error.request.isKnown && assembler.errorClasses[error.kind].throttle != nil {
      if error.stream != stream {
        stream = error.stream
        names = try store.names(ofStream: error.stream)
      }
      let place = ThrottlePlace(
        group: names.logGroup, stream: names.logStream, time: error.time)
      requests[place] = requests[place] ?? error.request
    }
    return requests
  }

  // MARK: Gateway

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
        filter \(Self.isAccessRecord) and not (status >= 500 or status in [400, 403, 429])
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
      of: "filter \(Self.isAccessRecord)\(condition) | display \(columns.joined(separator: ", "))",
      in: range
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

  /// Selects JSON access records: an application may log requests in JSON too, but not with all
  /// these fields and without a level.
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

  /// A regex that matches events of an HTTP API.
  private static let httpEventPattern = "/\"routeKey\" ?: ?\"/"

  /// The number of an HTTP API's logged requests that are used to find its functions.
  private static let requestSampleSize = 2000

  /// Returns the functions that seem to be behind an HTTP API.
  ///
  /// The API's access log contains their requests, or they log events in its payload format.
  func functionsBehindHTTPAPIs(
    in range: TimeRange, hasEvents: Bool
  ) throws -> Set<String> {
    var functions: Set<String> = []
    if try hasAccessRecords() {
      var ids: Set<RequestKey> = []
      try forEachRow(
        of: """
          filter \(Self.isAccessRecord) and ispresent(routeKey) and not ispresent(connectionId)
          | filter integrationRequestId like /^[0-9a-f-]{36}$/
          | display integrationRequestId | limit \(Self.requestSampleSize)
          """, in: range
      ) { ids.insert(RequestKey(RequestID($0.bytes(at: 0)))) }
      var streams: Set<Int64> = []
      if !ids.isEmpty {
        try store.forEachInvocation(ofRequestsWhere: { ids.contains(RequestKey($0)) }) {
          streams.insert($0.streamID)
        }
      }
      for stream in streams {
        let names = try store.names(ofStream: stream)
        if let name = FunctionName.of(logGroup: names.logGroup, logStream: names.logStream) {
          functions.insert(name)
        }
      }
    }
    guard hasEvents else { return functions }
    let logs = try rows(
      of: """
        filter @message like \(Self.httpEventPattern) and @message like /"requestContext" ?:/
            and @message not like /\\.lambda-url\\.|"connectionId" ?:/
        | stats count(*) as events by @log
        """, in: range)
    functions.formUnion(
      logs.compactMap { FunctionName.of(logGroup: $0.text("@log")?.logGroupOfLog, logStream: nil) })
    return functions
  }

  /// Returns the number of sandboxes per function that were started ahead, with provisioned
  /// concurrency, and the number started for a request.
  ///
  /// Only the JSON log format contains this.
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

  /// Returns which kinds of lines occur in a range, by a single scan, so that no queries are run
  /// for absent kinds.
  func lineKinds(in range: TimeRange) throws -> LineKinds {
    let throttle = "@message like \(AWSMessages.Throttle.pattern)"
    let execution =
      "(\(GatewayRequest.isExecutionLine) or \(GatewayRequest.isFailureLine) "
      + "or \(GatewayRequest.isCallLine))"
    let access = "@message like \(GatewayRequest.anyCommonLogPattern)"
    let event = "@message like \(Self.httpEventPattern)"
    let row = try rows(
      of: """
        filter \(throttle) or \(execution) or \(access) or \(event)
        | stats sum(\(throttle)) as throttles, sum(\(execution)) as executions,
            sum(\(access)) as accesses, sum(\(event)) as events
        """, in: range
    ).first
    func has(_ name: String) -> Bool { row?.isTrue(name) ?? false }
    return LineKinds(
      hasThrottles: has("throttles"), hasExecutionLog: has("executions"),
      hasCommonLog: has("accesses"), hasHTTPEvents: has("events"))
  }

  /// Whether the range contains lines of a gateway.
  func hasGatewayLines(in range: TimeRange, _ kinds: LineKinds) throws -> Bool {
    if kinds.hasExecutionLog || kinds.hasCommonLog { return true }
    guard try hasAccessRecords() else { return false }
    return try !rows(of: "filter \(Self.isAccessRecord) | fields status | limit 1", in: range)
      .isEmpty
  }

  // MARK: Events

  /// Returns the number of events in a range, and the times of the oldest and newest.
  func eventSpan(_ options: TriageOptions) throws -> (count: Int, first: Int64?, last: Int64?) {
    func ask(_ query: String) throws -> ResultRow? {
      try rows(of: query, in: options.timeRange, logGroups: options.logGroups).first
    }
    func time(_ order: String) throws -> Int64? {
      try ask(
        "filter ispresent(@timestamp) | fields @timestamp | sort @timestamp \(order) | limit 1"
      )?.time("@timestamp")
    }
    let count = try ask("stats count(*) as events")?.integer("events") ?? 0
    return (Int(count), try time("asc"), try time("desc"))
  }
}

/// The kinds of lines that occur in a range.
struct LineKinds {
  var hasThrottles: Bool
  var hasExecutionLog: Bool
  var hasCommonLog: Bool
  /// Whether there are lines that may contain events of an HTTP API.
  var hasHTTPEvents: Bool
}

extension TriageOptions {
  /// The selection of facts to triage.
  var selection: Store.FactSelection {
    Store.FactSelection(timeRange: timeRange, logGroups: logGroups)
  }
}

/// The stream and the time of a line.
struct ThrottlePlace: Hashable {
  var group: String?
  var stream: String?
  var time: Int64
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

extension ErrorClass {
  /// Builds the record of an error; without `mayThrottle` it is not searched for a refused call.
  init(
    _ row: Store.ErrorRow, _ place: LogPlaces.Place, caller: String?, mayThrottle: Bool
  ) {
    kind = Kind(row.kind)
    type = String(decoding: row.type, as: UTF8.self)
    fingerprint = String(decoding: row.fingerprint, as: UTF8.self)
    self.place = place
    let message = row.message
    hasProcessExited = message.firstOffset(of: AWSMessages.Platform.exitedEarly) != nil
    guard mayThrottle,
      AWSMessages.Throttle.matches(row.type) || AWSMessages.Throttle.matches(message)
        || AWSMessages.Throttle.matches(row.traceback)
    else { return }
    let words = String(decoding: message, as: UTF8.self)
    throttle = ThrottleClass(
      reason: ThrottleReason(in: words),
      called: CalledFunction.named(in: words, by: caller)
        ?? CalledFunction.named(in: String(decoding: row.traceback, as: UTF8.self), by: caller))
  }
}

extension String {
  /// Whether it can be inserted into a query unescaped: letters, digits, hyphens, underscores and
  /// the padding of base64 ids.
  var isIdentifier: Bool {
    !isEmpty && utf8.count <= 128
      && utf8.allSatisfy { byte in
        byte &- 48 < 10 || (byte | 0x20) &- UInt8(ascii: "a") < 26
          || [UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "=")].contains(byte)
      }
  }
}

extension StringProtocol {
  /// The text without white space at its end.
  var withoutTrailingSpace: String {
    var rest = self[...]
    while let last = rest.last, last.isWhitespace { rest = rest.dropLast() }
    return String(rest)
  }
}
