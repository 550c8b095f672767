import InsightsEngine
import InsightsIngest
import InsightsModel
import InsightsQuery
import InsightsStore
import InsightsTestSupport
import Testing

@Suite("limits and figures of scans")
struct ScanLimitTests {
  private static let eventCount = 6000
  /// 2026-01-01T00:00:00Z.
  private static let start: Int64 = 1_767_225_600_000

  /// An engine over segments of 100 events, an event a second.
  private func engine(in folder: TemporaryFolder) throws -> Engine {
    let lines = (0..<Self.eventCount).map { number in
      let (hour, minute, second) = (number / 3600, number / 60 % 60, number % 60)
      let time = [hour, minute, second].map { $0 < 10 ? "0\($0)" : "\($0)" }
        .joined(separator: ":")
      return "2026-01-01T\(time).000Z order n\(number) for the customer c\(number % 7) accepted\n"
    }
    let log = try folder.write(lines.joined(), to: "orders.log")
    let store = "\(folder.path)/orders.db"
    _ = try Engine.ingest(
      [log], intoStoreAt: store, options: ImportOptions(segmentEventLimit: 100))
    return try Engine(readingStoreAt: store)
  }

  private static let greedy = [
    "stats count(*) by @message",
    "stats count(*) by @message, @timestamp",
    "stats count_distinct(@message)",
    "stats pct(@timestamp, 50)",
    "sort @message desc | limit 6000",
  ]

  @Test("a query that holds too much ends with an error", arguments: greedy)
  func memory(query: String) throws {
    let folder = try TemporaryFolder()
    let engine = try engine(in: folder)
    let options = Binder.Options(now: Self.start)
    engine.memoryLimit = 60_000
    for techniques in [ScanTechniques.all, .all.subtracting(.threads)] {
      #expect(throws: StoreError.memoryLimitExceeded(limit: 60_000)) {
        try engine.answer(SourceText(query), options: options, techniques: techniques)
      }
    }
    engine.memoryLimit = 100_000_000
    let table = try engine.answer(SourceText(query), options: options).table
    #expect(!table.rows.isEmpty)
  }

  @Test("a query over as many events that holds little is answered")
  func littleMemory() throws {
    let folder = try TemporaryFolder()
    let engine = try engine(in: folder)
    engine.memoryLimit = 60_000
    let table = try engine.answer(
      SourceText("stats count(*), max(@timestamp) by bin(1h)"),
      options: Binder.Options(now: Self.start)
    ).table
    #expect(table.rows.count == 2)
  }

  @Test("an answer tells which segments were skipped, and why")
  func figures() throws {
    let folder = try TemporaryFolder()
    let engine = try engine(in: folder)
    func scanned(_ query: String, from start: Int64? = nil) throws -> ScanFigures {
      var options = Binder.Options(now: Self.start)
      options.timeRange.start = start
      let answer = try engine.answer(
        SourceText(query), options: options, techniques: .all.subtracting(.threads))
      let scanned = answer.timing.scanned
      #expect(scanned.segments == 60)
      #expect(scanned.events == Self.eventCount)
      #expect(scanned.eventsRead == scanned.count(.read) * 100)
      #expect((scanned.bytesRead > 0) == (scanned.count(.read) > 0))
      #expect(scanned.count(.notReached) == 0)
      return scanned
    }
    #expect(try scanned("stats max(@timestamp)").count(.read) == 60)
    let late = try scanned("stats max(@timestamp)", from: Self.start + 5_950_000)
    #expect(late.count(.read) == 1)
    #expect(late.count(.time) == 59)
    let reports = try scanned("filter @duration > 5 | stats count(*)")
    #expect(reports.count(.bounds) == 60)
    let text = try scanned("filter @message like /order n4242 for/ | stats count(*)")
    #expect(text.count(.text) > 30)
    #expect(text.count(.text) + text.count(.read) == 60)
    let newest = try scanned("sort @timestamp desc | limit 1")
    #expect(newest.count(.order) > 30)
    #expect(newest.count(.order) + newest.count(.read) == 60)
  }

  @Test("figures are those of one answer")
  func figuresOfOneAnswer() throws {
    let folder = try TemporaryFolder()
    let engine = try engine(in: folder)
    for _ in 0..<2 {
      let answer = try engine.answer(
        SourceText("stats count(*) by @logStream"), options: Binder.Options(now: Self.start))
      #expect(answer.timing.scanned.segments == 60)
      #expect(answer.timing.scanned.eventsRead == Self.eventCount)
    }
  }
}
