import InsightsModel
import InsightsStore
import InsightsTestSupport
import InsightsThreads
import Testing

@testable import InsightsClickHouse

/// The client over ClickHouse's own engine.
///
/// `make clients` installs it; `make check` does so first.
@Suite(
  "the client of ClickHouse",
  .enabled(if: ClickHouseServer.isInstalled, "run 'make clients' first"))
struct ClickHouseClientTests {
  static let server = Result {
    try ClickHouseServer(
      users: ["reader:secret:2", "setless:secret:1"], certificates: ["good.pem", "expired.pem"])
  }

  private func client(
    user: String = "default", password: String = "", database: String = "default",
    compresses: Bool? = nil
  ) throws -> ClickHouseClient {
    ClickHouseClient(
      ClickHouseAddress(
        host: "127.0.0.1", port: try Self.server.get().port, user: user, database: database,
        password: password), compresses: compresses)
  }

  private func rows(
    _ client: ClickHouseClient, _ sql: String, parameters: [String: String] = [:],
    settings: [String: String] = [:], isWhole: Bool = false,
    cancellation: Cancellation = Cancellation()
  ) throws -> [[String]] {
    let answer = try client.query(
      sql, parameters: parameters, settings: settings, isWhole: isWhole,
      cancellation: cancellation)
    let reader = try RowBinaryReader(answer)
    var rows: [[String]] = []
    while try reader.hasRow() {
      rows.append(
        try reader.names.indices.map { column in
          switch try reader.value(ofColumn: column) {
          case .null: "NULL"
          case .integer(let integer): "\(integer)"
          case .unsigned(let integer): "\(integer)"
          case .real(let real): "\(real)"
          case .text(let range): String(decoding: reader.buffer[range], as: UTF8.self)
          }
        })
    }
    return rows
  }

  private func failure(_ work: () throws -> Void) -> RemoteFailure? {
    let error = #expect(throws: StoreError.self) { try work() }
    guard case .remote(let failure)? = error else {
      Issue.record("\(String(describing: error))")
      return nil
    }
    return failure
  }

  @Test("says which version it is")
  func version() throws {
    #expect(try client().version(cancellation: Cancellation()).hasPrefix("26.9."))
  }

  @Test("parameters arrive as they are", arguments: [false, true])
  func parameters(compresses: Bool) throws {
    let texts = [
      "", "plain", "tab\tline\nreturn\rback\\slash", "'quote' \"double\" `tick`", "é😀", "\0nul",
      "%25 + & = ? #", "\\N", "{x:String}", "'; DROP TABLE events; --",
      String(repeating: "long ", count: 20_000),
    ]
    for text in texts {
      let found = try rows(
        client(compresses: compresses), "SELECT {t:String}, length({t:String})",
        parameters: ["t": text])
      #expect(found == [[text, "\(text.utf8.count)"]])
    }
  }

  @Test("a statement whose parameters are too long is refused before it is sent")
  func longParameters() throws {
    let longest = String(repeating: "x", count: ClickHouseClient.valueByteLimit)
    // Eight of the longest do not fit into an address.
    for count in [1, 7, 8] {
      let names = (0..<count).map { "t\($0)" }
      let statement = "SELECT " + names.map { "length({\($0):String})" }.joined(separator: " + ")
      func found(_ last: String) throws -> [[String]] {
        var parameters = Dictionary(uniqueKeysWithValues: names.map { ($0, longest) })
        parameters["t0"] = last
        return try rows(client(), statement, parameters: parameters)
      }
      guard count < 8 else {
        expectRefusal { _ = try found(longest) }
        continue
      }
      #expect(try found(longest) == [["\(count * longest.utf8.count)"]])
      expectRefusal { _ = try found(longest + "x") }
    }
  }

