public import InsightsModel
internal import InsightsStore
public import InsightsThreads

/// The tables of a store on a ClickHouse server, and their version.
public enum ClickHouseSchema {
  /// The version that this code reads and writes.
  public static let version = 2

  /// The view that contains the version; it is created last, when all tables exist.
  static let versionView = "insights_schema"

  /// The suffix of the tables that contain the rows of one shard.
  static let localSuffix = "_local"

  /// Represents a missing time in `timestamp_ms` and `ingestion_time_ms` of `events`, since columns
  /// of a sorting key cannot be NULL.
  public static let missingTime = Int64.min

  /// The distribution and replication of the tables.
  public struct Layout: Equatable, Sendable {
    /// The cluster with the shards; `nil` for a single server.
    public var cluster: String?
    /// Whether several servers store the same rows.
    public var isReplicated: Bool

    public init(cluster: String? = nil, isReplicated: Bool = false) {
      self.cluster = cluster
      self.isReplicated = isReplicated
    }

    /// The clause after the name of a table in a definition.
    var onCluster: String { cluster.map { " ON CLUSTER \(literal($0))" } ?? "" }

    /// Returns the table name for a statement that changes rows, which must refer to the tables of
    /// the shards.
    func local(_ table: String) -> String {
      cluster == nil ? table : table + localSuffix + onCluster
    }

    func engine(ofTable name: String) -> String {
      isReplicated
        ? "ReplicatedMergeTree('/clickhouse/tables/{shard}/{database}/\(name)', '{replica}')"
        : "MergeTree"
    }
  }

  /// The definitions of all tables.
  public static let tables = [EventsTable.table, FactTables.invocations, FactTables.errors]

  /// Returns the statements that create missing tables, in order.
  public static func statements(_ layout: Layout = Layout()) -> [String] {
    tables.flatMap { $0.statements(layout) } + [
      """
      CREATE VIEW IF NOT EXISTS frames\(layout.onCluster) AS
      SELECT id AS error_id, number - 1 AS position, file, line, function, code
      FROM errors
      ARRAY JOIN arrayEnumerate(frame_file) AS number, frame_file AS file, frame_line AS line,
        frame_function AS function, frame_code AS code
      """,
      """
      CREATE VIEW IF NOT EXISTS \(versionView)\(layout.onCluster) AS
      SELECT toUInt32(\(version)) AS version, \(literal(layout.cluster ?? "")) AS cluster
      """,
    ]
  }

  /// Returns a text as a literal of ClickHouse SQL.
  static func literal(_ text: String) -> String {
    var escaped = ""
    for character in text.unicodeScalars {
      if character == "\\" || character == "'" { escaped.append("\\") }
      escaped.unicodeScalars.append(character)
    }
    return "'\(escaped)'"
  }

  // MARK: On a server

  /// The state of a store on a server.
  public enum State: Equatable, Sendable {
    /// None of the tables exists.
    case missing
    /// Some of the tables exist: their creation was interrupted.
    case unfinished
    case ready(Layout)
  }

  /// Creates the missing tables.
  ///
  /// - Throws: `StoreError.version`, and `.remote` if existing tables are not those of a store.
  @discardableResult
  public static func prepare(
    _ client: ClickHouseClient, cancellation: Cancellation
  ) throws(StoreError) -> Layout {
    if case .ready(let layout) = try state(client, cancellation: cancellation) { return layout }
    for statement in statements() { try client.execute(statement, cancellation: cancellation) }
    guard case .ready(let layout) = try state(client, cancellation: cancellation) else {
      throw .remote(
        RemoteFailure(.unexpected, "the tables that were made on the server are not there"))
    }
    return layout
  }

  /// Returns the layout of the existing tables.
  ///
  /// - Throws: `StoreError.remote` if they do not exist, and as for `state`.
  public static func require(
    _ client: ClickHouseClient, cancellation: Cancellation
  ) throws(StoreError) -> Layout {
    if case .ready(let layout) = try state(client, cancellation: cancellation) { return layout }
    throw .remote(
      RemoteFailure(
        .unavailable, "there is no store in the database '\(client.address.database)'",
        help: [
          "make one of logs: insights ingest <path> --db \(client.address)",
          "or see 'insights schema --for clickhouse'",
        ]))
  }

  /// Returns the state of the store on a server.
  ///
  /// - Throws: `StoreError.version` for a store of another version, `StoreError.remote` for other
  ///   tables with the same names.
  public static func state(
    _ client: ClickHouseClient, cancellation: Cancellation
  ) throws(StoreError) -> State {
    let known = Dictionary(uniqueKeysWithValues: tables.map { ($0.name, $0.columns) })
    var found: [String: [String: String]] = [:]
    let rows = try client.rows(
      """
      SELECT table, name, type FROM system.columns
      WHERE database = currentDatabase() AND table IN {tables:Array(String)}
      """, parameters: ["tables": .texts(Array(known.keys) + [versionView])],
      cancellation: cancellation)
    while let row = try rows.next() {
      found[row.text(0), default: [:]][row.text(1)] = row.text(2)
    }
    for (table, columns) in known {
      guard let there = found[table] else { continue }
      guard let wrong = columns.first(where: { there[$0.name] != $0.type }) else { continue }
      // A store of another version is recognised by its version.
      if found[versionView] != nil { _ = try layout(client, cancellation) }
      let type = there[wrong.name].map { "is of type \($0), not \(wrong.type)" } ?? "is missing"
      throw .remote(
        RemoteFailure(
          .unavailable,
          "the table '\(table)' in the database '\(client.address.database)' is none of ours: its column '\(wrong.name)' \(type)",
          help: ["name a database of its own for the store: clickhouse://host/database"]))
    }
    guard found[versionView] != nil else { return found.isEmpty ? .missing : .unfinished }
    let layout = try layout(client, cancellation)
    return found.count == known.count + 1 ? .ready(layout) : .unfinished
  }

  /// - Throws: `StoreError.version` for any other than the one that this code reads.
  static func require(version found: Int64) throws(StoreError) {
    guard found == version else { throw .version(found: Int(found), supported: version) }
  }

  /// Reads the layout of the tables from the view that contains their version.
  ///
  /// - Throws: `StoreError.version`; `.remote` if the view does not exist.
  static func layout(
    _ client: ClickHouseClient, _ cancellation: Cancellation
  ) throws(StoreError) -> Layout {
    let row = try client.row(
      "SELECT version, cluster FROM \(versionView)", cancellation: cancellation)
    guard let row else { return Layout() }
    try require(version: row.integer(0))
    let cluster = row.text(1)
    return Layout(cluster: cluster.isEmpty ? nil : cluster)
  }
}
