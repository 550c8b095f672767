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
    try other.connection.execute(
      """
      DROP VIEW invocations; DROP TABLE frames; DROP TABLE errors; DROP TABLE invocation_rows;
      DROP TABLE invocation_zones; DROP TABLE fact_counts; DROP TABLE field_index_filters;
      DROP TABLE field_indexes; DROP TABLE fields; DROP TABLE segment_uuid_filters;
      DROP TABLE segment_blocks; DROP TABLE segments; DROP TABLE sources; DROP TABLE documents;
      DROP TABLE log_streams; DROP TABLE log_groups;
      """)
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
