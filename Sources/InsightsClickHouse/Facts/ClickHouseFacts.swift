internal import InsightsSegments
internal import InsightsSQLite
public import InsightsModel
public import InsightsStore
internal import InsightsText
public import InsightsThreads

/// The invocations and errors of a store on a ClickHouse server.
public struct ClickHouseFacts: RemoteFacts {
  private let client: ClickHouseClient

  /// The maximum number of rows that are copied per table; some 300 bytes each.
  private static let rowLimit = 5_000_000
  /// The number of rows that are inserted at a time.
  private static let batchRowCount = 1000

  public init(_ client: ClickHouseClient) {
    self.client = client
  }

  public func copy(
    in range: TimeRange, ofGroups globs: [String], to store: Store, _ cancellation: Cancellation
  ) throws(StoreError) {
    let streams = try StreamTable(connection: store.connection)
    for (facts, copy) in [
      (FactTable.invocations, copyInvocations), (FactTable.errors, copyErrors),
    ] {
      var conditions: [String] = []
      var parameters: [String: ClickHouseParameter] = [:]
      if let start = range.start {
        conditions.append("(\(facts.time) IS NULL OR \(facts.time) >= {start:Int64})")
        parameters["start"] = .integer(start)
      }
      if let end = range.end {
        conditions.append("(\(facts.time) IS NULL OR \(facts.time) < {end:Int64})")
        parameters["end"] = .integer(end)
      }
      if !globs.isEmpty {
        conditions.append("log_group IN {groups:Array(String)}")
        parameters["groups"] = .texts(
          try groups(of: facts, matching: globs, store, cancellation))
      }
      var columns = facts.columns.map(\.name)
      if facts.name == FactTable.errors.name { columns += FrameColumns.expressions }
      let rows = try client.rows(
        """
        SELECT \(StreamKey.columns), \(columns.joined(separator: ", ")) FROM \(facts.name)
        \(conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: " AND "))
        ORDER BY ingest, \(StreamKey.columns), number
        LIMIT \(Self.rowLimit + 1)
        """, parameters: parameters, cancellation: cancellation)
      try copy(rows, facts, streams, store)
    }
  }

  /// Returns the names of the groups with facts that match one of the globs.
  private func groups(
    of facts: FactTable, matching globs: [String], _ store: Store, _ cancellation: Cancellation
  ) throws(StoreError) -> [String] {
    let matches = try store.connection.prepare("SELECT ?1 GLOB ?2")
    let rows = try client.rows(
      "SELECT DISTINCT log_group FROM \(facts.name) WHERE log_group != ''",
      cancellation: cancellation)
    var names: [String] = []
    while let row = try rows.next() {
      let name = row.text(0)
      for pattern in globs {
        matches.bind(name, at: 1)
        matches.bind(pattern, at: 2)
        defer { matches.reset() }
        if try matches.step(), matches.integer(at: 0) == 1 {
          names.append(name)
          break
        }
      }
    }
    return names
  }

  private func check(_ count: Int, _ facts: FactTable) throws(StoreError) {
    guard count > Self.rowLimit else { return }
    throw .remote(
      RemoteFailure(
        .incomplete, "there are more than \(Self.rowLimit) \(facts.name) in this range",
        help: ["narrow it with --since, --start and --end, or --log-group"]))
  }

  private func copyInvocations(
    _ rows: ClickHouseRows, _ facts: FactTable, _ streams: StreamTable, _ store: Store
  ) throws(StoreError) {
    let table = try InvocationTable(connection: store.connection)
    var id = try table.lastID()
    var batch = InvocationRows()
    var attempts: [(id: Int64, attempt: Int64)] = []
    var count = 0
    func flush() throws(StoreError) {
      try table.insert(table.place(batch), 0..<batch.count)
      try table.setAttempts(attempts)
      batch = InvocationRows()
      attempts = []
    }
    while let row = try rows.next() {
      count += 1
      id += 1
      try check(count, facts)
      let values = FactValues(row, facts)
      batch.append(
        InvocationTable.Row(values), streamID: try streams.id(of: StreamKey(row).names).id)
      if let number = values.integer("attempt"), number != 1 { attempts.append((id, number)) }
      if batch.count >= Self.batchRowCount { try flush() }
    }
    try flush()
  }

