import Foundation
import InsightsTestSupport
import Testing

/// Incidents that are ingested into a file and into ClickHouse: what every command tells of them.
@Suite(
  "incidents over ClickHouse",
  .enabled(if: ClickHouseServer.isInstalled, "run 'make clients' first"))
struct ClickHouseIncidentTests {
  private static let server = Result { try ClickHouseServer() }

  private static let cases: [IncidentTests.Case] = [
    .init(300), .init(300, groups: false), .init(300, .rest), .init(300, groups: false, .rest),
    .init(300, .http, .json), .init(300, groups: false, .http),
  ]

  private static let commands: [[String]] = [
    ["triage", "--format", "json"], ["triage", "--format", "markdown"],
    ["metrics", "--format", "json"], ["metrics", "--period", "1m", "--format", "json"],
    ["info", "--format", "json"], ["run", "lambda", "--format", "json"],
    ["run", "gateway", "--format", "json"],
    ["groups", "--format", "json"], ["streams", "--format", "json"],
    ["fields", "--format", "json"], ["fields", "errorType", "--values", "--format", "json"],
    [
      "query",
      "SOURCE invocations | display request_id, attempt, start_ms, duration_ms, status, error_type, cold_start | sort start_ms, request_id | limit 10000",
      "--format", "ndjson",
    ],
    ["export", "--to", "ndjson"],
  ]

  /// Without places of events, and the number of sources, which are counted by input and stream there.
  private static func compared(_ output: String) -> String {
    ClickHouseCommandTests.compared(output).replacing(#/"sources":\d+/#, with: "…")
  }

  @Test("every command tells the same over both", arguments: cases)
  func alike(_ example: IncidentTests.Case) throws {
    let incident = Incident(example.options)
    let program = try Program()
    let file = program.path("insights.db")
    let server = try Self.server.get().newDatabase()
    try incident.ingest(intoStoreAt: file)
    try incident.ingest(intoStoreAt: server)
    for command in Self.commands {
      let expected = try program.run(command + ["--db", file])
      let found = try program.run(command + ["--db", server])
      #expect(expected.status == 0, "\(expected.standardError)")
      #expect(
        Self.compared(found.standardOutput) == Self.compared(expected.standardOutput),
        "\(command)")
      #expect(found.standardError == expected.standardError, "\(command)")
    }
  }
}
