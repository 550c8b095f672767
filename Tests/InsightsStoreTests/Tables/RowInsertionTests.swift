import Testing

import InsightsModel
import InsightsSQLite
@testable import InsightsStore

/// Rows that are inserted many at once are those that were prepared.
@Suite("row insertion")
struct RowInsertionTests {
  private static let id = "7f1c0a52-6a1e-4d0b-9c36-2f60d7a5be10"

  private static func connection() throws -> Connection {
    let connection = try Connection(path: "", mode: .inMemory)
    try connection.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, a, b, c DEFAULT 7)")
    return connection
  }

  private static func rows(_ connection: Connection) throws -> [[String?]] {
    let statement = try connection.prepare(
      "SELECT id, quote(a), quote(b), quote(c) FROM t ORDER BY id")
    var rows: [[String?]] = []
    while try statement.step() { rows.append((0..<4).map { statement.optionalText(at: $0) }) }
    return rows
  }

  @Test("every kind of value arrives as it was given")
  func values() throws {
    let connection = try Self.connection()
    let insertion = try RowInsertion(
      into: "t", columns: ["a", "b"], connection: connection)
    var prepared = PreparedRows(columnCount: 2)
    prepared.append(Int64.min)
    prepared.append(0.5)
    prepared.endRow()
    prepared.append("")
    prepared.append("Grüße '\u{0}'")
    prepared.endRow()
    prepared.append(RequestID(Self.id))
    prepared.append(Self.id)
    prepared.endRow()
    prepared.append(RequestID("none"))
    prepared.append(nil as String?)
    prepared.endRow()
    prepared.append(1 as Int64?)
    prepared.endRow()
    #expect(try insertion.insert(prepared) == 1)
    #expect(
      try Self.rows(connection) == [
        ["1", "-9223372036854775808", "0.5", "7"], ["2", "''", "'Grüße '''", "7"],
        ["3", "X'7F1C0A526A1E4D0B9C362F60D7A5BE10'", "'\(Self.id)'", "7"],
        ["4", "'none'", "NULL", "7"], ["5", "1", "NULL", "7"],
      ])
  }

  @Test("a range of rows is inserted, and the id of the first is told")
  func ranges() throws {
    let connection = try Self.connection()
    let insertion = try RowInsertion(into: "t", columns: ["a"], connection: connection)
    var prepared = PreparedRows(columnCount: 1)
    for number in 0..<10 {
      prepared.append(Int64(number))
      prepared.endRow()
    }
    #expect(try insertion.insert(prepared, rows: 2..<4) == 1)
    #expect(try insertion.insert(prepared, rows: 7..<10) == 3)
    #expect(try insertion.insert(prepared, rows: 5..<5) == 0)
    #expect(try insertion.insert(prepared, rows: 9..<20, offset: 100) == 6)
    #expect(try Self.rows(connection).map { $0[1] } == ["2", "3", "7", "8", "9", "109"])
    #expect(try insertion.insert(PreparedRows(columnCount: 1)) == 0)
  }

  @Test("insertions of one connection keep apart, also after the schema has changed")
  func several() throws {
    let connection = try Self.connection()
    let first = try RowInsertion(into: "t", columns: ["a"], connection: connection)
    let second = try RowInsertion(into: "t", columns: ["a"], connection: connection)
    try connection.execute("CREATE TABLE u (a)")
    for (insertion, text) in [(first, "one"), (second, "two"), (first, "three")] {
      var prepared = PreparedRows(columnCount: 1)
      prepared.append(text)
      prepared.endRow()
      try insertion.insert(prepared)
    }
    #expect(try Self.rows(connection).map { $0[1] } == ["'one'", "'two'", "'three'"])
  }

  @Test("a row that the table refuses stops with an error and leaves none of its statement")
  func refused() throws {
    let connection = try Self.connection()
    try connection.execute("CREATE UNIQUE INDEX i ON t (a)")
    let insertion = try RowInsertion(into: "t", columns: ["a"], connection: connection)
    var prepared = PreparedRows(columnCount: 1)
    for number in [1, 2, 2] as [Int64] {
      prepared.append(number)
      prepared.endRow()
    }
    #expect(throws: StoreError.self) { try insertion.insert(prepared) }
    #expect(try Self.rows(connection).isEmpty)
    #expect(try insertion.insert(prepared, rows: 0..<2) == 1)
  }
}
