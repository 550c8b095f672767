internal import InsightsSQLite
import Foundation
import InsightsClickHouse
import InsightsIngest
import InsightsModel
import InsightsStore
import InsightsTestSupport
import InsightsThreads
import Testing

@Suite("ingest into ClickHouse", .enabled(if: ClickHouseServer.isInstalled, "make clients"))
struct IngestTests {
  private static let group = "/aws/lambda/orders-api"

  /// A filter-log-events answer.
  private static func filtered(
    _ events: [(id: String, time: Int, message: String)], stream: String = "s"
  ) -> String {
    let list = events.map {
      #"{"logStreamName":"\#(stream)","timestamp":\#($0.time),"message":"\#($0.message)","ingestionTime":\#($0.time),"eventId":"\#($0.id)"}"#
    }
    return #"{"events":[\#(list.joined(separator: ","))],"searchedLogStreams":[]}"#
  }

  /// A get-log-events answer: the same without ids.
  private static func got(_ events: [(time: Int, message: String)]) -> String {
    let list = events.map {
      #"{"timestamp":\#($0.time),"message":"\#($0.message)","ingestionTime":\#($0.time)}"#
    }
    return
      #"{"events":[\#(list.joined(separator: ","))],"nextForwardToken":"f/1","nextBackwardToken":"b/1"}"#
  }

  private static let id = "7f1c0a52-6a1e-4d0b-9c36-2f60d7a5be10"
  private static let start = "START RequestId: \(id) Version: $LATEST"
  private static let report =
    "REPORT RequestId: \(id)\\tDuration: 12.50 ms\\tBilled Duration: 13 ms\\tMemory Size: 128 MB\\tMax Memory Used: 64 MB"

  // MARK: The same as in a file

  @Test("every sample is stored as in a file, and is not stored twice")
  func samples() throws {
    let remote = try RemoteStore()
    let local = try Store(.temporaryFile)
    var counts = ImportSummary()
    for (folder, name) in try SampleStore.logGroups {
      let path = Repository.url(folder).path
      let options = ImportOptions(logGroup: name)
      let there = try remote.ingest([path], options: options)
      let here = try Importer(store: local, options: options).run(paths: [path])
      #expect(there.events == here.events)
      #expect(there.invocations == here.invocations)
      #expect(there.errors == here.errors)
      counts.events += there.events
    }
    #expect(counts.events > 500)
    var lines: [String] = []
    try local.forEachEvent(timeRange: .everything, logGroups: []) { row in
      // @timestamp, @logGroup, @logStream, @eventId, @requestId, @type and @message.
      lines.append(
        [0, 3, 4, 5, 6, 7, 8].map { row.isNull(at: $0) ? "" : row.text(at: $0) }
          .joined(separator: "\u{1}"))
    }
    let stored = try remote.client.rows(
      """
      SELECT toString(timestamp_ms), log_group, log_stream, event_id, request_id, type, message
      FROM events ORDER BY position
      """, cancellation: remote.cancellation)
    var found: [String] = []
    while let row = try stored.next() {
      let time = row.text(0) == "\(Int64.min)" ? "" : row.text(0)
      found.append(
        ([time] + (1..<7).map { row.text($0) }).joined(separator: "\u{1}"))
    }
    #expect(found == lines)
    try expectFactsAlike(remote, local)

    let before = try remote.contents()
    for (folder, name) in try SampleStore.logGroups {
      let again = try remote.ingest(
        [Repository.url(folder).path], options: ImportOptions(logGroup: name))
      #expect(again.events == 0)
      #expect(again.invocations == 0)
      #expect(again.errors == 0)
    }
    #expect(try remote.contents() == before)
    #expect(try remote.copies() == [])
  }

