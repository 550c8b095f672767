import Foundation
import Testing
@testable import InsightsIngest

/// Events whose group or stream becomes known later are as if it had been known at once.
@Suite("Names given later")
struct NamingTests {
  private static let group = ImportOptions(logGroup: "/aws/lambda/orders")
  private static let id = "7f1c0a52-6a1e-4d0b-9c36-2f60d7a5be10"

  /// A line of a log of a plain text with times.
  private static func line(_ second: Int, _ text: String) -> String {
    String(format: "2026-03-04T10:%02d:%02d.000Z ", second / 60, second % 60) + text + "\n"
  }

  /// The lines of an invocation that takes a second, the second line an error.
  private static func invocation(_ second: Int, id: String = id) -> String {
    line(second, "START RequestId: \(id) Version: $LATEST")
      + line(second, "\(id) [ERROR] ValueError: no order")
      + line(second + 1, "END RequestId: \(id)")
      + line(
        second + 1,
        "REPORT RequestId: \(id)\tDuration: 900.00 ms\tBilled Duration: 900 ms\t"
          + "Memory Size: 128 MB\tMax Memory Used: 80 MB\t")
  }

  /// All that depends on names, without ids that depend on the order of work.
  private func contents(_ folder: TemporaryFolder) throws -> [[String?]] {
    let named =
      "JOIN log_streams s ON s.id = log_stream_id JOIN log_groups g ON g.id = log_group_id"
    let queries = [
      """
      SELECT g.account, g.name, s.name, timestamp, message, event_id, is_fact, json_offset
      FROM log_events \(named) ORDER BY 1, 2, 3, 4, 5, 6
      """,
      """
      SELECT log_group, log_stream, request_id, attempt, start_ms, end_ms, duration_ms, status,
        error_type FROM invocations ORDER BY 1, 2, 3, 4, 5
      """,
      """
      SELECT log_group, log_stream, request_id, timestamp_ms, kind, type, message, traceback
      FROM errors ORDER BY 1, 2, 3, 4, 5, 6, 7
      """,
      "SELECT count(*) FROM frames WHERE error_id IN (SELECT id FROM errors)",
      "SELECT name, event_count FROM fields WHERE event_count > 0 ORDER BY 1",
      """
      SELECT account, g.name, s.name, s.is_stale
      FROM log_groups g LEFT JOIN log_streams s ON s.log_group_id = g.id ORDER BY 1, 2, 3
      """,
      """
      SELECT sum(event_count), sum(text_bytes) FROM segments
      """,
    ]
    return try queries.flatMap { try folder.rows($0) }
  }

  private func expectSame(_ one: TemporaryFolder, _ other: TemporaryFolder) throws {
    let (first, second) = (try contents(one), try contents(other))
    #expect(first.count == second.count)
    // Only the first difference: whole stores fill pages.
    let differing = zip(first, second).first { $0 != $1 }
    #expect(differing?.0 == differing?.1)
  }

  @Test("a name given later is as good as one given at once", arguments: SampleTests.files)
  func samples(_ file: String) throws {
    let path = SampleTests.folder + "/" + file
    for options in [
      Self.group, ImportOptions(logStream: "s-1"),
      ImportOptions(logGroup: "API-Gateway-Execution-Logs_x/prod", logStream: "s-1"),
    ] {
      let (later, atOnce) = (try TemporaryFolder(), try TemporaryFolder())
      try later.ingest([path])
      let summary = try later.ingest([path], options: options)
      try atOnce.ingest([path], options: options)
      #expect(summary.events == 0)
      // The folder of an export tells the stream; another one is another name.
      if summary.notices.contains(where: { $0.kind == .otherwiseNamed }) {
        #expect(file.contains("s3-export"))
        continue
      }
      try expectSame(later, atOnce)
      let again = try later.ingest([path], options: options)
      #expect((again.events, again.named) == (0, 0))
      try expectSame(later, atOnce)
    }
  }

  @Test("the group first and the stream later, and the other way round", arguments: [true, false])
  func inTurn(_ groupFirst: Bool) throws {
    let (later, atOnce) = (try TemporaryFolder(), try TemporaryFolder())
    let text = Self.invocation(1) + Self.invocation(10)
    let file = try later.write(text, to: "a.log")
    let stream = ImportOptions(logStream: "s")
    try later.ingest([file])
    try later.ingest([file], options: groupFirst ? Self.group : stream)
    try later.ingest([file], options: groupFirst ? stream : Self.group)
    try atOnce.ingest(
      [try atOnce.write(text, to: "a.log")],
      options: ImportOptions(logGroup: "/aws/lambda/orders", logStream: "s"))
    try expectSame(later, atOnce)
  }

