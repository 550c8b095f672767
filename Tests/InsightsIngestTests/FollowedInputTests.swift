import Foundation
import InsightsIngest
import InsightsStore
import InsightsTestSupport
import Testing

/// Files that are read as they grow give what they give when they are read whole.
@Suite("Followed inputs")
struct FollowedInputTests {
  private static func id(_ number: Int) -> String {
    String(format: "%08x-6a1e-4d0b-9c36-2f60d7a5be10", number)
  }

  /// Invocations with errors of one and of several lines, and retries.
  private static func log(_ invocations: Int, from first: Int = 0) -> String {
    var text = ""
    for number in first..<first + invocations {
      let second = number * 3
      func time(_ milliseconds: Int) -> String {
        String(
          format: "2026-03-04T%02d:%02d:%02d.%03dZ ", second / 3600, second / 60 % 60, second % 60,
          milliseconds)
      }
      let id = Self.id(number.isMultiple(of: 9) ? number / 9 : number + 1000)
      text += time(0) + "START RequestId: \(id) Version: $LATEST\n"
      if number.isMultiple(of: 4) {
        text += time(1) + "[ERROR] ValueError: no \(number)\nTraceback (most recent call last):\n"
        text += "  File \"/var/task/app.py\", line \(number), in handler\n    go()\n"
      }
      text += time(2) + "\(id) step\n"
      text += time(500) + "END RequestId: \(id)\n"
      text +=
        time(500) + "REPORT RequestId: \(id)\tDuration: 500.00 ms\tBilled Duration: 500 ms\t"
        + "Memory Size: 128 MB\tMax Memory Used: 80 MB\t\n"
    }
    return text
  }

  private func contents(_ folder: TemporaryFolder) throws -> [[String?]] {
    try [
      "SELECT timestamp, message, is_fact FROM log_events ORDER BY id",
      """
      SELECT log_group, log_stream, request_id, attempt, start_ms, end_ms, status, error_type
      FROM invocations ORDER BY start_ms
      """,
      """
      SELECT log_group, timestamp_ms, request_id, kind, type, traceback FROM errors
      ORDER BY timestamp_ms
      """,
      "SELECT count(*) FROM frames WHERE error_id IN (SELECT id FROM errors)",
      "SELECT sum(is_stale) FROM log_streams",
    ].flatMap { try folder.rows($0) }
  }

  private func expectSame(_ one: TemporaryFolder, _ other: TemporaryFolder) throws {
    let (first, second) = (try contents(one), try contents(other))
    #expect(first.count == second.count)
    let differing = zip(first, second).first { $0 != $1 }
    #expect(differing?.0 == differing?.1)
  }

  private func follow(
    _ folder: TemporaryFolder, _ paths: [String], _ followed: FollowedInputs,
    options: ImportOptions = ImportOptions()
  ) throws -> ImportSummary {
    let store = try Store(path: folder.path + "/test.db", access: .readWrite)
    let summary = try Importer(store: store, options: options, followed: followed)
      .run(paths: paths)
    try store.close()
    return summary
  }

  @Test("a file that grows in any pieces", arguments: 0..<12, [0, 1000])
  func pieces(_ seed: Int, delay: Int) throws {
    var random = SeededGenerator(state: UInt64(seed))
    let text = Array(Self.log(40).utf8)
    let options = ImportOptions(
      logGroup: seed.isMultiple(of: 2) ? "/aws/lambda/f" : nil,
      logStream: seed.isMultiple(of: 3) ? "s" : nil)
    let (grown, whole) = (try TemporaryFolder(), try TemporaryFolder())
    let followed = FollowedInputs(endDelay: .seconds(delay))
    var end = 0
    var events = 0
    while end < text.count {
      // By lines, or anywhere.
      end = min(text.count, end + Int.random(in: 1...900, using: &random))
      if seed.isMultiple(of: 4) {
        end = text[end...].firstIndex(of: 0x0A).map { $0 + 1 } ?? text.count
      }
      let file = try grown.write(text[..<end], to: "a.log")
      // Appending keeps the file the same one.
      events += try follow(grown, [file], followed, options: options).events
    }
    // The last event was held back.
    _ = try follow(grown, [grown.path + "/a.log"], FollowedInputs(), options: options)
    try whole.ingest([try whole.write(text, to: "a.log")], options: options)
    #expect(events > 0)
    try expectSame(grown, whole)
    // A follower that begins later finds all that is there.
    let path = grown.path + "/a.log"
    #expect(try follow(grown, [path], FollowedInputs(), options: options).events == 0)
  }