  /// Expects the rows of invocations and errors to be those of a store.
  private func expectFactsAlike(_ remote: RemoteStore, _ local: Store) throws {
    for facts in [FactTable.invocations, .errors] {
      let columns = facts.columns.map(\.name).joined(separator: ", ")
      let statement = try local.connection.prepare("SELECT \(columns) FROM \(facts.name)")
      var here: [String] = []
      while try statement.step() {
        here.append(
          facts.columns.indices.map { index in
            switch statement.value(at: index) {
            case .null: "-"
            case .integer(let integer):
              facts.columns[index].kind == .real ? "\(Double(integer))" : "\(integer)"
            case .real(let real): "\(real)"
            case .text(let text), .wide(let text): text
            }
          }.joined(separator: "\u{1}"))
      }
      let rows = try remote.client.rows(
        "SELECT \(columns) FROM \(facts.name)", cancellation: remote.cancellation)
      var there: [String] = []
      while let row = try rows.next() {
        there.append(
          facts.columns.enumerated().map { index, column in
            if row.isNull(index) { return "-" }
            return switch column.kind {
            case .integer: "\(row.integer(index))"
            case .real: "\(row.optionalReal(index) ?? 0)"
            case .text: row.name(index) ?? "-"
            }
          }.joined(separator: "\u{1}"))
      }
      #expect(here.count > 20)
      #expect(there.sorted() == here.sorted(), "\(facts.name)")
    }
    let frames = try local.connection.prepare("SELECT count(*) FROM frames")
    #expect(try frames.step())
    #expect(try remote.rows("SELECT count() FROM frames") == ["\(frames.integer(at: 0))"])
  }

  @Test("a store is moved up, and its logs are known there then")
  func moving() throws {
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/logs.db"
    let logs = Repository.url("SampleLogs/orders-api").path
    let local = try Store(path: path, access: .readWrite)
    let options = ImportOptions(logGroup: Self.group)
    let here = try Importer(store: local, options: options).run(paths: [logs])
    try local.close()
    let remote = try RemoteStore()
    let moved = try remote.ingest([path])
    #expect(moved.events == here.events)
    #expect(moved.invocations == here.invocations)
    #expect(try remote.ingest([path]).events == 0)
    #expect(try remote.ingest([logs], options: options).events == 0)
    #expect(try remote.copies() == [])
    let direct = try RemoteStore()
    try direct.ingest([logs], options: options)
    #expect(try direct.contents() == remote.contents())
  }

  // MARK: Inputs that nobody knows the place of

  @Test("a log without names and times is stored once, and goes on when it has grown")
  func unnamed() throws {
    let folder = try TemporaryFolder()
    let remote = try RemoteStore()
    let first = "first\nsecond\nsecond\nthird, which was cut"
    let log = try folder.write(first, to: "app.log")
    #expect(try remote.ingest([log]).events == 4)
    #expect(try remote.ingest([log]).events == 0)
    _ = try folder.write(first + " off\nfourth\n", to: "app.log")
    let grown = try remote.ingest([log])
    #expect(grown.events == 1)
    let whole = ["first", "second", "second", "third, which was cut off", "fourth"]
    #expect(try remote.rows("SELECT message FROM events ORDER BY position") == whole)
    // The shorter one may come again.
    _ = try folder.write("first\nsecond\n", to: "app.log")
    #expect(try remote.ingest([log]).events == 0)
    // One that only begins alike is another log.
    let other = try folder.write("first\nsecond\nanother\n", to: "other.log")
    #expect(try remote.ingest([other]).events == 3)
    #expect(try remote.ingest([other, log]).events == 0)
    #expect(try remote.rows("SELECT count() FROM events") == ["8"])
  }

  // MARK: Carriers

  @Test("the same events with and without ids are stored once, and get their ids")
  func carriers() throws {
    let folder = try TemporaryFolder()
    let remote = try RemoteStore()
    let times = [1_767_225_600_000, 1_767_225_600_000, 1_767_225_600_000, 1_767_225_600_500]
    let texts = ["a", "a", "b", "c"]
    let plain = try folder.write(
      Self.got(zip(times, texts).map { ($0, $1) }), to: "get.json")
    let filtered = try folder.write(
      Self.filtered(zip(times, texts).enumerated().map { ("id\($0)", $1.0, $1.1) }),
      to: "filter.json")
    let options = ImportOptions(logGroup: "g", logStream: "s")
    #expect(try remote.ingest([plain], options: options).events == 4)
    let withIDs = try remote.ingest([filtered], options: options)
    #expect(withIDs.events == 0)
    #expect(withIDs.duplicates == 4)
    let rows = "SELECT message, event_id FROM events ORDER BY timestamp_ms, event_id"
    #expect(try remote.rows(rows) == ["a\tid0", "a\tid1", "b\tid2", "c\tid3"])
    #expect(try remote.ingest([plain, filtered], options: options).events == 0)
    // A third equal line is a third event.
    let more = try folder.write(
      Self.got((zip(times, texts).map { ($0, $1) }) + [(times[0], "a")]), to: "more.json")
    #expect(try remote.ingest([more], options: options).events == 1)
    #expect(try remote.ingest([more, plain, filtered], options: options).events == 0)
    #expect(try remote.rows("SELECT count() FROM events") == ["5"])
  }