  private func copyErrors(
    _ rows: ClickHouseRows, _ facts: FactTable, _ streams: StreamTable, _ store: Store
  ) throws(StoreError) {
    let table = try ErrorTable(connection: store.connection)
    var batch: [ErrorTable.Row] = []
    var current: StreamKey?
    var count = 0
    func flush() throws(StoreError) {
      guard let names = current?.names else { return }
      try table.insert(batch, streamID: try streams.id(of: names).id)
      batch = []
    }
    while let row = try rows.next() {
      count += 1
      try check(count, facts)
      let key = StreamKey(row)
      if key != current || batch.count >= Self.batchRowCount { try flush() }
      current = key
      var error = ErrorTable.Row(FactValues(row, facts))
      error.frames = FrameColumns.frames(of: row, behind: 4 + facts.columns.count)
      batch.append(error)
    }
    try flush()
  }

  // MARK: Figures

  public func figures(
    _ cancellation: Cancellation
  ) throws(StoreError) -> [(name: String, value: Value)] {
    var figures: [(name: String, value: Value)] = []
    for (names, sql) in Self.figureQueries {
      let row = try client.row(sql, cancellation: cancellation)
      for (index, name) in names.enumerated() {
        figures.append((name, row?.optionalInteger(index).map(Value.integer) ?? .null))
      }
    }
    let inits = try initReports(cancellation)
    figures.append(("init_failures", .integer(Int64(inits.failureCount))))
    figures.append(("suppressed_inits", .integer(Int64(inits.suppressedCount))))
    figures.append(("throttles", .integer(try throttleCount(cancellation))))
    return figures
  }

  /// Counts the init and restore reports, of which there is one per cold start.
  private func initReports(_ cancellation: Cancellation) throws(StoreError) -> InitReports {
    let rows = try client.rows(
      """
      SELECT message FROM events
      WHERE is_fact = 1 AND type = '' AND (message LIKE 'INIT_REPORT %'
        OR message LIKE 'RESTORE_REPORT %' OR message LIKE '%"platform.initReport"%'
        OR message LIKE '%"platform.restoreReport"%')
      """, cancellation: cancellation)
    var reports = InitReports()
    while let row = try rows.next() {
      row.bytes(0).withUnsafeBufferPointer { reports.add($0) }
    }
    return reports
  }

  private func throttleCount(_ cancellation: Cancellation) throws(StoreError) -> Int64 {
    // A coarse condition by which the server excludes most other rows.
    let words = (AWSMessages.Throttle.words + [AWSMessages.Throttle.sentence]).map {
      ClickHouseSchema.literal("\($0)")
    }
    let rows = try client.rows(
      """
      SELECT type, message, traceback FROM errors
      WHERE multiSearchAny(concat(ifNull(type, ''), '\\n', ifNull(message, ''), '\\n',
        ifNull(traceback, '')), [\(words.joined(separator: ", "))])
      """, cancellation: cancellation)
    var count: Int64 = 0
    while let row = try rows.next() {
      let tells = (0..<3).contains { column in
        row.bytes(column).withUnsafeBufferPointer { AWSMessages.Throttle.matches($0) }
      }
      if tells { count += 1 }
    }
    return count
  }

