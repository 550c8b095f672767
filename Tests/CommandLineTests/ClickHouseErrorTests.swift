import Foundation
import InsightsTestSupport
import Testing

/// What goes wrong between the program and a ClickHouse server.
@Suite(
  "errors of a store on a ClickHouse server",
  .enabled(if: ClickHouseServer.isInstalled, "run 'make clients' first"))
struct ClickHouseErrorTests {
  private static let server = Result {
    let server = try ClickHouseServer(
      users: ["reader:secret:2", "setless:secret:1"], certificates: ["good.pem", "expired.pem"])
    // More than the server sends at once.
    let lines = (0..<4000).map { number in
      "2026-01-02T03:04:\(10 + number / 1000).\(String(1000 + number % 1000).dropFirst())Z line \(number) of many"
    }
    let program = try Program()
    let log = try program.folder.write(lines.joined(separator: "\n") + "\n", to: "a.log")
    let output = try program.run(
      "ingest", log, "--log-group", "g", "--db", server.address(), "--quiet")
    try #require(output.status == 0, "\(output.standardError)")
    for database in ["empty", "newer"] { try server.execute("CREATE DATABASE \(database)") }
    try server.execute(
      "CREATE VIEW insights_schema AS SELECT toUInt32(99) AS version, '' AS cluster", in: "newer")
    return server
  }

  /// Runs the program over a store; PLAIN, TLS and EXPIRED stand for ports of the server.
  private func run(
    _ arguments: [String], db: String, password: String = ""
  ) throws -> Program.Output {
    let server = try Self.server.get()
    let address = db.replacing("PLAIN", with: "\(server.port)")
      .replacing("TLS", with: "\(server.securePorts[0])")
      .replacing("EXPIRED", with: "\(server.securePorts[1])")
    return try Program(environment: ["INSIGHTS_CLICKHOUSE_PASSWORD": password]).run(
      arguments + ["--db", address])
  }

