internal import InsightsSegments
public import InsightsSQLite
public import InsightsModel

/// The rows of the fact tables that triage reads, one by one; none are kept in memory.
extension Store {
  /// Selects the facts of some log groups that start or were logged in a time range.
  public struct FactSelection: Equatable, Sendable {
    /// The range; without bounds it includes facts without a time.
    public var timeRange: TimeRange
    /// Globs over the names of log groups; empty for all.
    public var logGroups: [String]

    /// Makes a selection.
    public init(timeRange: TimeRange = .everything, logGroups: [String] = []) {
      self.timeRange = timeRange
      self.logGroups = logGroups
    }

    /// Returns the condition on a column of times and on `log_stream_id`, and the values of its
    /// parameters from ?1 on.
    func condition(on time: String) -> (text: String, bindings: [Value]) {
      let times = [timeRange.start, timeRange.end].map { $0.map(Value.integer) ?? .null }
      var text = "(?1 IS NULL OR \(time) >= ?1) AND (?2 IS NULL OR \(time) < ?2)"
      if !logGroups.isEmpty {
        let globs = logGroups.indices.map { "g.name GLOB ?\($0 + 3)" }.joined(separator: " OR ")
        text += """
           AND log_stream_id IN (
            SELECT s.id FROM main.log_streams AS s JOIN main.log_groups AS g ON g.id = s.log_group_id
            WHERE \(globs))
          """
      }
      return (text, times + logGroups.map(Value.text))
    }
  }

  /// The properties of an invocation that determine whether and how it failed.
  public struct SuspectInvocation: Sendable {
    /// The outcome of an invocation.
    public enum Status: UInt8, Sendable { case success, error, timeout, incomplete }

    /// The row's id in `invocations`.
    public var id: Int64
    /// The id of its log stream.
    public var streamID: Int64
    /// The request; `nil` if unknown.
    public var requestID: RequestID?
    /// Epoch milliseconds; `nil` if the log has no times.
    public var start: Int64?
    /// Epoch milliseconds; `nil` without a REPORT, or without times.
    public var end: Int64?
    /// The duration; `nil` without a REPORT.
    public var durationMilliseconds: Double?
    /// The duration of its init, or of the restore of a snapshot.
    public var coldStartMilliseconds: Double?
    /// The outcome.
    public var status: Status
    /// Whether it was stopped at its timeout.
    public var isTimedOut: Bool
    /// Whether it ran out of memory.
    public var isOutOfMemory: Bool
    /// The type of its error; `nil` if there is none.
    public var errorType: String?
  }

  /// The columns that `suspect` reads from `suspectTables`.
  static let suspectColumns = """
    r.id, i.log_stream_id, r.request_id, \(InvocationColumns.start), \(InvocationColumns.end), r.duration,
    \(InvocationColumns.detail(coldStart)), r.outcome, \(InvocationColumns.detail("error_type"))
    """
  static let suspectTables =
    "main.invocation_rows AS r CROSS JOIN main.\(InvocationColumns.groups)"
  /// The duration of an init or a restore in milliseconds, as an expression over the details.
  static let coldStart = InvocationColumns.milliseconds("ifnull(init, restore)")

  static func suspect(_ statement: Statement) -> SuspectInvocation {
    let outcome = statement.integer(at: 7)
    return SuspectInvocation(
      id: statement.integer(at: 0), streamID: statement.integer(at: 1),
      requestID: requestID(statement, at: 2), start: statement.optionalInteger(at: 3),
      end: statement.optionalInteger(at: 4),
      durationMilliseconds: milliseconds(statement, at: 5),
      coldStartMilliseconds: milliseconds(statement, at: 6),
      status: SuspectInvocation.Status(rawValue: UInt8(outcome & 3)) ?? .incomplete,
      isTimedOut: outcome & 8 != 0, isOutOfMemory: outcome & 16 != 0,
      errorType: statement.optionalText(at: 8))
  }

  private static func milliseconds(_ statement: Statement, at index: Int) -> Double? {
    switch statement.type(at: index) {
    case .integer: Double(statement.integer(at: index)) / 1000
    case .real: statement.real(at: index)
    case .null, .text, .blob: nil
    }
  }

  /// Returns a request id in the stored form: sixteen bytes, or text.
  fileprivate static func requestID(_ statement: Statement, at index: Int) -> RequestID? {
    switch statement.type(at: index) {
    case .null: nil
    case .blob: UUID(stored: statement.blob(at: index)).map { RequestID($0) }
    default: RequestID(statement.bytes(at: index))
    }
  }

  /// Calls `body` with every invocation for whose request `isWanted` returns true.
  ///
  /// It reads the whole table, which has no index.
  public func forEachInvocation(
    ofRequestsWhere isWanted: (RequestID) -> Bool, _ body: (SuspectInvocation) -> Void
  ) throws(StoreError) {
    let requests = try connection.prepare(
      "SELECT id, request_id FROM main.invocation_rows WHERE request_id IS NOT NULL")
    let statement = try connection.prepare(
      "SELECT \(Self.suspectColumns) FROM \(Self.suspectTables) WHERE r.id = ?1")
    while try requests.step() {
      guard let id = Self.requestID(requests, at: 1), isWanted(id) else { continue }
      statement.bind(requests.integer(at: 0), at: 1)
      if try statement.step() { body(Self.suspect(statement)) }
      statement.reset()
    }
  }

