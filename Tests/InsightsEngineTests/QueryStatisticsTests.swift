internal import InsightsScan
import Glibc
@testable import InsightsEngine
import InsightsIngest
import InsightsModel
import InsightsQuery
import InsightsStore
import InsightsTestSupport
import Testing

/// What GetQueryResults says that a query read must be exact, however little of it was read.
@Suite("statistics of queries")
struct QueryStatisticsTests {
  private struct Line {
    var group: String
    var stream: String
    var time: Int64
    var message: String
  }

  private static let start: Int64 = 1_767_225_600_000

  private static let lines = (0..<900).map { number in
    Line(
      group: number % 300 < 200 ? "/a" : "/b", stream: "s\(number / 150)",
      time: start + Int64(number) * 1000,
      message: "\(number % 11 == 0 ? "ERROR " : "")order n\(number) 'é' of c\(number % 7)")
  }

  /// Segments of 50 events; those of two log groups follow each other, and some hold both.
  private static func engine(in folder: TemporaryFolder) throws -> Engine {
    let records = lines.map {
      """
      {"timestamp":\($0.time),"message":"\($0.message)","logGroup":"\($0.group)","logStream":"\($0.stream)"}

      """
    }
    let file = try folder.write(records.joined(), to: "e.ndjson")
    let store = "\(folder.path)/s.db"
    _ = try Engine.ingest([file], intoStoreAt: store, options: ImportOptions(segmentEventLimit: 50))
    return try Engine(readingStoreAt: store)
  }

  @Test(
    "they count what is in the time range and the log groups",
    arguments: [
      "stats count(*)", "stats count(*) by bin(1m)", "stats count(*) by @log", "limit 5",
      "sort @timestamp desc | limit 3", "stats count(*) as n by @logStream | filter n > 90",
      "stats sum(strlen(@message)) by c", "dedup @logStream",
    ],
    ["", "filter @message like /ERROR/ | ", "filter @logStream = 's3' | ", "filter 1 = 2 | "])
  func counts(pipeline: String, filter: String) throws {
    let folder = try TemporaryFolder()
    let engine = try Self.engine(in: folder)
    for (first, last) in [(0, 900), (150, 300), (33, 777), (420, 421), (899, 2000)] {
      for groups in [[], ["/a"], ["/b"]] {
        var options = Binder.Options(logGroups: groups)
        options.timeRange = TimeRange(
          start: Self.start + Int64(first) * 1000, end: Self.start + Int64(last) * 1000)
        let expected = Self.lines.enumerated().filter { index, line in
          (first..<last).contains(index) && (groups.isEmpty || groups.contains(line.group))
        }.map(\.element)
        let matched = expected.filter { line in
          switch filter.dropFirst(7).prefix(4) {
          case "@mes": line.message.hasPrefix("ERROR")
          case "@log": line.stream == "s3"
          case "1 = ": false
          default: true
          }
        }
        let answer = try engine.answer(
          SourceText(filter + pipeline), options: options, countsRows: true)
        let found = try #require(answer.table.statistics)
        let context = "\(filter)\(pipeline) \(first)..<\(last) \(groups)"
        #expect(found.matchedCount == Int64(matched.count), "\(context)")
        #expect(found.scannedCount == Int64(expected.count), "\(context)")
        let bytes = expected.reduce(0) { $0 + $1.message.utf8.count }
        #expect(found.scannedBytes == Int64(bytes), "\(context)")
        #expect(found.logGroupCount == Int64(Set(expected.map(\.group)).count), "\(context)")
      }
    }
  }

  @Test("counts of whole segments of log groups and streams read no events")
  func summaries() throws {
    let folder = try TemporaryFolder()
    let engine = try Self.engine(in: folder)
    for (query, count) in [
      ("stats count(*) by @log", 18), ("filter @logStream = 's3' | stats count(*)", 3),
      ("filter @log like '/a' | stats count(*)", 12),
      ("filter @log like '/a' and @message like 'n1' | stats count(*)", 0),
    ] {
      let scanned = try engine.answer(SourceText(query), options: Binder.Options()).timing.scanned
      #expect(scanned.count(.summary) == count, "\(query)")
    }
  }
}

