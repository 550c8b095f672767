import Foundation
import InsightsTestSupport
import Testing

@Suite("export")
struct ExportTests {
  /// Events that say all there is to say, and some that say little.
  private static let events = """
    {"events":[
    {"logStreamName":"2026/02/11/[$LATEST]a","timestamp":1770800400000,"message":"first, \\"quoted\\"\\nsecond line\\n","ingestionTime":1770800401000,"eventId":"38000000000000000000000000000000000000000000000000000001","logGroupIdentifier":"123456789012:/aws/lambda/shop"},
    {"logStreamName":"2026/02/11/[$LATEST]a","timestamp":1770800399000,"message":"{\\"level\\":\\"ERROR\\",\\"requestId\\":\\"11111111-0000-4000-8000-000000000001\\"}","ingestionTime":1770800401000,"eventId":"38000000000000000000000000000000000000000000000000000002","logGroupIdentifier":"123456789012:/aws/lambda/shop"},
    {"logStreamName":"b","timestamp":1770800402000,"message":"schön","ingestionTime":1770800403000,"eventId":"38000000000000000000000000000000000000000000000000000003","logGroupIdentifier":"123456789012:/other"}
    ]}
    """

  private func programWithEvents() throws -> Program {
    let program = try Program.withSampleStore()
    _ = try program.folder.write(Self.events, to: "events.json")
    #expect(try program.run("ingest", "events.json").status == 0)
    return program
  }

