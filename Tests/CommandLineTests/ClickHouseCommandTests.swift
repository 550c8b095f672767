import Foundation
import InsightsTestSupport
import Testing

/// Every command that reads, over a store in a file and over the same events on a ClickHouse server.
@Suite(
  "commands over ClickHouse",
  .enabled(if: ClickHouseServer.isInstalled, "run 'make clients' first"))
struct ClickHouseCommandTests {
  /// A server, and the address of a store with everything in SampleLogs/.
  private static let store = Result {
    let server = try ClickHouseServer()
    return (server: server, address: try server.upload(storeAt: SampleStore.path))
  }

  private static let commands: [[String]] = [
    [
      "query", "fields @timestamp, @message, @log | sort @timestamp desc | limit 50", "--format",
      "json",
    ],
    ["query", "stats count(*) as n, avg(@duration) by @log, bin(5m)", "--format", "ndjson"],
    [
      "query", "filter @message like /(?i)error/ | stats count(*) by @logStream", "--format",
      "json",
    ],
    ["query", "SOURCE invocations | sort duration_ms desc | limit 20", "--format", "csv"],
    ["query", "SOURCE errors | stats count(*) by type", "--format", "json"],
    ["query", "pattern @message", "--format", "ndjson"],
    ["run", "lambda", "--format", "json"],
    ["triage", "--format", "json"],
    ["triage", "--start", "2026-03-17T02:20:00Z", "--end", "2026-03-17T02:40:00Z"],
    ["triage", "--log-group", "*orders*", "--format", "markdown"],
    ["metrics", "--format", "json"],
    ["metrics", "--log-group", "*payments*", "--format", "csv"],
    ["fields", "--format", "json"],
    ["fields", "level", "--values", "--format", "json"],
    ["groups", "--format", "json"],
    ["streams", "--format", "json"],
    ["export", "--to", "ndjson"],
    ["export", "--to", "csv", "--log-group", "*orders*"],
    ["check", "fields levl"],
  ]

