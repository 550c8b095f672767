import InsightsIngest
import InsightsStore
import Testing

@Suite("Duplicates")
struct DuplicateTests {
  private static let id = "7f1c0a52-6a1e-4d0b-9c36-2f60d7a5be10"

  /// A reply of filter-log-events; events as (id or nil, stream, time, message).
  private func reply(_ events: [(String?, String, Int, String)]) -> String {
    let objects = events.map { id, stream, time, message in
      "{\"logStreamName\":\"\(stream)\",\"timestamp\":\(time),\"message\":\"\(message)\""
        + (id.map { ",\"eventId\":\"\($0)\"}" } ?? "}")
    }
    return "{\"events\":[" + objects.joined(separator: ",") + "]}"
  }

  @Test("the same file twice changes nothing", arguments: [false, true])
  func sameFile(_ atOnce: Bool) throws {
    let folder = try TemporaryFolder()
    let file = try folder.write("one\ntwo\ntwo\n", to: "a.log")
    if atOnce {
      let summary = try folder.ingest([file, file])
      #expect((summary.events, summary.duplicates) == (3, 3))
    } else {
      try folder.ingest([file])
      let summary = try folder.ingest([file])
      #expect((summary.events, summary.duplicates) == (0, 3))
    }
    #expect(try folder.column("SELECT count(*) FROM log_events") == ["3"])
    #expect(try folder.column("SELECT count(*) FROM sources") == ["1"])
  }

