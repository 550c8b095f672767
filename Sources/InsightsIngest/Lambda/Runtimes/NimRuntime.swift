internal import InsightsStore
internal import InsightsText

/// Errors of Nim: `Error: unhandled exception: message [ValueError]`, after the frames if the build
/// keeps them.
enum NimRuntime: LanguageRuntime {
  static let name = "nim"
  static let sourceSuffixes = [".nim"]
  static let marks: ErrorMarks = .capitalE
  private static let stack: StaticString = "Traceback (most recent call last)"
  private static let head: StaticString = "Error: unhandled exception: "
  private static let signal: StaticString = "SIGSEGV: Illegal storage access."

  static let lines: [TracebackLine] = [TracebackLine(head, .head), TracebackLine(signal, .head)]

  static func mayReportError(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    text.contains(head, knownBy: UInt8(ascii: "E"))
      || text.contains(signal, knownBy: UInt8(ascii: "E"))
  }

  static let lineFirstBytes = [UInt8(ascii: "/"), UInt8(ascii: "[")]

  static func role(of line: UnsafeBufferPointer<UInt8>) -> TracebackLine.Role? {
    if line.holds(stack, at: 0), line.count == stack.utf8CodeUnitCount { return .stack }
    // `/src/handler.nim(7)      load`; such lines may be enclosed in `[[reraised from:` and `]]`.
    guard let suffix = line.firstOffset(of: ".nim(") else {
      return line.holds("[[reraised from:", at: 0) ? .body : nil
    }
    var end = suffix + 5
    while end < line.count, line[end] &- 48 < 10 { end += 1 }
    return line.holds(")", at: end) && line[..<suffix].allSatisfy({ $0 > 0x20 }) ? .stack : nil
  }

  /// The error's own line follows its frames.
  static func continues(
    _ role: TracebackLine.Role, after text: [UInt8], lastLine: ArraySlice<UInt8>
  ) -> Bool {
    role == .head && lastLine.withUnsafeBufferPointer { $0.firstOffset(of: ".nim(") != nil }
  }

  static let openFirstBytes = [UInt8(ascii: "E")]

  /// A message of several lines has the type at the end of its last line.
  static func isOpen(_ line: UnsafeBufferPointer<UInt8>) -> Bool {
    line.holds(head, at: 0) && line.last { $0 > 0x20 } != UInt8(ascii: "]")
  }

  static func parse(_ message: EventMessage) -> RuntimeError? {
    let text = message.text
    guard let words = text.range(of: head) ?? text.range(of: signal) else { return nil }
    var told = text[words.upperBound...].drop { $0 == " " }
    while let last = told.last, last.isWhitespace { told.removeLast() }
    let isSignal = text[words.lowerBound] == "S"
    if isSignal { told = text[words.lowerBound...].dropFirst(9).prefix { $0 != "\n" } }
    var error = RuntimeError(
      kind: .unhandled, language: NimRuntime.self, type: isSignal ? "SIGSEGV" : "Exception")
    if told.last == "]", let open = told.lastIndex(of: "[") {
      error.type = String(told[told.index(after: open)...].dropLast())
      told = told[..<open]
      while told.last?.isWhitespace == true { told.removeLast() }
    }
    error.message = String(told)
    let before = String(text[..<words.lowerBound]).textLines
    error.frames = frames(in: before.map(String.init)).reversed()
    if !before.isEmpty { error.traceback = text }
    return error
  }

  /// Parses the frame `/src/handler.nim(7)      load`.
  static func frame(_ line: Substring) -> RuntimeError.Frame? {
    guard let suffix = line.range(of: ".nim("),
      let close = line[suffix.upperBound...].firstIndex(of: ")"),
      let number = Int64(line[suffix.upperBound..<close])
    else { return nil }
    let function = line[line.index(after: close)...].drop { $0 == " " }
    return RuntimeError.Frame(
      file: String(line[..<suffix.lowerBound]) + ".nim", line: number,
      function: function.isEmpty ? nil : String(function))
  }

  static let putsInnermostLast = true

  static func isRuntimes(_ frame: RuntimeError.Frame) -> Bool {
    let file = frame.file ?? ""
    return file.offset(of: "/nim/lib/") != nil || ["fatal.nim", "system.nim"].contains(file)
  }

  static func isDependency(_ frame: RuntimeError.Frame) -> Bool {
    frame.file?.offset(of: ".nimble/pkgs") != nil
  }
}
