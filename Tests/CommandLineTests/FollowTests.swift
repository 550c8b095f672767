import Foundation
import InsightsTestSupport
import Testing

@Suite("ingest --follow")
struct FollowTests {
  @Test("what a file grows by is taken in, a half-written line once it is whole")
  func growingFile() throws {
    let program = try Program()
    let output = try program.runShell(
      #"""
      printf '2026-01-01T00:00:00.000Z first\n2026-01-01T00:00:01.000Z hal' > growing.log
      "$0" ingest growing.log --follow --format json > summary 2>&1 & pid=$!
      wait_for() {
        for try in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
          "$0" query "stats count(*) as n | filter n = $1" --format ndjson 2>/dev/null | grep -q n && return
          sleep 0.5
        done
      }
      wait_for 2
      printf 'f\n2026-01-01T00:00:02.000Z third\n' >> growing.log
      wait_for 3
      kill -INT $pid; wait $pid; echo "status $?"
      "$0" query 'fields @message | sort @timestamp' --format ndjson
      """#)
    #expect(
      output.standardOutput == """
        status 130
        {"@message": "first"}
        {"@message": "half"}
        {"@message": "third"}

        """, "\(output.standardError)")
    let summary = try String(contentsOfFile: program.path("summary"), encoding: .utf8)
    #expect(summary.contains("\"events\": 3"), "\(summary)")
  }

  @Test("standard input cannot be followed")
  func standardInput() throws {
    let output = try Program().run("ingest", "-", "--follow")
    #expect(output.status == 64)
  }
}
