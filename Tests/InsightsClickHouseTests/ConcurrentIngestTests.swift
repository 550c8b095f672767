import Foundation
import InsightsClickHouse
import InsightsIngest
import InsightsTestSupport
import InsightsThreads
import Testing

/// What ingests leave on a server that run at once, or are killed at the worst moment.
@Suite(
  "concurrent and interrupted ingests into ClickHouse",
  .enabled(if: ClickHouseServer.isInstalled, "make clients"))
struct ConcurrentIngestTests {
  private static let named = Repository.url("SampleLogs/orders-api").path
  private static let group = ImportOptions(logGroup: "/aws/lambda/orders-api")

  /// Lines without names, and without times.
  private static func lines(_ range: Range<Int>) -> String {
    range.map { "line \($0 % 7) of \($0)\n" }.joined()
  }

  /// Adds the rows of a table as those of a later run.
  private func repeatRows(of source: String, in store: RemoteStore) throws {
    try store.execute(
      """
      INSERT INTO events
      SELECT * REPLACE (ingest + 1000000 AS ingest, position + 1000000 AS position) FROM \(source)
      """)
  }

  /// Runs all of `ingests` at once.
  private func atOnce(_ ingests: [@Sendable () throws -> Void]) {
    let failures = Locked<[String]>([])
    let threads = ingests.map { ingest in
      Thread {
        do { try ingest() } catch { failures.withLock { $0.append("\(error)") } }
      }
    }
    for thread in threads { thread.start() }
    while threads.contains(where: { !$0.isFinished }) { usleep(10_000) }
    #expect(failures.withLock { $0 } == [])
  }

  @Test("what a run that was killed has stored beside another is removed by the next")
  func copies() throws {
    let folder = try TemporaryFolder()
    let log = try folder.write(Self.lines(0..<100), to: "app.log")
    let store = try RemoteStore()
    try store.ingest([Self.named], options: Self.group)
    try store.ingest([log])
    let whole = try store.contents()
    try repeatRows(of: "events", in: store)
    #expect(try store.contents() != whole)
    try store.ingest([Self.named], options: Self.group)
    try store.ingest([log])
    #expect(try store.contents() == whole)
    #expect(try store.copies() == [])
  }

  @Test("a log that has grown while another run stored it is one log", arguments: [true, false])
  func twoSources(grownFirst: Bool) throws {
    let folder = try TemporaryFolder()
    let log = try folder.write(Self.lines(0..<60), to: "app.log")
    let grown = try folder.write(Self.lines(0..<100), to: "grown.log")
    let (store, other) = (try RemoteStore(), try RemoteStore())
    try store.ingest([grownFirst ? grown : log])
    try other.ingest([grownFirst ? log : grown])
    try repeatRows(of: "\(other.address.database).events", in: store)
    #expect(try store.ingest([grown]).events == 0)
    let messages = "SELECT message FROM events ORDER BY number"
    let expected = Self.lines(0..<100).split(separator: "\n").map(String.init)
    #expect(try store.rows(messages) == expected)
    #expect(try store.rows("SELECT uniqExact(source) FROM events") == ["1"])
    // It goes on as one, and another log with the same beginning is another one.
    let longer = try folder.write(Self.lines(0..<103), to: "longer.log")
    #expect(try store.ingest([longer]).events == 3)
    let unlike = try folder.write(Self.lines(0..<60) + "another\n", to: "unlike.log")
    #expect(try store.ingest([unlike]).events == 61)
    #expect(try store.ingest([grown, unlike, log, longer]).events == 0)
  }

  @Test("ingests of a log and of what it has grown to at once store each line once")
  func grownAtOnce() throws {
    let folder = try TemporaryFolder()
    let log = try folder.write(Self.lines(0..<600), to: "app.log")
    let grown = try folder.write(Self.lines(0..<1000), to: "grown.log")
    let expected = Self.lines(0..<1000).split(separator: "\n").map(String.init)
    for _ in 0..<3 {
      let store = try RemoteStore()
      try ClickHouseSchema.prepare(store.client, cancellation: store.cancellation)
      atOnce([log, grown, log].map { path in { try store.ingest([path]) } })
      #expect(try store.rows("SELECT message FROM events ORDER BY number") == expected)
      #expect(try store.rows("SELECT uniqExact(source) FROM events") == ["1"])
    }
  }

