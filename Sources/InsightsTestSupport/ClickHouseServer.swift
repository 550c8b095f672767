internal import InsightsSegments
internal import Foundation
internal import InsightsClickHouse
internal import InsightsIngest
internal import InsightsThreads

/// A ClickHouse server for the tests of one suite: its engine behind an HTTP server of this
/// project.
///
/// It ends with the object, or with the test process; in the latter case its folder remains in the
/// folder for temporary files.
///
/// `@unchecked`: a `Process` may be queried and ended on any thread, and nothing else changes.
public final class ClickHouseServer: @unchecked Sendable {
  private let folder: TemporaryFolder
  private let process: Process
  /// The server's standard input; the server ends when it is closed.
  private let lifeline: Pipe
  /// The port of 127.0.0.1 that it listens on.
  public let port: Int
  /// The ports that speak TLS, one for each certificate.
  public let securePorts: [Int]

  /// Whether `make clients` has installed the engine, and the package is built with its client.
  public static var isInstalled: Bool {
    #if ClickHouse
      FileManager.default.fileExists(atPath: Repository.url(".build/clickhouse/installed").path)
    #else
      false
    #endif
  }

  /// Starts a server without tables; users are `NAME:PASSWORD:READONLY`, `certificates` names of files in
  /// Tests/ClickHouse/certificates.
  ///
  /// - Throws: `GoldenError` if it does not accept connections within a minute.
  public init(users: [String] = [], certificates: [String] = []) throws {
    let folder = try TemporaryFolder()
    let process = Process()
    process.executableURL = Repository.url(".build/clickhouse/bin/python")
    process.arguments =
      [
        Repository.url("Tests/ClickHouse/server.py").path, "\(folder.path)/data", "--log",
        "\(folder.path)/statements.log",
      ]
      + users.flatMap { ["--user", $0] }
      + certificates.flatMap { ["--tls", Self.certificate($0)] }
    process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
    process.environment = ["PATH": "/usr/bin:/bin"]
    let lifeline = Pipe()
    process.standardInput = lifeline
    let output = "\(folder.path)/server.out"
    let errors = "\(folder.path)/server.err"
    for path in [output, errors] { try Data().write(to: URL(fileURLWithPath: path)) }
    process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: output))
    process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: errors))
    try Program.runUnmasked(process)
    for _ in 0..<1200 {
      let line = try String(contentsOfFile: output, encoding: .utf8)
      if line.hasSuffix("\n") {
        let ports = line.split(separator: " ").compactMap { Int($0.filter(\.isNumber)) }
        (self.folder, self.process, port) = (folder, process, ports[0])
        securePorts = Array(ports.dropFirst())
        self.lifeline = lifeline
        return
      }
      guard process.isRunning else { break }
      usleep(50_000)
    }
    if process.isRunning { process.terminate() }
    throw GoldenError(
      "ClickHouse has not started: \(try String(contentsOfFile: errors, encoding: .utf8))")
  }

  /// The path of a file in Tests/ClickHouse/certificates.
  public static func certificate(_ name: String) -> String {
    Repository.url("Tests/ClickHouse/certificates/\(name)").path
  }

  deinit {
    if process.isRunning { process.terminate() }
    process.waitUntilExit()
  }

  /// Ends the server now.
  public func stop() {
    process.terminate()
    process.waitUntilExit()
  }

  /// Runs a statement without rows.
  public func execute(_ sql: String, in database: String = "default") throws {
    let address = ClickHouseAddress(host: "127.0.0.1", port: port, database: database)
    try ClickHouseClient(address).execute(sql, cancellation: Cancellation())
  }

  /// Returns the statements that were sent to a database so far, one per line.
  public func statements(ofDatabase name: String) throws -> [String] {
    try String(contentsOfFile: "\(folder.path)/statements.log", encoding: .utf8)
      .split(separator: "\n").compactMap { line in
        let parts = line.split(separator: "\t", maxSplits: 1)
        return parts.first.map(String.init) == name ? parts.last.map(String.init) : nil
      }
  }

  /// Makes an empty database; returns its address as that of a store.
  public func newDatabase() throws -> String { try newAddress().description }

  private func newAddress() throws -> ClickHouseAddress {
    let database = "t" + UUID().uuidString.replacing("-", with: "")
    try execute("CREATE DATABASE \(database)")
    return ClickHouseAddress(host: "127.0.0.1", port: port, database: database)
  }

  /// Uploads the events of a local store to a new database; returns its address.
  public func upload(storeAt path: String) throws -> String {
    let address = try newAddress()
    _ = try ClickHouseIngest(into: address).run(paths: [path])
    return address.description
  }

  /// The address of a store with all of SampleLogs/.
  var samples: Result<String, any Error> {
    made.withLock { made in
      if let made { return made }
      let result = Result { try upload(storeAt: SampleStore.path) }
      made = result
      return result
    }
  }

  private let made = Locked<Result<String, any Error>?>(nil)

  /// Returns the address of a store in a database of the server.
  public func address(database: String = "default", user: String = "default") -> String {
    "clickhouse://\(user)@127.0.0.1:\(port)/\(database)"
  }
}
