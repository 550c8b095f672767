public import InsightsModel
internal import InsightsStore
public import InsightsThreads

/// Properties of all events together.
extension RemoteScanner {
  /// The names of fields, and the log groups with their accounts.
  struct Catalogue {
    var fields: Set<String>?
    /// Sorted by their bytes.
    var logGroups: [(name: String, account: String)] = []
  }

  /// The catalogues of stores, by their address, with the content version that each was read from.
  private static let known = Locked<[String: (version: String, catalogue: Catalogue)]>([:])

  public func discoveredFields(_ cancellation: Cancellation) throws(StoreError) -> Set<String> {
    try catalogue(withFields: true, cancellation).fields ?? []
  }

  public func logGroups(
    _ cancellation: Cancellation
  ) throws(StoreError) -> [(name: String, account: String)] {
    try catalogue(withFields: false, cancellation).logGroups
  }

  /// Reads the catalogue with one request, or returns the cached one if the events have not
  /// changed.
  private func catalogue(
    withFields: Bool, _ cancellation: Cancellation
  ) throws(StoreError) -> Catalogue {
    if let catalogue, catalogue.fields != nil || !withFields { return catalogue }
    let version = try state(cancellation).contentVersion
    if let known = Self.known.withLock({ $0[address] }), known.version == version {
      catalogue = known.catalogue
      return known.catalogue
    }
    var found = Catalogue()
    var sql = """
      SELECT 0 AS kind, log_group AS name, \(RemoteRelation.account) AS shown FROM events
      WHERE log_group != '' GROUP BY name, shown
      """
    if withFields {
      found.fields = []
      // This part reads the names of all events, unlike the one about log groups.
      sql += "\nUNION ALL SELECT DISTINCT 1, arrayJoin(mapKeys(fields)), '' FROM events"
    }
    try forEachRow(sql, cancellation) { row in
      if row.integer(0) == 1 {
        found.fields?.insert(row.text(1))
      } else {
        found.logGroups.append((row.text(1), row.text(2)))
      }
    }
    found.logGroups.sort {
      ($0.name == $1.name ? $0.account : $0.name).utf8.lexicographicallyPrecedes(
        ($0.name == $1.name ? $1.account : $1.name).utf8)
    }
    catalogue = found
    if withFields { Self.known.withLock { $0[address] = (version, found) } }
    return found
  }

  public func newestTimestamp(_ cancellation: Cancellation) throws(StoreError) -> Int64? {
    var newest: Int64?
    try forEachRow(
      "SELECT max(timestamp_ms) FROM events HAVING count() > 0 AND max(timestamp_ms) > toInt64('\(ClickHouseSchema.missingTime)')",
      cancellation
    ) { newest = $0.integer(0) }
    return newest
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

  /// Returns the single number of a row; 0 without a row.
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