  // MARK: Unfinished ends

  private static let options = ImportOptions(logGroup: "/aws/lambda/f", logStream: "s")

  private func waitForEnd(of followed: FollowedInputs) {
    for _ in 0..<2000 where !followed.isEndDue { usleep(1000) }
    #expect(followed.isEndDue)
  }

  /// The messages that are stored.
  private func messages(_ folder: TemporaryFolder) throws -> [String?] {
    try folder.column("SELECT message FROM log_events ORDER BY id")
  }

  @Test(
    "an unfinished event is held back until it is finished, wherever it is cut",
    arguments: [5, 25, 61])
  func cutEvents(step: Int) throws {
    let (grown, whole) = (try TemporaryFolder(), try TemporaryFolder())
    let followed = FollowedInputs(endDelay: .seconds(1000))
    let text = Array(Self.log(6).utf8)
    try whole.ingest([try whole.write(text, to: "a.log")], options: Self.options)
    let all = try messages(whole)
    for end in stride(from: step, through: text.count, by: step) + [text.count] {
      let file = try grown.write(text[..<end], to: "a.log")
      _ = try follow(grown, [file], followed, options: Self.options)
      let stored = try messages(grown)
      #expect(stored == Array(all.prefix(stored.count)))
      #expect(!followed.isEndDue)
    }
    #expect(try messages(grown).count >= all.count - 1)
    _ = try follow(grown, [grown.path + "/a.log"], FollowedInputs(), options: Self.options)
    try expectSame(grown, whole)
    // What was too short to be recognised has left no source.
    #expect(try grown.column("SELECT count(*) FROM sources WHERE event_count = 0") == ["0"])
  }

  @Test("an end that stays unfinished is read after a while, and once more when it is finished")
  func overdueEnd() throws {
    let (grown, whole) = (try TemporaryFolder(), try TemporaryFolder())
    let followed = FollowedInputs(endDelay: .milliseconds(20))
    let text = Array(Self.log(3).utf8)
    let file = try grown.write(text.dropLast(30), to: "a.log")
    _ = try follow(grown, [file], followed, options: Self.options)
    waitForEnd(of: followed)
    #expect(try follow(grown, [file], followed, options: Self.options).events == 1)
    #expect(!followed.isEndDue)
    #expect(try follow(grown, [file], followed, options: Self.options).events == 0)
    _ = try grown.write(text, to: "a.log")
    _ = try follow(grown, [file], followed, options: Self.options)
    try whole.ingest([try whole.write(text, to: "a.log")], options: Self.options)
    try expectSame(grown, whole)
  }

  @Test(
    "an end that was held back when the program ended is read by the next",
    arguments: [1, 30, 300, 1000], [false, true])
  func endOfProgram(kept: Int, isFinished: Bool) throws {
    let (grown, whole) = (try TemporaryFolder(), try TemporaryFolder())
    let text = Array(Self.log(3).utf8)
    let file = try grown.write(text[..<kept], to: "a.log")
    let followed = FollowedInputs(endDelay: .seconds(1000))
    _ = try follow(grown, [file], followed, options: Self.options)
    let end = isFinished ? text.count : kept
    _ = try grown.write(text[..<end], to: "a.log")
    _ = try follow(grown, [file], FollowedInputs(), options: Self.options)
    try whole.ingest([try whole.write(text[..<end], to: "a.log")], options: Self.options)
    try expectSame(grown, whole)
  }

