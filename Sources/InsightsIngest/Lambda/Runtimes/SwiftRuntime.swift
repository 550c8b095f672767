internal import InsightsStore
internal import InsightsText

/// Errors of Swift that end the process: `Orders/main.swift:12: Fatal error: message`, followed by
/// a backtrace in newer versions.
enum SwiftRuntime: LanguageRuntime {
  static let name = "swift"
  static let sourceSuffixes = [".swift"]
  static let marks: ErrorMarks = [.lineEnd, .head]
  private static let heads: [StaticString] = [
    ": Fatal error", ": Precondition failed", ": Assertion failed",
  ]
  /// The form of older versions, with the location at the end.
  private static let olderHead: StaticString = "Fatal error"

  static let lines: [TracebackLine] = [
    TracebackLine("*** Program crashed: ", .body), TracebackLine("*** Signal ", .body),
    TracebackLine("Crash: ", .body), TracebackLine("Platform: ", .body),
    TracebackLine("Registers:", .body), TracebackLine("Current stack trace:", .body),
  ]

  static func mayReportError(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    isHead(UnsafeBufferPointer(rebasing: text[..<(text.firstOffset(of: 0x0A) ?? text.count)]))
  }

  private static func isHead(_ line: UnsafeBufferPointer<UInt8>) -> Bool {
    if line.holds(olderHead, at: 0) { return line.firstOffset(of: ": file ") != nil }
    guard line.first?.isLetter == true || line.first == UInt8(ascii: "/"),
      let suffix = line.firstOffset(of: ".swift:")
    else { return false }
    var end = suffix + 7
    while end < line.count, line[end] &- 48 < 10 { end += 1 }
    return heads.contains { line.holds($0, at: end) }
  }

  static let lineFirstBytes = Array("0123456789".utf8)

  static func role(of line: UnsafeBufferPointer<UInt8>) -> TracebackLine.Role? {
    if line[0] &- 48 < 10 {
      // 1 [ra] 0x000055d0c2c5a1b4 handle(_:) + 132 in Orders at /src/Sources/Orders/main.swift:14:18
      return line.firstOffset(of: " 0x") != nil && line.firstOffset(of: " in ") != nil
        ? .body : nil
    }
    if isHead(line) { return .head }
    return line.holds("Thread ", at: 0) && line.last == UInt8(ascii: ":") ? .body : nil
  }

  static func parse(_ message: EventMessage) -> RuntimeError? {
    let text = message.text
    let lines = text.textLines
    guard let first = lines.first, let words = first.range(of: olderHead) ?? head(first) else {
      return nil
    }
    var error = RuntimeError(kind: .unhandled, language: SwiftRuntime.self, type: "Fatal error")
    let place = first[..<words.lowerBound]
    var told = first[words.lowerBound...]
    if let colon = told.range(of: ": ") {
      error.type = String(told[..<colon.lowerBound])
      told = told[colon.upperBound...]
    } else {
      told = ""
    }
    if let file = told.range(of: ": file "), let line = told.range(of: ", line ") {
      error.frames = [
        RuntimeError.Frame(
          file: String(told[file.upperBound..<line.lowerBound]),
          line: Int64(told[line.upperBound...]))
      ]
      told = told[..<file.lowerBound]
    } else if let frame = RuntimeError.Frame(place: place, of: sourceSuffixes) {
      error.frames = [frame]
    }
    error.message = told.isEmpty ? nil : String(told)
    error.frames += frames(in: lines.dropFirst().map(String.init))
    if lines.count > 1 { error.traceback = text }
    return error
  }

  private static func head(_ line: Substring) -> Range<Substring.Index>? {
    heads.lazy.compactMap { line.range(of: $0) }.first.map {
      line.utf8.index($0.lowerBound, offsetBy: 2)..<$0.upperBound
    }
  }

  /// Parses the frame in `1 [ra] 0x000055d0c2c5a1b4 handle(_:) + 132 in Orders at /src/main.swift:14:18`.
  static func frame(_ line: Substring) -> RuntimeError.Frame? {
    guard let address = line.range(of: " 0x"), let place = line.range(of: " at /") else {
      return nil
    }
    let start = line.utf8.index(place.lowerBound, offsetBy: 4)
    guard var frame = RuntimeError.Frame(place: line[start...], of: sourceSuffixes) else {
      return nil
    }
    let words = line[address.upperBound..<place.lowerBound].drop { $0 != " " }.dropFirst()
    let end = words.range(of: " + ") ?? words.range(of: " in ")
    frame.function = end.map { String(words[..<$0.lowerBound]) }
    return frame
  }

  static func isRuntimes(_ frame: RuntimeError.Frame) -> Bool {
    frame.file?.hasPrefix("Swift/") ?? false
  }
}
