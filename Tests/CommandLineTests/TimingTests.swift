import Foundation
import InsightsTestSupport
import Testing

@Suite("--timing")
struct TimingTests {
  private static let query = "stats count(*) by @requestId"

  /// The text with every time as 0.0, and every count of bytes as 0.
  private func withoutTimes(_ text: String) -> String {
    text.replacing(/[0-9]+\.[0-9] ms/, with: "0.0 ms").replacing(/[0-9]+ bytes/, with: "0 bytes")
  }

  @Test("query: stages and what was read, on standard error only", arguments: [[], ["--quiet"]])
  func query(options: [String]) throws {
    let program = try Program.withSampleStore()
    let plain = try program.run("query", Self.query)
    let timed = try program.run(["query", Self.query, "--timing"] + options)
    #expect(timed.status == 0)
    #expect(timed.standardOutput == plain.standardOutput)
    #expect(plain.standardError == "")
    #expect(
      withoutTimes(timed.standardError) == """
        timing: open 0.0 ms, compile 0.0 ms, run 0.0 ms, output 0.0 ms, in all 0.0 ms
        scan: read 1 of 1 segments, 9 of 9 events, 0 bytes

        """)
  }

  @Test("query: segments that were skipped are told with the reason")
  func skipped() throws {
    let program = try Program.withSampleStore()
    let output = try program.run(
      "query", "stats count(*)", "--start=2030-01-01", "--timing", "--quiet")
    #expect(
      output.standardError.contains(
        "scan: read 0 of 1 segments (skipped: 1 by time), 0 of 9 events, 0 bytes; "
          + "skipped 9 events, 706 bytes of messages\n"))
  }

  @Test("query: numbers for scripts")
  func numbers() throws {
    let program = try Program.withSampleStore()
    let output = try program.run("query", Self.query, "--timing", "--error-format", "json")
    let told = try json(output.standardError) as? [String: Any]
    #expect(told?["severity"] as? String == "timing")
    let stages = told?["microseconds"] as? [String: Int]
    #expect(stages?.keys.sorted() == ["compile", "open", "output", "run"])
    let scan = told?["scan"] as? [String: Int]
    #expect(scan?["segments_read"] == 1)
    #expect(scan?["events"] == 9)
    #expect(scan?["bytes_read"] ?? 0 > 0)
    #expect(scan?["events_skipped"] == 0)
    #expect(scan?["text_bytes_skipped"] == 0)
  }

  @Test("run: the sums of its queries; files are read first")
  func run() throws {
    let program = try Program()
    let log = try program.folder.write(Samples.log, to: "shop.log")
    let file = try program.folder.write(Self.query + "\n", to: "types.insights")
    let other = try program.folder.write("stats count(*)\n", to: "all.insights")
    let output = try program.run(
      "run", file, other, "--from", log, "--format", "json", "--timing")
    #expect(output.status == 0)
    #expect(
      withoutTimes(output.standardError) == """
        timing: read 0.0 ms, compile 0.0 ms, run 0.0 ms, output 0.0 ms, in all 0.0 ms
        scan: read 1 of 2 segments (skipped: 1 by summary), 9 of 18 events, 0 bytes; \
        skipped 9 events, 0 bytes of messages

        """)
  }

  @Test("ingest: stages, without a scan")
  func ingest() throws {
    let program = try Program()
    let log = try program.folder.write(Samples.log, to: "shop.log")
    let output = try program.run(
      "ingest", log, "--log-group", "shop", "--format", "json", "--timing")
    #expect(output.status == 0)
    #expect(try (json(output.standardOutput) as? [String: Any])?["events"] as? Int == 9)
    #expect(
      withoutTimes(output.standardError) == """
        timing: read and store 0.0 ms, derive 0.0 ms, open and close 0.0 ms, in all 0.0 ms

        """)
  }
}
