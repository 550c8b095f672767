public import Foundation
internal import InsightsSQLite
internal import InsightsStore

/// Runs the built `insights` like a user.
public struct Program {
  /// The output of a run.
  public struct Output: Sendable {
    /// The exit status.
    public var status: Int32
    /// The text on standard output.
    public var standardOutput: String
    /// The text on standard error.
    public var standardError: String
    /// Whether a signal ended it.
    public var hasCrashed: Bool
  }

  /// The working directory, which will contain `insights.db`.
  public let folder: TemporaryFolder
  private let environment: [String: String]

  /// Prepares runs with additional environment variables, in a new folder.
  public init(environment: [String: String] = [:]) throws {
    folder = try TemporaryFolder()
    self.environment = environment
  }

  /// Returns a path in the folder.
  public func path(_ name: String) -> String { "\(folder.path)/\(name)" }

  /// Runs the program with `input` on standard input and waits for it to exit.
  public func run(_ arguments: String..., input: Data = Data()) throws -> Output {
    try run(arguments, input: input)
  }

  /// Runs the program and waits for it to exit.
  public func run(_ arguments: [String], input: Data = Data()) throws -> Output {
    try Self.run(
      executable: Self.binary(), arguments, input: input, in: folder.path, environment: environment)
  }

  /// Runs a shell script in which `$0` is the program.
  public func runShell(
    _ script: String, environment: [String: String] = [:]
  ) throws -> Output {
    try Self.run(
      executable: URL(fileURLWithPath: "/bin/sh"), ["-c", script, Self.binary().path],
      input: Data(),
      in: folder.path, environment: self.environment.merging(environment) { $1 })
  }

  /// Starts the program, which keeps running, and waits for its first line on standard output.
  ///
  /// Its output is in the files `serve.out` and `serve.err` in the folder.
  func start(
    _ arguments: [String], environment: [String: String]
  ) throws -> (process: Process, line: String) {
    let process = Process()
    process.executableURL = try Self.binary()
    process.arguments = arguments
    process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
    process.environment = environment.merging(["PATH": "/usr/bin:/bin"]) { given, _ in given }
    process.standardInput = FileHandle.nullDevice
    for name in ["serve.out", "serve.err"] {
      try Data().write(to: URL(fileURLWithPath: path(name)))
    }
    process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: path("serve.out")))
    process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: path("serve.err")))
    try Self.runUnmasked(process)
    for _ in 0..<600 {
      let output = try String(contentsOfFile: path("serve.out"), encoding: .utf8)
      if let end = output.firstIndex(of: "\n") { return (process, String(output[..<end])) }
      guard process.isRunning else { break }
      usleep(50_000)
    }
    if process.isRunning { process.terminate() }
    let error = try String(contentsOfFile: path("serve.err"), encoding: .utf8)
    throw GoldenError("the server has not started: \(error)")
  }

  /// Returns the names of the files in the folder, sorted.
  public func files() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
  }

  /// Returns the rows of an SQL statement over a store, by a separate SQLite connection.
  public static func rows(of sql: String, in database: String) throws -> [[String?]] {
    let statement = try Connection(path: database, mode: .readOnly).prepare(sql)
    var rows: [[String?]] = []
    while try statement.step() {
      rows.append((0..<statement.columnCount).map { statement.optionalText(at: $0) })
    }
    return rows
  }

  /// Calls `body` while another connection reads a store to which several processes have written.
  public static func reading<Result>(_ database: String, _ body: () throws -> Result) throws
    -> Result
  {
    // This connection sets the mode and is closed again.
    try Connection(path: database, mode: .readWrite).execute("PRAGMA journal_mode = WAL")
    let connection = try Connection(path: database, mode: .readOnly)
    try connection.execute("BEGIN")
    let statement = try connection.prepare("SELECT count(*) FROM sqlite_schema")
    _ = try statement.step()
    return try withExtendedLifetime(statement) { try body() }
  }

  /// The binary, which is built beside the tests.
  static func binary() throws -> URL {
    let tests = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    let binary = tests.deletingLastPathComponent().appendingPathComponent("insights")
    guard FileManager.default.isExecutableFile(atPath: binary.path) else {
      throw GoldenError("there is no program at \(binary.path)")
    }
    return binary
  }

  /// Starts a process with all signals unblocked, since it would inherit the signal mask of the
  /// test's thread.
  static func runUnmasked(_ process: Process) throws {
    var none = sigset_t()
    var blocked = sigset_t()
    sigemptyset(&none)
    pthread_sigmask(SIG_SETMASK, &none, &blocked)
    defer { pthread_sigmask(SIG_SETMASK, &blocked, nil) }
    try process.run()
  }

  private static func run(
    executable: URL, _ arguments: [String], input: Data, in folder: String,
    environment: [String: String]
  ) throws -> Output {
    // Unlike pipes, files cannot fill up while nobody reads them.
    let files = try TemporaryFolder()
    func file(_ name: String, _ content: Data) throws -> URL {
      let url = URL(fileURLWithPath: "\(files.path)/\(name)")
      try content.write(to: url)
      return url
    }
    let output = try file("out", Data())
    let error = try file("err", Data())
    let process = Process()
    process.executableURL = executable
    process.arguments = arguments
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    process.environment = environment.merging(["PATH": "/usr/bin:/bin"]) { given, _ in given }
    process.standardInput = try FileHandle(forReadingFrom: file("in", input))
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = try FileHandle(forWritingTo: error)
    try runUnmasked(process)
    process.waitUntilExit()
    return Output(
      status: process.terminationStatus,
      standardOutput: String(decoding: try Data(contentsOf: output), as: UTF8.self),
      standardError: String(decoding: try Data(contentsOf: error), as: UTF8.self),
      hasCrashed: process.terminationReason == .uncaughtSignal)
  }
}