  /// Expects a status, with a message and a next step.
  private func expect(
    _ output: Program.Output, _ status: Int32, _ message: String, _ help: String,
    at location: SourceLocation = #_sourceLocation
  ) {
    #expect(output.status == status, sourceLocation: location)
    let lines = output.standardError.split(separator: "\n")
    for (start, text) in [("error: ", message), ("  = help: ", help)] {
      #expect(
        lines.contains { $0.hasPrefix(start) && $0.contains(text) },
        "\(text): \(output.standardError)", sourceLocation: location)
    }
  }

  private static let authority = ["--ca-file", ClickHouseServer.certificate("authority.pem")]
  private static let other = ["--ca-file", ClickHouseServer.certificate("other-authority.pem")]

  @Test(
    "what cannot be used is told with a next step: 66",
    arguments: [
      ("clickhouse://127.0.0.1:1", [], "can be reached at 127.0.0.1:1", "that the server runs"),
      ("clickhouse://no-such-host.invalid", [], "no ClickHouse server can be", "check host"),
      ("clickhouse://127.0.0.1:PLAIN/not_clickhouse", [], "is no ClickHouse server", "8123"),
      ("clickhouse://reader@127.0.0.1:PLAIN", [], "refuses user 'reader'", "--password-file"),
      ("clickhouse://127.0.0.1:PLAIN/none", [], "no database 'none'", "CREATE DATABASE `none`"),
      ("clickhouse://127.0.0.1:PLAIN/empty", [], "no tables of insights", "insights ingest"),
      ("clickhouse://127.0.0.1:PLAIN/newer", [], "by a newer insights", "upgrade"),
      ("clickhouses://127.0.0.1:TLS", [], "certificate of 127.0.0.1", "--ca-file"),
      ("clickhouses://127.0.0.1:TLS", other, "is not to be trusted", "--ca-file"),
      ("clickhouses://127.0.0.1:EXPIRED", authority, "is not to be trusted", "may be expired"),
      ("clickhouses://127.0.0.1:PLAIN", authority, "does not speak TLS", "clickhouse://"),
      ("clickhouses://127.0.0.1:TLS", ["--ca-file", "none.pem"], "'none.pem' cannot be", "PEM"),
    ])
  func unavailable(db: String, options: [String], message: String, help: String) throws {
    let output = try run(["query", "limit 1"] + options, db: db)
    expect(output, 66, message, help)
    #expect(output.standardOutput == "")
  }

  @Test("an answer that breaks off, before and behind rows: 65")
  func broken() throws {
    let query = ["query", "fields @message | limit 4000", "--format", "ndjson"]
    expect(
      try run(query, db: "clickhouse://127.0.0.1:PLAIN/breaks_before"), 65,
      "closed the connection without an answer", "try again")
    let broken = try run(query, db: "clickhouse://127.0.0.1:PLAIN/breaks_off")
    expect(broken, 65, "broke", "try again")
    let failed = try run(query, db: "clickhouse://127.0.0.1:PLAIN/fails_behind")
    expect(failed, 65, "needs more memory than the server allows", "narrow the range of time")
    #expect(failed.standardError.contains("ClickHouse 241: Memory limit (total) exceeded"))
    for output in [broken, failed] {
      // The rows that came are printed, and counted.
      let count = output.standardOutput.split(separator: "\n").count
      #expect(count < 4000)
      if count > 0 { #expect(output.standardError.contains("incomplete after \(count) row")) }
    }
  }

  @Test("limits, of the server and of the command: 65")
  func limits() throws {
    expect(
      try run(["query", "stats count(*) by bin(1m)"], db: "clickhouse://127.0.0.1:PLAIN/limited"),
      65,
      "reaches a limit of the server", "narrow the range of time")
    let start = ContinuousClock.now
    expect(
      try run(
        ["query", "stats count(*)", "--timeout", "1s"],
        db: "clickhouse://127.0.0.1:PLAIN/silent"), 65, "time limit", "allow more")
    #expect(ContinuousClock.now - start < .seconds(15))
  }

  @Test("rows that cannot be stored: 74, and the same again stores them once")
  func writing() throws {
    let folder = try TemporaryFolder()
    let log = try folder.write("2026-01-02T03:04:05.000Z hello\n", to: "b.log")
    let ingest = ["ingest", log, "--log-group", "written"]
    expect(
      try run(ingest, db: "clickhouse://127.0.0.1:PLAIN/full"), 74,
      "cannot store rows now", "not stored twice")
    expect(
      try run(ingest, db: "clickhouse://reader@127.0.0.1:PLAIN", password: "secret"), 66,
      "'reader' may only read", "a user who may write")
    for _ in 0..<2 {
      #expect(try run(ingest, db: "clickhouse://127.0.0.1:PLAIN").status == 0)
    }
    let count = try run(
      ["query", "stats count(*) as n", "--log-group", "written", "--format", "ndjson"],
      db: "clickhouse://reader@127.0.0.1:PLAIN", password: "secret")
    #expect(count.standardOutput == "{\"n\": 1}\n")
  }

  @Test("who may change no setting is told of a profile, and who may only read can")
  func readOnlyUsers() throws {
    let setless = "clickhouse://setless@127.0.0.1:PLAIN"
    for arguments in [["query", "limit 1"], ["check"]] {
      expect(
        try run(arguments, db: setless, password: "secret"), 66, "may not change any setting",
        "CREATE SETTINGS PROFILE insights SETTINGS readonly = 2 TO `setless`")
    }
    let reader = try run(
      ["check"], db: "clickhouse://reader@127.0.0.1:PLAIN", password: "secret")
    #expect(reader.status == 0)
    for line in ["may read    yes", "may write   no", "tables      complete"] {
      #expect(reader.standardOutput.contains(line), "\(reader.standardOutput)")
    }
  }

  @Test("check says what a server is, and what to do about missing tables")
  func check() throws {
    let output = try run(["check"], db: "clickhouses://127.0.0.1:TLS")
    #expect(output.status == 66)
    let secure = try run(["check"] + Self.authority, db: "clickhouses://127.0.0.1:TLS")
    #expect(secure.status == 0, "\(secure.standardError)")
    #expect(secure.standardOutput.contains("version     26.9."))
    expect(
      try run(["check"], db: "clickhouse://127.0.0.1:PLAIN/empty"), 66,
      "there are no tables in the database 'empty'", "insights ingest")
    expect(
      try run(["check"], db: "clickhouse://127.0.0.1:PLAIN/newer"), 66,
      "version 99, made by a newer insights", "upgrade")
  }

  @Test("a password is taken from a file, and refused in an address without being repeated")
  func passwords() throws {
    let folder = try TemporaryFolder()
    let file = try folder.write("secret\n", to: "password")
    let output = try run(
      [
        "query", "stats count(*) as n", "--log-group", "g", "--password-file", file, "--format",
        "ndjson",
      ],
      db: "clickhouse://reader@127.0.0.1:PLAIN")
    #expect(output.standardOutput == "{\"n\": 4000}\n", "\(output.standardError)")
    let refused = try run(["query", "limit 1"], db: "clickhouse://reader:tiger@127.0.0.1:PLAIN")
    #expect(refused.status == 64)
    #expect(!refused.standardError.contains("tiger"))
    let missing = try run(
      ["query", "limit 1", "--password-file", "\(folder.path)/none"],
      db: "clickhouse://reader@127.0.0.1:PLAIN")
    #expect(missing.status == 66)
    #expect(missing.standardError.contains("none"))
  }
}
