internal import InsightsScan
import InsightsEngine
import InsightsIngest
import InsightsModel
import InsightsQuery
import InsightsStore
import InsightsTestSupport
import Testing

@Suite("field indexes")
struct FieldIndexTests {
  private static let eventCount = 1000

  /// A store in segments of 20 events, each of an order of its own, so that no column holds the
  /// orders' names.
  private struct Orders {
    let folder: TemporaryFolder
    let store: String

    init() throws {
      folder = try TemporaryFolder()
      store = "\(folder.path)/orders.db"
      try ingest(0..<FieldIndexTests.eventCount)
    }

    func ingest(_ numbers: Range<Int>) throws {
      let long = String(repeating: "x", count: 300)
      let lines = numbers.map { number in
        """
        {"order":"A-\(number)","key":"\(long)\(number)","part":\(number / 100),\
        "n":"\(number % 3).0","kind":"\(number % 2 == 0 ? "even" : "odd")"}

        """
      }
      let log = try folder.write(lines.joined(), to: "\(numbers.lowerBound).log")
      _ = try Engine.ingest(
        [log], intoStoreAt: store,
        options: ImportOptions(
          logGroup: "/aws/lambda/g\(numbers.lowerBound)", segmentEventLimit: 20))
    }

    func index(_ fields: String...) throws {
      try Engine.addFieldIndexes(of: fields, toStoreAt: store)
    }

    /// The figures of the scan; the rows are the same without any technique.
    func scanned(_ query: String) throws -> ScanStatistics {
      let engine = try Engine(readingStoreAt: store)
      let source = SourceText(query)
      let options = Binder.Options(now: 0)
      let answer = try engine.answer(source, options: options)
      let plain = try engine.answer(source, options: options, optimizations: .none)
      #expect(answer.table.rows == plain.table.rows, "\(query)")
      return answer.timing.scanned
    }
  }

  @Test(
    "only segments that may have the value are read",
    arguments: [
      #"filterIndex key = "KEY777" | stats count(*)"#,
      #"filter key = "KEY777" | fields order"#,
      #"filterIndex key in ["KEY777", "KEY778", "nowhere"] | stats count(*) by kind"#,
      #"filter kind = "odd" and (key = "KEY777" or key = "nowhere") | stats count(*)"#,
      #"filter key = "KEY777" or part > 50 | stats count(*)"#,
      #"fields key as k | filter k = "KEY777" | limit 5"#,
    ])
  func skipped(query: String) throws {
    let orders = try Orders()
    let long = String(repeating: "x", count: 300)
    let query = query.split(separator: "KEY", omittingEmptySubsequences: false)
      .joined(separator: long)
    #expect(try orders.scanned(query).count(.index) == 0)
    try orders.index("key", "order")
    let scanned = try orders.scanned(query)
    #expect(scanned.count(.index) >= 48)
    #expect(scanned.count(.read) <= 2)
    #expect(scanned.indexedFields == ["key"])
  }

  @Test("an index says nothing of other conditions")
  func others() throws {
    let orders = try Orders()
    try orders.index("order")
    for query in [
      #"filter order != "A-7" | stats count(*)"#, #"filter order like "A-7" | stats count(*)"#,
      #"filter not (order = "A-7") | stats count(*)"#,
      #"filter order = "A-7" or kind = "odd" | stats count(*)"#, "stats count(*) by order",
    ] {
      #expect(try orders.scanned(query).count(.index) == 0, "\(query)")
    }
  }

  @Test("numbers that are text, system fields and absent fields can be indexed")
  func values() throws {
    let orders = try Orders()
    try orders.ingest(2000..<2100)
    try orders.index("n", "part", "@logGroup", "@type", "absent")
    #expect(try orders.scanned("filterIndex n = 1 | stats count(*)").count(.read) == 55)
    #expect(try orders.scanned("filterIndex n in [7, 8] | stats count(*)").count(.read) == 0)
    #expect(try orders.scanned("filterIndex absent = 1 | stats count(*)").count(.read) == 0)
    #expect(try orders.scanned(#"filter @type = "REPORT" | stats count(*)"#).count(.read) == 0)
    // What streams and bounds tell needs no index.
    let group = try orders.scanned(#"filter @logGroup = "/aws/lambda/g2000" | stats count(*)"#)
    #expect(group.count(.streams) == 50)
    let part = try orders.scanned("filter part in [3, 4] | stats count(*)")
    #expect(part.count(.bounds) == 45)
  }

  @Test("later ingests are indexed, and removed indexes are gone")
  func changes() throws {
    let orders = try Orders()
    try orders.index("order")
    try orders.ingest(5000..<5040)
    func listing() throws -> [[Value]] {
      try Engine(readingStoreAt: orders.store).fieldIndexes().rows
    }
    #expect(try listing() == [[.text("order"), .integer(52), .integer(2080)]])
    #expect(try orders.scanned(#"filter order = "A-5039" | stats count(*)"#).count(.read) == 1)
    try orders.index("order", "kind")
    #expect(try listing().map(\.first) == [.text("kind"), .text("order")])
    try Engine.removeFieldIndexes(of: ["order", "nosuch"], fromStoreAt: orders.store)
    #expect(try listing() == [[.text("kind"), .integer(52), .integer(416)]])
    #expect(try orders.scanned(#"filter order = "A-5039" | stats count(*)"#).count(.index) == 0)
  }

  @Test("segments that are written again are indexed again")
  func replaced() throws {
    let folder = try TemporaryFolder()
    let store = "\(folder.path)/grown.db"
    // The last line is still being written.
    let log = try folder.write("{\"order\":\"A-1\"}\n{\"order\":\"A-2\"}\nstart", to: "a.log")
    _ = try Engine.ingest([log], intoStoreAt: store)
    try Engine.addFieldIndexes(of: ["order"], toStoreAt: store)
    let whole = "{\"order\":\"A-1\"}\n{\"order\":\"A-2\"}\nstart {\"order\":\"A-3\"}\n"
    _ = try folder.write(whole, to: "a.log")
    _ = try Engine.ingest([log], intoStoreAt: store)
    let engine = try Engine(readingStoreAt: store)
    for order in 1...3 {
      for optimizations in [ScanOptimizations.all, .none] {
        let answer = try engine.answer(
          SourceText("filter order = \"A-\(order)\" | stats count(*)"),
          options: Binder.Options(now: 0), optimizations: optimizations)
        #expect(answer.table.rows == [[.integer(1)]])
      }
    }
    #expect(try engine.fieldIndexes().rows.first?[1] == .integer(1))
  }

  @Test("a store that is not there is not made")
  func missing() throws {
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/gone.db"
    #expect(throws: StoreError.self) {
      try Engine.addFieldIndexes(of: ["order"], toStoreAt: path)
    }
    #expect(throws: StoreError.self) { try Engine(readingStoreAt: path) }
  }
}
