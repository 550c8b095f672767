import Foundation
import InsightsTestSupport
import Testing

@Suite("ingest")
struct IngestTests {
  private func figures(_ output: Program.Output) throws -> [String: Double] {
    try json(output.standardOutput) as? [String: Double] ?? [:]
  }

  @Test("a file becomes a store of one file; the summary has the keys of the contract")
  func file() throws {
    let program = try Program()
    let log = try program.folder.write(Samples.log, to: "shop.log")
    let output = try program.run("ingest", "--format", "json", log)
    #expect(output.status == 0)
    #expect(
      output.standardError == """
        note: no log group is known of \(Samples.eventCount) events of \(log)
          = help: the same ingest with '--log-group NAME' names them; nothing is stored twice

        """)
    let keys = output.standardOutput.split(separator: "\"").enumerated()
      .filter { $0.offset.isMultiple(of: 2) == false }.map { String($0.element) }
    #expect(
      keys == [
        "files", "events", "duplicates", "invocations", "errors", "warnings", "bytes", "seconds",
      ])
    let figures = try figures(output)
    #expect(figures["files"] == 1)
    #expect(figures["events"] == Double(Samples.eventCount))
    #expect(figures["duplicates"] == 0)
    #expect(figures["invocations"] == 3)
    #expect(figures["errors"] == 1)
    #expect(figures["warnings"] == 0)
    #expect(figures["bytes"] == Double(Samples.log.utf8.count))
    #expect(try program.files() == ["insights.db", "shop.log"])
  }

  @Test("a second run changes nothing and counts duplicates")
  func again() throws {
    let program = try Program()
    let log = try program.folder.write(Samples.log, to: "shop.log")
    _ = try program.run("ingest", log)
    let invocations = "SELECT * FROM invocations ORDER BY id"
    let before = try Program.rows(of: invocations, in: program.path("insights.db"))
    let output = try program.run("ingest", "--format", "json", log)
    #expect(output.status == 0)
    let figures = try figures(output)
    #expect(figures["events"] == 0)
    #expect(figures["duplicates"] == Double(Samples.eventCount))
    #expect(figures["invocations"] == 0)
    #expect(figures["errors"] == 0)
    #expect(try Program.rows(of: invocations, in: program.path("insights.db")) == before)
    #expect(try program.files() == ["insights.db", "shop.log"])
  }

  @Test("a folder is read with all below it")
  func folder() throws {
    let program = try Program()
    try FileManager.default.createDirectory(
      atPath: program.path("logs/deep/er"), withIntermediateDirectories: true)
    _ = try program.folder.write(Samples.log, to: "logs/deep/er/a.log")
    _ = try program.folder.write("2026-02-11T10:00:00.000Z something else\n", to: "logs/b.log")
    let output = try program.run("ingest", "--format", "json", "logs")
    #expect(try figures(output)["files"] == 2)
    #expect(try figures(output)["events"] == Double(Samples.eventCount + 1))
  }

  @Test("a folder may hold stores, which are passed over; one that is named is told")
  func storeInFolder() throws {
    let program = try Program()
    _ = try program.folder.write(Samples.log, to: "shop.log")
    #expect(try program.run("ingest", "shop.log").status == 0)
    _ = try program.folder.write("", to: "insights.db-wal")
    _ = try program.folder.write("shared", to: "insights.db-shm")
    _ = try program.folder.write("2026-02-11T10:00:00.000Z something else\n", to: "notes-wal")
    let output = try program.run("ingest", "--format", "json", "--db", ".copy.db", ".")
    #expect(output.status == 0)
    #expect(!output.standardError.contains("warning"))
    #expect(try figures(output)["files"] == 2)
    #expect(try figures(output)["events"] == Double(Samples.eventCount + 1))
    let named = try program.run("ingest", "insights.db", "--db", "other.db")
    #expect(named.status == 65)
    #expect(named.standardError.contains("an SQLite database is not a log"))
  }

  @Test(
    "a folder is no store", arguments: [["query", "limit 1"], ["ingest", "shop.log"], ["info"]])
  func folderAsStore(arguments: [String]) throws {
    let program = try Program()
    _ = try program.folder.write(Samples.log, to: "shop.log")
    let output = try program.run(arguments + ["--db", "."])
    #expect(output.status == 66)
    #expect(output.standardError.hasPrefix("error: '.' is a folder, not a store\n"))
    #expect(output.standardError.contains("./insights.db"))
  }

  @Test("gzip is inflated; bytes are counted as read")
  func gzip() throws {
    let program = try Program()
    let data = try Samples.gzipped(in: program)
    try program.write(data, to: "shop.log.gz")
    let output = try program.run("ingest", "--format", "json", "shop.log.gz")
    #expect(output.status == 0)
    #expect(try figures(output)["events"] == Double(Samples.eventCount))
    #expect(try figures(output)["bytes"] == Double(data.count))
  }

  @Test("a cut gzip keeps what could be read and ends with 65")
  func cutGzip() throws {
    let program = try Program()
    let data = try Samples.gzipped(in: program)
    try program.write(data.prefix(data.count - 20), to: "cut.gz")
    let output = try program.run("ingest", "--format", "json", "cut.gz")
    #expect(output.status == 65)
    #expect(try figures(output)["events"] ?? 0 > 0)
    #expect(try figures(output)["warnings"] ?? 0 >= 1)
    #expect(output.standardError.hasPrefix("warning: cut.gz"))
  }

  @Test("'-' is standard input")
  func standardInput() throws {
    let program = try Program()
    let output = try program.run(
      "ingest", "--format", "json", "--log-group", "/aws/lambda/shop", "--log-stream", "one", "-",
      input: Data(Samples.log.utf8))
    #expect(output.status == 0)
    #expect(try figures(output)["events"] == Double(Samples.eventCount))
    #expect(
      try Program.rows(
        of: "SELECT DISTINCT log_group, log_stream FROM invocations",
        in: program.path("insights.db")) == [["/aws/lambda/shop", "one"]])
  }

  @Test("a missing path is 66, and the others are read")
  func missingPath() throws {
    let program = try Program()
    let log = try program.folder.write(Samples.log, to: "shop.log")
    let output = try program.run("ingest", "--format", "json", "nowhere.log", log)
    #expect(output.status == 66)
    #expect(output.standardError.hasPrefix("error: nowhere.log: "))
    #expect(try figures(output)["events"] == Double(Samples.eventCount))
  }

  @Test("an empty file is fine")
  func emptyFile() throws {
    let program = try Program()
    let log = try program.folder.write("", to: "empty.log")
    let output = try program.run("ingest", "--format", "json", log)
    #expect(output.status == 0)
    #expect(try figures(output)["events"] == 0)
    #expect(try figures(output)["files"] == 1)
  }

  @Test("a byte order mark and Windows line ends are repaired with a warning, and end with 0")
  func repairs() throws {
    let program = try Program()
    let log = try program.folder.write(
      "\u{FEFF}" + Samples.log.replacingOccurrences(of: "\n", with: "\r\n"), to: "windows.log")
    let output = try program.run("ingest", "--format", "json", log)
    #expect(output.status == 0)
    #expect(output.standardError.contains("warning: "))
    #expect(try figures(output)["events"] == Double(Samples.eventCount))
    #expect(try program.run("ingest", "-q", log).standardError == "")
  }

  @Test("an unknown log format is a usage error that names the known ones")
  func unknownFormat() throws {
    let program = try Program()
    let log = try program.folder.write(Samples.log, to: "shop.log")
    let output = try program.run("ingest", "--log-format", "apache", log)
    #expect(output.status == 64)
    #expect(output.standardError.contains("'apache'"))
    #expect(output.standardError.contains("s3-export"))
    #expect(output.standardOutput == "")
  }

  @Test("a store that cannot be made is 73")
  func unwritableStore() throws {
    let program = try Program()
    let log = try program.folder.write(Samples.log, to: "shop.log")
    let output = try program.run("ingest", "--db", "no/such/folder/x.db", log)
    #expect(output.status == 73)
    #expect(output.standardError.contains("no/such/folder/x.db"))
  }

  @Test("a file that is no store is left alone")
  func foreignStore() throws {
    let program = try Program()
    let log = try program.folder.write(Samples.log, to: "shop.log")
    _ = try program.folder.write("these are notes, not a database\n", to: "notes.txt")
    let output = try program.run("ingest", "--db", "notes.txt", log)
    #expect(output.status == 66)
    #expect(
      try String(contentsOfFile: program.path("notes.txt"), encoding: .utf8)
        == "these are notes, not a database\n")
  }

  @Test("the store is --db, else $INSIGHTS_DB")
  func storePath() throws {
    let program = try Program(environment: ["INSIGHTS_DB": "mine.db"])
    let log = try program.folder.write(Samples.log, to: "shop.log")
    _ = try program.run("ingest", log)
    _ = try program.run("ingest", "--db", "other.db", log)
    #expect(try program.files() == ["mine.db", "other.db", "shop.log"])
    #expect(try program.run("query", "limit 1", "--format", "csv").status == 0)
  }

  @Test("the summary is a table of names and figures by default")
  func table() throws {
    let program = try Program()
    let log = try program.folder.write(Samples.log, to: "shop.log")
    let lines = try program.run("ingest", log).standardOutput.split(separator: "\n")
    #expect(lines.first == "files        1")
    #expect(lines.contains("events       9"))
    #expect(lines.last?.hasPrefix("seconds      ") == true)
  }

  @Test("another SQLite connection reads the tables of the contract")
  func tables() throws {
    let program = try Program.withSampleStore()
    let database = program.path("insights.db")
    #expect(
      try Program.rows(
        of: """
          SELECT id, request_id, log_group, log_stream, attempt, version, start_ms, end_ms,
            duration_ms, billed_ms, memory_mb, max_memory_mb, init_ms, restore_ms,
            billed_restore_ms, status, error_type, cold_start, timed_out, oom, xray_trace_id
          FROM invocations ORDER BY start_ms
          """, in: database
      ).map { Array($0[1...6]) + [$0[8], $0[15], $0[18]] } == [
        [
          "11111111-0000-4000-8000-000000000001", "/aws/lambda/shop", nil, "1", "$LATEST",
          "1770800400000", "99.5", "success", "0",
        ],
        [
          "11111111-0000-4000-8000-000000000002", "/aws/lambda/shop", nil, "1", "$LATEST",
          "1770800700000", "3000.0", "timeout", "1",
        ],
        [
          "11111111-0000-4000-8000-000000000003", "/aws/lambda/shop", nil, "1", "$LATEST",
          "1770801000500", nil, "incomplete", "0",
        ],
      ])
    #expect(
      try Program.rows(
        of: """
          SELECT kind, type, message, request_id FROM errors
          WHERE coalesce(id, timestamp_ms, log_group, log_stream, runtime, top_frame, fingerprint,
            http_status, gateway_request_id, traceback) IS NOT NULL
          """, in: database) == [
          [
            "platform", "Sandbox.Timedout", "Task timed out after 3.00 seconds",
            "11111111-0000-4000-8000-000000000002",
          ]
        ])
    #expect(
      try Program.rows(
        of: "SELECT error_id, position, file, line, function, code FROM frames", in: database
      )
      .isEmpty)
  }

  private static let request = "7f1c0a52-6a1e-4d0b-9c36-2f60d7a5be10"

  /// A function's log of one request, and the log of the gateway that called it.
  private func writeLogs(_ program: Program) throws -> (function: String, gateway: String) {
    let gateway = "(5f0c1a3e-1111-4222-8333-444455556666)"
    return (
      try program.folder.write(
        """
        2026-03-04T10:00:00.100Z START RequestId: \(Self.request) Version: $LATEST
        2026-03-04T10:00:00.900Z REPORT RequestId: \(Self.request)\tDuration: 800.00 ms\t\
        Billed Duration: 800 ms\tMemory Size: 128 MB\tMax Memory Used: 80 MB\t

        """, to: "function.log"),
      try program.folder.write(
        """
        2026-03-04T10:00:00.000Z \(gateway) Sending request to https://lambda.eu-west-1.\
        amazonaws.com/2015-03-31/functions/arn:aws:lambda:eu-west-1:123456789012:function:orders/\
        invocations
        2026-03-04T10:00:01.000Z \(gateway) AWS Integration Endpoint RequestId : \(Self.request)

        """, to: "gateway.log")
    )
  }

  @Test("the log of a gateway tells the likely log group of a function's log")
  func likelyLogGroup() throws {
    let program = try Program()
    let (function, gateway) = try writeLogs(program)
    _ = try program.run("ingest", gateway, "--log-group", "API-Gateway-Execution-Logs_a/prod")
    let output = try program.run("ingest", function)
    #expect(
      output.standardError == """
        note: no log group is known of 2 events of \(function)
          = help: likely '/aws/lambda/orders': insights ingest \(function) --log-group \
        /aws/lambda/orders

        """)
    let named = try program.run("ingest", function, "--log-group", "/aws/lambda/orders")
    #expect(named.standardError == "note: 2 events have a name now that had none before\n")
    #expect(
      try Program.rows(
        of: "SELECT log_group FROM invocations", in: program.path("insights.db"))
        == [["/aws/lambda/orders"]])
    // Of the gateway's own log nothing is said.
    let other = try Program()
    let (_, alone) = try writeLogs(other)
    #expect(try other.run("ingest", alone).standardError.contains("likely") == false)
  }

  @Test("a second name is warned of, and taken if it is asked for")
  func secondName() throws {
    let program = try Program()
    let (function, _) = try writeLogs(program)
    _ = try program.run("ingest", function, "--log-group", "a")
    let second = try program.run("ingest", function, "--log-group", "b", "--format", "json")
    #expect(second.status == 0)
    #expect(try figures(second)["duplicates"] == 2)
    #expect(
      second.standardError == """
        warning: \(function): was ingested with log group 'a'; that is not stored again under 'b'
          = help: '--again' stores it under both

        """)
    let again = try program.run(
      "ingest", function, "--log-group", "b", "--again", "--format", "json")
    #expect(try figures(again)["events"] == 2)
  }

  @Test("a dry run tells what is in the inputs, and leaves no store")
  func dryRun() throws {
    let program = try Program()
    let (function, _) = try writeLogs(program)
    let cut = try program.folder.write(
      #"{"events":[{"timestamp":1,"message":"a"},{"times"#, to: "cut.json")
    let output = try program.run(
      "ingest", function, cut, "missing.log", "--dry-run", "--format", "json")
    #expect(output.status == 66)
    let rows = try #require(try json(output.standardOutput) as? [[String: Any]])
    #expect(rows.map { $0["file"] as? String } == [function, cut, "missing.log"])
    #expect(rows[0]["events"] as? Int == 2)
    #expect(rows[0]["without_group"] as? Int == 2)
    #expect(rows[0]["start"] as? String == "2026-03-04 10:00:00.100")
    #expect(rows[0]["end"] as? String == "2026-03-04 10:00:00.900")
    #expect((rows[0]["lost"] as? [String])?.isEmpty == true)
    #expect((rows[1]["lost"] as? [String])?.isEmpty == false)
    #expect((rows[2]["lost"] as? [String])?.isEmpty == false)
    #expect(try program.files() == ["cut.json", "function.log", "gateway.log"])
    let table = try program.run(
      "ingest", function, "--dry-run", "--log-group", "g", "--log-format", "text")
    #expect(table.status == 0)
    #expect(table.standardOutput.contains("function.log"))
    #expect(try program.run("ingest", function, "--dry-run", "--follow").status == 64)
    #expect(try program.run("ingest", function, "--dry-run", "--log-format", "x").status == 64)
  }
}