  @Test("lines that continue a log come behind it, also if a run has stored it that began later")
  func positions() throws {
    let folder = try TemporaryFolder()
    let log = try folder.write(Self.lines(0..<60), to: "app.log")
    let grown = try folder.write(Self.lines(0..<100), to: "grown.log")
    let (store, other) = (try RemoteStore(), try RemoteStore())
    try ClickHouseSchema.prepare(store.client, cancellation: store.cancellation)
    try other.ingest([log])
    try store.execute(
      """
      INSERT INTO events SELECT * REPLACE (position + 1000000000000000 AS position)
      FROM \(other.address.database).events
      """)
    try store.ingest([grown])
    let expected = Self.lines(0..<100).split(separator: "\n").map(String.init)
    #expect(try store.rows("SELECT message FROM events ORDER BY position") == expected)
  }

  @Test("pages that overlap, taken in at once, lose nothing and repeat nothing")
  func pagesAtOnce() throws {
    let folder = try TemporaryFolder()
    func page(_ ids: Range<Int>) throws -> String {
      let events = ids.map {
        #"{"logStreamName":"s","timestamp":\#(1_767_225_600_000 + $0 / 5),"message":"x","ingestionTime":0,"eventId":"\#($0)"}"#
      }
      return try folder.write(
        #"{"events":[\#(events.joined(separator: ","))],"searchedLogStreams":[]}"#,
        to: "\(ids.lowerBound).json")
    }
    let pages = [try page(0..<300), try page(200..<500), try page(400..<700)]
    let expected = (0..<700).map(String.init).sorted()
    for seed in 0..<3 {
      let store = try RemoteStore()
      try ClickHouseSchema.prepare(store.client, cancellation: store.cancellation)
      let options = ImportOptions(logGroup: "g")
      if seed > 0 { try store.ingest([pages[seed]], options: options) }
      atOnce(pages.map { path in { try store.ingest([path], options: options) } })
      #expect(try store.rows("SELECT event_id FROM events").sorted() == expected)
    }
  }

  @Test("a line that was cut goes, also if the ingest of the whole one was killed before")
  func cutLine() throws {
    let folder = try TemporaryFolder()
    let store = try RemoteStore()
    let log = try folder.write("first\nsecond\nthi", to: "app.log")
    try store.ingest([log])
    try store.execute("CREATE TABLE before AS events")
    try store.execute("INSERT INTO before SELECT * FROM events WHERE number = 3")
    let grown = try folder.write("first\nsecond\nthird\nfourth\n", to: "grown.log")
    try store.ingest([grown])
    try store.execute("INSERT INTO events SELECT * FROM before")
    #expect(try store.rows("SELECT count() FROM events") == ["5"])
    try store.ingest([grown])
    let whole = ["first", "second", "third", "fourth"]
    #expect(try store.rows("SELECT message FROM events ORDER BY number") == whole)
  }

  @Test("a copy of a log whose last line is cut changes nothing")
  func cutCopy() throws {
    let folder = try TemporaryFolder()
    let store = try RemoteStore()
    let log = try folder.write("first\nsecond\nthird\n", to: "app.log")
    try store.ingest([log])
    let copy = try folder.write("first\nsecond\nthi", to: "copy.log")
    #expect(try store.ingest([copy]).events == 0)
    #expect(
      try store.rows("SELECT message FROM events ORDER BY number") == ["first", "second", "third"])
  }

  @Test("any part of a log without names that was not stored is completed, for each group")
  func missingLines() throws {
    let folder = try TemporaryFolder()
    let log = try folder.write(Self.lines(0..<50), to: "app.log")
    let store = try RemoteStore()
    let groups = ["a", "b"].map { ImportOptions(logGroup: $0) }
    for options in groups { try store.ingest([log], options: options) }
    let whole = try store.contents()
    for condition in ["number = 1", "number % 3 = 0", "number > 40", "number = 50"] {
      try store.execute("DELETE FROM events WHERE log_group = 'b' AND \(condition)")
      for options in groups { try store.ingest([log], options: options) }
      #expect(try store.contents() == whole, "\(condition)")
    }
  }

  @Test("rows of invocations that several runs have inserted stay once, with their attempts")
  func facts() throws {
    let alone = try RemoteStore()
    try alone.ingest([Self.named], options: Self.group)
    let expected = try alone.contents()
    for _ in 0..<3 {
      let store = try RemoteStore()
      // The events are there, as of a run that was killed behind them.
      try ClickHouseSchema.prepare(store.client, cancellation: store.cancellation)
      try store.execute("INSERT INTO events SELECT * FROM \(alone.address.database).events")
      atOnce((0..<3).map { _ in { try store.ingest([Self.named], options: Self.group) } })
      #expect(try store.copies() == [])
      #expect(try store.contents() == expected)
    }
  }
}