  /// A row of `errors`; its texts are read from `statement` on access.
  public struct ErrorRow {
    /// The statement, at the row.
    public let statement: Statement
    /// The row's id in `errors`.
    public var id: Int64 { statement.integer(at: 0) }
    /// Epoch milliseconds; `nil` if the event has no time.
    public var timestamp: Int64? { statement.optionalInteger(at: 1) }
    /// The id of its log stream.
    public var streamID: Int64 { statement.integer(at: 2) }
    /// The request; `nil` if unknown.
    public var requestID: RequestID? { Store.requestID(statement, at: 3) }
    /// `unhandled`, `logged` or `platform`.
    public var kind: String { statement.text(at: 4) }
    /// The class or type; valid until the next row.
    public var type: UnsafeBufferPointer<UInt8> { statement.bytes(at: 5) }
    /// Identifies equal faults; valid until the next row.
    public var fingerprint: UnsafeBufferPointer<UInt8> { statement.bytes(at: 6) }
    /// The message; valid until the next row.
    public var message: UnsafeBufferPointer<UInt8> { statement.bytes(at: 7) }
    /// The traceback; valid until the next row.
    public var traceback: UnsafeBufferPointer<UInt8> { statement.bytes(at: 8) }
  }

  /// Calls `body` with the errors of functions, in table order.
  public func forEachError(
    of selection: FactSelection, _ body: (ErrorRow) -> Void
  ) throws(StoreError) {
    let condition = selection.condition(on: "timestamp_ms")
    let statement = try connection.prepare(
      """
      SELECT r.id, r.timestamp_ms, r.log_stream_id, r.request_id, e.kind, e.type, e.fingerprint,
        \(Schema.errorMessage(in: "main.")), \(Schema.traceback(in: "main."))
      FROM main.error_rows AS r CROSS JOIN main.error_groups AS e ON e.id = r.group_id
      WHERE e.kind <> 'gateway' AND \(condition.text)
      """)
    for (index, value) in condition.bindings.enumerated() { statement.bind(value, at: index + 1) }
    while try statement.step() { body(ErrorRow(statement: statement)) }
  }

  /// Whether any error in the store reports a refused call.
  public func hasThrottlingErrors() throws(StoreError) -> Bool {
    let statement = try connection.prepare("SELECT 1 FROM main.fact_counts WHERE throttles > 0")
    return try statement.step()
  }

  // MARK: Single facts

  /// Returns the rows of `invocations` with these ids, with all columns, in the order of `ids`.
  public func invocations(ids: [Int64]) throws(StoreError) -> ResultTable {
    try rows(of: "invocations", ids: ids)
  }

  /// Returns the rows of `errors` with these ids, with all columns, in the order of `ids`.
  public func errors(ids: [Int64]) throws(StoreError) -> ResultTable {
    try rows(of: "errors", ids: ids)
  }

  private func rows(of table: String, ids: [Int64]) throws(StoreError) -> ResultTable {
    let statement = try connection.prepare("SELECT * FROM main.\(table) WHERE id = ?1")
    var result = ResultTable(
      columns: statement.columnNames.map { ResultColumn(name: $0, type: .text) })
    for id in ids {
      statement.bind(id, at: 1)
      if try statement.step() {
        result.rows.append(result.columns.indices.map { statement.value(at: $0) })
      }
      statement.reset()
    }
    return result
  }

  /// Returns the ids of the invocations of some requests, by start: those in the range, and those
  /// without a start.
  public func invocationIDs(
    ofRequests requests: [RequestID], in range: TimeRange
  ) throws(StoreError) -> [Int64] {
    // Sixteen bytes or text, as stored; the sign prevents SQLite from building an index of all
    // rows.
    let places = requests.indices.map { "?\($0 + 3)" }.joined(separator: ", ")
    let statement = try connection.prepare(
      """
      SELECT r.id FROM \(InvocationZones.rows(timeless: true))
      CROSS JOIN main.\(InvocationColumns.groups)
      WHERE +r.request_id IN (\(places)) ORDER BY \(InvocationColumns.start), r.id
      """)
    statement.bind(range.start, at: 1)
    statement.bind(range.end, at: 2)
    for (index, request) in requests.enumerated() { statement.bind(request, at: index + 3) }
    var ids: [Int64] = []
    while try statement.step() { ids.append(statement.integer(at: 0)) }
    return ids
  }

  /// Returns the ids of the errors of some requests, in order of time, without those of a gateway.
  public func errorIDs(ofRequests requests: [RequestID]) throws(StoreError) -> [Int64] {
    let places = requests.indices.map { "?\($0 + 1)" }.joined(separator: ", ")
    let statement = try connection.prepare(
      """
      SELECT r.id FROM main.error_rows AS r CROSS JOIN main.error_groups AS e ON e.id = r.group_id
      WHERE +r.request_id IN (\(places)) AND e.kind <> 'gateway'
      ORDER BY r.timestamp_ms, r.id
      """)
    for (index, request) in requests.enumerated() { statement.bind(request, at: index + 1) }
    var ids: [Int64] = []
    while try statement.step() { ids.append(statement.integer(at: 0)) }
    return ids
  }

  /// Returns the names of a log stream and its group.
  public func names(
    ofStream id: Int64
  ) throws(StoreError) -> (logGroup: String?, logStream: String?) {
    let statement = try connection.prepare(
      """
      SELECT g.name, s.name
      FROM main.log_streams AS s JOIN main.log_groups AS g ON g.id = s.log_group_id
      WHERE s.id = ?1
      """)
    statement.bind(id, at: 1)
    guard try statement.step() else { return (nil, nil) }
    return (statement.optionalText(at: 0), statement.optionalText(at: 1))
  }
}