  @Test("pages that meet within a millisecond lose nothing")
  func pages() throws {
    let folder = try TemporaryFolder()
    let remote = try RemoteStore()
    let time = 1_767_225_600_000
    let first = try folder.write(
      Self.filtered([("1", time, "x"), ("2", time, "x")]), to: "1.json")
    let second = try folder.write(
      Self.filtered([("3", time, "x"), ("2", time, "x")]), to: "2.json")
    let options = ImportOptions(logGroup: "g")
    #expect(try remote.ingest([first], options: options).events == 2)
    #expect(try remote.ingest([second], options: options).events == 1)
    #expect(try remote.ingest([second, first], options: options).events == 0)
    #expect(
      try remote.rows("SELECT event_id FROM events ORDER BY event_id") == ["1", "2", "3"])
  }

  @Test("a START and a REPORT of different ingests are one invocation")
  func apart() throws {
    let folder = try TemporaryFolder()
    let remote = try RemoteStore()
    let time = 1_767_225_600_000
    let options = ImportOptions(logGroup: Self.group, logStream: "s")
    let end = try folder.write(Self.got([(time + 20, Self.report)]), to: "end.json")
    let begin = try folder.write(Self.got([(time, Self.start)]), to: "begin.json")
    #expect(try remote.ingest([begin], options: options).invocations == 1)
    #expect(try remote.rows("SELECT status FROM invocations") == ["incomplete"])
    #expect(try remote.ingest([end], options: options).invocations == 0)
    let rows = "SELECT status, start_ms, end_ms, duration_ms, attempt FROM invocations"
    #expect(try remote.rows(rows) == ["success\t\(time)\t\(time + 20)\t12.5\t1"])
    // A retry in another stream is the second attempt.
    let retry = try folder.write(
      Self.got([(time + 60_000, Self.start), (time + 60_020, Self.report)]), to: "retry.json")
    try remote.ingest([retry], options: ImportOptions(logGroup: Self.group, logStream: "t"))
    #expect(
      try remote.rows("SELECT log_stream, attempt FROM invocations ORDER BY log_stream")
        == ["s\t1", "t\t2"])
  }

  @Test(
    "errors of an init get the request that needed it, however many there are",
    arguments: [10, 20_001])
  func initErrors(count: Int) throws {
    let folder = try TemporaryFolder()
    let remote = try RemoteStore()
    let time = 1_767_225_600_000
    let error = #"{\"errorType\":\"E\",\"errorMessage\":\"x\",\"stackTrace\":[]}"#
    let initReport =
      #"INIT_REPORT Init Duration: 9.00 ms\tPhase: invoke\tStatus: error\t"#
      + "Error Type: E"
    let messages = Array(repeating: error, count: count) + [initReport, Self.start, Self.report]
    let file = try folder.write(
      Self.got(messages.enumerated().map { (time + $0, $1) }), to: "errors.json")
    let options = ImportOptions(logGroup: Self.group, logStream: "s")
    #expect(try remote.ingest([file], options: options).errors == count)
    let rows = "SELECT request_id IS NOT NULL, count() FROM errors GROUP BY 1"
    #expect(try remote.rows(rows) == ["1\t\(count)"])
    #expect(try remote.rows("SELECT status, error_type FROM invocations") == ["error\tE"])
  }

  // MARK: Stopped, and at once

  @Test("what a stopped ingest has left is completed by the next", arguments: 0..<6)
  func stopped(seed: Int) throws {
    let remote = try RemoteStore()
    let options = ImportOptions(logGroup: Self.group)
    let paths = [Repository.url("SampleLogs/orders-api").path]
    let unnamed = Repository.url("SampleLogs/payments").path
    try remote.ingest(paths, options: options)
    try remote.ingest([unnamed])
    let whole = try remote.contents()
    // Rows are sent in order, a day apart from the next: any of them may be missing.
    try remote.execute("DELETE FROM events WHERE cityHash64(message, \(seed)) % 3 = 0")
    try remote.execute("DELETE FROM invocations WHERE cityHash64(id, \(seed)) % 3 = 0")
    try remote.execute("DELETE FROM errors WHERE cityHash64(id, \(seed)) % 3 = 0")
    #expect(try remote.contents() != whole)
    try remote.ingest(paths, options: options)
    try remote.ingest([unnamed])
    #expect(try remote.contents() == whole)
    #expect(try remote.copies() == [])
  }

  @Test("several ingests of the same logs at once store them once")
  func atOnce() throws {
    let remote = try RemoteStore()
    try ClickHouseSchema.prepare(remote.client, cancellation: remote.cancellation)
    let alone = try RemoteStore()
    let named = Repository.url("SampleLogs/orders-api").path
    let unnamed = Repository.url("SampleLogs/payments").path
    try alone.ingest([named], options: ImportOptions(logGroup: Self.group))
    try alone.ingest([unnamed])
    let failures = Locked<[String]>([])
    let threads = (0..<4).map { number in
      Thread {
        do {
          if number % 2 == 0 {
            try remote.ingest([named], options: ImportOptions(logGroup: Self.group))
            try remote.ingest([unnamed])
          } else {
            try remote.ingest([unnamed])
            try remote.ingest([named], options: ImportOptions(logGroup: Self.group))
          }
        } catch { failures.withLock { $0.append("\(error)") } }
      }
    }
    for thread in threads { thread.start() }
    while threads.contains(where: { !$0.isFinished }) { usleep(10_000) }
    #expect(failures.withLock { $0 } == [])
    #expect(try remote.copies() == [])
    #expect(try remote.contents() == alone.contents())
  }

  // MARK: Values

  @Test("bytes, times and numbers stay as they are")
  func values() throws {
    let folder = try TemporaryFolder()
    let remote = try RemoteStore()
    let times = [-1, 0, 4_102_444_800_000, 253_402_300_799_999]
    let texts = [
      #"{\"a\":1.50,\"b\":{\"c\":\"x\\u0000y\"},\"big\":123456789012345678901234567890}"#,
      #"{\"a\":\"5\",\"ok\":true,\"no\":false,\"none\":null,\"a\":6}"#,
      #"{\"tiny\":1e-7,\"great\":1e300,\"whole\":2.0,\"minus\":-0.0,\"list\":[1,\"two\"]}"#,
      #"'quoted' \\ tab\\tend é \ud83d\ude00"#,
    ]
    let log = try folder.write(
      Self.got(zip(times, texts).map { ($0, $1) }), to: "values.json")
    let options = ImportOptions(logGroup: "it's a \\ group", logStream: "s\tt")
    #expect(try remote.ingest([log], options: options).events == 4)
    #expect(try remote.ingest([log], options: options).events == 0)
    #expect(
      try remote.rows("SELECT mapSort(fields) FROM events ORDER BY timestamp_ms") == [
        #"{'a':'n1.5','b.c':'tx\0y','big':'n123456789012345678901234567890'}"#,
        "{'a':'t5','no':'n0','ok':'n1'}",
        "{'great':'n1e300','list.0':'n1','list.1':'ttwo','minus':'n0','tiny':'n1e-7','whole':'n2'}",
        "{}",
      ])
    #expect(
      try remote.rows("SELECT timestamp_ms FROM events ORDER BY timestamp_ms")
        == times.map(String.init))
  }

  // MARK: Tables

  @Test("a store of another version, and tables that are no store, are refused")
  func otherTables() throws {
    let log = Repository.url("SampleLogs/orders-api").path
    let other = try RemoteStore()
    try other.execute("CREATE TABLE events (a String) ENGINE = MergeTree ORDER BY a")
    #expect(throws: StoreError.self) { try other.ingest([log]) }
    let newer = try RemoteStore()
    try ClickHouseSchema.prepare(newer.client, cancellation: newer.cancellation)
    try newer.execute("DROP VIEW insights_schema")
    #expect(
      try ClickHouseSchema.state(newer.client, cancellation: newer.cancellation) == .unfinished)
    try newer.execute(
      "CREATE VIEW insights_schema AS SELECT toUInt32(99) AS version, '' AS cluster")
    #expect(throws: StoreError.version(found: 99, supported: ClickHouseSchema.version)) {
      try newer.ingest([log])
    }
  }
}