  @Test("a file that has grown gives its old events the name", arguments: [1, 3, 4, 6])
  func grown(_ lineCount: Int) throws {
    let (later, atOnce) = (try TemporaryFolder(), try TemporaryFolder())
    let text = Self.invocation(1) + Self.invocation(10)
    let beginning =
      text.split(separator: "\n", omittingEmptySubsequences: false)
      .prefix(lineCount).joined(separator: "\n") + "\n"
    let file = try later.write(beginning, to: "a.log")
    try later.ingest([file])
    _ = try later.write(text, to: "a.log")
    let summary = try later.ingest([file], options: Self.group)
    #expect((summary.named, summary.duplicates) == (lineCount, lineCount))
    #expect(summary.events == 8 - lineCount)
    try atOnce.ingest([try atOnce.write(text, to: "a.log")], options: Self.group)
    try expectSame(later, atOnce)
  }

  @Test("only the events of the file get its name")
  func onlyItsOwn() throws {
    let folder = try TemporaryFolder()
    let short = try folder.write("one\n", to: "a.log")
    let other = try folder.write("one\ntwo\n", to: "b.log")
    let third = try folder.write("one\nthree\n", to: "c.log")
    let unlike = try folder.write("four\n", to: "d.log")
    try folder.ingest([short, other, unlike])
    try folder.ingest([third], options: Self.group)
    let names = """
      SELECT g.name, message FROM log_events
        JOIN log_streams s ON s.id = log_stream_id JOIN log_groups g ON g.id = log_group_id
      ORDER BY message
      """
    #expect(
      try folder.rows(names) == [
        [nil, "four"], ["/aws/lambda/orders", "one"], ["/aws/lambda/orders", "three"],
        [nil, "two"],
      ])
    try folder.ingest([other], options: ImportOptions(logGroup: "h"))
    #expect(
      try folder.rows(names) == [
        [nil, "four"], ["/aws/lambda/orders", "one"], ["/aws/lambda/orders", "three"],
        ["h", "two"],
      ])
  }

  @Test("a second name changes nothing unless it is asked for, and then once")
  func secondName() throws {
    let folder = try TemporaryFolder()
    let text = Self.invocation(1)
    let file = try folder.write(text, to: "a.log")
    try folder.ingest([file], options: Self.group)
    let other = ImportOptions(logGroup: "h")
    let summary = try folder.ingest([file], options: other)
    #expect((summary.events, summary.duplicates, summary.named) == (0, 4, 0))
    #expect(summary.notices.map(\.kind) == [.otherwiseNamed])
    let again = ImportOptions(logGroup: "h", again: true)
    #expect(try folder.ingest([file], options: again).events == 4)
    for options in [again, other, Self.group, ImportOptions(), ImportOptions(again: true)] {
      let summary = try folder.ingest([file], options: options)
      #expect((summary.events, summary.duplicates, summary.warnings) == (0, 4, 0))
    }
    #expect(
      try folder.rows("SELECT log_group, attempt FROM invocations ORDER BY 1")
        == [["/aws/lambda/orders", "1"], ["h", "1"]])
  }

  @Test("what has grown under another name is stored under that; the rest is on demand")
  func grownUnderAnother() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write("one\ntwo\n", to: "a.log")
    try folder.ingest([file], options: ImportOptions(logGroup: "g"))
    _ = try folder.write("one\ntwo\nthree\n", to: "a.log")
    let other = ImportOptions(logGroup: "h")
    let summary = try folder.ingest([file], options: other)
    #expect((summary.events, summary.duplicates, summary.warnings) == (1, 2, 1))
    let counts = """
      SELECT g.name, count(*) FROM log_events
        JOIN log_streams s ON s.id = log_stream_id JOIN log_groups g ON g.id = log_group_id
      GROUP BY 1 ORDER BY 1
      """
    #expect(try folder.rows(counts) == [["g", "2"], ["h", "1"]])
    for _ in 0..<2 {
      try folder.ingest([file], options: ImportOptions(logGroup: "h", again: true))
      #expect(try folder.rows(counts) == [["g", "2"], ["h", "3"]])
      try folder.ingest([file], options: other)
      #expect(try folder.rows(counts) == [["g", "2"], ["h", "3"]])
    }
    try folder.ingest([file], options: ImportOptions(logGroup: "g", again: true))
    #expect(try folder.rows(counts) == [["g", "3"], ["h", "3"]])
  }

  @Test("what has grown without a name gets none, and then that of its beginning")
  func grownWithoutName() throws {
    let (folder, atOnce) = (try TemporaryFolder(), try TemporaryFolder())
    let text = Self.invocation(1)
    let file = try folder.write(String(text.prefix(text.count / 2)), to: "a.log")
    try folder.ingest([file], options: Self.group)
    _ = try folder.write(text, to: "a.log")
    let summary = try folder.ingest([file])
    #expect((summary.named, summary.warnings) == (0, 0))
    try folder.ingest([file], options: Self.group)
    try atOnce.ingest([try atOnce.write(text, to: "a.log")], options: Self.group)
    try expectSame(folder, atOnce)
  }

  @Test(
    "copies that nobody could tell without a name are dropped with it", arguments: [true, false])
  func copies(_ wholeFirst: Bool) throws {
    let (later, atOnce) = (try TemporaryFolder(), try TemporaryFolder())
    let text = (0..<40).map { Self.line($0, "step \($0 / 3)") }.joined() + Self.invocation(50)
    let lines = text.split(separator: "\n")
    let whole = try later.write(text, to: "whole.log")
    let part = try later.write(
      lines[20..<43].joined(separator: "\n") + "\n", to: "part.log")
    let files = wholeFirst ? [whole, part] : [part, whole]
    try later.ingest(files)
    #expect(try later.column("SELECT count(*) FROM log_events") == ["67"])
    try later.ingest(files, options: Self.group)
    try atOnce.ingest(files, options: Self.group)
    #expect(try later.column("SELECT count(*) FROM log_events") == ["44"])
    try expectSame(later, atOnce)
    // One by one, into a stream that is there.
    let oneByOne = try TemporaryFolder()
    try oneByOne.ingest(files)
    for file in files { try oneByOne.ingest([file], options: Self.group) }
    try expectSame(oneByOne, atOnce)
  }

  @Test("the streams of an export with equal files stay apart")
  func exportTree() throws {
    let (later, atOnce) = (try TemporaryFolder(), try TemporaryFolder())
    var trees: [String] = []
    for folder in [later, atOnce] {
      for stream in ["2026-03-04-[$LATEST]aa", "2026-03-04-[$LATEST]bb"] {
        for number in 0..<3 {
          _ = try folder.write(
            Self.invocation(number * 7), to: "tree/\(stream)/00000\(number).log")
        }
      }
      trees.append(folder.path + "/tree")
    }
    try later.ingest([trees[0]])
    let summary = try later.ingest([trees[0]], options: Self.group)
    #expect((summary.events, summary.named) == (0, 24))
    try atOnce.ingest([trees[1]], options: Self.group)
    try expectSame(later, atOnce)
    #expect(
      try later.column("SELECT name FROM log_streams ORDER BY 1")
        == ["2026/03/04/[$LATEST]aa", "2026/03/04/[$LATEST]bb"])
  }

  @Test("the beginning of what is stored is stored", arguments: [false, true])
  func beginnings(_ isCut: Bool) throws {
    let folder = try TemporaryFolder()
    let text = (0..<200).map { Self.line($0, "step \($0)") }.joined() + Self.invocation(300)
    let whole = try folder.write(text, to: "whole.log")
    // Behind line 100, or inside it.
    let beginning = text.split(separator: "\n").prefix(100).joined(separator: "\n")
    let part = try folder.write(
      isCut ? String(beginning.dropLast(3)) : beginning + "\n", to: "p.log")
    try folder.ingest([whole])
    for _ in 0..<2 {
      let summary = try folder.ingest([part])
      #expect((summary.events, summary.duplicates, summary.warnings) == (0, 100, 0))
    }
    #expect(try folder.ingest([part], options: Self.group).named == 100)
    let counts = """
      SELECT g.name, count(*) FROM log_events
        JOIN log_streams s ON s.id = log_stream_id JOIN log_groups g ON g.id = log_group_id
      GROUP BY 1 ORDER BY 1
      """
    #expect(try folder.rows(counts) == [[nil, "104"], ["/aws/lambda/orders", "100"]])
    #expect(try folder.ingest([whole], options: Self.group).named == 104)
    #expect(try folder.rows(counts) == [["/aws/lambda/orders", "204"]])
    let other = try folder.write(
      beginning + "\n" + Self.line(999, "another"), to: "o.log")
    #expect(try folder.ingest([other]).events == 1)
  }

  @Test("requests that are told twice by inputs of unknown place are warned of")
  func overlaps() throws {
    let folder = try TemporaryFolder()
    let (one, two) = ("0b9e4c11-53aa-4a6f-8f0e-1d7c2b3a4f55", Self.id)
    let early = try folder.write(
      Self.line(0, "early") + Self.invocation(1, id: one) + Self.invocation(9), to: "early.log")
    let late = try folder.write(Self.invocation(9) + Self.line(99, "late"), to: "late.log")
    let retry = try folder.write(Self.invocation(50, id: two), to: "retry.log")
    try folder.ingest([early])
    #expect(try folder.ingest([retry]).notices == [])
    let summary = try folder.ingest([late])
    #expect(summary.notices.map(\.kind) == [.overlapping])
    #expect(summary.notices.map(\.path) == [late])
    #expect(summary.notices.first?.message.contains(early) == true)
    // With the group they are recognised.
    #expect(try folder.ingest([early, late, retry], options: Self.group).notices == [])
    #expect(
      try folder.column("SELECT attempt FROM invocations ORDER BY start_ms") == ["1", "1", "2"])
  }

  @Test("inputs without a log group are told, those that begin like a named one with its name")
  func unnamedInputs() throws {
    let folder = try TemporaryFolder()
    let text = Self.invocation(1)
    let file = try folder.write(text, to: "a.log")
    let summary = try folder.ingest([file])
    #expect(summary.unnamedInputs.map(\.path) == [file])
    #expect(summary.unnamedInputs.map(\.eventCount) == [4])
    #expect(summary.unnamedInputs.map(\.likelyLogGroup) == [nil])
    #expect(try folder.ingest([file], options: Self.group).unnamedInputs == [])
    _ = try folder.write(text + Self.line(9, "more"), to: "a.log")
    let grown = try folder.ingest([file])
    #expect(grown.unnamedInputs.map(\.likelyLogGroup) == ["/aws/lambda/orders"])
  }

  @Test("an inspection tells what an ingest reads", arguments: SampleTests.files)
  func inspection(_ file: String) throws {
    let folder = try TemporaryFolder()
    let path = SampleTests.folder + "/" + file
    let summary = try folder.ingest([path])
    let facts = try InputInspector(options: ImportOptions()).inspect(paths: [path])
    #expect(facts.reduce(0) { $0 + $1.events } == summary.events + summary.duplicates)
    #expect(facts.reduce(0) { $0 + $1.bytes } == summary.bytes)
    #expect(facts.flatMap(\.notices) == summary.notices)
    #expect(
      try folder.column("SELECT min(timestamp) FROM log_events")
        == [facts.compactMap(\.first).min().map { "\($0)" }])
    #expect(
      try folder.column("SELECT name FROM log_groups WHERE name IS NOT NULL ORDER BY 1")
        == Set(facts.flatMap(\.logGroups)).sorted())
  }

  @Test("attempts are counted in the group that events come to")
  func attempts() throws {
    let folder = try TemporaryFolder()
    let first = try folder.write(Self.invocation(1), to: "a.log")
    let second = try folder.write(Self.invocation(100), to: "b.log")
    try folder.ingest([first], options: Self.group)
    try folder.ingest([second])
    let attempts = "SELECT attempt FROM invocations ORDER BY start_ms"
    #expect(try folder.column(attempts) == ["1", "1"])
    try folder.ingest([second], options: Self.group)
    #expect(try folder.column(attempts) == ["1", "2"])
  }

  @Test("ranges of events cover what was put into them")
  func ranges() {
    let all = (0..<6).flatMap { start in (start..<6).map { start..<$0 } }
    for first in all {
      for second in all {
        for third in all {
          var ranges = EventRanges()
          for range in [first, second, third] { ranges.insert(range) }
          let model = Set(first).union(second).union(third)
          #expect(ranges.ranges.flatMap { Array($0) } == model.sorted())
          #expect(ranges.start(ofCoverTo: 4) == (0...4).first { Set($0..<4).isSubset(of: model) })
        }
      }
    }
  }
}
