internal import InsightsStore
internal import InsightsText

/// Errors of Haskell: `program: message` and `CallStack (from HasCallStack):`, or a failed pattern
/// match.
enum HaskellRuntime: LanguageRuntime {
  static let name = "haskell"
  static let sourceSuffixes = [".hs"]
  static let marks: ErrorMarks = .lineEnd
  /// The name of the program in a custom runtime, before the message.
  private static let head: StaticString = "bootstrap: "
  private static let stack: StaticString = "CallStack (from HasCallStack):"
  private static let newerStack: StaticString = "HasCallStack backtrace:"
  private static let patterns: StaticString = "Non-exhaustive patterns in "

  static let lines: [TracebackLine] = [
    TracebackLine(head, .head), TracebackLine(stack, .body), TracebackLine(newerStack, .body),
  ]

  static func mayReportError(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    text.contains("HasCallStack", knownBy: UInt8(ascii: "H"))
      || text.contains(patterns, knownBy: UInt8(ascii: "-"))
  }

  static let lineFirstBytes = [UInt8(ascii: " ")]

  static func role(of line: UnsafeBufferPointer<UInt8>) -> TracebackLine.Role? {
    line.holds("  ", at: 0) && line.firstOffset(of: ", called at ") != nil ? .body : nil
  }

  static func parse(_ message: EventMessage) -> RuntimeError? {
    let text = message.text
    let lines = text.textLines
    guard let first = lines.first, let colon = first.range(of: ": ") else { return nil }
    let end = lines.firstIndex { $0.offset(of: stack) == 0 || $0.offset(of: newerStack) == 0 }
    var told = first[colon.upperBound...]
    var error = RuntimeError(kind: .unhandled, language: HaskellRuntime.self, type: "ErrorCall")
    if let words = told.range(of: patterns) {
      error.type = "PatternMatchFail"
      error.frames = patternFrame(told[..<words.lowerBound]).map { [$0] } ?? []
      told = told[words.lowerBound...]
    } else if told.hasPrefix("Uncaught exception ") {
      // The form since GHC 9.12; the name contains its package and module.
      let name = told.dropFirst(19).trimmingSuffix(":").split(separator: ".").last
      error.type = name.map(String.init)
      told = ""
    } else if end == nil {
      return nil
    }
    let further = lines[1..<(end ?? 1)].filter { !$0.isEmpty }
    error.message = ([told] + further).filter { !$0.isEmpty }.joined(separator: "\n")
    error.frames += frames(in: lines[(end ?? lines.count)...].map(String.init))
    if lines.count > 1 { error.traceback = text }
    return error
  }

  /// Parses the frame in `src/Handler.hs:(14,1)-(15,20): ` or `src/Handler.hs:14:1-20: `.
  private static func patternFrame(_ text: Substring) -> RuntimeError.Frame? {
    guard let suffix = text.range(of: ".hs:") else { return nil }
    let digits = text[suffix.upperBound...].drop { $0 == "(" }.prefix { $0.isNumber }
    guard let line = Int64(digits) else { return nil }
    return RuntimeError.Frame(
      file: String(text[..<suffix.upperBound].dropLast()), line: line)
  }

  /// Parses the frame `badHead, called at src/Main.hs:81:28 in main:Main`.
  static func frame(_ line: Substring) -> RuntimeError.Frame? {
    guard let called = line.range(of: ", called at "), let module = line.range(of: " in "),
      called.upperBound < module.lowerBound,
      var frame = RuntimeError.Frame(
        place: line[called.upperBound..<module.lowerBound], of: sourceSuffixes)
    else { return nil }
    frame.function = String(line[..<called.lowerBound])
    return frame
  }

  static func isRuntimes(_ frame: RuntimeError.Frame) -> Bool {
    frame.file?.hasPrefix("libraries/") ?? false
  }
}