  @Test("ndjson has every event in the order of input, with what is known of it")
  func ndjson() throws {
    let output = try programWithEvents().run("export", "--to", "ndjson")
    #expect(output.status == 0)
    #expect(output.standardError == "")
    let lines = output.standardOutput.split(separator: "\n").map(String.init)
    #expect(lines.count == Samples.eventCount + 3)
    #expect(
      lines.first == """
        {"@timestamp": "2026-02-11 09:00:00.000", "@log": "000000000000:/aws/lambda/shop", "@logGroup": "/aws/lambda/shop", "@requestId": "11111111-0000-4000-8000-000000000001", "@type": "START", "@message": "START RequestId: 11111111-0000-4000-8000-000000000001 Version: $LATEST"}
        """)
    #expect(
      lines[Samples.eventCount] == """
        {"@timestamp": "2026-02-11 09:00:00.000", "@ingestionTime": "2026-02-11 09:00:01.000", "@log": "123456789012:/aws/lambda/shop", "@logGroup": "/aws/lambda/shop", "@logStream": "2026/02/11/[$LATEST]a", "@eventId": "38000000000000000000000000000000000000000000000000000001", "@message": "first, \\"quoted\\"\\nsecond line\\n"}
        """)
    #expect(lines.last?.contains("schön") == true)
  }

  @Test("what is exported as ndjson and ingested again answers the same")
  func roundTrip() throws {
    let program = try Program()
    let samples = try SampleStore.path
    let output = try program.run(
      "export", "--to", "ndjson", "--db", samples, "--output", "events.ndjson")
    #expect(output.status == 0)
    #expect(output.standardOutput == "")
    #expect(try program.run("ingest", "events.ndjson").status == 0)
    for query in [
      "stats count(*) as n, sum(@duration) as d, max(@ingestionTime) as i by @log, @logStream, @type | sort @log, @logStream, @type",
      "fields @timestamp, @eventId, @requestId, @message | sort @timestamp, @message, @log | limit 10000",
      "stats count(*) as n by level | sort n desc, level",
      "SOURCE invocations | stats count(*) as n, sum(duration_ms) as d by log_group, status | sort log_group, status",
      "SOURCE errors | stats count(*) as n by log_group, type, fingerprint | sort log_group, type, fingerprint",
    ] {
      let before = try program.run("query", query, "--db", samples, "--format", "ndjson")
      let after = try program.run("query", query, "--format", "ndjson")
      #expect(before.status == 0, "\(before.standardError)")
      #expect(!before.standardOutput.isEmpty)
      #expect(after.standardOutput == before.standardOutput, "\(query)")
    }
    let again = try program.run("export", "--to", "ndjson")
    #expect(
      again.standardOutput
        == (try String(contentsOfFile: program.path("events.ndjson"), encoding: .utf8)))
  }

  @Test("csv is ingested again with all its fields")
  func csvRoundTrip() throws {
    let program = try programWithEvents()
    _ = try program.run("export", "--to", "csv", "--output", "events.csv")
    let again = try program.run("export", "--to", "csv", "--from", "events.csv")
    #expect(again.status == 0)
    #expect(
      try again.standardOutput
        == String(contentsOfFile: program.path("events.csv"), encoding: .utf8))
  }

  @Test("there is no limit of rows, and a reader that goes away early is no error")
  func manyEvents() throws {
    let program = try Program()
    let line = "2026-02-11T09:00:00.000Z order received\n"
    _ = try program.folder.write(String(repeating: line, count: 25_000), to: "many.log")
    let all = try program.runShell("\"$0\" export --to ndjson --from many.log | wc -l")
    #expect(all.standardOutput.trimmingCharacters(in: .whitespacesAndNewlines) == "25000")
    let first = try program.runShell(
      "{ \"$0\" export --to ndjson --from many.log; echo $? >&2; } | head -1")
    #expect(first.standardOutput.split(separator: "\n").count == 1)
    #expect(first.standardError == "0\n")
  }

  @Test("csv quotes what needs it, under a header of the fields")
  func csv() throws {
    let output = try programWithEvents().run(
      "export", "--to", "csv", "--log-group", "/aws/*", "--start", "2026-02-11T09:00:00Z",
      "--end", "2026-02-11T09:00:00Z")
    #expect(
      output.standardOutput == """
        @timestamp,@ingestionTime,@log,@logGroup,@logStream,@eventId,@requestId,@type,@message
        2026-02-11 09:00:00.000,,000000000000:/aws/lambda/shop,/aws/lambda/shop,,,11111111-0000-4000-8000-000000000001,START,START RequestId: 11111111-0000-4000-8000-000000000001 Version: $LATEST
        2026-02-11 09:00:00.010,,000000000000:/aws/lambda/shop,/aws/lambda/shop,,,,,order 1 received
        2026-02-11 09:00:00.100,,000000000000:/aws/lambda/shop,/aws/lambda/shop,,,11111111-0000-4000-8000-000000000001,END,END RequestId: 11111111-0000-4000-8000-000000000001
        2026-02-11 09:00:00.100,,000000000000:/aws/lambda/shop,/aws/lambda/shop,,,11111111-0000-4000-8000-000000000001,REPORT,REPORT RequestId: 11111111-0000-4000-8000-000000000001\tDuration: 99.50 ms\tBilled Duration: 100 ms\tMemory Size: 128 MB\tMax Memory Used: 64 MB
        2026-02-11 09:00:00.000,2026-02-11 09:00:01.000,123456789012:/aws/lambda/shop,/aws/lambda/shop,2026/02/11/[$LATEST]a,38000000000000000000000000000000000000000000000000000001,,,"first, ""quoted""
        second line
        "

        """)
  }

  @Test("sqlite is a database of plain tables that holds what the store shows")
  func sqlite() throws {
    let program = try Program()
    let samples = try SampleStore.path
    let output = try program.run(
      "export", "--to", "sqlite", "--db", samples, "--output", "plain.db")
    #expect(output.status == 0, "\(output.standardError)")
    #expect(try program.files() == ["plain.db"])
    let plain = program.path("plain.db")
    #expect(
      try Program.rows(of: "SELECT type, name FROM sqlite_schema WHERE sql IS NOT NULL", in: plain)
        == ["log_events", "invocations", "errors", "frames"].map { ["table", $0] })
    for query in [
      "SELECT * FROM errors", "SELECT * FROM frames",
      "SELECT * FROM invocations ORDER BY id",
    ] {
      let columns = try Program.rows(
        of: "SELECT group_concat(name) FROM pragma_table_info('\(query.split(separator: " ")[3])')",
        in: plain)[0][0]
      let query = query.replacingOccurrences(of: "*", with: try #require(columns))
      let rows = try Program.rows(of: query, in: plain)
      #expect(!rows.isEmpty)
      #expect(try Program.rows(of: query, in: samples) == rows)
    }
    let counts = try Program.rows(
      of: "SELECT count(*), count(DISTINCT log_group), max(id) FROM log_events", in: plain)
    let asked = try rows(
      try program.run(
        "query", "stats count(*) as n, count_distinct(@logGroup) as g", "--db", samples,
        "--format", "json"
      ).standardOutput)
    #expect(counts == [[asked[0]["n"], asked[0]["g"], asked[0]["n"]].map { "\($0 ?? "")" }])
    #expect(
      try Program.rows(
        of: "SELECT message FROM log_events WHERE type = 'REPORT' LIMIT 1", in: plain
      )
      .first?.first??.hasPrefix("REPORT RequestId: ") == true)
  }

  @Test("a range of time and log groups choose rows of all tables")
  func sqliteRange() throws {
    let program = try programWithEvents()
    _ = try program.run(
      "export", "--to", "sqlite", "--output", "late.db", "--start", "2026-02-11T09:05:00Z",
      "--log-group", "/aws/lambda/*")
    _ = try program.run(
      "export", "--to", "sqlite", "--output", "other.db", "--log-group", "/other")
    func counts(_ name: String) throws -> [String?] {
      try Program.rows(
        of: """
          SELECT (SELECT count(*) FROM log_events), (SELECT count(*) FROM invocations),
            (SELECT count(*) FROM errors), (SELECT count(*) FROM frames)
          """, in: program.path(name))[0]
    }
    #expect(try counts("late.db") == ["5", "2", "1", "0"])
    #expect(try counts("other.db") == ["1", "0", "0", "0"])
  }

  @Test("a database is made in a new or an empty file only")
  func existingFile() throws {
    let program = try Program.withSampleStore()
    let notes = try program.folder.write("notes\n", to: "notes.txt")
    let output = try program.run("export", "--to", "sqlite", "--output", "notes.txt")
    #expect(output.status == 73)
    #expect(output.standardError.hasPrefix("error: 'notes.txt' is not empty\n"))
    #expect(try String(contentsOfFile: notes, encoding: .utf8) == "notes\n")
    #expect(try program.run("query", "limit 1").status == 0)
    _ = try program.folder.write("", to: "empty.db")
    #expect(try program.run("export", "--to", "sqlite", "--output", "empty.db").status == 0)
    #expect(try program.run("export", "--to", "sqlite", "--output", "empty.db").status == 73)
    let nowhere = try program.run("export", "--to", "sqlite", "--output", "no/where.db")
    #expect(nowhere.status == 73)
    #expect(nowhere.standardError.hasPrefix("error: cannot create 'no/where.db'"))
  }

  @Test("what is wrong with the command line is 64, a missing store 66 and leaves no file")
  func mistakes() throws {
    let program = try Program()
    for arguments in [["--to", "parquet"], ["--to", "sqlite"], []] {
      #expect(try program.run(["export"] + arguments).status == 64)
    }
    for target in ["ndjson", "sqlite"] {
      #expect(try program.run("export", "--to", target, "--output", "x").status == 66)
    }
    #expect(try program.files() == [])
  }

  @Test("a device that is full is 74")
  func fullDevice() throws {
    let program = try Program.withSampleStore()
    let output = try program.run("export", "--to", "ndjson", "--output", "/dev/full")
    #expect(output.status == 74)
    #expect(output.standardError.contains("cannot be written"))
  }
}
