internal import InsightsStore
internal import InsightsText

/// Errors of Perl: `message at /var/task/handler.pl line 12.`, followed by lines such as
/// `Shop::load("A-1") called at /var/task/handler.pl line 20`.
enum PerlRuntime: LanguageRuntime {
  static let name = "perl"
  static let sourceSuffixes = [".pl", ".pm", ".psgi"]
  static let marks: ErrorMarks = .lineEnd

  static let lines: [TracebackLine] = [
    TracebackLine("BEGIN failed--", .body), TracebackLine("Compilation failed in require ", .body),
  ]

  static func mayReportError(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    isPlaced(UnsafeBufferPointer(rebasing: text[..<(text.firstOffset(of: 0x0A) ?? text.count)]))
  }

  /// Whether a line ends with a location, as in `… at handler.pl line 12.`.
  private static func isPlaced(_ line: UnsafeBufferPointer<UInt8>) -> Bool {
    guard line.last == UInt8(ascii: "."), line.firstOffset(of: " line ") != nil else {
      return false
    }
    return place(in: String(decoding: line, as: UTF8.self)[...]) != nil
  }

  static let lineFirstBytes = [0x09]

  static func role(of line: UnsafeBufferPointer<UInt8>) -> TracebackLine.Role? {
    if line[0] == 0x09 { return line.firstOffset(of: " called at ") != nil ? .body : nil }
    return isPlaced(line) ? .head : nil
  }

  static func parse(_ message: EventMessage) -> RuntimeError? {
    let text = message.text
    let lines = text.textLines
    guard let first = lines.first, let place = place(in: first) else { return nil }
    var error = RuntimeError(
      kind: .logged, language: PerlRuntime.self, type: "die", message: String(place.text))
    // Warnings have the same form; the end of the invocation decides.
    error.mayBeUnhandled = true
    error.frames = [place.frame] + lines.dropFirst().compactMap(frame)
    if lines.count > 1 { error.traceback = text }
    return error
  }

  /// Parses the file and line at the end of a text; also returns the text before them.
  private static func place(
    in text: Substring
  ) -> (text: Substring, frame: RuntimeError.Frame)? {
    guard let joint = text.range(of: " line ") else { return nil }
    let before = text[..<joint.lowerBound]
    guard let space = before.lastIndex(of: " "), before[..<space].hasSuffix(" at") else {
      return nil
    }
    let file = before[before.index(after: space)...]
    let digits = text[joint.upperBound...].prefix { $0.isASCII && $0.isNumber }
    guard let number = Int64(digits), sourceSuffixes.contains(where: { file.hasSuffix($0) }) else {
      return nil
    }
    // `, <STDIN> line 1` is the input that was read last.
    let rest = text[digits.endIndex...]
    guard rest.isEmpty || rest == "." || rest.hasPrefix(", <") else { return nil }
    return (
      before[..<space].dropLast(3), RuntimeError.Frame(file: String(file), line: number)
    )
  }

  /// Parses the frame `Shop::load("A-1") called at /var/task/handler.pl line 12`.
  static func frame(_ line: Substring) -> RuntimeError.Frame? {
    guard let called = line.range(of: " called at "),
      var frame = place(in: "x at " + line[called.upperBound...])?.frame
    else { return nil }
    let function = line[..<called.lowerBound].drop { $0 == " " || $0 == "\t" }
    frame.function = String(function.prefix { $0 != "(" })
    return frame
  }
}