  @Test("the end of a file that another one has replaced is read")
  func replacedFile() throws {
    let grown = try TemporaryFolder()
    let followed = FollowedInputs(endDelay: .seconds(1000))
    let file = try grown.write(Self.log(2) + "2026-03-04T01:00:00.000Z last", to: "a.log")
    _ = try follow(grown, [file], followed, options: Self.options)
    _ = try grown.write("2026-03-04T02:00:00.000Z first\n", to: "a.log")
    _ = try follow(grown, [file], followed, options: Self.options)
    #expect(try messages(grown).last == "last")
    _ = try follow(grown, [file], FollowedInputs(), options: Self.options)
    #expect(try messages(grown).suffix(2) == ["last", "first"])
  }

  @Test("of many files with unfinished ends every end is read", arguments: [3, 64, 65, 130])
  func manyEnds(fileCount: Int) throws {
    let grown = try TemporaryFolder()
    let followed = FollowedInputs(endDelay: .milliseconds(50))
    let paths = try (0..<fileCount).map {
      try grown.write(
        "2026-03-04T00:00:00.000Z one \($0)\n2026-03-04T00:00:01.000Z two \($0)", to: "\($0).log")
    }
    var count = try follow(grown, paths, followed, options: Self.options).events
    for _ in 0..<3 where count < 2 * fileCount {
      waitForEnd(of: followed)
      count += try follow(grown, paths, followed, options: Self.options).events
    }
    #expect(count == 2 * fileCount)
  }

  @Test("files that grow in turn, and a file that another replaces", arguments: [false, true])
  func several(_ isNamed: Bool) throws {
    let options = ImportOptions(logGroup: isNamed ? "/aws/lambda/f" : nil)
    let (grown, whole) = (try TemporaryFolder(), try TemporaryFolder())
    let followed = FollowedInputs()
    let texts = [Self.log(12), Self.log(12, from: 5000), Self.log(12, from: 9000)]
    for step in 1...12 {
      var paths: [String] = []
      for (number, text) in texts.enumerated() {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let part = lines.prefix(lines.count * step / 12).joined(separator: "\n")
        paths.append(try grown.write(part + "\n", to: "\(number).log"))
      }
      _ = try follow(grown, paths, followed, options: options)
    }
    for (number, text) in texts.enumerated() {
      try whole.ingest([try whole.write(text, to: "\(number).log")], options: options)
    }
    let counts = [
      "SELECT count(*) FROM invocations", "SELECT count(*), max(attempt) FROM invocations",
    ]
    for sql in counts + ["SELECT request_id, kind, traceback FROM errors ORDER BY 3, 1"] {
      #expect(try grown.rows(sql) == whole.rows(sql))
    }
    // Rotation: the name is another file's now.
    let new = try grown.write(Self.log(3, from: 20_000), to: "0.log")
    #expect(try follow(grown, [new], followed, options: options).invocations == 3)
  }

  @Test("what others store in between is seen")
  func otherWriters() throws {
    let (grown, whole) = (try TemporaryFolder(), try TemporaryFolder())
    let options = ImportOptions(logGroup: "/aws/lambda/f", logStream: "s")
    let followed = FollowedInputs()
    let file = try grown.write(Self.log(5), to: "a.log")
    _ = try follow(grown, [file], followed, options: options)
    try grown.ingest([try grown.write(Self.log(3, from: 50), to: "b.log")], options: options)
    _ = try grown.write(Self.log(9), to: "a.log")
    _ = try follow(grown, [file], followed, options: options)
    for (number, text) in [Self.log(9), Self.log(3, from: 50)].enumerated() {
      try whole.ingest([try whole.write(text, to: "\(number).log")], options: options)
    }
    let sql = "SELECT request_id, attempt, status, start_ms FROM invocations ORDER BY start_ms"
    #expect(try grown.rows(sql) == whole.rows(sql))
    #expect(
      try grown.column("SELECT count(*) FROM log_events")
        == whole.column("SELECT count(*) FROM log_events"))
  }
}
