import Foundation
import InsightsEngine
import InsightsIngest
import InsightsModel
import InsightsQuery
import InsightsStore
import InsightsTestSupport
import InsightsThreads
import Testing

/// What is written while others read: it is there at once, in few segments, and derived from.
@Suite("log writer")
struct LogWriterTests {
  private static let time: Int64 = 1_700_000_000_000

  private static func events(
    _ messages: [String], stream: String = "s", group: String = "/aws/lambda/f",
    from number: Int = 0
  ) -> NewEvents {
    var events = NewEvents(logGroup: group, logStream: stream, ingestionTime: time + 5)
    for (index, message) in messages.enumerated() {
      events.append(timestamp: time + Int64(number + index), message: message.utf8)
    }
    return events
  }

  /// Returns a writer with the log group and stream of `events`.
  private static func makeWriter(
    at path: String, following: LogWriter.Following? = nil
  ) throws -> LogWriter {
    let writer = LogWriter(storeAt: path, following: following)
    try writer.change {
      try $0.createGroup("/aws/lambda/f", at: time)
      try $0.createStream("s", inGroup: "/aws/lambda/f", at: time)
    }
    return writer
  }

  /// The lines of an invocation, as Lambda writes them.
  private static func invocation(_ number: Int) -> [String] {
    let id = "00000000-0000-4000-8000-\(String(1_000_000_000_000 + number).dropFirst())"
    return [
      "START RequestId: \(id) Version: $LATEST\n", "\(id) INFO working on \(number)\n",
      "END RequestId: \(id)\n",
      "REPORT RequestId: \(id)\tDuration: \(number).50 ms\tBilled Duration: \(number + 1) ms\t"
        + "Memory Size: 128 MB\tMax Memory Used: 70 MB\t\n",
    ]
  }

  private static func count(_ query: String, in path: String) throws -> [[String]] {
    let engine = try Engine(readingStoreAt: path)
    return try engine.answer(SourceText(query), options: Binder.Options()).table.rows.map {
      $0.map { "\($0)" }
    }
  }

  private static func figure(_ sql: String, in path: String) throws -> String? {
    try Program.rows(of: sql, in: path)[0][0]
  }

