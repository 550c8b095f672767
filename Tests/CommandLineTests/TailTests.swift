import Foundation
import InsightsTestSupport
import Testing

@Suite("tail and query --follow")
struct TailTests {
  /// Waits until a file holds a text, 10 seconds at most.
  static let waitFor = #"""
    wait_for() {
      for try in $(seq 100); do grep -q "$1" "$2" 2>/dev/null && return; sleep 0.1; done
      echo "no $1 in $2"
    }
    """#

  private func run(_ script: String) throws -> (output: Program.Output, program: Program) {
    let program = try Program()
    let output = try program.runShell(Self.waitFor + "\n" + script)
    #expect(output.standardOutput.contains("done"), "\(output.standardError)")
    return (output, program)
  }

  @Test("matching lines of a growing file are printed once, a half-written one when it is whole")
  func growingFile() throws {
    let (output, program) = try run(
      #"""
      printf '2026-01-01T00:00:00.000Z old ERROR\n2026-01-01T00:00:01.000Z fine\n' > growing.log
      "$0" tail '@message like /ERROR/' --from growing.log > shown 2> told & pid=$!
      wait_for old shown
      printf '2026-01-01T00:00:02.000Z first ERROR\n2026-01-01T00:00:03.000Z half an ER' >> growing.log
      wait_for first shown
      printf 'ROR\n2026-01-01T00:00:04.000Z quiet\n' >> growing.log
      wait_for half shown
      printf '2026-01-01T00:00:05.000Z last ERROR\n' >> growing.log
      wait_for last shown
      kill -INT $pid; wait $pid; echo "done $?"
      """#)
    #expect(output.standardOutput == "done 0\n")
    #expect(
      try String(contentsOfFile: program.path("shown"), encoding: .utf8) == """
        2026-01-01 00:00:00.000  old ERROR
        2026-01-01 00:00:02.000  first ERROR
        2026-01-01 00:00:03.000  half an ERROR
        2026-01-01 00:00:05.000  last ERROR

        """)
    #expect(try String(contentsOfFile: program.path("told"), encoding: .utf8) == "")
    #expect(try program.files() == ["growing.log", "shown", "told"])
  }

  @Test("new events are found behind any number of others", arguments: [9, 300, 5000])
  func manyEvents(count: Int) throws {
    let (output, program) = try run(
      #"""
      seq \#(count) | sed 's/^/2026-01-01T00:00:00.000Z line /' > a.log
      "$0" ingest a.log --log-group /aws/lambda/orders >/dev/null
      "$0" tail --lines 0 > shown & pid=$!
      sleep 1
      printf '2026-01-01T00:00:01.000Z newest\n' > b.log
      "$0" ingest b.log --log-group /aws/lambda/orders >/dev/null
      wait_for newest shown
      kill -INT $pid; wait $pid; echo "done $?"
      "$0" query 'fields @message | sort @ptr asc' --format csv --limit all | tail -n +2 > rows
      """#)
    #expect(output.standardOutput == "done 0\n")
    let rows = try String(contentsOfFile: program.path("rows"), encoding: .utf8)
    #expect(rows == (1...count).map { "line \($0)\n" }.joined() + "newest\n")
  }

  @Test("events that another process ingests are printed, with the function they are of")
  func store() throws {
    let (output, program) = try run(
      #"""
      printf '2026-01-01T00:00:00.000Z {"level":"INFO"}\n' > a.log
      "$0" ingest a.log --log-group /aws/lambda/orders >/dev/null
      "$0" tail --lines 0 --format ndjson > rows & first=$!
      "$0" tail > shown & second=$!
      wait_for INFO shown
      sleep 1
      printf '2025-01-01T00:00:01.000Z late\n' > b.log
      "$0" ingest b.log --log-group /aws/lambda/orders >/dev/null
      wait_for late shown; wait_for late rows
      kill -INT $first $second; wait $first; one=$?; wait $second; echo "done $one $?"
      "$0" info >/dev/null
      """#)
    #expect(output.standardOutput == "done 0 0\n")
    #expect(
      try String(contentsOfFile: program.path("shown"), encoding: .utf8) == """
        2026-01-01 00:00:00.000  orders  {"level":"INFO"}
        2025-01-01 00:00:01.000  orders  late

        """)
    #expect(
      try String(contentsOfFile: program.path("rows"), encoding: .utf8) == """
        {"@timestamp": "2025-01-01 00:00:01.000", "@log": "000000000000:/aws/lambda/orders", "@message": "late"}

        """)
    #expect(try program.files().filter { $0.hasPrefix("insights.db") } == ["insights.db"])
  }

  @Test("a closed pipe ends it quietly, also while nothing comes")
  func closedPipe() throws {
    let (output, _) = try run(
      #"""
      printf '2026-01-01T00:00:00.000Z first\n' > growing.log
      exec 3>&1
      ( "$0" tail --from growing.log; echo "done $?" >&3 ) | head -1
      """#)
    #expect(output.standardOutput.contains("done 0"))
    #expect(output.standardError == "")
  }

  @Test("a filter that does not compile is shown with a caret")
  func wrongFilter() throws {
    let program = try Program()
    _ = try program.folder.write("2026-01-01T00:00:00.000Z first\n", to: "a.log")
    let output = try program.run("tail", "level = = 1", "--from", "a.log")
    #expect(output.status == 65)
    #expect(output.standardError.contains("1 | filter level = = 1\n  |                ^"))
  }

  @Test("without a store there is nothing to watch")
  func noStore() throws {
    let output = try Program().run("tail")
    #expect(output.status == 66)
  }

  @Test("query --follow answers again when the file has grown, and ends by Ctrl-C with 130")
  func followedQuery() throws {
    let (output, program) = try run(
      #"""
      printf '2026-01-01T00:00:00.000Z one\n' > growing.log
      "$0" query 'stats count(*) as n' --follow --from growing.log --format ndjson > shown & pid=$!
      wait_for '"n": 1' shown
      printf '2026-01-01T00:00:01.000Z two\n' >> growing.log
      wait_for '"n": 2' shown
      kill -INT $pid; wait $pid; echo "done $?"
      """#)
    #expect(output.standardOutput == "done 130\n")
    #expect(
      try String(contentsOfFile: program.path("shown"), encoding: .utf8)
        == "{\"n\": 1}\n{\"n\": 2}\n")
  }

  @Test("query --follow --fail-if ends when the condition becomes true")
  func followedCondition() throws {
    let (output, _) = try run(
      #"""
      printf '2026-01-01T00:00:00.000Z fine\n' > growing.log
      "$0" query 'filter @message like /ERROR/' --follow --from growing.log --fail-if any \
        --format ndjson > shown & pid=$!
      sleep 1
      printf '2026-01-01T00:00:01.000Z ERROR\n' >> growing.log
      wait $pid; echo "done $?"
      """#)
    #expect(output.standardOutput == "done 1\n")
  }
}