  /// Without pointers and made-up ids, which have the places of events in one store.
  static func compared(_ output: String) -> String {
    output.replacing(#/e[a-p]{32}/#, with: "…").replacing(#/"eventId":"\d+"/#, with: "…")
      .replacing(#/"nextToken":"[^"]*"/#, with: "…")
  }

  @Test("a command that reads gives what it gives over a file", arguments: commands)
  func reading(command: [String]) throws {
    let program = try Program()
    let expected = try program.run(command + ["--db", SampleStore.path])
    let found = try program.run(command + ["--db", Self.store.get().address])
    #expect(expected.status == 0)
    #expect(found.status == expected.status, "\(found.standardError)")
    #expect(Self.compared(found.standardOutput) == Self.compared(expected.standardOutput))
    #expect(found.standardError == expected.standardError)
  }

  @Test("'info' tells the same figures as over a file")
  func info() throws {
    let program = try Program()
    func figures(_ store: String) throws -> [String] {
      // Sources are counted by input and stream there.
      try program.run("info", "--db", store, "--format", "table").standardOutput
        .split(separator: "\n").map(String.init).filter { !$0.contains("sources") }
    }
    let expected = try figures(SampleStore.path)
    #expect(expected.count > 10)
    #expect(try figures(Self.store.get().address) == expected)
  }

  @Test("'record' gives the event that a pointer of the same store leads to")
  func record() throws {
    let program = try Program()
    let address = try Self.store.get().address
    let query = "filter @type = 'REPORT' | sort @timestamp | limit 1 | display @ptr"
    func record(_ store: String) throws -> String {
      let output = try program.run("query", query, "--db", store, "--format", "csv").standardOutput
      let pointer = output.split(separator: "\n").last.map(String.init) ?? ""
      #expect(pointer.count == 33)
      return try program.run("record", pointer, "--db", store, "--format", "json").standardOutput
    }
    let expected = try record(SampleStore.path)
    #expect(expected.contains("REPORT RequestId"))
    #expect(Self.compared(try record(address)) == Self.compared(expected))
  }

  @Test("an exported database has the same events, invocations, errors and frames")
  func database() throws {
    let program = try Program()
    let address = try Self.store.get().address
    func contents(_ store: String, _ name: String) throws -> String {
      let output = try program.run(
        "export", "--to", "sqlite", "--output", program.path(name), "--db", store)
      #expect(output.status == 0, "\(output.standardError)")
      // Ids are given in the order of streams there.
      return try program.runShell(
        """
        python3 - \(name) <<'END'
        import sqlite3, sys
        db = sqlite3.connect(sys.argv[1])
        events = "SELECT timestamp_ms, log, log_stream, event_id, request_id, type, message FROM log_events"
        errors = "SELECT timestamp_ms, log_group, log_stream, kind, type, message, fingerprint, traceback, f.position, f.file, f.line, f.function, f.code FROM errors e LEFT JOIN frames f ON f.error_id = e.id"
        facts = "SELECT request_id, log_group, log_stream, attempt, start_ms, end_ms, duration_ms, billed_ms, memory_mb, status, error_type, cold_start, timed_out, oom FROM invocations"
        for sql in events, errors, facts:
            for row in sorted(map(repr, db.execute(sql))): print(row)
        END
        """
      ).standardOutput
    }
    let expected = try contents(SampleStore.path, "file.db")
    #expect(expected.split(separator: "\n").count > 800)
    #expect(try contents(address, "server.db") == expected)
  }

  @Test("'explain' tells what runs on the server, and what here and why")
  func explain() throws {
    let output = try Program().run(
      "explain", "filter level = 'ERROR' | pattern @message", "--stage", "scan", "--db",
      Self.store.get().address)
    #expect(output.standardOutput.contains("on the server:\n"))
    #expect(output.standardOutput.contains("here: "))
  }

  /// What was asked of the server for some work over the store.
  private static func statements(_ work: (String) throws -> Void) throws -> [String] {
    let (server, _) = try store.get()
    // Other tests ask of their own database.
    let address = try server.upload(storeAt: SampleStore.path)
    let database = address.split(separator: "/").last.map(String.init) ?? ""
    let earlier = try server.statements(ofDatabase: database).count
    try work(address)
    return Array(try server.statements(ofDatabase: database).dropFirst(earlier))
  }

  @Test(
    "a query asks once whether the store can be read, once for its names, and then for its rows",
    arguments: [
      ("filter level = 'ERROR' | stats count(*) by service", 3),
      ("fields @timestamp, @message | filter @message like /(?i)error/ | limit 5", 2),
      ("SOURCE logGroups(namePrefix: ['/aws/lambda/']) | stats count(*) by @log", 3),
      ("SOURCE invocations | stats count(*)", 2),
      ("pattern @message", 2),
      ("filter nosuch = 1", 3),
    ])
  func requests(query: String, most: Int) throws {
    let statements = try Self.statements { address in
      let output = try Program().run("query", query, "--db", address, "--format", "ndjson")
      #expect(output.status == 0, "\(output.standardError)")
    }
    #expect(statements.count <= most, "\(statements.joined(separator: "\n"))")
    #expect(statements.count > 1)
  }

  @Test("a server that goes on asks for names only when the events have changed")
  func requestsOfServer() throws {
    let body = #"{"query":"filter level = 'ERROR' | stats count(*) by service"}"#
    let statements = try Self.statements { address in
      let server = try ServerProgram(["--db", address])
      for _ in 0..<5 { _ = try server.api("POST /api/query", body) }
    }
    let names = statements.filter { $0.contains("mapKeys(fields)") }
    #expect(names.count == 1, "\(statements.joined(separator: "\n"))")
    // For each query: the state of the events, once to compile it and once to run it, and its rows. The names and how
    // many events there are in all are asked once, and the start of the server is a request or two.
    #expect(statements.count <= 5 * 3 + 4, "\(statements.joined(separator: "\n"))")
  }

  @Test("a query that names no field asks for its rows, and how many events there are")
  func requestsOfServerWithoutNames() throws {
    let body = #"{"query":"stats count(*) by @type"}"#
    let statements = try Self.statements { address in
      let server = try ServerProgram(["--db", address])
      for _ in 0..<10 { _ = try server.api("POST /api/query", body) }
    }
    #expect(statements.count <= 10 * 2 + 3, "\(statements.joined(separator: "\n"))")
  }

  @Test("a server sees at once what another process has ingested: events, fields and statistics")
  func staleness() throws {
    let address = try Self.store.get().server.newDatabase()
    let folder = try TemporaryFolder()
    func ingest(_ name: String, _ line: String) throws {
      let log = try folder.write("2026-01-02T03:04:05Z {\(line)}\n", to: name)
      let output = try Program().run("ingest", log, "--db", address, "--quiet")
      #expect(output.status == 0, "\(output.standardError)")
    }
    try ingest("first.log", #""level":"ERROR""#)
    let server = try ServerProgram(["--db", address])
    func answer() throws -> String {
      try server.api(
        "POST /api/query", #"{"query":"stats count(*) as n, count(late) as l"}"#)
    }
    let before = try answer()
    #expect(before.contains(#""rows":[[1,null]]"#), "\(before)")
    #expect(!before.contains(#""diagnostics":[]"#), "a warning about a field that no event has")
    #expect(before.contains(#""recordsScanned":1"#), "\(before)")
    try ingest("second.log", #""late":"5""#)
    let after = try answer()
    #expect(after.contains(#""rows":[[2,1]]"#), "\(after)")
    #expect(after.contains(#""diagnostics":[]"#), "\(after)")
    #expect(after.contains(#""recordsScanned":2"#), "\(after)")
  }

  @Test("what is for stores in files is refused")
  func refusals() throws {
    let program = try Program()
    let address = try Self.store.get().address
    let index = try program.run("index", "level", "--db", address)
    #expect(index.status == 64)
    #expect(index.standardError.contains("has no field indexes"))
    let serve = try program.run("serve", "--follow", ".", "--db", address)
    #expect(serve.status == 64)
    #expect(try program.files() == [])
  }

  @Test("a server over it answers the API, queries and triage, and refuses to write")
  func server() throws {
    let file = try ServerProgram(["--db", SampleStore.path, "--read-only"])
    let remote = try ServerProgram(["--db", Self.store.get().address])
    let query = #"{"query":"stats count(*) as n by @log | sort n desc, @log"}"#
    for (request, body) in [
      ("POST /api/query", query), ("GET /api/triage", ""), ("GET /api/metrics", ""),
      ("GET /api/fields", ""), ("GET /api/groups", ""),
    ] {
      let expected = try file.api(request, body)
      #expect(expected.contains("{"))
      #expect(Self.compared(try remote.api(request, body)) == Self.compared(expected), "\(request)")
    }
    for (operation, body) in [
      ("DescribeLogGroups", "{}"),
      ("DescribeLogStreams", #"{"logGroupName":"/aws/lambda/orders-api"}"#),
      ("FilterLogEvents", #"{"logGroupName":"/aws/lambda/orders-api","limit":20}"#),
      ("GetLogGroupFields", #"{"logGroupName":"/aws/lambda/orders-api"}"#),
    ] {
      let expected = try file.aws(operation, body)
      #expect(
        Self.compared(try remote.aws(operation, body)) == Self.compared(expected), "\(operation)")
    }
    let refused = try remote.aws("CreateLogGroup", #"{"logGroupName":"/new"}"#)
    #expect(refused.contains("its store is on a ClickHouse server"))
  }
}

extension ServerProgram {
  fileprivate func api(_ request: String, _ body: String) throws -> String {
    try send(
      request, ["Authorization: Bearer \(token)", "Content-Type: application/json"], body: body
    )
    .body
  }

  fileprivate func aws(_ operation: String, _ body: String) throws -> String {
    try send(
      "POST /",
      ["X-Amz-Target: Logs_20140328.\(operation)", "Content-Type: application/x-amz-json-1.1"],
      body: body
    ).body
  }
}
