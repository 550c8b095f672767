internal import InsightsStore
internal import InsightsText

/// Errors of Crystal: `Unhandled exception: message (Type)` and lines of `  from file:line:column in 'method'`.
enum CrystalRuntime: LanguageRuntime {
  static let name = "crystal"
  static let sourceSuffixes = [".cr"]
  static let marks: ErrorMarks = .initHead
  private static let heads: [StaticString] = [
    "Unhandled exception: ", "Unhandled exception in spawn: ",
  ]
  private static let cause = "Caused by: "

  static let lines: [TracebackLine] =
    heads.map { TracebackLine($0, .head) } + [TracebackLine("from ", .body, isIndented: true)]

  static func mayReportError(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    heads.contains { text.holds($0, at: 0) } && text.firstOffset(of: UInt8(ascii: ")")) != nil
  }

  static let openFirstBytes = [UInt8(ascii: "U")]

  /// A message of several lines has the type at the end of its last line.
  static func isOpen(_ line: UnsafeBufferPointer<UInt8>) -> Bool {
    heads.contains { line.holds($0, at: 0) } && line.last { $0 > 0x20 } != UInt8(ascii: ")")
  }

  static func parse(_ message: EventMessage) -> RuntimeError? {
    let text = message.text
    let lines = text.textLines
    guard let start = heads.lazy.compactMap({ text[...].range(of: $0)?.upperBound }).first else {
      return nil
    }
    let rest = String(text[start...]).textLines
    let told = rest.prefix { !$0.hasPrefix("  from ") && !$0.hasPrefix(cause) }
      .joined(separator: "\n").trimmingSuffix("\n")
    guard told.last == ")", let open = told.lastIndex(of: "("),
      told[told.index(after: open)...].first?.isUppercase == true
    else { return nil }
    var error = RuntimeError(
      kind: .unhandled, language: CrystalRuntime.self,
      type: String(told[told.index(after: open)...].dropLast()),
      message: String(told[..<open].trimmingSuffix(" ")))
    let own = rest.drop { !$0.hasPrefix("  from ") }.prefix { $0.hasPrefix("  from ") }
    error.frames = frames(in: own.map(String.init))
    if lines.count > 1 { error.traceback = text }
    return error
  }

  /// Parses the frame `from src/handler.cr:2:3 in 'load'`.
  static func frame(_ line: Substring) -> RuntimeError.Frame? {
    guard line.hasPrefix("from "), let joint = line.range(of: " in '"),
      var frame = RuntimeError.Frame(
        place: line[..<joint.lowerBound].dropFirst(5), of: sourceSuffixes)
    else { return nil }
    frame.function = String(line[joint.upperBound...].prefix { $0 != "'" })
    return frame
  }

  static func isRuntimes(_ frame: RuntimeError.Frame) -> Bool {
    guard let file = frame.file else { return true }
    return file.offset(of: "crystal/src/") != nil || file.hasPrefix("/usr/share/crystal/")
      || file.hasPrefix("/usr/lib/crystal/")
  }

  static func isDependency(_ frame: RuntimeError.Frame) -> Bool {
    frame.file.map { $0.hasPrefix("lib/") || $0.offset(of: "/lib/") != nil } ?? false
  }
}
