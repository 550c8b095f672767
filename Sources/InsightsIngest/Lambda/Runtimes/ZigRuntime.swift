internal import InsightsStore
internal import InsightsText

/// Errors of Zig: `thread 12 panic: message`, or `error: OrderMissing` if `main` returns an error.
///
/// Frames are `file:line:column: 0x1035 in load (bootstrap)`, each followed by the line of code.
enum ZigRuntime: LanguageRuntime {
  static let name = "zig"
  static let sourceSuffixes = [".zig"]
  static let marks: ErrorMarks = .lineEnd
  private static let thread: StaticString = "thread "
  private static let panic: StaticString = " panic: "
  private static let head: StaticString = "error: "

  static let lines: [TracebackLine] = [
    TracebackLine(head, .exception),
    TracebackLine("Unable to dump stack trace: ", .body),
  ]

  static func mayReportError(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    isPanic(text)
      || (text.holds(head, at: 0) && text.firstOffset(of: ": 0x") != nil
        && text.firstOffset(of: ".zig:") != nil)
  }

  /// Whether a line begins with `thread 12 panic: …` or `thread main panic: …`.
  private static func isPanic(_ line: UnsafeBufferPointer<UInt8>) -> Bool {
    guard line.holds(thread, at: 0), let words = line.firstOffset(of: panic), words < 40 else {
      return false
    }
    return line[7..<words].allSatisfy { $0 &- 48 < 10 || $0.isLetter || $0 == UInt8(ascii: "-") }
  }

  static let lineFirstBytes = [UInt8(ascii: "/"), UInt8(ascii: "?")]

  static func role(of line: UnsafeBufferPointer<UInt8>) -> TracebackLine.Role? {
    if isFrame(line) { return .body }
    return isPanic(line) ? .head : nil
  }

  private static func isFrame(_ line: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let address = line.firstOffset(of: ": 0x"), line.last == UInt8(ascii: ")") else {
      return false
    }
    return line[..<address].allSatisfy { $0 > 0x20 } && line.firstOffset(of: " in ") != nil
  }

  static func parse(_ message: EventMessage) -> RuntimeError? {
    let text = message.text
    let lines = text.textLines
    let end = lines.firstIndex { frame($0) != nil } ?? lines.endIndex
    var told = lines[..<end].prefix { !$0.hasPrefix("Unable to dump") }.joined(separator: "\n")
      .trimmingSuffix("\n")
    var error = RuntimeError(kind: .unhandled, language: ZigRuntime.self, type: "panic")
    if let words = told.range(of: panic), told.offset(of: thread) == 0 {
      told = told[words.upperBound...]
      error.message = String(told)
    } else {
      error.type = String(told.dropFirst(head.utf8CodeUnitCount))
    }
    error.frames = frames(in: lines[end...].map(String.init))
    if lines.count > 1 { error.traceback = text }
    return error
  }

  /// Parses the frame `/src/main.zig:5:14: 0x10352ab in load (bootstrap)`.
  static func frame(_ line: Substring) -> RuntimeError.Frame? {
    guard let address = line.range(of: ": 0x"), let joint = line.range(of: " in "),
      joint.lowerBound >= address.upperBound, line.last == ")",
      var frame = RuntimeError.Frame(place: line[..<address.lowerBound], of: sourceSuffixes)
    else { return nil }
    frame.function = String(line[joint.upperBound...].prefix { $0 != " " })
    return frame
  }

  static func isRuntimes(_ frame: RuntimeError.Frame) -> Bool {
    frame.file.map { $0.offset(of: "/lib/std/") != nil || $0.offset(of: "/zig/lib/") != nil }
      ?? true
  }
}