  /// The statistics, in the order of `Store.figures`.
  private static let figureQueries: [(names: [String], sql: String)] = [
    (
      ["events", "first_event_ms", "last_event_ms", "sources", "log_groups", "log_streams"],
      """
      SELECT count(), minIf(timestamp_ms, timed), maxIf(timestamp_ms, timed), uniqExact(source),
        uniqExactIf((account, log_group), log_group != ''),
        uniqExactIf((account, log_group, log_stream, attributes), log_stream != '')
      FROM (
        SELECT account, log_group, log_stream, attributes, source,
          timestamp_ms != \(ClickHouseSchema.missingTime) AS timed,
          toNullable(events.timestamp_ms) AS timestamp_ms
        FROM events)
      """
    ),
    (
      ["fields"],
      "SELECT uniqExact(name) FROM (SELECT arrayJoin(mapKeys(fields)) AS name FROM events)"
    ),
    (["invocations"], "SELECT count() FROM invocations"),
    (["errors"], "SELECT count() FROM errors"),
    (
      ["cold_starts", "timeouts", "oom", "oom_suspects"],
      """
      SELECT countIf(cold_start = 1), countIf(timed_out = 1), countIf(oom = 1),
        countIf(oom = 0 AND max_memory_mb >= memory_mb AND (init_ms IS NULL OR cold_start = 1))
      FROM invocations
      """
    ),
  ]

  public func fields(
    _ cancellation: Cancellation
  ) throws(StoreError) -> [(name: String, eventCount: Int64)] {
    let rows = try client.rows(
      """
      SELECT arrayJoin(mapKeys(fields)) AS name, count() AS events FROM events
      GROUP BY name ORDER BY events DESC, name
      """, cancellation: cancellation)
    var fields: [(name: String, eventCount: Int64)] = []
    while let row = try rows.next() { fields.append((row.text(0), row.integer(1))) }
    return fields
  }
}

/// The values of a row of facts after the columns of its stream, by column.
private struct FactValues {
  private let row: ClickHouseRows.Row
  private let columns: [String: Int]

  init(_ row: ClickHouseRows.Row, _ facts: FactTable) {
    self.row = row
    columns = facts.name == FactTable.invocations.name ? Self.invocations : Self.errors
  }

  private static let invocations = numbers(of: .invocations)
  private static let errors = numbers(of: .errors)

  private static func numbers(of facts: FactTable) -> [String: Int] {
    Dictionary(
      uniqueKeysWithValues: facts.columns.enumerated().map { ($1.name, $0 + 4) })
  }

  func text(_ column: String) -> String? { columns[column].flatMap { row.optionalText($0) } }
  func integer(_ column: String) -> Int64? {
    columns[column].flatMap { row.optionalInteger($0) }
  }
  func real(_ column: String) -> Double? { columns[column].flatMap { row.optionalReal($0) } }
}

extension InvocationTable.Row {
  fileprivate init(_ values: FactValues) {
    self.init(requestID: values.text("request_id").map { RequestID($0) })
    version = values.text("version")
    start = values.integer("start_ms")
    end = values.integer("end_ms")
    durationMilliseconds = values.real("duration_ms")
    billedMilliseconds = values.integer("billed_ms")
    memoryMegabytes = values.integer("memory_mb")
    maxMemoryMegabytes = values.integer("max_memory_mb")
    initMilliseconds = values.real("init_ms")
    restoreMilliseconds = values.real("restore_ms")
    billedRestoreMilliseconds = values.integer("billed_restore_ms")
    status = values.text("status").flatMap(Status.init) ?? .incomplete
    errorType = values.text("error_type")
    isColdStart = values.integer("cold_start") == 1
    isTimedOut = values.integer("timed_out") == 1
    isOutOfMemory = values.integer("oom") == 1
    xrayTraceID = values.text("xray_trace_id")
  }
}

extension ErrorTable.Row {
  fileprivate init(_ values: FactValues) {
    self.init(kind: values.text("kind").flatMap(Kind.init) ?? .logged)
    timestamp = values.integer("timestamp_ms")
    requestID = values.text("request_id").map { RequestID($0) }
    runtime = values.text("runtime")
    type = values.text("type")
    message = values.text("message")
    topFrame = values.text("top_frame")
    fingerprint = values.text("fingerprint")
    httpStatus = values.integer("http_status")
    gatewayRequestID = values.text("gateway_request_id")
    traceback = values.text("traceback")
  }
}
