internal import InsightsStore
internal import InsightsText

/// Errors of shells that run functions or bootstraps as scripts: `/var/task/handler.sh: line 3: jq:
/// command not found`.
enum ShellRuntime: LanguageRuntime {
  static let name = "shell"
  static let sourceSuffixes = [".sh"]
  static let marks: ErrorMarks = .path

  /// The ends of messages, as shells and the C library write them.
  private static let words: [String] = [
    "command not found", "not found", "Permission denied", "No such file or directory",
    "unbound variable", "parameter not set", "cannot execute binary file",
    "cannot execute binary file: Exec format error", "Exec format error", "Is a directory",
    "syntax error", "unexpected end of file", "division by 0", "bad substitution",
    "Argument list too long", "No space left on device", "Read-only file system", "Killed",
    "Segmentation fault", "required file not found", "ambiguous redirect",
  ]

  static func mayReportError(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    guard text.first == UInt8(ascii: "/") || text.holds("./", at: 0),
      let colon = text.firstOffset(of: UInt8(ascii: ":"), to: 200),
      text.holds(": line ", at: colon) || text.holds(": ", at: colon)
    else { return false }
    return text[..<colon].allSatisfy { $0 > 0x20 }
  }

  static func parse(_ message: EventMessage) -> RuntimeError? {
    let text = message.text.textLines.first ?? ""
    // `name: line 3: message`; dash writes `name: 3: message`.
    let parts = text.split(separator: ":", maxSplits: 2)
    guard parts.count == 3, let number = parts[1].split(separator: " ").last.flatMap({ Int64($0) })
    else { return nil }
    let told = parts[2].drop { $0 == " " }
    guard let known = words.first(where: { told.hasSuffix($0) || told.hasPrefix($0) }) else {
      return nil
    }
    var error = RuntimeError(
      kind: .logged, language: ShellRuntime.self, type: known, message: String(told))
    error.frames = [RuntimeError.Frame(file: String(parts[0]), line: number)]
    error.mayBeUnhandled = true
    return error
  }
}
