internal import InsightsStore
internal import InsightsText

/// Errors that end a program run by Clojure's `main`: `Execution error (ArithmeticException) at
/// orders.core/load (core.clj:5).` and the message.
///
/// Stack traces have Java's form.
enum ClojureRuntime: LanguageRuntime {
  static let name = JavaRuntime.name
  static let marks: ErrorMarks = [.capitalE, .initHead]
  private static let heads: [StaticString] = [
    "Execution error at ", "Execution error (", "Syntax error (", "Syntax error macroexpanding ",
    "Syntax error compiling ",
  ]

  static let lines: [TracebackLine] = heads.map { TracebackLine($0, .head) }

  static func mayReportError(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    heads.contains { text.holds($0, at: 0) } && text.firstOffset(of: " at ") != nil
  }

  static let openFirstBytes = [UInt8(ascii: "E"), UInt8(ascii: "S")]

  /// The message is on the next line.
  static func isOpen(_ line: UnsafeBufferPointer<UInt8>) -> Bool {
    mayReportError(line) && line.last { $0 > 0x20 } == UInt8(ascii: ".")
  }

  static func parse(_ message: EventMessage) -> RuntimeError? {
    let text = message.text
    let lines = text.textLines
    guard let first = lines.first, let place = first.range(of: " at ") else { return nil }
    var error = RuntimeError(
      kind: .unhandled, language: JavaRuntime.self,
      type: String(first.split(separator: " ").prefix(2).joined(separator: " ")))
    let head = first[..<place.lowerBound]
    if let open = head.firstIndex(of: "("), head.last == ")" {
      error.type = String(head[head.index(after: open)...].dropLast())
    }
    let told = lines.dropFirst().prefix { !$0.hasPrefix("Full report at:") }
      .joined(separator: "\n").trimmingSuffix("\n")
    error.message = told.isEmpty ? nil : String(told)
    error.frames = [frame(first[place.upperBound...])].compactMap(\.self)
    if lines.count > 1 { error.traceback = text }
    return error
  }

  /// Parses the location `orders.core/load (core.clj:5).`, or only `(core.clj:3:1).`.
  static func frame(_ line: Substring) -> RuntimeError.Frame? {
    guard let open = line.firstIndex(of: "("), let close = line[open...].firstIndex(of: ")") else {
      return nil
    }
    let place = line[line.index(after: open)..<close]
    let parts = place.split(separator: ":")
    guard parts.count > 1, let number = Int64(parts[1]),
      parts[0] == "REPL" || [".clj", ".cljc", ".java"].contains(where: { parts[0].hasSuffix($0) })
    else { return nil }
    let function = line[..<open].trimmingSuffix(" ")
    var frame = RuntimeError.Frame(file: String(parts[0]), line: number)
    if !function.isEmpty {
      frame.function = String(function)
      frame.ownText = "\(function)(\(place))"
    }
    return frame
  }
}
