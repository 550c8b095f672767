public import Foundation

/// A running `insights serve` for the tests of one suite; it ends with the object.
public final class ServerProgram {
  private let program: Program
  private let process: Process
  /// `http://127.0.0.1:PORT`.
  public let url: String
  /// The token that the server was started with.
  public let token = "token-of-the-tests"

  /// Starts a server over a store: `insights.db` in a folder of its own, unless `arguments` say
  /// otherwise.
  ///
  /// - Throws: `GoldenError` if it does not accept connections within half a minute.
  public convenience init(
    _ arguments: [String] = [], environment: [String: String] = [:]
  ) throws {
    try self.init(Program(), arguments, environment)
  }

  /// Starts a server over a store with the events of a log, in a log group.
  public convenience init(
    ingesting log: String, as logGroup: String, _ arguments: [String] = []
  ) throws {
    let program = try Program()
    let output = try program.run(
      "ingest", "-", "--log-group", logGroup, input: Data(log.utf8))
    guard output.status == 0 else { throw GoldenError(output.standardError) }
    try self.init(program, arguments, [:])
  }

  private init(
    _ program: Program, _ arguments: [String], _ environment: [String: String]
  ) throws {
    self.program = program
    (process, url) = try program.start(
      ["serve", "--listen", "127.0.0.1:0"] + arguments,
      environment: environment.merging(["INSIGHTS_TOKEN": token]) { given, _ in given })
  }

  deinit {
    if process.isRunning { process.terminate() }
    process.waitUntilExit()
  }

  /// The id of the server's process.
  public var processID: Int32 { process.processIdentifier }

  /// The text on standard error so far.
  public var standardError: String {
    (try? String(contentsOfFile: program.path("serve.err"), encoding: .utf8)) ?? ""
  }

  /// Returns the text on standard output so far.
  public func output() throws -> String {
    try String(contentsOfFile: program.path("serve.out"), encoding: .utf8)
  }

  /// Returns the names of the files in its folder, sorted.
  public func files() throws -> [String] { try program.files() }

  /// Returns a path in its folder.
  public func path(_ name: String) -> String { program.path(name) }

  /// Sends a signal, SIGTERM by default, waits, and returns the exit status.
  public func stop(signal: Int32 = SIGTERM) -> Int32 {
    kill(process.processIdentifier, signal)
    process.waitUntilExit()
    return process.terminationStatus
  }

  /// Runs a Python script with the real clients, after `Tests/Clients/prelude.py`.
  ///
  /// - Returns: `nil` if the clients are not installed, which `make clients` does.
  public func python(_ script: String) throws -> Program.Output? {
    let prelude = Repository.url("Tests/Clients/prelude.py").path
    return try shell("cat '\(prelude)' - <<'END' | python -\n\(script)\nEND\n")
  }

  /// Runs a Python script with the official MCP client library, after
  /// `Tests/Clients/mcp_prelude.py`.
  ///
  /// It uses HTTP with this server, and standard input and output with another process over the
  /// same store.
  ///
  /// - Returns: `nil` if the clients are not installed.
  public func mcp(_ script: String, store: String) throws -> Program.Output? {
    let prelude = Repository.url("Tests/Clients/mcp_prelude.py").path
    let binary = try Program.binary().path
    return try shell(
      """
      export INSIGHTS_PROGRAM='\(binary)' INSIGHTS_DB='\(store)' INSIGHTS_TOKEN='\(token)'
      cat '\(prelude)' - <<'END' | python -
      \(script)
      END
      """)
  }

  /// Runs a shell script whose PATH contains the real clients, with the server in the usual
  /// variables.
  ///
  /// - Returns: `nil` if the clients are not installed.
  public func shell(_ script: String) throws -> Program.Output? {
    guard Self.hasClients else { return nil }
    return try program.runShell(
      script,
      environment: [
        "PATH": "\(Self.clients)/bin:/usr/bin:/bin", "HOME": program.folder.path,
        "AWS_ENDPOINT_URL_CLOUDWATCH_LOGS": url, "AWS_REGION": "eu-west-1",
        "AWS_DEFAULT_REGION": "eu-west-1", "AWS_ACCESS_KEY_ID": "key",
        "AWS_SECRET_ACCESS_KEY": "secret", "AWS_DISABLE_HOST_PREFIX_INJECTION": "true",
        "AWS_EC2_METADATA_DISABLED": "true", "PYTHONWARNINGS": "ignore",
      ])
  }

  private static let clients = Repository.url(".build/clients").path

  /// Whether `make clients` has installed the real clients.
  public static var hasClients: Bool {
    FileManager.default.fileExists(atPath: "\(clients)/installed")
  }
}
