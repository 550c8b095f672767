import Glibc
import InsightsEngine
import InsightsIngest
import InsightsModel
import InsightsQuery
import InsightsStore
import InsightsTestSupport
import InsightsThreads
import Testing

@Suite("executions of queries")
struct QueryExecutionTests {
  /// Takes note of what it is told, and does something at the first batch.
  private final class RecordingSink: RowSink {
    var columns: [String] = []
    var batches: [Int] = []
    var outcome: QueryOutcome?
    let atFirstBatch: () throws -> Void

    init(_ atFirstBatch: @escaping () throws -> Void = {}) { self.atFirstBatch = atFirstBatch }

    func begin(_ columns: [ResultColumn], of query: CompiledQuery) {
      self.columns = columns.map(\.name)
    }

    func receive(_ rows: [[Value]]) throws {
      batches.append(rows.count)
      if batches.count == 1 { try atFirstBatch() }
    }

    func end(_ outcome: QueryOutcome) { self.outcome = outcome }
  }

  private struct SinkFailure: Error {}

  /// A store of 6,000 events in segments of 100, an event a second.
  private func store(in folder: TemporaryFolder) throws -> String {
    let lines = (0..<6000).map { number in
      let (hour, minute, second) = (number / 3600, number / 60 % 60, number % 60)
      let time = [hour, minute, second].map { $0 < 10 ? "0\($0)" : "\($0)" }
        .joined(separator: ":")
      return "2026-01-01T\(time).000Z order n\(number) for the customer c\(number % 7) accepted\n"
    }
    let log = try folder.write(lines.joined(), to: "orders.log")
    let store = "\(folder.path)/orders.db"
    _ = try Engine.ingest(
      [log], intoStoreAt: store,
      options: ImportOptions(logGroup: "/shop", segmentEventLimit: 100))
    return store
  }

