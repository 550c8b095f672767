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
    #expect(rows.first?.dropFirst().first?.value == "3000.0")
    #expect(statistics["recordsMatched"] == 2)
    #expect(statistics["recordsScanned"] == 9)
  }

  @Test("rows of stats and of tables of facts have no @ptr")
  func noPointers() throws {
    let (rows, statistics) = try reply(
      "filter ispresent(@duration) | stats count(*) as n by @type | filter n > 5")
    #expect(rows.isEmpty)
    #expect(statistics["recordsMatched"] == 2)
    #expect(statistics["recordsScanned"] == 9)
    #expect(statistics["resultCount"] == 0)
    let counts = try reply("stats count(*) as n").rows
    #expect(counts.map { $0.map(\.field) } == [["n"]])
    #expect(counts.first?.first?.value == "9")
    let facts = try reply("SOURCE invocations | fields status | filter status = \"timeout\"")
    #expect(facts.rows.map { $0.map(\.field) } == [["status"]])
    #expect(facts.statistics["recordsMatched"] == 1)
    #expect(facts.statistics["recordsScanned"] == 3)
  }

  @Test("what is scanned is what the time range and the log groups leave")
  func scope() throws {
    let later = try reply("limit 1", "--start=2026-02-11T09:05:00Z").statistics
    #expect(later["recordsMatched"] == 5)
    #expect(later["recordsScanned"] == 5)
    #expect(later["logGroupsScanned"] == 1)
    #expect(later["resultCount"] == 1)
    let bytes = try reply("stats sum(strlen(@message)) as n", "--start=2026-02-11T09:05:00Z").rows
    #expect(later["bytesScanned"] == bytes.first?.first.flatMap { Double($0.value) })
    let nothing = try reply("limit 1", "--log-group", "nothing").statistics
    #expect(nothing.count == 7)
    #expect(nothing.values.allSatisfy { $0 == 0 })
  }

  @Test("what a field index lets a query skip counts as skipped, not as scanned")
  func skipped() throws {
    let program = try Program()
    let lines = (0..<20_000).map { number in
      #"{"timestamp":\#(1_770_801_300_000 + number),"message":"{\"id\":\"a\#(number)\"}"}"#
    }
    let file = try program.folder.write(lines.joined(separator: "\n"), to: "events.ndjson")
    #expect(try program.run("ingest", file).status == 0)
    #expect(try program.run("index", "id").status == 0)
    let output = try program.run("query", "filter id = \"a7\"", "--format", "aws")
    let reply = try #require(try json(output.standardOutput) as? [String: Any])
    let statistics = try #require(reply["statistics"] as? [String: Double])
    #expect(statistics["recordsMatched"] == 1)
    let scanned = try #require(statistics["recordsScanned"])
    #expect(scanned < 20_000)
    #expect(scanned + (statistics["estimatedRecordsSkipped"] ?? 0) == 20_000)
    #expect((statistics["estimatedBytesSkipped"] ?? 0) > 0)
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
