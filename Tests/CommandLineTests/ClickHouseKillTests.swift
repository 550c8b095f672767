import Foundation
import InsightsTestSupport
import Testing

/// Ingests into ClickHouse that are killed and run again.
@Suite(
  "killed ingests into ClickHouse",
  .enabled(if: ClickHouseServer.isInstalled, "run 'make clients' first"))
struct ClickHouseKillTests {
  /// What is told of a store, but for what has the places of events in it.
  private static func contents(_ address: String) throws -> [String] {
    let program = try Program()
    return try [
      ["info", "--format", "json"], ["export", "--to", "ndjson"],
      ["query", "SOURCE errors | fields type, message, @requestId", "--format", "ndjson"],
    ].map { command in
      let output = try program.run(command + ["--db", address, "--quiet"])
      #expect(output.status == 0, "\(output.standardError)")
      return ClickHouseCommandTests.compared(output.standardOutput)
    }
  }

  /// A log without names and times, and logs with both.
  private static let logs =
    "app.log '\(Repository.url("SampleLogs").path)/checkout-webhook' '\(Repository.url("SampleLogs").path)/payments'"

  @Test("what a killed ingest has left is completed by the next", arguments: [true, false])
  func killed(ofStore: Bool) throws {
    let server = try ClickHouseServer()
    let program = try Program()
    _ = try program.folder.write((0..<3000).map { "line \($0 % 90)\n" }.joined(), to: "app.log")
    let input = ofStore ? "'\(try SampleStore.path)'" : Self.logs
    func ingest(_ address: String, before: String = "") throws -> Int32 {
      try program.runShell("\(before) \"$0\" ingest \(input) --db \(address) --quiet").status
    }
    let clean = try server.newDatabase()
    #expect(try ingest(clean) == 0)
    let expected = try Self.contents(clean)
    for delay in [0.03, 0.1, 0.3, 0.8] {
      let address = try server.newDatabase()
      _ = try ingest(address, before: "timeout -s KILL \(delay)")
      _ = try ingest(address, before: "timeout -s KILL \(delay * 2)")
      #expect(try ingest(address) == 0)
      #expect(try Self.contents(address) == expected, "killed after \(delay) s")
    }
  }
}
