import Foundation
import InsightsTestSupport
import Testing

/// What a killed ingest leaves behind.
@Suite("killed ingest")
struct KilledIngestTests {
  static let eventCount = 200_000
  static let killCount = 50
  /// Events stand 7 ms apart.
  static let minuteCount = eventCount * 7 / 60_000 + 1

  /// Everything that an undisturbed run and a disturbed one must have in common.
  private static let contents = [
    """
    SELECT request_id, attempt, version, start_ms, end_ms, duration_ms, billed_ms, memory_mb,
      max_memory_mb, init_ms, status, error_type, cold_start, timed_out, oom
    FROM invocations ORDER BY start_ms, request_id, attempt
    """,
    """
    SELECT timestamp_ms, request_id, kind, runtime, type, message, top_frame, fingerprint, traceback
    FROM errors ORDER BY timestamp_ms, request_id, id
    """,
    "SELECT name, event_count FROM fields ORDER BY name",
  ]

  @Test("killed at 50 moments and run again, it ends with what an undisturbed run has")
  func killedIngest() throws {
    let program = try Program()
    let log = try program.folder.write(Self.log(), to: "events.log")
    let begin = ContinuousClock.now
    let undisturbed = try program.run("ingest", log, "--db", "whole.db", "--format", "json")
    #expect(undisturbed.status == 0)
    let duration = begin.duration(to: .now) / .milliseconds(1)

    var random = SystemRandomNumberGenerator()
    var isKilled = 0
    for _ in 0..<Self.killCount {
      let delay = Double.random(in: 0...duration / 2, using: &random) / 1000
      let output = try program.runShell(
        """
        "$0" ingest events.log --db killed.db >/dev/null 2>&1 & pid=$!
        sleep \(delay); kill -9 $pid 2>/dev/null && echo killed; wait $pid 2>/dev/null; true
        """)
      if output.standardOutput.contains("killed") { isKilled += 1 }
    }
    #expect(isKilled > 0)
    let last = try program.run("ingest", log, "--db", "killed.db", "--format", "json")
    #expect(last.status == 0, "\(last.standardError)")
    for sql in Self.contents {
      let expected = try Program.rows(of: sql, in: program.path("whole.db"))
      let found = try Program.rows(of: sql, in: program.path("killed.db"))
      #expect(expected == found, "\(sql)")
      #expect(!expected.isEmpty)
    }
    // A minute of events after the other, since a query gives no more than 10,000 rows.
    var eventCount = 0
    for minute in 0..<Self.minuteCount {
      let expected = try events(of: minute, in: "whole.db", program)
      #expect(expected == (try events(of: minute, in: "killed.db", program)))
      eventCount += expected.split(separator: "\n").count
    }
    #expect(eventCount >= Self.eventCount)
  }

  /// The events of a minute, a line each.
  private func events(of minute: Int, in store: String, _ program: Program) throws -> String {
    let start = 1_767_225_600_000 + minute * 60_000
    let output = try program.run(
      "query", "fields @timestamp, @message, @type, @requestId | sort @timestamp | limit 10000",
      "--db", store, "--start", "\(start)", "--end", "\(start + 60_000)", "--format", "ndjson")
    #expect(output.status == 0, "\(output.standardError)")
    return output.standardOutput
  }

  /// A log of one stream: requests with application lines, JSON and tracebacks.
  private static func log() -> String {
    var text = ""
    var time = 1_767_225_600_000
    var count = 0
    func add(_ message: String) {
      time += 7
      count += 1
      let milliseconds = String(time % 1000 + 1000).dropFirst()
      let seconds = time / 1000 - 1_767_225_600
      func two(_ number: Int) -> Substring { String(number + 100).dropFirst() }
      text +=
        "2026-01-01T\(two(seconds / 3600)):\(two(seconds / 60 % 60)):\(two(seconds % 60))."
        + "\(milliseconds)Z \(message)\n"
    }
    while count < eventCount {
      let id = "7f1c0a52-6a1e-4d0b-9c36-\(count + 100_000_000_000)"
      add("START RequestId: \(id) Version: $LATEST")
      add("{\"level\":\"INFO\",\"orderId\":\(count),\"requestId\":\"\(id)\"}")
      if count % 9 == 0 {
        add(
          "[ERROR] KeyError: 'a\(count % 5)'\nTraceback (most recent call last):\n"
            + "  File \"/var/task/app.py\", line \(count % 40), in handler\n    a[b]")
      }
      add("END RequestId: \(id)")
      add(
        "REPORT RequestId: \(id)\tDuration: \(count % 900).50 ms\tBilled Duration: 901 ms\t"
          + "Memory Size: 128 MB\tMax Memory Used: 60 MB\t")
    }
    return text
  }
}
