import InsightsTestSupport
import Testing

import InsightsSQLite
@testable import InsightsStore

/// The zones that are made while rows are inserted are those that the rows give.
@Suite("zones of invocations")
struct InvocationZoneTests {
  private static func rows(_ starts: [Int64?]) -> [InvocationTable.Row] {
    starts.map { start in
      var row = InvocationTable.Row(requestID: nil)
      row.start = start
      return row
    }
  }

  private static func zones(_ connection: Connection) throws -> [[Int64?]] {
    let statement = try connection.prepare("SELECT * FROM invocation_zones ORDER BY id")
    var zones: [[Int64?]] = []
    while try statement.step() { zones.append((0..<4).map { statement.optionalInteger(at: $0) }) }
    return zones
  }

  /// Checks that `update` adds nothing, and that all zones made anew are the same.
  private static func check(_ connection: Connection, count: Int) throws {
    let made = try zones(connection)
    #expect(made.count == count)
    try InvocationZones(connection: connection).update()
    let updated = try zones(connection)
    #expect(updated == made)
    try InvocationZones.removeAll(connection)
    try InvocationZones(connection: connection).update()
    let anew = try zones(connection)
    #expect(anew == made)
  }

  @Test("rows in parts of any size", arguments: [1, 100, 4095, 4096, 4097, 20_000])
  func parts(size: Int) throws {
    let store = try Store(.memory)
    var generator = SeededGenerator(state: UInt64(size))
    let starts = (0..<21_000).map { number -> Int64? in
      number % 5000 == 7 ? nil : Int64.random(in: -1000...1_000_000, using: &generator)
    }
    // Half by one writer, half by the next.
    for half in [starts.prefix(10_500), starts.suffix(10_500)] {
      let table = try InvocationTable(connection: store.connection)
      var rest = half
      while !rest.isEmpty {
        try table.insert(Self.rows(Array(rest.prefix(size))), streamID: 1)
        rest = rest.dropFirst(size)
      }
    }
    try Self.check(store.connection, count: 21_000 / 4096)
  }

  @Test("no row has a start")
  func timeless() throws {
    let store = try Store(.memory)
    let table = try InvocationTable(connection: store.connection)
    try table.insert(Self.rows(Array(repeating: nil, count: 5000)), streamID: 1)
    try Self.check(store.connection, count: 1)
    let zone = try Self.zones(store.connection)[0]
    #expect(zone == [0, nil, nil, 1])
  }

  @Test("ids of rows that were removed are given again")
  func removed() throws {
    let store = try Store(.memory)
    let table = try InvocationTable(connection: store.connection)
    try table.insert(Self.rows((0..<9000).map { Int64($0) }), streamID: 1)
    try table.delete(4000..<20_000)
    try table.insert(Self.rows((0..<9000).map { Int64($0) + 1_000_000 }), streamID: 1)
    try InvocationZones(connection: store.connection).update()
    let zones = try Self.zones(store.connection)
    #expect(zones.map { $0[2] } == [1_000_095, 1_004_191, 1_008_287])
    try Self.check(store.connection, count: 3)
  }

  @Test("others have written meanwhile")
  func otherWriter() throws {
    let store = try Store(.memory)
    let table = try InvocationTable(connection: store.connection)
    try table.insert(Self.rows((0..<3000).map { Int64($0) }), streamID: 1)
    let other = try InvocationTable(connection: store.connection)
    try other.insert(Self.rows((0..<6000).map { Int64($0) + 5000 }), streamID: 1)
    try table.insert(Self.rows((0..<6000).map { Int64($0) - 5000 }), streamID: 1)
    try InvocationZones(connection: store.connection).update()
    try Self.check(store.connection, count: 3)
  }
}
