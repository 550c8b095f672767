import Foundation
import InsightsTestSupport
import Testing

/// Several processes that use one store at the same time.
@Suite("processes that share a store")
struct ParallelIngestTests {
  private static let eventsPerLog = 300

  /// A log of its own for each process.
  private static func log(_ number: Int) -> String {
    (0..<eventsPerLog).map { event in
      "2026-01-0\(number)T00:00:00.\(event + 100)Z {\"log\":\(number),\"event\":\(event)}\n"
    }.joined()
  }

  private func count(in program: Program) throws -> String {
    try program.run("query", "stats count(*) as n", "--format", "csv").standardOutput
  }

  @Test(
    "all events are in, whoever comes first",
    arguments: [(2, false), (2, true), (3, false), (3, true), (8, false), (8, true)])
  func everything(processCount: Int, isThere: Bool) throws {
    let program = try Program()
    var expected = processCount * Self.eventsPerLog
    for number in 1...processCount {
      _ = try program.folder.write(Self.log(number), to: "\(number).log")
    }
    if isThere {
      _ = try program.folder.write("2025-01-01T00:00:00.000Z first\n", to: "first.log")
      #expect(try program.run("ingest", "first.log").status == 0)
      expected += 1
    }
    let output = try program.runShell(
      """
      for n in $(seq \(processCount)); do
        ( "$0" ingest $n.log --log-group /group/$n --quiet >/dev/null; echo $? > status$n ) &
      done
      wait
      cat status* | sort | uniq
      """)
    #expect(output.standardOutput == "0\n")
    #expect(output.standardError == "")
    #expect(try count(in: program) == "n\n\(expected)\n")
    #expect(
      try program.files().filter { $0.hasPrefix("insights.db") } == ["insights.db"])
    let again = try program.run("ingest", "1.log", "--log-group", "/group/1", "--format", "json")
    let figures = try json(again.standardOutput) as? [String: Double]
    #expect(figures?["duplicates"] == Double(Self.eventsPerLog))
  }

  @Test("whoever waits says so after a second, and goes on when the other has ended")
  func waiting() throws {
    let program = try Program()
    _ = try program.folder.write(Self.log(1), to: "1.log")
    let output = try program.runShell(
      """
      touch insights.db-lock
      flock insights.db-lock sleep 1.5 &
      sleep 0.2
      "$0" ingest 1.log --log-group one > /dev/null; echo $?
      """)
    #expect(output.standardOutput == "0\n")
    #expect(
      output.standardError == "note: waiting for another process that uses 'insights.db'\n")
    #expect(try count(in: program) == "n\n\(Self.eventsPerLog)\n")
    #expect(try program.files() == ["1.log", "insights.db"])
  }

  @Test("--timeout counts the waiting: 65, and no store")
  func timeout() throws {
    let program = try Program()
    _ = try program.folder.write(Self.log(1), to: "1.log")
    let output = try program.runShell(
      """
      touch insights.db-lock
      exec 9<insights.db-lock; flock 9
      "$0" ingest 1.log --timeout 100ms 9<&-; echo $?
      """)
    #expect(output.standardOutput == "65\n")
    #expect(output.standardError.contains("time limit"))
    #expect(output.standardError.contains("nothing was ingested"))
    #expect(try !program.files().contains("insights.db"))
  }

  @Test(
    "--timeout takes a length of time",
    arguments: ["5", "0s", "-1s", "1d", "s", "1 s"])
  func wrongTimeout(text: String) throws {
    #expect(try Program().run("info", "--timeout=\(text)").status == 64)
  }

  @Test("what was read when the time is over is stored, and the next run goes on from there")
  func timeoutWhileReading() throws {
    let program = try Program()
    _ = try program.folder.write(Self.log(1), to: "1.log")
    let output = try program.run("ingest", "1.log", "--timeout", "1ms", "--db", "s.db")
    #expect([0, 65].contains(output.status), "\(output.standardError)")
    let rest = try program.run("ingest", "1.log", "--db", "s.db")
    #expect(rest.status == 0)
    let all = try program.run("query", "stats count(*) as n", "--format", "csv", "--db", "s.db")
    #expect(all.standardOutput == "n\n\(Self.eventsPerLog)\n")
  }

  @Test("a reader that holds the store leaves the log for the next command")
  func reader() throws {
    let program = try Program()
    for number in 1...2 { _ = try program.folder.write(Self.log(number), to: "\(number).log") }
    #expect(try program.run("ingest", "1.log").status == 0)
    let output = try Program.reading(program.path("insights.db")) {
      try program.run("ingest", "2.log", "--log-group", "/group/2")
    }
    #expect(output.status == 0)
    #expect(output.standardError.hasPrefix("note: 'insights.db' is being read by another process"))
    #expect(try program.files().contains("insights.db-wal"))
    #expect(try count(in: program) == "n\n\(2 * Self.eventsPerLog)\n")
    #expect(try program.files() == ["1.log", "2.log", "insights.db"])
  }

  @Test("a store that another tool has left with logging on is one file again after a command")
  func foreignLog() throws {
    let program = try Program()
    _ = try program.folder.write(Self.log(1), to: "1.log")
    #expect(try program.run("ingest", "1.log").status == 0)
    #expect(
      try Program.reading(program.path("insights.db")) { try count(in: program) } == "n\n300\n")
    #expect(try count(in: program) == "n\n300\n")
    #expect(try program.files() == ["1.log", "insights.db"])
  }

  @Test("killed at once, it leaves an empty store or none, and the next run makes it whole")
  func killedAtOnce() throws {
    let program = try Program()
    _ = try program.folder.write(Self.log(1), to: "1.log")
    for delay in stride(from: 0, to: 0.1, by: 0.01) {
      let output = try program.runShell(
        """
        rm -f insights.db*
        "$0" ingest 1.log >/dev/null 2>&1 & pid=$!
        sleep \(delay); kill -9 $pid 2>/dev/null; wait $pid 2>/dev/null
        "$0" info --format json >/dev/null 2>told; echo $?
        "$0" ingest 1.log >/dev/null; echo $?
        "$0" query 'stats count(*) as n' --format csv
        ls insights.db*
        """)
      let lines = output.standardOutput.split(separator: "\n")
      let told = try String(contentsOfFile: program.path("told"), encoding: .utf8)
      #expect(["0", "66"].contains(lines.first), "\(told)")
      if lines.first == "66" {
        #expect(told.contains("there is no store") || told.contains("is empty"), "\(told)")
      }
      #expect(lines.dropFirst() == ["0", "n", "\(Self.eventsPerLog)", "insights.db"])
    }
  }

  @Test("the log of a killed process is worked off, or named where nothing can be written")
  func killedBeforeTheFirstCommit() throws {
    let program = try Program()
    // What a process leaves that was killed while it made a store: a page, and how to undo it.
    let page = Data(count: 4096)
    var journal = Data([0xD9, 0xD5, 0x05, 0xF9, 0x20, 0xA1, 0x63, 0xD7])
    for number: UInt32 in [0, 0x12_34_56_78, 0, 512, 4096] {
      withUnsafeBytes(of: number.bigEndian) { journal.append(contentsOf: $0) }
    }
    journal.append(Data(count: 512 - journal.count))
    for command in [["info"], ["query", "stats count(*)"], ["triage"], ["index"], ["fields"]] {
      try program.write(page, to: "s.db")
      try program.write(journal, to: "s.db-journal")
      let output = try program.run(command + ["--db", "s.db"])
      #expect(output.status == 66)
      #expect(output.standardError.hasPrefix("error: store 's.db' is empty"))
      #expect(try program.files() == ["s.db"])
    }
  }

  @Test("a first ingest that fails leaves no store, one of an empty log an empty one")
  func failedFirst() throws {
    let program = try Program()
    _ = try program.folder.write("", to: "empty.log")
    #expect(try program.run("ingest", "missing.log").status == 66)
    #expect(try program.run("ingest", "empty.log", "--log-format", "nonsense").status == 64)
    #expect(try program.files() == ["empty.log"])
    #expect(try program.run("ingest", "empty.log").status == 0)
    #expect(try program.files() == ["empty.log", "insights.db"])
    #expect(try program.run("ingest", "missing.log").status == 66)
    #expect(try program.files() == ["empty.log", "insights.db"])
  }
}
