import Foundation
import InsightsTestSupport
import Testing

/// Ctrl-C, and output that ends early.
@Suite("interruption")
struct InterruptionTests {
  /// A program beside a store of events, of which each has the same log group.
  private func program(eventCount: Int) throws -> Program {
    let program = try Program()
    let lines = (0..<eventCount).map { number in
      let (hour, minute, second) = (number / 3600 % 24, number / 60 % 60, number % 60)
      let time = [hour, minute, second].map { $0 < 10 ? "0\($0)" : "\($0)" }
        .joined(separator: ":")
      return "2026-01-01T\(time).000Z order n\(number) was accepted and is now on its way\n"
    }
    let log = try program.folder.write(lines.joined(), to: "orders.log")
    let output = try program.run("ingest", log, "--log-group", "/shop", "--db", "shop.db")
    #expect(output.status == 0, "\(output.standardError)")
    return program
  }

  /// Pairs of all events: enough work for minutes.
  private static let endless = """
    fields 1 as one \
    | join type=inner left=a right=b where a.one = b.one (SOURCE events | fields 1 as one) \
    | stats count(*) by a.@message
    """

  /// Waits until the process `$pid` has opened the store.
  private static let opened = """
    for try in $(seq 200); do ls -l /proc/$pid/fd | grep -q shop.db && break; sleep 0.05; done
    """

  @Test(
    "Ctrl-C ends a query, and whatever else reads the store, with 130 and without output",
    arguments: [
      "query '\(endless)' --format json", "query '\(endless)' --format ndjson",
      "query '\(endless)' --format csv --output rows.csv", "query '\(endless)' --format aws",
      "query '\(endless)'", "run ./endless.insights", "run ./endless.insights --format json",
      "query '\(endless)' --format markdown",
      "query '\(endless)' --from orders.log",
    ])
  func interrupted(arguments: String) throws {
    let program = try program(eventCount: 3000)
    _ = try program.folder.write(Self.endless, to: "endless.insights")
    let files = try program.files()
    let isStore = !arguments.contains("--from")
    let output = try program.runShell(
      """
      "$0" \(arguments) \(isStore ? "--db shop.db" : "") > out 2> err & pid=$!
      \(isStore ? Self.opened : "sleep 1.5")
      sleep 0.2; kill -INT $pid; wait $pid; echo "status $?"
      """)
    let error = try String(contentsOfFile: program.path("err"), encoding: .utf8)
    #expect(output.standardOutput == "status 130\n", "\(error)")
    #expect(error.contains("interrupted"))
    #expect(try program.files() == (files + ["err", "out"]).sorted())
    #expect(try String(contentsOfFile: program.path("out"), encoding: .utf8).isEmpty)
  }

  @Test(
    "rows that are written while they are found may end early, behind a whole row; a note says so",
    arguments: ["ndjson", "csv", "tsv"])
  func incomplete(format: String) throws {
    let program = try program(eventCount: 20_000)
    let output = try program.runShell(
      """
      mkfifo pipe
      "$0" query 'fields @timestamp, @message | limit 20000' --db shop.db --format \(format) \
        > pipe 2> err & pid=$!
      { IFS= read -r first; kill -INT $pid; printf '%s\\n' "$first"; cat; } < pipe > rows
      wait $pid; echo "status $?"
      """)
    #expect(output.standardOutput == "status 130\n")
    let rows = try String(contentsOfFile: program.path("rows"), encoding: .utf8)
    let error = try String(contentsOfFile: program.path("err"), encoding: .utf8)
    let count = rows.split(separator: "\n").count - (format == "ndjson" ? 0 : 1)
    #expect(count > 0 && count < 20_000)
    #expect(rows.hasSuffix(format == "ndjson" ? "\"}\n" : "on its way\n"))
    #expect(error.contains("note: incomplete after \(count) rows"), "\(error)")
  }

  @Test("a limit that is reached in the middle of the rows is told behind them")
  func limit() throws {
    let program = try program(eventCount: 3000)
    // Three letters become 50 times as many four times: nearly 19 MB, from one event alone.
    let letters = String(repeating: "e", count: 50)
    let long = (0..<4).reduce("@message") { text, _ in "replace(\(text), \"e\", \"\(letters)\")" }
    let query = """
      fields if(@message like "n2000 ", \(long), "x") as text | sort @timestamp asc | limit 3000
      """
    for (format, isStream) in [("ndjson", true), ("json", false), ("markdown", false)] {
      let output = try program.run("query", query, "--db", "shop.db", "--format", format)
      #expect(output.status == 65)
      #expect(output.standardError.contains("makes a value of more than 16 MB"))
      #expect(output.standardOutput.isEmpty || isStream)
    }
  }

  @Test("whole documents beyond the buffer come from a temporary file, the same bytes")
  func spool() throws {
    let program = try program(eventCount: 40_000)
    let query = """
      fields @timestamp, @message, @message as again | sort @timestamp, @message | limit 40000
      """
    let toFile = try program.run(
      "query", query, "--db", "shop.db", "--format", "json", "--output", "rows.json")
    let toOutput = try program.run("query", query, "--db", "shop.db", "--format", "json")
    #expect(toFile.status == 0 && toOutput.status == 0)
    #expect(toOutput.standardOutput.utf8.count > 5 << 20)
    #expect(
      toOutput.standardOutput
        == (try String(contentsOfFile: program.path("rows.json"), encoding: .utf8)))
  }

  @Test("an ingest that is interrupted keeps what it has read, and goes on from there")
  func ingest() throws {
    let program = try program(eventCount: 40_000)
    let output = try program.runShell(
      """
      cat orders.log orders.log > more.log
      "$0" ingest more.log --db new.db > out 2> err & pid=$!
      for try in $(seq 200); do ls -l /proc/$pid/fd | grep -q new.db && break; sleep 0.02; done
      kill -INT $pid; wait $pid; echo "status $?"; ls new.db*
      """)
    #expect(output.standardOutput.hasPrefix("status 130\n"))
    #expect(!output.standardOutput.contains("new.db-wal"))
    let again = try program.run("ingest", "more.log", "--db", "new.db", "--format", "json")
    #expect(again.status == 0)
    let counts = try Program.rows(
      of: "SELECT sum(event_count) FROM segments", in: program.path("new.db"))
    #expect(counts.first?.first == "80000")
  }
}
