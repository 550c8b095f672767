import InsightsSQLite
import InsightsStore
import Testing

@Suite("the schema as text")
struct SchemaTextTests {
  @Test("any SQLite tool makes the tables of a store of it")
  func tables() throws {
    func schema(_ connection: Connection) throws -> [String] {
      let statement = try connection.prepare(
        "SELECT type || ' ' || name || ' ' || ifnull(sql, '') FROM sqlite_schema ORDER BY 1")
      var rows: [String] = []
      while try statement.step() { rows.append(statement.text(at: 0)) }
      return rows
    }
    let store = try Store(.memory)
    let other = try Store(.memory)
    // What refers to others was made after them.
    let names = try other.connection.prepare(
      """
      SELECT 'DROP ' || type || ' ' || name FROM sqlite_schema WHERE type IN ('table', 'view')
      ORDER BY type DESC, rowid DESC
      """)
    var removals: [String] = []
    while try names.step() { removals.append(names.text(at: 0)) }
    try other.connection.execute("PRAGMA foreign_keys = OFF")
    for removal in removals { try other.connection.execute(removal) }
    #expect(try schema(other.connection) == [])
    try other.connection.execute(Schema.sql)
    #expect(try schema(other.connection) == schema(store.connection))
  }

  @Test("the tables of facts have the columns that they are said to have")
  func facts() throws {
    let store = try Store(.memory)
    for table in [FactTable.invocations, .errors] {
      let columns = try store.connection.prepare("SELECT * FROM \(table.name)").columnNames
      // The last is the number of the stream, for the program only.
      #expect(columns.dropLast() == ["id"] + table.columns.map(\.name))
      #expect(table.columns.contains { $0.name == table.time })
    }
    let frames = try store.connection.prepare("SELECT * FROM frames").columnNames
    #expect(frames == ["error_id", "position"] + FactTable.frameColumns.map(\.name))
  }
}
