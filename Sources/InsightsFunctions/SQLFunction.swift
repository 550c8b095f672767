internal import CSQLite

/// A function that SQL can call.
///
/// The bodies are C functions: closures that capture nothing and call a Swift function. A body that
/// sets no result returns NULL. All functions except those that count are deterministic, and none
/// can be called from a schema.
struct SQLFunction {
  /// The C signature of a scalar function and of an aggregate's step.
  typealias Body =
    @convention(c) (OpaquePointer?, Int32, UnsafeMutablePointer<OpaquePointer?>?) -> Void
  /// The C signature of an aggregate's finalizer.
  typealias Final = @convention(c) (OpaquePointer?) -> Void

  private enum Kind {
    case scalar(Body)
    case aggregate(step: Body, final: Final)
  }

  private let name: String
  private let argumentCounts: [Int32]
  private let kind: Kind
  /// Whether equal arguments return equal results, so that SQLite may call it once for many rows.
  private let isDeterministic: Bool

  /// A scalar function; `arguments` are the allowed numbers of arguments, -1 for any.
  init(
    _ name: String, arguments: Int32..., isDeterministic: Bool = true, body: @escaping Body
  ) {
    self.name = name
    self.isDeterministic = isDeterministic
    argumentCounts = arguments
    kind = .scalar(body)
  }

  /// An aggregate function.
  init(
    aggregate name: String, arguments: Int32, step: @escaping Body, final: @escaping Final
  ) {
    self.name = name
    isDeterministic = true
    argumentCounts = [arguments]
    kind = .aggregate(step: step, final: final)
  }

  /// Registers the function on a connection.
  ///
  /// - Returns: SQLite's result code.
  func register(on connection: OpaquePointer, workspace: FunctionWorkspace) -> Int32 {
    let flags = SQLITE_UTF8 | SQLITE_DIRECTONLY | (isDeterministic ? SQLITE_DETERMINISTIC : 0)
    for count in argumentCounts {
      // SQLite releases this reference through the last argument, even on failure.
      let memory = Unmanaged.passRetained(FunctionContext(name, workspace)).toOpaque()
      let release: @convention(c) (UnsafeMutableRawPointer?) -> Void = { memory in
        guard let memory else { return }
        Unmanaged<FunctionContext>.fromOpaque(memory).release()
      }
      let code: Int32
      switch kind {
      case .scalar(let body):
        code = sqlite3_create_function_v2(
          connection, name, count, flags, memory, body, nil, nil, release)
      case .aggregate(let step, let final):
        code = sqlite3_create_function_v2(
          connection, name, count, flags, memory, nil, step, final, release)
      }
      guard code == SQLITE_OK else { return code }
    }
    return SQLITE_OK
  }
}

/// The context of a function's calls.
final class FunctionContext {
  /// The approximate name of the function in the language: `regexReplace` for `ql_regex_replace`.
  let name: String
  let workspace: FunctionWorkspace

  init(_ sqlName: String, _ workspace: FunctionWorkspace) {
    let words = sqlName.split(separator: "_").dropFirst()
    name =
      (words.first.map(String.init) ?? sqlName)
      + words.dropFirst().map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
    self.workspace = workspace
  }
}