/// A server keeps engines open, and must answer as if it opened the store for each query.
@Suite("engines that stay open")
struct EnginePoolTests {
  private static func count(_ pool: EnginePool) throws -> Value {
    try pool.withEngine(ExecutionContext()) { engine in
      try engine.answer(SourceText("stats count(*)"), options: Binder.Options()).table.rows[0][0]
    }
  }

  private static func log(_ count: Int, in folder: TemporaryFolder) throws -> String {
    try folder.write(
      (0..<count).map { "2026-01-01T00:00:00.000Z \(count) n\($0)\n" }.joined(),
      to: "\(count).log")
  }

  @Test("they see what another process has committed, and a store that has taken the place")
  func changes() throws {
    let folder = try TemporaryFolder()
    let store = "\(folder.path)/s.db"
    let options = ImportOptions(logGroup: "/g")
    _ = try Engine.ingest([Self.log(10, in: folder)], intoStoreAt: store, options: options)
    let pool = EnginePool(storePath: store, limit: 2)
    for _ in 0..<3 { #expect(try Self.count(pool) == .integer(10)) }
    _ = try Engine.ingest([Self.log(7, in: folder)], intoStoreAt: store, options: options)
    for _ in 0..<3 { #expect(try Self.count(pool) == .integer(17)) }
    let other = "\(folder.path)/t.db"
    _ = try Engine.ingest([Self.log(5, in: folder)], intoStoreAt: other, options: options)
    try #require(rename(other, store) == 0)
    for _ in 0..<3 { #expect(try Self.count(pool) == .integer(5)) }
    pool.close()
    #expect(try Self.count(pool) == .integer(5))
  }

  @Test("a query that is stopped or wrong leaves them open, and the next one answers")
  func stoppedQueries() throws {
    let folder = try TemporaryFolder()
    let store = "\(folder.path)/s.db"
    _ = try Engine.ingest(
      [Self.log(30_000, in: folder)], intoStoreAt: store, options: ImportOptions(logGroup: "/g"))
    let pool = EnginePool(storePath: store, limit: 1)
    var first: ObjectIdentifier?
    for text in ["stats count(*) by @message | sort @message", "stats cout(*)"] {
      let context = ExecutionContext()
      #expect(throws: (any Error).self) {
        try pool.withEngine(context) { engine in
          if first == nil { first = ObjectIdentifier(engine.store) }
          #expect(first == ObjectIdentifier(engine.store))
          context.cancel()
          _ = try engine.answer(SourceText(text), options: Binder.Options())
        }
      }
    }
    #expect(try Self.count(pool) == .integer(30_000))
    try pool.withEngine(ExecutionContext()) { #expect(first == ObjectIdentifier($0.store)) }
  }

  @Test("a lookup table is that of its query alone")
  func lookups() throws {
    let folder = try TemporaryFolder()
    let store = "\(folder.path)/s.db"
    _ = try Engine.ingest(
      [Self.log(3, in: folder)], intoStoreAt: store, options: ImportOptions(logGroup: "/g"))
    let pool = EnginePool(storePath: store, limit: 2)
    let csv = try folder.write("k,v\nn1,one\n", to: "names.csv")
    let query = SourceText(
      "parse @message '* *' as c, k | lookup names k OUTPUT v | filter ispresent(v) | stats count(*)"
    )
    let tables = try LookupTables(files: ["names": csv], folders: []).tables(usedBy: [query])
    let sink = TableSink()
    try QueryExecution(QueryRequest(query, options: Binder.Options(), lookupTables: tables))
      .run(by: pool, into: sink)
    #expect(sink.table.rows.count == 1)
    #expect(throws: (any Error).self) {
      try QueryExecution(QueryRequest(query)).run(by: pool, into: TableSink())
    }
  }
}
