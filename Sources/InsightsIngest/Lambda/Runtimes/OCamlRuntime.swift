internal import InsightsStore
internal import InsightsText

/// Errors of OCaml that end the process: `Fatal error: exception Orders.Missing("A-1", 3)`, with a
/// backtrace if `OCAMLRUNPARAM=b` is set.
enum OCamlRuntime: LanguageRuntime {
  static let name = "ocaml"
  static let sourceSuffixes = [".ml", ".mli", ".re"]
  static let marks: ErrorMarks = .head
  private static let head: StaticString = "Fatal error: exception "
  private static let frameHeads: [StaticString] = ["Raised ", "Called from ", "Re-raised at "]

  static let lines: [TracebackLine] = [
    TracebackLine(head, .head), TracebackLine("Raised at ", .body),
    TracebackLine("Raised by primitive operation at ", .body),
    TracebackLine("Called from ", .body), TracebackLine("Re-raised at ", .body),
  ]
  static let outOfMemoryTypes = ["Out_of_memory"]

  static func mayReportError(_ text: UnsafeBufferPointer<UInt8>) -> Bool { text.holds(head, at: 0) }

  static let openFirstBytes = [UInt8(ascii: "F")]

  /// A message of several lines ends with a parenthesis.
  static func isOpen(_ line: UnsafeBufferPointer<UInt8>) -> Bool {
    line.holds(head, at: 0) && line.firstOffset(of: "(\"") != nil
      && line.last { $0 > 0x20 } != UInt8(ascii: ")")
  }

  static func parse(_ message: EventMessage) -> RuntimeError? {
    let text = message.text
    let lines = text.textLines
    let end = lines.firstIndex(where: isFrame) ?? lines.endIndex
    let told = lines[..<end].joined(separator: "\n").dropFirst(head.utf8CodeUnitCount)
    var error = RuntimeError(kind: .unhandled, language: OCamlRuntime.self)
    if told.hasPrefix("File \""), let colon = told.range(of: ": ") {
      // A failed assertion, or a match without a matching case.
      let words = told[colon.upperBound...]
      error.type = words.hasPrefix("Assertion") ? "Assert_failure" : "Match_failure"
      error.message = String(words)
      error.frames = frame("in file" + told[..<colon.lowerBound].dropFirst(4)).map { [$0] } ?? []
    } else {
      let name = told.prefix { $0 != "(" && $0 != " " && $0 != "\n" }
      let values = told[name.endIndex...]
      error.type = String(name)
      error.message = values.isEmpty ? nil : words(of: values)
    }
    error.frames += frames(in: lines[end...].map(String.init))
    if lines.count > 1 { error.traceback = text }
    return error
  }

  /// Returns the text of `("…")`; other values unchanged.
  private static func words(of values: Substring) -> String {
    guard values.hasPrefix("("), values.hasSuffix(")") else { return String(values) }
    let inner = values.dropFirst().dropLast()
    guard inner.count > 1, inner.hasPrefix("\""), inner.hasSuffix("\""),
      inner.dropFirst().dropLast().range(of: "\", ") == nil
    else { return String(inner) }
    var text = String(values)
    return text.withUTF8 { JSONText.rest(ofStringIn: $0, from: 2) }
  }

  private static func isFrame(_ line: Substring) -> Bool {
    frameHeads.contains { line.offset(of: $0) == 0 }
  }

  /// Parses the frame `Called from Orders.load in file "bin/orders.ml" (inlined), line 3, characters 5-30`.
  static func frame(_ line: Substring) -> RuntimeError.Frame? {
    guard let file = line.range(of: "in file \"") ?? line.range(of: "file \""),
      let quote = line[file.upperBound...].range(of: "\""),
      let words = line[quote.upperBound...].range(of: "line")
    else { return nil }
    let number = line[words.upperBound...].drop { $0 == "s" || $0 == " " }.prefix { $0.isNumber }
    var frame = RuntimeError.Frame(
      file: String(line[file.upperBound..<quote.lowerBound]), line: Int64(number))
    let function = line[..<file.lowerBound].split(separator: " ").last ?? ""
    if function.contains(".") || function.first?.isUppercase == true, function != "Called",
      function != "Raised"
    {
      frame.function = String(function)
    }
    return frame
  }

  static func isRuntimes(_ frame: RuntimeError.Frame) -> Bool {
    let function = frame.function ?? ""
    return function.hasPrefix("Stdlib") || function.hasPrefix("CamlinternalLazy")
      || frame.file.map { !$0.contains("/") && libraryFiles.contains($0) } ?? true
  }

  private static let libraryFiles: Set<String> = [
    "stdlib.ml", "pervasives.ml", "list.ml", "array.ml", "hashtbl.ml", "map.ml", "string.ml",
    "bytes.ml", "printf.ml", "camlinternalFormat.ml", "scanf.ml", "option.ml", "seq.ml", "fun.ml",
  ]

  static func isDependency(_ frame: RuntimeError.Frame) -> Bool {
    frame.file?.offset(of: ".opam/") != nil
  }
}
