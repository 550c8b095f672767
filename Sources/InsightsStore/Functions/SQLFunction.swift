internal import CSQLite

/// A function of ours that SQL can call.
///
/// The bodies are C functions: closures that capture nothing and hand on to a Swift function. A
/// body that sets no result gives NULL. All of ours but those that count are deterministic, and none
/// can be called from a schema.
struct SQLFunction {
  /// The C signature of a scalar function and of an aggregate's step.
  typealias Body =
    @convention(c) (OpaquePointer?, Int32, UnsafeMutablePointer<OpaquePointer?>?) -> Void
  /// The C signature of an aggregate's end.
  typealias Final = @convention(c) (OpaquePointer?) -> Void

  private enum Kind {
    case scalar(Body)
    case aggregate(step: Body, final: Final)
  }

  private let name: String
  private let argumentCounts: [Int32]
  private let kind: Kind
  /// Whether equal arguments give equal results; SQLite then may call it once for many rows.
  private let isDeterministic: Bool

  /// A function of one row; `arguments` are the numbers of arguments it may have, -1 for any.
  init(
    _ name: String, arguments: Int32..., isDeterministic: Bool = true, body: @escaping Body
  ) {
    self.name = name
    self.isDeterministic = isDeterministic
    argumentCounts = arguments
    kind = .scalar(body)
  }

  /// A function of a group of rows.
  init(
    aggregate name: String, arguments: Int32, step: @escaping Body, final: @escaping Final
  ) {
    self.name = name
    isDeterministic = true
    argumentCounts = [arguments]
    kind = .aggregate(step: step, final: final)
  }

  /// Makes the function known to a connection.
  ///
  /// - Returns: SQLite's result code.
  func register(on connection: OpaquePointer, workspace: FunctionWorkspace) -> Int32 {
    let flags = SQLITE_UTF8 | SQLITE_DIRECTONLY | (isDeterministic ? SQLITE_DETERMINISTIC : 0)
    for count in argumentCounts {
      // SQLite gives this reference back through the last argument, also when it fails.
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

/// What a call of a function finds of it.
final class FunctionContext {
  /// The function's name as the language spells it, about: `regexReplace` for `ql_regex_replace`.
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
