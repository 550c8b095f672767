internal import InsightsSQLite
internal import InsightsModel
internal import InsightsText

/// A table of values that many rows of another table share: equal rows are stored once.
///
/// The table has the columns `id` and `hash`, an index over `hash`, and the given columns.
final class SharedRows {
  /// The maximum size in bytes of the values whose ids are cached.
  private static let rememberedByteLimit = 4 << 20

  private let connection: Connection
  private let selection: Statement
  private let insertion: Statement
  private var ids: [[Value]: Int64] = [:]
  private var rememberedByteCount = 0

  init(table: String, columns: [String], connection: Connection) throws(StoreError) {
    self.connection = connection
    let conditions = columns.enumerated().map { "\($1) IS ?\($0 + 2)" }
    selection = try connection.prepare(
      "SELECT id FROM \(table) WHERE hash = ?1 AND \(conditions.joined(separator: " AND "))")
    let parameters = (0...columns.count).map { "?\($0 + 1)" }
    insertion = try connection.prepare(
      """
      INSERT INTO \(table) (hash, \(columns.joined(separator: ", ")))
      VALUES (\(parameters.joined(separator: ", ")))
      """)
  }

  /// Returns the id of the row with these values; adds the row if it is missing.
  ///
  /// `related` are values in other tables that belong to the row: rows with different ones are
  /// different. The caller adds them for a new row.
  func id(
    of values: [Value], with related: [Value] = []
  ) throws(StoreError) -> (id: Int64, isNew: Bool) {
    let key = values + related
    if let id = ids[key] { return (id, false) }
    let hash = Self.hash(key)
    let found = try row(hash, values)
    let id: Int64
    if let found { id = found } else { id = try add(hash, values) }
    let byteCount = key.reduce(64) { $0 + $1.byteCount }
    rememberedByteCount += byteCount
    if rememberedByteCount > Self.rememberedByteLimit {
      forget()
      rememberedByteCount = byteCount
    }
    ids[key] = id
    return (id, found == nil)
  }

  /// Forgets the ids, because rows were deleted.
  func forget() {
    ids.removeAll(keepingCapacity: true)
    rememberedByteCount = 0
  }

  private func row(_ hash: Int64, _ values: [Value]) throws(StoreError) -> Int64? {
    defer { selection.reset() }
    selection.bind(hash, at: 1)
    for (index, value) in values.enumerated() { selection.bind(value, at: index + 2) }
    return try selection.step() ? selection.integer(at: 0) : nil
  }

  private func add(_ hash: Int64, _ values: [Value]) throws(StoreError) -> Int64 {
    insertion.bind(hash, at: 1)
    for (index, value) in values.enumerated() { insertion.bind(value, at: index + 2) }
    try insertion.run()
    return connection.lastInsertedID
  }

  /// Hashes values together with their lengths, so that the boundaries between values matter.
  private static func hash(_ values: [Value]) -> Int64 {
    var hash = ContentHash()
    for value in values {
      let (text, length): (String, Int) =
        switch value {
        case .null: ("", -1)
        case .integer(let number): ("\(number)", -2)
        case .real(let number): ("\(number)", -3)
        case .text(let text), .wide(let text): (text, text.utf8.count)
        }
      withUnsafeBytes(of: length.littleEndian) { hash.update($0.bindMemory(to: UInt8.self)) }
      var bytes = text
      bytes.withUTF8 { hash.update($0) }
    }
    return Int64(bitPattern: hash.value.low)
  }
}

extension Value {
  init(_ text: String?) { self = text.map(Value.text) ?? .null }
  init(_ number: Int64?) { self = number.map(Value.integer) ?? .null }
}