  @Test("a sink is given the columns, then batches of rows, then the outcome")
  func order() throws {
    let folder = try TemporaryFolder()
    let request = QueryRequest(
      SourceText("fields @timestamp, @message | limit 1234"), wantsStatistics: true)
    let execution = QueryExecution(request)
    #expect(execution.state == .scheduled)
    #expect(execution.statistics.resultCount == 0)
    let sink = RecordingSink {
      #expect(execution.state == .running)
      #expect(execution.statistics.resultCount == 500)
      #expect(execution.statistics.scannedCount > 0)
    }
    try execution.run(overStoreAt: store(in: folder), into: sink)
    #expect(sink.columns == ["@timestamp", "@message"])
    #expect(sink.batches == [500, 500, 234])
    #expect(execution.state == .complete)
    #expect(execution.failure == nil)
    #expect(
      execution.statistics
        == QueryStatistics(
          matchedCount: 6000, scannedCount: 6000, scannedBytes: execution.statistics.scannedBytes,
          logGroupCount: 1, resultCount: 1234))
    #expect(sink.outcome?.statistics == execution.statistics)
  }

  @Test("long rows come in smaller batches")
  func longRows() throws {
    let folder = try TemporaryFolder()
    var long = "@message"
    for _ in 0..<5 { long = "replace(\(long), \"e\", \"eeeeeee\")" }
    let request = QueryRequest(SourceText("fields \(long) as text | limit 100"))
    let sink = RecordingSink()
    try QueryExecution(request).run(overStoreAt: store(in: folder), into: sink)
    #expect(sink.batches.reduce(0, +) == 100)
    #expect(sink.batches.count > 3)
  }

  @Test("one that is cancelled before it begins does not begin")
  func cancelledBefore() throws {
    let folder = try TemporaryFolder()
    let execution = QueryExecution(QueryRequest(SourceText("fields @message")))
    execution.cancel()
    #expect(execution.state == .cancelled)
    let sink = RecordingSink()
    #expect(throws: StoreError.interrupted) {
      try execution.run(overStoreAt: store(in: folder), into: sink)
    }
    #expect(sink.columns.isEmpty)
    #expect(execution.state == .cancelled)
  }

  @Test("one that is cancelled gives no more rows")
  func cancelledBetween() throws {
    let folder = try TemporaryFolder()
    let execution = QueryExecution(QueryRequest(SourceText("fields @message | limit 6000")))
    let sink = RecordingSink { execution.cancel() }
    #expect(throws: StoreError.interrupted) {
      try execution.run(overStoreAt: store(in: folder), into: sink)
    }
    #expect(sink.batches.count < 12)
    #expect(sink.outcome == nil)
    #expect(execution.state == .cancelled)
    execution.cancel()
    #expect(execution.state == .cancelled)
  }

  @Test("the deadline, a query that does not compile and a sink that fails end it")
  func failures() throws {
    let folder = try TemporaryFolder()
    let store = try store(in: folder)
    let late = QueryExecution(
      QueryRequest(SourceText("stats count(*) by @message")),
      context: ExecutionContext(cancellation: Cancellation(deadline: .now)))
    #expect(throws: StoreError.timedOut) { try late.run(overStoreAt: store, into: TableSink()) }
    #expect(late.state == .timedOut)

    let wrong = QueryExecution(QueryRequest(SourceText("fields (")))
    #expect(throws: QueryError.self) { try wrong.run(overStoreAt: store, into: TableSink()) }
    #expect(wrong.state == .failed)
    #expect(wrong.failure is QueryError)

    let refused = QueryExecution(QueryRequest(SourceText("fields @message")))
    #expect(throws: SinkFailure.self) {
      try refused.run(overStoreAt: store, into: RecordingSink { throw SinkFailure() })
    }
    #expect(refused.state == .failed)
  }

  /// Queries that take from minutes to years over 6,000 events, in the scan, in SQLite, in functions.
  private static let endlessQueries = [
    "filter @message like /^.{27}(?:(?:[^ ]+ ?)+)+[ZQ]/",
    """
    fields regexReplace(@message, /^.{27}(?:(?:[^ ]+ ?)+)+[ZQ]/, "x") as y
    | stats count(y)
    """,
    "parse @message /^.{27}(?<a>(?:(?:[^ ]+ ?)+)+)[ZQ]/ | stats count(a)",
    """
    join type=inner left=a right=b where a.@log = b.@log (SOURCE events)
    | stats count(*) by a.@message, b.@message
    """,
    """
    join type=inner left=a right=b where a.@log = b.@log (SOURCE events)
    | fields split(a.@message, " ") as w | unnest w into x | pattern a.@message
    """,
  ]

  @Test(
    "another thread ends what would take forever", .timeLimit(.minutes(1)),
    arguments: endlessQueries)
  func endless(query: String) throws {
    let folder = try TemporaryFolder()
    let path = try store(in: folder)
    let execution = QueryExecution(
      QueryRequest(SourceText(query)),
      context: ExecutionContext(
        limits: ExecutionContext.Limits(memory: .max, rows: .max, steps: .max)))
    let thread = try #require(
      WorkerThread { _ = try? execution.run(overStoreAt: path, into: TableSink()) })
    while execution.state == .scheduled { usleep(100) }
    execution.cancel()
    thread.join()
    #expect(execution.failure as? StoreError == .interrupted)
    #expect(execution.state == .cancelled)
  }

  @Test("several run at once over one store")
  func several() throws {
    let folder = try TemporaryFolder()
    let path = try store(in: folder)
    let executions = (0..<4).map { number in
      QueryExecution(
        QueryRequest(SourceText("filter @message like /c\(number) / | stats count(*) as n")))
    }
    let counts = Locked([Int: [[Value]]]())
    let threads = executions.indices.compactMap { index in
      WorkerThread {
        let sink = TableSink()
        _ = try? executions[index].run(overStoreAt: path, into: sink)
        counts.withLock { $0[index] = sink.table.rows }
      }
    }
    #expect(threads.count == 4)
    for thread in threads { thread.join() }
    let expected = (0..<4).map { number in (0..<6000).count { $0 % 7 == number } }
    #expect(
      counts.withLock { $0 }
        == Dictionary(
          uniqueKeysWithValues: expected.enumerated().map { ($0, [[.integer(Int64($1))]]) }))
  }
}
