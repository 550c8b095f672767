internal import Glibc
internal import InsightsEngine
internal import InsightsModel
internal import InsightsQuery
internal import InsightsText
internal import InsightsThreads

/// A query of a tool, in the pool of StartQuery: both accept its id.
struct MCPQuery {
  private static let pollMicroseconds: UInt32 = 5000

  private let query: ServedQuery
  private let call: MCPToolCall
  private let warnings: [String]
  /// Possible reasons for an empty result.
  private let reasonsForNothing: [String]
  /// Transforms each row for display.
  private let readingRow: (JSONObject) -> JSONObject

  /// Starts a query over the call's time range; without log groups it reads all events.
  ///
  /// - Throws: `QueryError` if it does not compile, `MCPToolError` if the pool is full.
  init(
    _ text: String, logGroups: [String], _ call: MCPToolCall,
    readingRow: @escaping (JSONObject) -> JSONObject = { $0 }
  ) throws {
    let service = call.service
    let groups = logGroups.map(ResourceName.logGroup)
    let source = try service.source(of: text)
    var options = try call.binderOptions()
    options.logGroups = groups
    options.showsDetails = true
    let request: QueryRequest
    (request, warnings, reasonsForNothing) = try call.withEngine { engine in
      var request = QueryRequest(
        source, options: options,
        lookupTables: try service.lookupTables(usedBy: source, of: engine), wantsStatistics: true)
      let compiled = try request.compile(by: engine)
      let reasons = try call.reasonsForNothing(engine, options.timeRange, logGroups: groups)
      return (request, compiled.warnings.map(\.message), reasons)
    }
    query = ServedQuery(
      ServedQuery.Question(
        text: text, logGroups: groups, startSecond: (options.timeRange.start ?? 0) / 1000,
        endSecond: (options.timeRange.end ?? LogService.now) / 1000),
      request, timeout: service.options.timeout)
    guard service.queries.start(query) else {
      throw MCPToolError(
        "\(QueryPool.acceptedLimit) queries run or wait already",
        help: ["wait for one to end, or stop it with 'cancel_logs_insight_query'"])
    }
    self.call = call
    self.readingRow = readingRow
    // The result of a cancelled call is not needed.
    call.isCancelled.watch { [query] in _ = query.cancel() }
  }

  /// Looks up a query that was started earlier.
  ///
  /// - Throws: `MCPToolError` for an unknown id.
  init(id: String, _ call: MCPToolCall) throws(MCPToolError) {
    query = try call.query(id)
    self.call = call
    warnings = []
    reasonsForNothing = []
    readingRow = { $0 }
  }

  /// Returns the results that exist after at most `seconds`.
  func result(waiting seconds: Int) throws -> JSONObject {
    let deadline = ContinuousClock.now + .seconds(seconds)
    while query.status == .running, ContinuousClock.now < deadline, !call.isCancelled.hasHappened {
      usleep(Self.pollMicroseconds)
      let count = Int(query.statistics.scannedCount) - call.context.progress.scannedEvents
      call.context.progress.addScanned(events: max(0, count), bytes: 0, matched: 0)
    }
    // Read the state first: the rows that it announces are then available.
    let status = query.status
    let count = query.rows.count
    var budget = MCPBudget()
    let shown = budget.first(
      of: try rows(min(count, MCPBudget.rowLimit)), named: "rows", total: count,
      narrowing: "a shorter range of time, 'filter', fewer fields, '| limit', or 'stats'")
    var result: JSONObject = [
      "queryId": .string(query.id), "status": .string(status.rawValue),
      "statistics": .object(query.statistics.json(resultCount: count)), "results": .array(shown),
      "messages": .strings(warnings + (count == 0 ? reasonsForNothing : []) + budget.notes),
    ]
    switch status {
    case .running where seconds > 0:
      result["status"] = "Polling Timeout"
      result["message"] = .string(
        "the query still runs after \(seconds) s; ask again with 'get_logs_insight_query_results' "
          + "and this queryId, or stop it with 'cancel_logs_insight_query'")
    case .running: result["message"] = "the query still runs; ask again"
    case .timedOut: result["message"] = "the time limit was reached; narrow the range of time"
    case .failed: result["message"] = .string(query.failure ?? "the query failed")
    case .complete, .cancelled: break
    }
    return result
  }

  /// Returns the first rows, as objects of strings.
  private func rows(_ count: Int) throws -> [JSONObject] {
    let bytes = [UInt8(ascii: "[")] + query.rows.joined(0..<count) + [UInt8(ascii: "]")]
    return (try JSONValue(parsing: bytes).array ?? []).map { row in
      var object = JSONObject()
      for field in row.array ?? [] {
        guard let name = field.object?["field"]?.string else { continue }
        object[name] = field.object?["value"]
      }
      return readingRow(object)
    }
  }

  /// Returns the result of a query that was not started.
  static func failure(_ message: String, id: String = "") -> JSONObject {
    [
      "queryId": .string(id), "status": "Error", "message": .string(message),
      "statistics": .object(JSONObject()), "results": [], "messages": [],
    ]
  }

  static let output: [JSONSchema.Member] = [
    .required("queryId", .string, "Its id, empty for a query that was not begun."),
    .required(
      "status", .string,
      "Complete, Failed, Cancelled, Timeout, Running; 'Polling Timeout' where it still runs."),
    .optional("message", .string, "What went wrong, or what to do next."),
    .required(
      "statistics", .map(of: .number), "recordsMatched, recordsScanned, bytesScanned and others."),
    .required(
      "results", .list(.object([], isOpen: true)), "The rows; missing values are left out."),
    .messages,
  ]

  /// Returns the queries that were run in the last 30 days and succeeded, newest first.
  static func asked(_ call: MCPToolCall) -> [IndexAdvice.AskedQuery] {
    let oldest = LogService.now - IndexAdvice.historyDays * 86_400_000
    return call.service.queries.queries.filter { $0.status == .complete && $0.created >= oldest }
      .flatMap { query in
        query.question.logGroups.map { group in
          IndexAdvice.AskedQuery(text: query.question.text, time: query.created, logGroup: group)
        }
      }
  }
}

extension MCPToolCall {
  /// Returns a query that was started earlier.
  ///
  /// - Throws: `MCPToolError` for an unknown id.
  func query(_ id: String) throws(MCPToolError) -> ServedQuery {
    guard let query = service.queries.query(id) else {
      throw MCPToolError(
        "there is no query '\(id)', or its results are kept no more",
        help: ["start it again with 'execute_log_insights_query'"])
    }
    return query
  }
}
