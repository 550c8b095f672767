internal import InsightsModel
internal import InsightsSQLite

/// Inserts prepared rows into a table, many with one statement.
///
/// A statement for each row would take three times as long as SQLite needs for the row itself.
final class RowInsertion {
  private let statement: Statement
  private let source = PreparedRowsSource()
  private let connection: Connection

  /// Prepares an insertion; the rows' values are in the order of `columns`.
  init(
    into table: String, columns: [String], connection: Connection
  ) throws(StoreError) {
    self.connection = connection
    // The name must be unique on the connection, since another table would be read otherwise.
    let name = "prepared rows \(UInt(bitPattern: source.view))"
    try PreparedRowsModule.install(source, as: name, columns: columns, connection)
    statement = try connection.prepare(
      """
      INSERT INTO \(table) (\(columns.joined(separator: ", ")))
      SELECT \(columns.map(\.quotedIdentifier).joined(separator: ", ")) FROM \(name.quotedIdentifier)
      """)
  }

  /// Inserts some rows of a batch, in their order; returns the id of the first.
  ///
  /// `offset` is added to the integers of the first column.
  @discardableResult
  func insert(
    _ batch: PreparedRows, rows: Range<Int>? = nil, offset: Int64 = 0
  ) throws(StoreError) -> Int64 {
    let rows = rows?.clamped(to: 0..<batch.count) ?? 0..<batch.count
    guard !rows.isEmpty else { return 0 }
    try batch.withView(of: rows, offset: offset) { view throws(StoreError) in
      source.view.pointee = view
      defer { source.view.pointee = PreparedRows.View() }
      try statement.run()
    }
    // Ids are consecutive.
    return connection.lastInsertedID - Int64(rows.count) + 1
  }
}