  @Test("a grown file gives only what is new")
  func grownFile() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write("one\ntwo\n", to: "a.log")
    try folder.ingest([file])
    _ = try folder.write("one\ntwo\nthree\n", to: "a.log")
    let summary = try folder.ingest([file])
    #expect((summary.events, summary.duplicates) == (1, 2))
    #expect(
      try folder.column("SELECT message FROM log_events ORDER BY id") == ["one", "two", "three"])
  }

  @Test("a file that has grown, and then the shorter one again, change nothing more")
  func shorterAgain() throws {
    let folder = try TemporaryFolder()
    let short = try folder.write("one\ntwo\n", to: "a.log")
    let long = try folder.write("one\ntwo\nthree\n", to: "b.log")
    for file in [short, long, short, long] { try folder.ingest([file]) }
    #expect(try folder.column("SELECT count(*) FROM log_events") == ["3"])
    #expect(try folder.column("SELECT count(DISTINCT source_id) FROM log_events") == ["1"])
  }

  @Test("a line that was half-written is completed")
  func grownLine() throws {
    let folder = try TemporaryFolder()
    let line = "REPORT RequestId: \(Self.id)\tDuration: 12.50 ms\tBilled Duration: 13 ms\t\n"
    let file = try folder.write("one\n" + line.prefix(70), to: "a.log")
    try folder.ingest([file])
    _ = try folder.write("one\n" + line, to: "a.log")
    let summary = try folder.ingest([file])
    #expect((summary.events, summary.duplicates, summary.invocations) == (0, 2, 0))
    #expect(try folder.column("SELECT duration FROM log_events WHERE type = 'REPORT'") == ["12.5"])
    #expect(try folder.column("SELECT billed_ms FROM invocations") == ["13"])
  }

  @Test("files of unknown stream that merely hold the same lines are not the same")
  func unknownStreams() throws {
    let folder = try TemporaryFolder()
    let one = try folder.write("2026-03-04T10:00:00.000Z same\n", to: "a.log")
    let other = try folder.write(
      "2026-03-04T09:00:00.000Z first\n2026-03-04T10:00:00.000Z same\n", to: "b.log")
    let summary = try folder.ingest([one, other])
    #expect((summary.events, summary.duplicates) == (3, 0))
  }

  @Test("events of one id are one event, in one file and in two")
  func eventIDs() throws {
    let folder = try TemporaryFolder()
    let one = try folder.write(
      reply([("1", "s", 5, "a"), ("2", "s", 6, "b"), ("1", "s", 5, "a")]), to: "a.json")
    let other = try folder.write(reply([("2", "s", 6, "b"), ("3", "s", 6, "b")]), to: "b.json")
    let summary = try folder.ingest([one])
    #expect((summary.events, summary.duplicates) == (2, 1))
    let again = try folder.ingest([other])
    #expect((again.events, again.duplicates) == (1, 1))
  }

  @Test(
    "without ids the fullest input decides how often a text is there", arguments: [false, true])
  func multiplicity(_ fullestFirst: Bool) throws {
    let folder = try TemporaryFolder()
    let once = try folder.write(reply([(nil, "s", 5, "a"), (nil, "s", 9, "x")]), to: "a.json")
    let twice = try folder.write(
      reply([(nil, "s", 5, "a\\n"), (nil, "s", 5, "a")]), to: "b.json")
    try folder.ingest(fullestFirst ? [twice] : [once])
    try folder.ingest(fullestFirst ? [once] : [twice])
    #expect(
      try folder.column("SELECT timestamp FROM log_events ORDER BY timestamp") == ["5", "5", "9"])
  }

  @Test("an event that gets its id later is still the same", arguments: [false, true])
  func idsLater(_ idsFirst: Bool) throws {
    let folder = try TemporaryFolder()
    let without = try folder.write(reply([(nil, "s", 5, "a")]), to: "a.json")
    let with = try folder.write(reply([("1", "s", 5, "a\\n")]), to: "b.json")
    try folder.ingest(idsFirst ? [with, without] : [without, with])
    #expect(try folder.column("SELECT event_id FROM log_events") == ["1"])
    let summary = try folder.ingest([with, without])
    #expect((summary.events, summary.duplicates) == (0, 2))
  }

  @Test("another stream, millisecond or text is another event")
  func differences() throws {
    let folder = try TemporaryFolder()
    let one = try folder.write(reply([(nil, "s", 5, "a")]), to: "a.json")
    let other = try folder.write(
      reply([(nil, "t", 5, "a"), (nil, "s", 6, "a"), (nil, "s", 5, "b")]), to: "b.json")
    let summary = try folder.ingest([one, other])
    #expect((summary.events, summary.duplicates) == (4, 0))
  }

  @Test("the order of the inputs does not change what is derived", arguments: [false, true])
  func order(_ reversed: Bool) throws {
    let folder = try TemporaryFolder()
    let first = try folder.write(
      reply([
        (nil, "s", 1000, "START RequestId: \(Self.id) Version: 7"),
        (nil, "s", 1002, "[ERROR] ValueError: no\\nTraceback (most recent call last):"),
      ]), to: "a.json")
    let last = try folder.write(
      reply([
        (nil, "s", 1010, "REPORT RequestId: \(Self.id)\\tDuration: 10.00 ms\\tStatus: error"),
        (nil, "s", 9000, "START RequestId: \(Self.id) Version: 7"),
      ]), to: "b.json")
    for file in reversed ? [last, first] : [first, last] { try folder.ingest([file]) }
    let rows = try folder.rows(
      "SELECT attempt, status, error_type, start_ms, end_ms FROM invocations ORDER BY start_ms")
    #expect(
      rows == [
        ["1", "error", "ValueError", "1000", "1010"], ["2", "incomplete", nil, "9000", nil],
      ])
    #expect(try folder.column("SELECT request_id FROM errors") == [Self.id])
    #expect(try folder.column("SELECT sum(is_stale) FROM log_streams") == ["0"])
  }

  @Test("an input that runs newest first is reversed")
  func newestFirst() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write(
      reply([(nil, "s", 9, "d"), (nil, "s", 5, "c"), (nil, "s", 5, "b"), (nil, "s", 1, "a")]),
      to: "a.json")
    let later = try folder.write(reply([(nil, "s", 20, "e")]), to: "b.json")
    try folder.ingest([file])
    try folder.ingest([later])
    #expect(
      try folder.column("SELECT message FROM log_events ORDER BY id") == ["a", "b", "c", "d", "e"])
  }
}