  private func expectRefusal(_ work: () throws -> Void) {
    let error = #expect(throws: StoreError.self) { try work() }
    guard case .limitReached? = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  @Test("many rows come piece by piece", arguments: [false, true], [10, 1000, 300_000])
  func manyRows(compresses: Bool, count: Int) throws {
    let found = try rows(
      client(compresses: compresses),
      "SELECT number, toString(number) FROM numbers(\(count)) ORDER BY number")
    #expect(found.count == count)
    #expect(found.last == ["\(count - 1)", "\(count - 1)"])
  }

  @Test("rows are stored, and under the same token once", arguments: [false, true])
  func insertion(compresses: Bool) throws {
    let client = try client(compresses: compresses)
    let table = "inserted\(compresses ? 1 : 0)"
    try client.execute(
      "CREATE TABLE \(table) (n Int64, t String) ENGINE = MergeTree ORDER BY n SETTINGS non_replicated_deduplication_window = 10",
      cancellation: Cancellation())
    for _ in 0..<2 {
      var number: Int64 = 0
      let summary = try client.insert(
        "INSERT INTO \(table) FORMAT RowBinary", token: "first", cancellation: Cancellation()
      ) { () throws(StoreError) in
        guard number < 5000 else { return nil }
        var writer = RowBinaryWriter()
        for _ in 0..<500 {
          writer.append(number)
          writer.append("text \(number)\0")
          number += 1
        }
        return writer.bytes
      }
      #expect(summary.rowCount == 5000)
    }
    let found = try rows(client, "SELECT count(), sum(n), min(t) FROM \(table)")
    #expect(found == [["5000", "12497500", "text 0\0"]])
  }

  @Test("an insert whose rows cannot be made stores nothing")
  func brokenInsertion() throws {
    let client = try client()
    try client.execute(
      "CREATE TABLE broken (n Int64) ENGINE = MergeTree ORDER BY n", cancellation: Cancellation())
    #expect(throws: StoreError.interrupted) {
      _ = try client.insert("INSERT INTO broken FORMAT RowBinary", cancellation: Cancellation()) {
        () throws(StoreError) in throw .interrupted
      }
    }
    #expect(try rows(client, "SELECT count() FROM broken") == [["0"]])
    let cut = failure {
      var pieces: [[UInt8]] = [[1, 2, 3]]
      _ = try client.insert("INSERT INTO broken FORMAT RowBinary", cancellation: Cancellation()) {
        () throws(StoreError) in pieces.popLast()
      }
    }
    #expect(cut != nil)
    #expect(try rows(client, "SELECT count() FROM broken") == [["0"]])
  }

  // MARK: Errors

  @Test("a wrong password, or an unknown user")
  func authentication() throws {
    for (user, password) in [("reader", "wrong"), ("nobody", ""), ("default", "x")] {
      let failure = failure {
        _ = try rows(client(user: user, password: password), "SELECT 1")
      }
      #expect(failure?.kind == .unavailable)
      #expect(failure?.message.contains("'\(user)'") == true)
    }
    #expect(try rows(client(user: "reader", password: "secret"), "SELECT 1") == [["1"]])
  }

  @Test("a user without the right to change settings is told of a profile")
  func readOnlyUser() throws {
    let reader = try client(user: "reader", password: "secret")
    #expect(try rows(reader, "SELECT 1", settings: RemoteScanner.settings) == [["1"]])
    let setless = try client(user: "setless", password: "secret")
    let failure = failure { _ = try rows(setless, "SELECT 1", settings: RemoteScanner.settings) }
    #expect(failure?.kind == .unavailable)
    #expect(failure?.help.first?.contains("CREATE SETTINGS PROFILE") == true)
    let written = self.failure {
      try reader.execute(
        "CREATE TABLE x (n Int64) ENGINE = Memory", cancellation: Cancellation())
    }
    #expect(written?.kind == .unavailable)
  }

  @Test("a database or a table that is not there")
  func missing() throws {
    let database = failure { _ = try rows(client(database: "none"), "SELECT 1") }
    #expect(database?.kind == .unavailable)
    #expect(database?.message == "there is no database 'none'")
    let table = failure { _ = try rows(client(), "SELECT 1 FROM none") }
    #expect(table?.kind == .unavailable)
    #expect(table?.help.first?.contains("insights ingest") == true)
  }

  @Test("no server, or another one")
  func otherServers() throws {
    let address = ClickHouseAddress(host: "127.0.0.1", port: 1)
    let missing = failure {
      _ = try ClickHouseClient(address).version(cancellation: Cancellation())
    }
    #expect(missing?.kind == .unavailable)
    #expect(missing?.message.contains("127.0.0.1:1") == true)
    let other = failure { _ = try rows(client(database: "not_clickhouse"), "SELECT 1") }
    #expect(other?.kind == .unavailable)
    #expect(other?.message.contains("is no ClickHouse server") == true)
    let nowhere = failure {
      let address = ClickHouseAddress(host: "no-such-host.invalid")
      _ = try ClickHouseClient(address).version(cancellation: Cancellation())
    }
    #expect(nowhere?.kind == .unavailable)
  }

