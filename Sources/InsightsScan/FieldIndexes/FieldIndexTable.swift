internal import InsightsSegments
package import InsightsModel
public import InsightsSQLite

/// The tables `field_indexes` and `field_index_filters`: the indexed fields, and a
/// `FieldIndexFilter` for each of them and each segment.
///
/// A segment without a filter is not indexed yet and must be read.
public final class FieldIndexTable {
  private let connection: Connection
  /// The number of segments indexed per transaction, so that other writers need not wait long.
  private static let segmentsPerTransaction = 64

  /// Uses a connection to the store.
  public init(connection: Connection) {
    self.connection = connection
  }

  /// An index: its id and the name of its field.
  typealias Index = (id: Int64, field: String)

  /// Returns all indexes, sorted by the names of their fields.
  func indexes() throws(StoreError) -> [Index] {
    let statement = try connection.prepare("SELECT id, name FROM main.field_indexes ORDER BY name")
    var indexes: [Index] = []
    while try statement.step() {
      indexes.append((statement.integer(at: 0), statement.text(at: 1)))
    }
    return indexes
  }

  /// Adds missing indexes of fields; `update` fills them.
  package func add(_ fields: [String]) throws(StoreError) {
    let insert = try connection.prepare("INSERT OR IGNORE INTO field_indexes (name) VALUES (?1)")
    for field in fields {
      insert.bind(field, at: 1)
      try insert.run()
    }
  }

  /// Removes the indexes of fields, if they exist.
  package func remove(_ fields: [String]) throws {
    let statements = [
      """
      DELETE FROM field_index_filters
      WHERE field_index_id = (SELECT id FROM field_indexes WHERE name = ?1)
      """,
      "DELETE FROM field_indexes WHERE name = ?1",
    ]
    try connection.transaction {
      for sql in statements {
        let statement = try connection.prepare(sql)
        for field in fields {
          statement.bind(field, at: 1)
          try statement.run()
        }
      }
    }
  }

  /// Builds the missing filters, which are those of newly written segments.
  ///
  /// Call it outside a transaction: it begins its own, each for some segments. `progress` is called
  /// after each segment, with the bytes and events processed so far. With `mayStop` it returns
  /// early when the operation is cancelled; the next call builds the remaining filters.
  ///
  /// - Throws: `StoreError`.
  public func update(
    mayStop: Bool = false, progress: ((_ bytes: Int, _ events: Int) -> Void)? = nil
  ) throws {
    let indexes = try indexes()
    if indexes.isEmpty { return }
    var missing: [Int64: [Index]] = [:]
    for index in indexes {
      for segment in try segments(withoutFilterOf: index) {
        missing[segment, default: []] += [index]
      }
    }
    if missing.isEmpty { return }
    let directories = try SegmentTable(connection: connection).directories()
      .filter { missing[$0.id] != nil }
    let builder = try FieldIndexBuilder(connection: connection)
    var (bytes, events) = (0, 0)
    var next = 0
    while next < directories.count {
      if mayStop { try connection.waiting.cancellation.throwIfStopped() }
      let end = min(directories.count, next + Self.segmentsPerTransaction)
      try connection.transaction {
        for directory in directories[next..<end] {
          try builder.addFilters(of: missing[directory.id] ?? [], for: directory)
          bytes += directory.textByteCount
          events += directory.eventCount
          progress?(bytes, events)
        }
      }
      next = end
    }
  }

  private func segments(withoutFilterOf index: Index) throws(StoreError) -> [Int64] {
    let statement = try connection.prepare(
      """
      SELECT id FROM main.segments WHERE id NOT IN (
        SELECT segment_id FROM main.field_index_filters WHERE field_index_id = ?1)
      """)
    statement.bind(index.id, at: 1)
    var segments: [Int64] = []
    while try statement.step() { segments.append(statement.integer(at: 0)) }
    return segments
  }
}
