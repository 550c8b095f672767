import InsightsModel
import InsightsTestSupport
import Testing

import InsightsSQLite
@testable import InsightsStore

/// Invocations are read on several threads.
@Suite("reading invocations")
struct InvocationReadingTests {
  private final class Collector {
    var starts: [Int64] = []
    var timelessCount = 0
  }

  private static func row(start: Int64?) -> InvocationTable.Row {
    var row = InvocationTable.Row(requestID: nil)
    row.start = start
    row.durationMilliseconds = 1
    return row
  }

  /// A store with invocations that start at 0, 1, … but for every seventh, which has no time.
  private static func store(at path: String, rowCount: Int, zones: Bool) throws {
    let store = try Store(path: path, access: .readWrite)
    let table = try InvocationTable(connection: store.connection)
    try store.connection.transaction {
      try store.connection.execute(
        """
        INSERT INTO log_groups (id) VALUES (1);
        INSERT INTO log_streams (id, log_group_id) VALUES (1, 1);
        """)
      try table.insert(
        (0..<rowCount).map { row(start: $0.isMultiple(of: 7) ? nil : Int64($0)) }, streamID: 1)
      if zones { try InvocationZones(connection: store.connection).update() }
    }
    try store.close()
  }

  private static func read(
    _ store: Store, _ range: TimeRange, meanwhile: () throws -> Void = {}
  ) throws -> (starts: [Int64], timelessCount: Int) {
    let collectors = try store.forEachInvocation(
      in: range, makeCollector: Collector.init,
      { collector, samples in
        for sample in samples {
          if let start = sample.start {
            collector.starts.append(start)
          } else {
            collector.timelessCount += 1
          }
        }
      }, meanwhile: meanwhile)
    return (
      collectors.flatMap(\.starts).sorted(), collectors.reduce(0) { $0 + $1.timelessCount }
    )
  }

  @Test(
    "each invocation of a range is given once",
    arguments: [0, 1, 4096, 65_536, 65_537, 300_000], [true, false])
  func once(rowCount: Int, zones: Bool) throws {
    let folder = try TemporaryFolder()
    try Self.store(at: folder.path + "/s.db", rowCount: rowCount, zones: zones)
    let store = try Store(path: folder.path + "/s.db", access: .readOnly)
    let all = (0..<Int64(rowCount)).filter { !$0.isMultiple(of: 7) }
    let found = try Self.read(store, .everything)
    #expect(found.starts == all)
    #expect(found.timelessCount == rowCount - all.count)
    let start = Int64(rowCount / 3)
    let end = Int64(rowCount / 2)
    for (range, wanted) in [
      (TimeRange(start: start, end: end), all.filter { $0 >= start && $0 < end }),
      (TimeRange(start: start, end: nil), all.filter { $0 >= start }),
      (TimeRange(start: nil, end: end), all.filter { $0 < end }),
      (TimeRange(start: Int64(rowCount), end: nil), []),
    ] {
      let found = try Self.read(store, range)
      #expect(found.starts == wanted)
      #expect(found.timelessCount == 0)
    }
  }

  @Test("a failure of what is done meanwhile ends the reading")
  func failure() throws {
    struct Failure: Error {}
    let folder = try TemporaryFolder()
    try Self.store(at: folder.path + "/s.db", rowCount: 300_000, zones: true)
    let store = try Store(path: folder.path + "/s.db", access: .readOnly)
    #expect(throws: Failure.self) {
      _ = try Self.read(store, .everything, meanwhile: { throw Failure() })
    }
    let found = try Self.read(store, .everything)
    #expect(found.timelessCount == 300_000 / 7 + 1)
  }

  @Test("connections beside each other see the same, or there are none")
  func siblings() throws {
    let folder = try TemporaryFolder()
    let path = folder.path + "/s.db"
    try Self.store(at: path, rowCount: 10, zones: false)
    let store = try Store(path: path, access: .readOnly)
    func counts(_ connections: [Connection]) throws -> [Int64] {
      try connections.map { connection in
        let statement = try connection.prepare("SELECT count(*) FROM invocation_rows")
        return try statement.step() ? statement.integer(at: 0) : 0
      }
    }
    let found = try store.connection.withSiblings(3) { try counts($0) }
    #expect(found == [10, 10, 10])
    // In a transaction it may see an older state than others would.
    try store.connection.execute("BEGIN")
    let within = try store.connection.withSiblings(3) { $0.count }
    #expect(within == 0)
    try store.connection.execute("COMMIT")
    let inMemory = try Store(.memory)
    let besideMemory = try inMemory.connection.withSiblings(3) { $0.count }
    #expect(besideMemory == 0)
    // A writer goes on while they read, and they do not see it.
    let writer = try Store(path: path, access: .readWrite)
    let reader = try Store(path: path, access: .readOnly)
    let during = try reader.connection.withSiblings(1) { siblings in
      let table = try InvocationTable(connection: writer.connection)
      try table.insert([Self.row(start: 5)], streamID: 1)
      return try counts(siblings + [reader.connection])
    }
    #expect(during == [10, 10])
    let afterwards = try counts([reader.connection])
    #expect(afterwards == [11])
  }
}