  @Test("groups and streams are made before events, and refused where they are not there")
  func refusals() throws {
    let folder = try TemporaryFolder()
    let writer = LogWriter(storeAt: "\(folder.path)/a.db")
    #expect(throws: LogStoreEditor.Refusal.groupMissing) { try writer.store(Self.events(["x"])) }
    try writer.change { try $0.createGroup("/aws/lambda/f", at: Self.time) }
    #expect(throws: LogStoreEditor.Refusal.groupExists) {
      try writer.change { try $0.createGroup("/aws/lambda/f", at: Self.time) }
    }
    #expect(throws: LogStoreEditor.Refusal.streamMissing) { try writer.store(Self.events(["x"])) }
    #expect(throws: LogStoreEditor.Refusal.groupMissing) {
      try writer.change { try $0.createStream("s", inGroup: "/other", at: Self.time) }
    }
    try writer.change { try $0.createStream("s", inGroup: "/aws/lambda/f", at: Self.time) }
    #expect(throws: LogStoreEditor.Refusal.streamExists) {
      try writer.change { try $0.createStream("s", inGroup: "/aws/lambda/f", at: Self.time) }
    }
    try writer.store(Self.events(["x", "x"]))
    #expect(try Self.count("stats count(*) as n", in: "\(folder.path)/a.db") == [["integer(2)"]])
    #expect(try writer.stop())
    #expect(throws: StoreError.self) { try writer.store(Self.events(["x"])) }
  }

  @Test("many small writes give what one ingest gives, in few segments", arguments: [10, 700])
  func manyWrites(invocationCount: Int) throws {
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/a.db"
    let writer = try Self.makeWriter(at: path)
    var number = 0
    for invocation in 0..<invocationCount {
      for message in Self.invocation(invocation) {
        try writer.store(Self.events([message], from: number))
        number += 1
      }
      // Queries see what has been stored at once.
      if invocation.isMultiple(of: 100) {
        #expect(
          try Self.count("stats count(*) as n", in: path) == [["integer(\(number))"]])
      }
    }
    #expect(try writer.stop())
    #expect(try Self.figure("SELECT count(*) FROM segments", in: path) == "1")
    #expect(
      try Self.figure("SELECT count(*) FROM invocations WHERE status = 'success'", in: path)
        == "\(invocationCount)")
    #expect(
      try Self.figure("SELECT sum(duration_ms) FROM invocations", in: path)
        == "\(Double(invocationCount) * Double(invocationCount) / 2)")
    #expect(
      try Self.figure("SELECT invocations FROM fact_counts", in: path) == "\(invocationCount)")
    #expect(
      try Self.count(
        "filter @type = \"REPORT\" | stats count(*) as n, max(@duration) as d", in: path)
        == [["integer(\(invocationCount))", "real(\(Double(invocationCount) - 0.5))"]])
  }

  @Test("segments that writes of any size leave are filled", arguments: [9, 37, 144, 1100])
  func filledSegments(writeSize: Int) throws {
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/a.db"
    let writer = try Self.makeWriter(at: path)
    let eventCount = 24_000
    for start in stride(from: 0, to: eventCount, by: writeSize) {
      let count = min(writeSize, eventCount - start)
      try writer.store(Self.events((0..<count).map { "event \(start + $0)" }, from: start))
    }
    #expect(try writer.stop())
    let counts = try Program.rows(of: "SELECT event_count FROM segments", in: path).compactMap {
      $0[0].flatMap { Int($0) }
    }
    #expect(counts.reduce(0, +) == eventCount)
    #expect(counts.count <= 4, "\(counts)")
  }

  @Test("an error over several events is one error, and identical events are kept")
  func tracebacks() throws {
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/a.db"
    let writer = try Self.makeWriter(at: path)
    let lines = [
      "[ERROR] ValueError: bad\nTraceback (most recent call last):\n"
        + "  File \"/var/task/app.py\", line 3, in handler\n    raise ValueError('bad')\n"
    ]
    for repetition in 0..<2 { try writer.store(Self.events(lines + lines, from: repetition * 10)) }
    _ = try writer.stop()
    #expect(try Self.count("stats count(*) as n", in: path) == [["integer(4)"]])
    #expect(try Self.figure("SELECT count(*) FROM errors", in: path) == "4")
    #expect(
      try Self.figure("SELECT DISTINCT top_frame FROM errors", in: path)
        == "/var/task/app.py:3 handler")
  }

  @Test("another process ingests beside it, and both see all")
  func beside() throws {
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/a.db"
    let writer = try Self.makeWriter(at: path)
    try writer.store(Self.events(["one"]))
    let lines = (0..<50).map {
      "{\"timestamp\":\(Self.time + Int64($0)),\"message\":\"file \($0)\"}\n"
    }
    let file = try folder.write(lines.joined(), to: "e.ndjson")
    let summary = try Engine.ingest(
      [file], intoStoreAt: path, options: ImportOptions(logGroup: "/g", logStream: "t"))
    #expect(summary.events == 50)
    try writer.store(Self.events(["two"], from: 1))
    #expect(
      try Self.count("stats count(*) as n by @logStream | sort n desc", in: path)
        == [["text(\"t\")", "integer(50)"], ["text(\"s\")", "integer(2)"]])
    _ = try writer.stop()
    // What came by the API is known when it comes again in a file.
    let again = try folder.write(
      "{\"timestamp\":\(Self.time),\"message\":\"one\"}\n{\"timestamp\":\(Self.time + 7),\"message\":\"new\"}\n",
      to: "again.ndjson")
    let second = try Engine.ingest(
      [again], intoStoreAt: path, options: ImportOptions(logGroup: "/aws/lambda/f", logStream: "s"))
    #expect(second.events == 1)
    #expect(second.duplicates == 1)
  }

  @Test("a deleted stream is gone with what was derived from it, and its file may come again")
  func deletion() throws {
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/a.db"
    let file = try folder.write(
      (0..<30).flatMap(Self.invocation).enumerated().map {
        "{\"timestamp\":\(Self.time + Int64($0.offset)),\"message\":\"\($0.element.dropLast().replacing("\t", with: "\\t"))\"}\n"
      }.joined(), to: "e.ndjson")
    let options = ImportOptions(logGroup: "/aws/lambda/f", logStream: "file")
    _ = try Engine.ingest([file], intoStoreAt: path, options: options)
    let writer = LogWriter(storeAt: path)
    try writer.change { try $0.createStream("s", inGroup: "/aws/lambda/f", at: Self.time) }
    try writer.store(Self.events(Self.invocation(7)))
    #expect(try Self.figure("SELECT count(*) FROM invocations", in: path) == "31")
    try writer.change { try $0.deleteStream("file", ofGroup: "/aws/lambda/f", at: Self.time) }
    #expect(try Self.count("stats count(*) as n", in: path) == [["integer(4)"]])
    #expect(try Self.figure("SELECT count(*) FROM invocations", in: path) == "1")
    try writer.store(Self.events(Self.invocation(8), from: 100))
    _ = try writer.stop()
    #expect(try Engine.ingest([file], intoStoreAt: path, options: options).events == 120)
    #expect(try Self.figure("SELECT count(*) FROM invocations", in: path) == "32")
    #expect(try Self.figure("SELECT invocations FROM fact_counts", in: path) == "32")
    let other = LogWriter(storeAt: path)
    try other.change { try $0.changeGroup("/aws/lambda/f") { $0.isDeletionProtected = true } }
    #expect(throws: LogStoreEditor.Refusal.protected) {
      try other.change { try $0.deleteGroup("/aws/lambda/f") }
    }
    try other.change {
      try $0.changeGroup("/aws/lambda/f") { $0.isDeletionProtected = false }
      try $0.deleteGroup("/aws/lambda/f")
    }
    _ = try other.stop()
    #expect(try Self.figure("SELECT count(*) FROM segments", in: path) == "0")
    #expect(try Self.figure("SELECT count(*) FROM log_groups", in: path) == "0")
    #expect(try Self.figure("SELECT count(*) FROM errors", in: path) == "0")
  }

  @Test("events keep their @ptr when streams between them are deleted", arguments: [20, 5000])
  func pointersStay(eventCount: Int) throws {
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/a.db"
    let writer = LogWriter(storeAt: path)
    let streams = ["a", "b", "c"]
    try writer.change {
      try $0.createGroup("/g", at: Self.time)
      for stream in streams { try $0.createStream(stream, inGroup: "/g", at: Self.time) }
    }
    // Streams take turns, one, two and three events at a time.
    func put(from first: Int) throws {
      var number = first
      while number < first + eventCount {
        for (index, stream) in streams.enumerated() {
          let messages = (0...index).map { "{\"stream\":\"\(stream)\",\"number\":\(number + $0)}" }
          try writer.store(Self.events(messages, stream: stream, group: "/g", from: number))
          number += messages.count
        }
      }
    }
    func pointers() throws -> [[String]] {
      let engine = try Engine(readingStoreAt: path)
      let query = SourceText("fields @ptr, @message, stream, number | sort number")
      return try engine.answer(query, options: Binder.Options(rowLimit: .max)).table.rows.map {
        $0.map { "\($0)" }
      }
    }
    func ofStreams(_ names: String, in rows: [[String]]) -> [[String]] {
      rows.filter { row in names.contains { row[2] == "text(\"\($0)\")" } }
    }
    try put(from: 0)
    let all = try pointers()
    #expect(Set(all.map { $0[0] }).count == all.count)
    #expect(ofStreams("abc", in: all) == all)
    try writer.change { try $0.deleteStream("b", ofGroup: "/g", at: Self.time) }
    #expect(try pointers() == ofStreams("ac", in: all))
    try writer.change { try $0.deleteStream("c", ofGroup: "/g", at: Self.time) }
    let kept = ofStreams("a", in: all)
    #expect(try pointers() == kept)
    // A reader at the end would keep the writer from folding in its log.
    do {
      let engine = try Engine(readingStoreAt: path)
      for row in [kept[0], kept[kept.count / 2], kept[kept.count - 1]] {
        let text = row[0].split(separator: "\"")[1]
        let record = try engine.record(#require(EventPointer(String(text))))
        #expect(try #require(record).rows[0].contains { "\($0)" == row[1] })
      }
    }
    // What comes then has places of its own, and merging small segments changes none.
    try writer.change {
      for stream in ["b", "c"] { try $0.createStream(stream, inGroup: "/g", at: Self.time) }
    }
    try put(from: 2 * eventCount)
    let more = try pointers()
    #expect(Array(more.prefix(kept.count)) == kept)
    #expect(Set(more.map { $0[0] }).isSuperset(of: kept.map { $0[0] }))
    let known = Set(all.map { $0[0] })
    #expect(more.dropFirst(kept.count).allSatisfy { !known.contains($0[0]) })
    #expect(try writer.stop())
    #expect(try pointers() == more)
    #expect(try Engine(readingStoreAt: path).lastPosition() == Int64(2 * all.count))
  }

  @Test("writers on many threads are committed together, and nothing is lost or doubled")
  func threads() async throws {
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/a.db"
    let writer = LogWriter(storeAt: path)
    try writer.change {
      try $0.createGroup("/aws/lambda/f", at: Self.time)
      for number in 0..<8 {
        try $0.createStream("s\(number)", inGroup: "/aws/lambda/f", at: Self.time)
      }
    }
    let threads = (0..<8).map { number in
      WorkerThread {
        for batch in 0..<40 {
          _ = try? writer.store(
            Self.events(
              (0..<5).map { "writer \(number) batch \(batch) event \($0)" }, stream: "s\(number)",
              from: batch * 5))
        }
      }
    }
    for thread in threads { thread?.join() }
    #expect(try writer.stop())
    #expect(
      try Self.count("stats count(*) as n, count_distinct(@message) as m by @logStream", in: path)
        == (0..<8).map { ["text(\"s\($0)\")", "integer(200)", "integer(200)"] })
  }

  @Test("files that are followed come in while events do")
  func following() throws {
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/a.db"
    let file = try folder.write("2026-01-01T00:00:00.000Z first\n", to: "app.log")
    let writer = try Self.makeWriter(at: path, following: LogWriter.Following(paths: [file]))
    func waitFor(_ count: Int) throws -> Bool {
      for _ in 0..<200 {
        if try Self.count("stats count(*) as n", in: path) == [["integer(\(count))"]] {
          return true
        }
        usleep(50_000)
      }
      return false
    }
    #expect(try waitFor(1))
    try writer.store(Self.events(["one"]))
    _ = try folder.write(
      "2026-01-01T00:00:00.000Z first\n2026-01-01T00:00:01.000Z second\n", to: "app.log")
    #expect(try waitFor(3))
    // A line without an end comes in after a while, or with the next writer.
    let lines = """
      2026-01-01T00:00:00.000Z first
      2026-01-01T00:00:01.000Z second
      2026-01-01T00:00:02.000Z third
      """
    _ = try folder.write(lines, to: "app.log")
    #expect(try waitFor(4))
    _ = try folder.write(lines + " line\n2026-01-01T00:00:03.000Z four", to: "app.log")
    _ = try writer.stop()
    let next = LogWriter(storeAt: path, following: LogWriter.Following(paths: [file]))
    #expect(try waitFor(5))
    _ = try next.stop()
    #expect(
      try Self.count("filter @message like /third line|four/ | stats count(*) as n", in: path)
        == [["integer(2)"]])
  }
}
