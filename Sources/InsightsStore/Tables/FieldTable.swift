public import InsightsModel
public import InsightsSQLite

/// The table `fields`: the discovered fields with the number of events that have them, and the
/// names of values that are not fields.
public final class FieldTable {
  private let connection: Connection
  private let selectID: Statement
  private let insertRow: Statement
  private let addCount: Statement
  private let mark: Statement
  private var ids: [[UInt8]: Int64] = [:]
  /// Counts not yet in the table, by the field's id.
  private var counts: [Int64: Int] = [:]
  /// The ids of names that are recorded as exceeding the limit on fields per event.
  private var marked: Set<Int64> = []

  /// The maximum number of cached names, as a defence against hostile input.
  private static let nameLimit = 100_000

  /// Uses a connection to the store.
  ///
  /// - Throws: `StoreError`.
  public init(connection: Connection) throws(StoreError) {
    self.connection = connection
    selectID = try connection.prepare("SELECT id FROM fields WHERE name = ?1")
    insertRow = try connection.prepare("INSERT INTO fields (name, event_count) VALUES (?1, 0)")
    addCount = try connection.prepare(
      "UPDATE fields SET event_count = event_count + ?2 WHERE id = ?1")
    mark = try connection.prepare("UPDATE fields SET occurs_behind_limit = 1 WHERE id = ?1")
  }

  /// Returns the id of a field, which is added if it is unknown.
  func id(of name: [UInt8]) throws(StoreError) -> Int64 {
    if let id = ids[name] { return id }
    let text = String(decoding: name, as: UTF8.self)
    defer { selectID.reset() }
    selectID.bind(text, at: 1)
    let id: Int64
    if try selectID.step() {
      id = selectID.integer(at: 0)
    } else {
      insertRow.bind(text, at: 1)
      try insertRow.run()
      id = connection.lastInsertedID
    }
    if ids.count < FieldTable.nameLimit { ids[name] = id }
    return id
  }

  /// Adds to the number of events with the field; written by the next `flush`.
  func add(eventCount: Int, to id: Int64) {
    counts[id, default: 0] += eventCount
  }

  /// Records that a value with this name is not a field in some event, because it exceeds the limit
  /// on fields per event.
  func noteBehindLimit(_ name: [UInt8]) throws(StoreError) {
    let id = try id(of: name)
    guard marked.insert(id).inserted else { return }
    mark.bind(id, at: 1)
    try mark.run()
  }

  /// Writes the counts; call it before each commit.
  public func flush() throws(StoreError) {
    for (id, count) in counts where count != 0 {
      addCount.bind(id, at: 1)
      addCount.bind(Int64(count), at: 2)
      try addCount.run()
    }
    counts.removeAll(keepingCapacity: true)
  }
}