  @Test("a connection that breaks, before and behind rows", arguments: [false, true])
  func brokenConnections(compresses: Bool) throws {
    let before = failure {
      _ = try rows(client(database: "breaks_before", compresses: compresses), "SELECT 1")
    }
    #expect(before?.kind == .incomplete)
    let behind = failure {
      _ = try rows(
        client(database: "breaks_off", compresses: compresses),
        "SELECT number FROM numbers(3000000)")
    }
    #expect(behind?.kind == .incomplete)
  }

  @Test("an error behind rows that were sent", arguments: [false, true], [false, true])
  func errorBehindRows(compresses: Bool, isWhole: Bool) throws {
    let failure = failure {
      _ = try rows(
        client(compresses: compresses),
        "SELECT number, throwIf(number = 2900000, 'it is so') FROM numbers(3000000)",
        settings: ["max_block_size": "10000", "max_threads": "1"], isWhole: isWhole)
    }
    #expect(failure?.code == 395)
    #expect(failure?.notes.first?.contains("it is so") == true)
  }

  @Test(
    "limits of the server",
    arguments: [
      (["max_result_rows": "10"], 396), (["max_memory_usage": "1000000"], 241),
      (["max_rows_to_read": "1000"], 158), (["max_execution_time": "0.1"], 159),
    ])
  func limits(settings: [String: String], code: Int) throws {
    let failure = failure {
      _ = try rows(
        client(),
        "SELECT number, count() FROM numbers(50000000) GROUP BY number ORDER BY number",
        settings: settings)
    }
    #expect(failure?.kind == .incomplete)
    #expect(failure?.code == code)
  }

  @Test("work that has to stop ends soon, also on the server", arguments: [false, true])
  func cancellation(hasDeadline: Bool) throws {
    let client = try client()
    let cancellation = Cancellation(deadline: hasDeadline ? .now + .milliseconds(300) : nil)
    let thread = WorkerThread {
      if !hasDeadline {
        _ = Semaphore().wait(atMost: .milliseconds(300))
        cancellation.cancel()
      }
    }
    let mark = "marked \(hasDeadline)"
    let start = ContinuousClock.now
    #expect(throws: hasDeadline ? StoreError.timedOut : .interrupted) {
      _ = try rows(
        client, "SELECT '\(mark)', sum(sipHash64(number)) FROM numbers(1000000000000)",
        cancellation: cancellation)
    }
    thread?.join()
    #expect(ContinuousClock.now - start < .seconds(20))
    // The server needs a moment to end it.
    var running = [[""]]
    for _ in 0..<200 {
      running = try rows(
        client,
        "SELECT count() FROM system.processes WHERE query LIKE '%\(mark)%sipHash%' AND query NOT LIKE '%system.processes%'"
      )
      if running == [["0"]] { break }
      _ = Semaphore().wait(atMost: .milliseconds(50))
    }
    #expect(running == [["0"]])
  }

  // MARK: TLS

  private func version(port: Int, authority: String?) throws -> String {
    try ClickHouseClient(
      ClickHouseAddress(
        host: "127.0.0.1", port: port, usesTLS: true,
        certificateFile: authority.map(ClickHouseServer.certificate))
    ).version(cancellation: Cancellation())
  }

  @Test("a good certificate of an authority that is known")
  func goodCertificate() throws {
    let port = try Self.server.get().securePorts[0]
    #expect(try version(port: port, authority: "authority.pem").hasPrefix("26."))
  }

  @Test("a certificate that is over, foreign, or of an authority that the system does not know")
  func otherCertificates() throws {
    let ports = try Self.server.get().securePorts
    for (port, authority) in [
      (ports[1], "authority.pem"), (ports[0], "other-authority.pem"), (ports[0], nil),
    ] {
      let failure = failure { _ = try version(port: port, authority: authority) }
      #expect(failure?.kind == .unavailable)
      #expect(failure?.message.contains("certificate") == true, "\(failure?.message ?? "")")
      #expect(failure?.help.first?.contains("--ca-file") == true)
    }
  }

  @Test("TLS to a port without it, plain HTTP to one with it, and a file that is no certificate")
  func wrongProtocol() throws {
    let server = try Self.server.get()
    let tls = failure { _ = try version(port: server.port, authority: "authority.pem") }
    #expect(tls?.kind == .unavailable)
    let plain = failure {
      _ = try ClickHouseClient(
        ClickHouseAddress(host: "127.0.0.1", port: server.securePorts[0])
      ).version(cancellation: Cancellation())
    }
    #expect(plain != nil)
    for name in ["README.md", "none.pem"] {
      let file = failure { _ = try version(port: server.securePorts[0], authority: name) }
      #expect(file?.kind == .unavailable)
      #expect(file?.message.contains(name) == true, "\(file?.message ?? "")")
    }
  }
}
