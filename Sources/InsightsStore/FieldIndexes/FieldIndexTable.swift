/// The tables `field_indexes` and `field_index_filters`: which fields are indexed, and a
/// `FieldIndexFilter` for each of them and each segment.
///
/// A segment without a filter is one that the index does not know yet: nothing is said about it.
public final class FieldIndexTable {
  private let connection: Connection
  /// Segments indexed in one transaction, so that others need not wait long to write.
  private static let segmentsPerTransaction = 64

  public init(connection: Connection) {
    self.connection = connection
  }

  /// An index: its id and the name of its field.
  typealias Index = (id: Int64, field: String)

  /// All indexes, in the order of their fields' names.
  func indexes() throws(StoreError) -> [Index] {
    let statement = try connection.prepare("SELECT id, name FROM main.field_indexes ORDER BY name")
    var indexes: [Index] = []
    while try statement.step() {
      indexes.append((statement.integer(at: 0), statement.text(at: 1)))
    }
    return indexes
  }

  /// Adds indexes of fields, where there are none; `update` fills them.
  func add(_ fields: [String]) throws(StoreError) {
    let insert = try connection.prepare("INSERT OR IGNORE INTO field_indexes (name) VALUES (?1)")
    for field in fields {
      insert.bind(field, at: 1)
      try insert.run()
    }
  }

  /// Removes the indexes of fields, as far as there are any.
  func remove(_ fields: [String]) throws {
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

  /// Makes the filters that are missing, as they are of segments that were written since.
  ///
  /// Outside a transaction: it makes its own, some segments each. `progress` is called after each
  /// segment, with the bytes and the events of all so far. With `mayStop` it ends early where the work on
  /// the store has to stop: what is missing then is made the next time.
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
