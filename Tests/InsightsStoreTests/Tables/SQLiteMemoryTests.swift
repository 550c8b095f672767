internal import InsightsFunctions
import InsightsThreads
import Testing

import InsightsModel
import InsightsSQLite
@testable import InsightsStore

/// What SQLite allocates for a query counts as what the query holds.
@Suite("memory of SQLite")
struct SQLiteMemoryTests {
  /// Steps through a statement that makes a value of so many megabytes, and keeps it until the end.
  private static func run(
    _ megabytes: Int, in memory: QueryMemory, of connection: Connection
  ) throws(StoreError) -> Int64 {
    try SQLiteMemory.counted(in: memory) { () throws(StoreError) in
      let statement = try connection.prepare("SELECT length(hex(zeroblob(?1 << 19))) >> 20")
      statement.bind(Int64(megabytes), at: 1)
      return try statement.step() ? statement.integer(at: 0) : 0
    }
  }

  @Test("a statement that allocates more than its query may hold fails, and the next one does not")
  func limit() throws {
    let connection = try Connection(path: "", mode: .inMemory)
    let memory = QueryMemory(limit: 20 << 20)
    for _ in 0..<3 {
      #expect(try Self.run(5, in: memory, of: connection) == 5)
      #expect(throws: StoreError.memoryLimitExceeded(limit: 20 << 20)) {
        try Self.run(100, in: memory, of: connection)
      }
    }
    // Nothing of it counts as held any more.
    try memory.change(by: 20 << 20)
    #expect(throws: StoreError.memoryLimitExceeded(limit: 20 << 20)) {
      try Self.run(15, in: memory, of: connection)
    }
    memory.release(20 << 20)
    #expect(try Self.run(5, in: memory, of: connection) == 5)
  }

  @Test("queries on several threads are limited each by itself")
  func threads() throws {
    let done = Locked<[Bool]>([])
    let threads = [200, 20, 200, 20].map { limit in
      WorkerThread {
        guard let connection = try? Connection(path: "", mode: .inMemory) else { return }
        let memory = QueryMemory(limit: limit << 20)
        let isRight = (0..<10).allSatisfy { _ in
          do throws(StoreError) {
            _ = try Self.run(60, in: memory, of: connection)
            return limit == 200
          } catch { return error == .memoryLimitExceeded(limit: 20 << 20) && limit == 20 }
        }
        done.withLock { $0.append(isRight) }
      }
    }
    for thread in threads { thread?.join() }
    #expect(done.withLock { $0 } == [true, true, true, true])
  }

  @Test("a copy that an aggregate keeps counts, and is never lost in silence")
  func copies() throws {
    let connection = try Connection(path: "", mode: .inMemory)
    try connection.registerFunctions()
    for function in ["ql_max(v)", "ql_latest(v, 1)"] {
      let memory = QueryMemory(limit: 60 << 20)
      // What is held is one copy for each group that is at work, however many come one after the other.
      for groups in ["n", "n > 0"] {
        let rowCount = try SQLiteMemory.counted(in: memory) { () throws(StoreError) in
          let statement = try connection.prepare(
            """
            WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 16),
              texts AS (SELECT n, hex(zeroblob(4 << 20)) || n AS v FROM numbers)
            SELECT length(\(function)) FROM texts GROUP BY \(groups)
            """)
          var count = 0
          while try statement.step() {
            #expect(statement.integer(at: 0) > 8 << 20)
            count += 1
          }
          return count
        }
        #expect(rowCount == (groups == "n" ? 16 : 1))
      }
      let tight = QueryMemory(limit: 10 << 20)
      #expect(throws: StoreError.memoryLimitExceeded(limit: 10 << 20)) {
        try SQLiteMemory.counted(in: tight) { () throws(StoreError) in
          let statement = try connection.prepare(
            "SELECT \(function) FROM (SELECT hex(zeroblob(4 << 20)) AS v)")
          while try statement.step() {}
        }
      }
    }
  }
}
