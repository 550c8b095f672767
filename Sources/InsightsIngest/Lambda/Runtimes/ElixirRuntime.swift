internal import InsightsStore
internal import InsightsText

/// Errors of Elixir: `** (RuntimeError) message` and lines of `(app 1.0.0) lib/orders.ex:12:
/// Orders.place/1`.
///
/// They also occur below the logger's text about a process that ended.
enum ElixirRuntime: LanguageRuntime {
  static let name = "elixir"
  static let sourceSuffixes = [".ex", ".exs", ".erl"]
  static let marks: ErrorMarks = .parenthesis
  private static let head: StaticString = "** ("

  static let lines: [TracebackLine] = [TracebackLine(head, .head)]

  static func mayReportError(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    text.contains(head, knownBy: UInt8(ascii: "*"))
  }

  static let lineFirstBytes = [UInt8(ascii: " ")]

  /// A frame: four blanks, an application with an optional version, and a location.
  static func role(of line: UnsafeBufferPointer<UInt8>) -> TracebackLine.Role? {
    guard line.holds("    ", at: 0), line.count > 5, line[4] > 0x20,
      line.firstOffset(of: ".ex:") != nil || line.firstOffset(of: ".exs:") != nil
        || line.firstOffset(of: ".erl:") != nil
    else { return nil }
    return .body
  }

  static func parse(_ message: EventMessage) -> RuntimeError? {
    let text = message.text
    let lines = text.textLines
    guard let first = lines.firstIndex(where: { $0.offset(of: head) != nil }),
      let start = lines[first].range(of: head)?.upperBound,
      let close = lines[first][start...].range(of: ") ") ?? lines[first][start...].range(of: ")")
    else { return nil }
    let type = lines[first][start..<close.lowerBound]
    // For an exit or a throw, the parentheses contain the kind.
    guard type.isIdentifier || ["exit", "throw"].contains(type) else { return nil }
    let frames = lines[(first + 1)...].compactMap { frame($0.drop { $0 == " " }) }
    // An application's text may contain stars, too.
    guard !frames.isEmpty || text.offset(of: head) == 0 else { return nil }
    let further = lines[(first + 1)...].prefix { line in
      !line.isEmpty && frame(line.drop { $0 == " " }) == nil && !isEnd(line)
    }
    var error = RuntimeError(
      kind: text.offset(of: head) == 0 ? .unhandled : .logged, language: ElixirRuntime.self,
      type: String(type),
      message: ([lines[first][close.upperBound...]] + further).joined(separator: "\n"))
    error.frames = frames
    error.traceback = text
    return error
  }

  /// Whether a line after the stack describes the process that ended.
  private static func isEnd(_ line: Substring) -> Bool {
    ["Last message", "State:", "Function:", "    Args:", "Process "].contains {
      line.hasPrefix($0)
    }
  }

  /// Parses the frame in `(my_app 0.1.0) lib/orders.ex:12: Orders.place/1`.
  static func frame(_ line: Substring) -> RuntimeError.Frame? {
    var text = line
    if text.first == "(" {
      guard let end = text.range(of: ") ")?.upperBound else { return nil }
      text = text[end...]
    }
    let parts = text.split(separator: ":", maxSplits: 2)
    guard parts.count == 3, sourceSuffixes.contains(where: { parts[0].hasSuffix($0) }),
      !parts[0].contains(" "), let number = Int64(parts[1]), parts[2].first == " "
    else { return nil }
    return RuntimeError.Frame(
      file: String(parts[0]), line: number, function: String(parts[2].dropFirst()))
  }

  /// The modules of Elixir's own library.
  private static let modules: Set<String> = [
    "Access", "Agent", "Enum", "Enumerable", "File", "GenServer", "IO", "Kernel", "Keyword", "List",
    "Logger", "Map", "Process", "Regex", "Stream", "String", "Supervisor", "System", "Task",
  ]

  static func isRuntimes(_ frame: RuntimeError.Frame) -> Bool {
    if frame.file?.hasSuffix(".erl") ?? true { return true }
    let module = frame.function?.split(separator: ".").first
    return module.map { modules.contains(String($0)) } ?? false
  }

  static func isDependency(_ frame: RuntimeError.Frame) -> Bool {
    frame.file?.hasPrefix("deps/") ?? false
  }
}
