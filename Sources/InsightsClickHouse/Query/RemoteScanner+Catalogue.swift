public import InsightsModel
internal import InsightsStore
public import InsightsThreads

/// What is known of the events together.
extension RemoteScanner {
  /// The names of fields by address, and which content they were read of.
  private static let knownFields = Locked<[String: (version: String, names: Set<String>)]>([:])

  public func discoveredFields(_ cancellation: Cancellation) throws(StoreError) -> Set<String> {
    // It reads the names of all events, so a program that goes on asks again only when there are others.
    let version = try contentVersion(cancellation)
    if let known = Self.knownFields.withLock({ $0[address] }), known.version == version {
      return known.names
    }
    var names: Set<String> = []
    try forEachRow(
      "SELECT DISTINCT arrayJoin(mapKeys(fields)) AS name FROM events", cancellation
    ) { names.insert($0.text(0)) }
    Self.knownFields.withLock { $0[address] = (version, names) }
    return names
  }

  public func logGroups(
    _ cancellation: Cancellation
  ) throws(StoreError) -> [(name: String, account: String)] {
    var groups: [(name: String, account: String)] = []
    try forEachRow(
      """
      SELECT DISTINCT log_group, \(RemoteRelation.account) AS shown FROM events WHERE log_group != ''
      ORDER BY log_group, shown
      """, cancellation
    ) { groups.append(($0.text(0), $0.text(1))) }
    return groups
  }

  public func newestTimestamp(_ cancellation: Cancellation) throws(StoreError) -> Int64? {
    var newest: Int64?
    try forEachRow(
      "SELECT max(timestamp_ms) FROM events HAVING count() > 0 AND max(timestamp_ms) > toInt64('\(ClickHouseSchema.missingTime)')",
      cancellation
    ) { newest = $0.integer(0) }
    return newest
  }

  public func eventCount(_ cancellation: Cancellation) throws(StoreError) -> Int {
    Int(clamping: try integer("SELECT count() FROM events", cancellation))
  }

  public func logStreams(
    ofGroup name: String, _ cancellation: Cancellation
  ) throws(StoreError) -> [String] {
    var names: [String] = []
    try forEachRow(
      """
      SELECT DISTINCT log_stream FROM events
      WHERE log_group = {group:String} AND log_stream != '' ORDER BY log_stream
      """, parameters: ["group": .text(name)], cancellation
    ) { names.append($0.text(0)) }
    return names
  }

  public func lastPosition(_ cancellation: Cancellation) throws(StoreError) -> Int64 {
    try integer("SELECT max(position) FROM events", cancellation)
  }

  public func messageByteCount(_ cancellation: Cancellation) throws(StoreError) -> Int64 {
    try integer("SELECT sum(length(message)) FROM events", cancellation)
  }

  public func contentVersion(_ cancellation: Cancellation) throws(StoreError) -> String {
    var version = ""
    // The server knows these without reading rows.
    try forEachRow(
      "SELECT count(), min(timestamp_ms), max(timestamp_ms) FROM events", cancellation
    ) { row in version = (0..<3).map { "\(row.integer($0))" }.joined(separator: " ") }
    return version
  }

  /// The number of a row with one number; 0 without a row.
  private func integer(
    _ sql: String, _ cancellation: Cancellation
  ) throws(StoreError) -> Int64 {
    var number: Int64 = 0
    try forEachRow(sql, cancellation) { number = $0.integer(0) }
    return number
  }

  /// Calls `body` with each row.
  private func forEachRow(
    _ sql: String, parameters: [String: ClickHouseParameter] = [:],
    _ cancellation: Cancellation, _ body: (ClickHouseRows.Row) -> Void
  ) throws(StoreError) {
    let rows = try client.rows(
      sql, parameters: parameters,
      settings: Self.settings(for: ExecutionContext(cancellation: cancellation)),
      cancellation: cancellation)
    while let row = try rows.next() { body(row) }
  }
}
