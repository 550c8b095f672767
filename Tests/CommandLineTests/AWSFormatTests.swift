import InsightsTestSupport
import Testing

@Suite("the reply of GetQueryResults")
struct AWSFormatTests {
  /// The reply to a query over the sample log of nine events.
  private func reply(_ query: String, _ options: String...) throws -> (
    rows: [[(field: String, value: String)]], statistics: [String: Double]
  ) {
    let output = try Program.withSampleStore().run(["query", query, "--format", "aws"] + options)
    #expect(output.status == 0)
    let reply = try #require(try json(output.standardOutput) as? [String: Any])
    #expect(reply["status"] as? String == "Complete")
    let results = try #require(reply["results"] as? [[[String: String]]])
    return (
      results.map { row in row.map { ($0["field"] ?? "", $0["value"] ?? "") } },
      try #require(reply["statistics"] as? [String: Double])
    )
  }

  @Test(
    "rows of events end with @ptr, asked for or not",
    arguments: [
      "fields @timestamp, @duration | filter ispresent(@duration) | limit 1",
      "fields @timestamp, @ptr, @duration | filter ispresent(@duration) | limit 1",
      "filter ispresent(@duration) | display @timestamp, @duration | limit 1",
      "filter ispresent(@duration) | fields @timestamp, @duration | dedup @type",
      "fields @timestamp, @duration | sort @timestamp desc | filter @duration > 0 | limit 1",
    ])
  func pointers(query: String) throws {
    let (rows, statistics) = try reply(query)
    #expect(rows.map { $0.map(\.field) } == [["@timestamp", "@duration", "@ptr"]])
    #expect(rows.first?.first?.value == "2026-02-11 09:05:03.001")
    #expect(rows.first?.dropFirst().first?.value == "3000")
    #expect(statistics == ["recordsMatched": 2, "recordsScanned": 9])
  }

  @Test("rows of stats and of tables of facts have no @ptr")
  func noPointers() throws {
    let (rows, statistics) = try reply(
      "filter ispresent(@duration) | stats count(*) as n by @type | filter n > 5")
    #expect(rows.isEmpty)
    #expect(statistics == ["recordsMatched": 2, "recordsScanned": 9])
    let counts = try reply("stats count(*) as n").rows
    #expect(counts.map { $0.map(\.field) } == [["n"]])
    #expect(counts.first?.first?.value == "9")
    let facts = try reply("SOURCE invocations | fields status | filter status = \"timeout\"")
    #expect(facts.rows.map { $0.map(\.field) } == [["status"]])
    #expect(facts.statistics == ["recordsMatched": 1, "recordsScanned": 3])
  }

  @Test("what is scanned is what the time range and the log groups leave")
  func scope() throws {
    #expect(
      try reply("limit 1", "--start=2026-02-11T09:05:00Z").statistics
        == ["recordsMatched": 5, "recordsScanned": 5])
    #expect(
      try reply("limit 1", "--log-group", "nothing").statistics
        == ["recordsMatched": 0, "recordsScanned": 0])
  }

  @Test("the reply can be ingested again")
  func roundTrip() throws {
    let program = try Program.withSampleStore()
    let reply = try program.run("query", "fields @timestamp, @message", "--format", "aws")
    let file = try program.folder.write(reply.standardOutput, to: "reply.json")
    let output = try program.run(
      "ingest", file, "--db", program.path("again.db"), "--format", "json")
    #expect(output.status == 0)
    #expect((try json(output.standardOutput) as? [String: Any])?["events"] as? Int == 9)
  }
}
