import InsightsScan
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
  private func engine(in folder: TemporaryFolder, logGroup: String? = nil) throws -> Engine {
    let lines = (0..<Self.eventCount).map { number in
      let (hour, minute, second) = (number / 3600, number / 60 % 60, number % 60)
      let time = [hour, minute, second].map { $0 < 10 ? "0\($0)" : "\($0)" }
        .joined(separator: ":")
      return "2026-01-01T\(time).000Z order n\(number) for the customer c\(number % 7) accepted\n"
    }
    let log = try folder.write(lines.joined(), to: "orders.log")
    let store = "\(folder.path)/orders.db"
    _ = try Engine.ingest(
      [log], intoStoreAt: store, options: ImportOptions(logGroup: logGroup, segmentEventLimit: 100))
    return try Engine(readingStoreAt: store)
  }

  /// How many rows a query over these events has that may hold so many bytes.
  private func rowCount(
    _ query: String, in folder: TemporaryFolder, memoryLimit: Int
  ) throws -> Int {
    var engine = try engine(in: folder)
    engine = engine.with(ExecutionContext(limits: .init(memory: memoryLimit)))
    return try engine.answer(SourceText(query), options: Binder.Options(now: Self.start))
      .table.rows.count
  }

  /// An engine over the same events of the log group `/aws/lambda/a`, and a segment of `/aws/lambda/b`.
  private func engineOfTwoGroups(in folder: TemporaryFolder) throws -> Engine {
    _ = try engine(in: folder, logGroup: "/aws/lambda/a")
    let log = try folder.write("hello\nworld\n", to: "b.log")
    let store = "\(folder.path)/orders.db"
    _ = try Engine.ingest(
      [log], intoStoreAt: store,
      options: ImportOptions(logGroup: "/aws/lambda/b", segmentEventLimit: 100))
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
    var engine = try engine(in: folder)
    let options = Binder.Options(now: Self.start)
    engine = engine.with(ExecutionContext(limits: .init(memory: 60_000)))
    for optimizations in [ScanOptimizations.all, .all.subtracting(.threads)] {
      #expect(throws: StoreError.memoryLimitExceeded(limit: 60_000)) {
        try engine.answer(SourceText(query), options: options, optimizations: optimizations)
      }
    }
    engine = engine.with(ExecutionContext(limits: .init(memory: 100_000_000)))
    let table = try engine.answer(SourceText(query), options: options).table
    #expect(!table.rows.isEmpty)
  }

  private static let letters = (0...9).reduce("@message") { text, digit in
    "replace(\(text), \"\(digit)\", \"\(Array("ghijklmnop")[digit])\")"
  }

  /// What SQLite's own groups keep outside of it.
  private static let greedyFunctions = [
    "stats values(@message)", "stats values(@message) by strlen(@message) % 2 as odd",
    "stats pct(strlen(@message) % 7, 50)",
    "stats pct(@timestamp, 50) by concat(@logStream, \"x\") as s",
    // Letters for digits: each line has a shape of its own.
    "limit 300 | pattern \(letters)", "limit 300 | pattern \(letters) | anomaly",
  ]

  @Test("functions that keep too much end a query with the same error", arguments: greedyFunctions)
  func functionMemory(query: String) throws {
    let folder = try TemporaryFolder()
    var engine = try engine(in: folder)
    let options = Binder.Options(now: Self.start)
    engine = engine.with(ExecutionContext(limits: .init(memory: 40_000)))
    #expect(throws: StoreError.memoryLimitExceeded(limit: 40_000)) {
      try engine.answer(SourceText(query), options: options)
    }
    // What the query before held is no part of what the next one may hold.
    engine = engine.with(ExecutionContext(limits: .init(memory: 5_000_000)))
    for _ in 0..<3 {
      #expect(try !engine.answer(SourceText(query), options: options).table.rows.isEmpty)
    }
  }

  private static let multiplying = [
    (
      "join type=inner left=a right=b where a.@log = b.@log (SOURCE events) | stats count(*)",
      "join"
    ),
    ("fields split(@message, \" \") as words | expand words | stats count(*)", "expand"),
    (
      "fields split(@message, \" \") as words | unnest words into word | stats count(*)", "unnest"
    ),
    ("parse @message /(?<word>[a-z]+)/ multi | stats count(*)", "parse … multi"),
  ]

  @Test("a command that makes too many rows ends the query, and is named", arguments: multiplying)
  func rows(query: String, command: String) throws {
    let folder = try TemporaryFolder()
    var engine = try engine(in: folder, logGroup: "/g")
    let options = Binder.Options(now: Self.start)
    engine = engine.with(ExecutionContext(limits: .init(rows: 7000)))
    #expect(
      throws: StoreError.limitReached(.rows(command: command, limit: 7000, count: nil))
    ) {
      try engine.answer(SourceText(query), options: options)
    }
    engine = engine.with(ExecutionContext(limits: .init(rows: 40_000_000)))
    let small = SourceText("filter @timestamp < \(Self.start + 20_000) | " + query)
    #expect(try !engine.answer(small, options: options).table.rows.isEmpty)
  }

  private static let steep = [
    "filter @message like /^.{27}(?:(?:[^ ]+ ?)+)+[ZQ]/",
    "parse @message /^.{27}(?<a>(?:(?:[^ ]+ ?)+)+)[ZQ]/ | stats count(a)",
    "fields regexReplace(concat(@message, \"\"), /^.{27}(?:(?:[^ ]+ ?)+)+[ZQ]/, \"x\") as y",
  ]

  @Test("regexes that are dear on each of many events end the query as a whole", arguments: steep)
  func steps(query: String) throws {
    let folder = try TemporaryFolder()
    var engine = try engine(in: folder)
    let options = Binder.Options(now: Self.start)
    engine = engine.with(ExecutionContext(limits: .init(steps: 200_000)))
    for optimizations in [ScanOptimizations.all, .none] {
      #expect(throws: StoreError.limitReached(.steps(limit: 200_000))) {
        try engine.answer(SourceText(query), options: options, optimizations: optimizations)
      }
    }
    engine = engine.with(ExecutionContext())
    let few = SourceText("filter @timestamp < \(Self.start + 20_000) | " + query)
    _ = try engine.answer(few, options: options)
  }

  @Test("a value that becomes too long ends the query, and the function is named")
  func values() throws {
    let folder = try TemporaryFolder()
    let engine = try engine(in: folder)
    var text = "@message"
    for _ in 0..<7 { text = "replace(\(text), \"e\", \"eeeeeeeeee\")" }
    let long = SourceText("limit 1 | fields strlen(\(text)) as n")
    #expect(
      throws: StoreError.limitReached(.valueBytes(function: "replace", limit: 16 << 20))
    ) {
      try engine.answer(long, options: Binder.Options(now: Self.start))
    }
  }

  @Test("groups that are done hold nothing any more")
  func finishedGroups() throws {
    let folder = try TemporaryFolder()
    let count = try rowCount(
      "stats strlen(values(@message)) as m by bin(1m) as t | sort t asc", in: folder,
      memoryLimit: 60_000)
    #expect(count == 100)
  }

  @Test("a query over as many events that holds little is answered")
  func littleMemory() throws {
    let folder = try TemporaryFolder()
    let count = try rowCount(
      "stats count(*), max(@timestamp) by bin(1h)", in: folder, memoryLimit: 60_000)
    #expect(count == 2)
  }

  @Test("an answer tells which segments were skipped, and why")
  func figures() throws {
    let folder = try TemporaryFolder()
    let engine = try engine(in: folder)
    func scanned(_ query: String, from start: Int64? = nil) throws -> ScanStatistics {
      var options = Binder.Options(now: Self.start)
      options.timeRange.start = start
      let answer = try engine.answer(
        SourceText(query), options: options, optimizations: .all.subtracting(.threads))
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

  @Test(
    "segments of other log groups and streams are skipped",
    arguments: [
      (#"filter @logGroup = "/aws/lambda/b" | stats count(*)"#, 60),
      (#"filter @logGroup in ["/aws/lambda/b", "nowhere"] | stats count(*)"#, 60),
      (#"filter @log like "lambda/b" | stats count(*)"#, 60),
      (#"filter @logGroup != "/aws/lambda/a" | stats count(*)"#, 60),
      (#"filter not (@logGroup = "/aws/lambda/a") and @timestamp > 0 | stats count(*)"#, 60),
      (#"filter @logGroup = "/aws/lambda/b" and strlen(@message) > 5 | stats count(*)"#, 60),
      (#"filter @logGroup = "/aws/lambda/b" or strlen(@message) > 5 | stats count(*)"#, 0),
      (#"filter concat(@logGroup, @message) like "lambda/b" | stats count(*)"#, 0),
      (#"filter @logGroup like /lambda.b/ | stats count(*)"#, 0),
    ])
  func streams(query: String, skipped: Int) throws {
    let folder = try TemporaryFolder()
    let engine = try engineOfTwoGroups(in: folder)
    let options = Binder.Options(now: Self.start)
    let answer = try engine.answer(SourceText(query), options: options)
    #expect(answer.timing.scanned.count(.streams) == skipped)
    let plain = try engine.answer(SourceText(query), options: options, optimizations: .none)
    #expect(answer.table.rows == plain.table.rows)
  }

  @Test(
    "log groups that are not chosen are skipped", arguments: [("*/b", 60), ("*/a", 1), ("*", 0)])
  func chosenGroups(glob: String, skipped: Int) throws {
    let folder = try TemporaryFolder()
    let answer = try engineOfTwoGroups(in: folder).answer(
      SourceText("stats max(@timestamp)"),
      options: Binder.Options(logGroups: [glob], now: Self.start))
    #expect(answer.timing.scanned.count(.streams) == skipped)
  }

  @Test("figures are those of one answer")
  func figuresOfOneAnswer() throws {
    let folder = try TemporaryFolder()
    let engine = try engine(in: folder)
    for _ in 0..<2 {
      let answer = try engine.answer(
        SourceText("stats count(*) by @message"), options: Binder.Options(now: Self.start))
      #expect(answer.timing.scanned.segments == 60)
      #expect(answer.timing.scanned.eventsRead == Self.eventCount)
    }
  }
}
