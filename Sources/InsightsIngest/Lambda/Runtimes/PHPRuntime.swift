internal import InsightsStore
internal import InsightsText

/// Errors of PHP that end the process: `PHP Fatal error:  <message> in <file> on line <n>`, and an
/// unhandled exception with its trace.
enum PHPRuntime: LanguageRuntime {
  static let name = "php"
  static let sourceSuffixes = [".php"]
  private static let head: StaticString = "PHP Fatal error:  "
  /// Bref's prefix for a handler that could not be loaded.
  private static let initHead: StaticString = "Fatal error: "
  private static let uncaught = "Uncaught "

  static let marks: ErrorMarks = [.head, .capitalH, .parenthesis]

  static let lines: [TracebackLine] = [
    TracebackLine(head, .head), TracebackLine("NOTICE: PHP message: PHP Fatal error:  ", .head),
    TracebackLine("Stack trace:", .body), TracebackLine("thrown in ", .body, isIndented: true),
  ]

  static func mayReportError(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    text.contains(head, knownBy: UInt8(ascii: "H"))
      || (text.holds(initHead, at: 0) && text.firstOffset(of: " in /") != nil)
      || text.holds(normalized, at: 0)
      || (text.holds("[", at: 0) && text.firstOffset(of: quoted) != nil)
  }

  /// Monolog's form of an exception in a line: `[object] (Class(code: 0): message at file:line)`,
  /// with its trace below.
  private static let normalized: StaticString = "[object] ("
  /// The same form in a line of text whose context is JSON, with or without escaped line ends.
  private static let quoted: StaticString = "\"[object] ("

  private static func normalizedException(_ text: String) -> RuntimeError? {
    let lines = text.textLines
    guard let first = lines.first, let code = first.offset(of: "(code: "),
      let colon = first.offset(of: "): ")
    else { return nil }
    let utf8 = first.utf8
    func index(_ offset: Int) -> Substring.Index { utf8.index(utf8.startIndex, offsetBy: offset) }
    guard normalized.utf8CodeUnitCount <= code, code < colon else { return nil }
    var error = RuntimeError(
      kind: .logged, language: PHPRuntime.self,
      type: String(first[index(normalized.utf8CodeUnitCount)..<index(code)]))
    var message = first[index(colon + 3)...]
    if message.last == ")" { message.removeLast() }
    if let space = message.lastIndex(of: " "), message[..<space].hasSuffix(" at"),
      let frame = JSONStack(
        place: String(message[message.index(after: space)...]), line: nil
      ).frames.first
    {
      error.frames = [frame]
      message = message[..<space].dropLast(3)
    }
    error.message = String(message)
    error.frames += lines.dropFirst().compactMap(frame)
    error.traceback = text
    return error
  }

  static let lineFirstBytes = Array("#[".utf8)

  static func role(of line: UnsafeBufferPointer<UInt8>) -> TracebackLine.Role? {
    switch line[0] {
    case UInt8(ascii: "#"):
      // #0 /var/task/app.php(12): f()
      return line[1] &- 48 < 10 && line.firstOffset(of: 0x20, to: 6) != nil ? .body : nil
    case UInt8(ascii: "["):
      // PHP's own log begins with the time.
      guard let close = line.firstOffset(of: UInt8(ascii: "]"), to: 40) else { return nil }
      return line.holds(" PHP Fatal error:  ", at: close + 1) ? .head : nil
    default: return nil
    }
  }

  static let outOfMemoryPhrases: [StaticString] = ["Allowed memory size of "]

  static func parse(_ message: EventMessage) -> RuntimeError? {
    let bytes = message.bytes
    if bytes.holds(normalized, at: 0) { return normalizedException(message.text) }
    if bytes.first == UInt8(ascii: "["), let start = bytes.firstOffset(of: quoted) {
      return normalizedException(JSONText.rest(ofStringIn: bytes, from: start + 1))
    }
    let start =
      bytes.firstOffset(of: head).map { $0 + head.utf8CodeUnitCount }
      ?? initHead.utf8CodeUnitCount
    let lines = String(decoding: bytes[min(start, bytes.count)...], as: UTF8.self)
      .textLines
    guard let first = lines.first else { return nil }
    var error = RuntimeError(
      kind: .unhandled, language: PHPRuntime.self, type: "PHP Fatal error", message: String(first))
    let isInit = bytes.holds(initHead, at: 0)
    if isInit || first.hasPrefix(uncaught) {
      setException(&error, isInit ? first : first.dropFirst(uncaught.count))
      error.frames += lines.dropFirst().compactMap(frame)
    } else if let place = place(in: first, joint: " on line ") {
      error.message = String(place.text)
      error.frames = [place.frame]
    }
    if lines.count > 1 { error.traceback = message.text }
    return error
  }

  /// Sets the values of `Class: message in /file.php:12`.
  private static func setException(_ error: inout RuntimeError, _ text: Substring) {
    var text = text
    if let place = place(in: text, joint: ":") {
      text = place.text
      error.frames = [place.frame]
    }
    guard let colon = text.firstIndex(of: ":"), !text[..<colon].contains(" ") else {
      error.message = String(text)
      return
    }
    error.type = String(text[..<colon])
    error.message = String(text[text.index(after: colon)...].drop { $0 == " " })
  }

  /// Returns the file and line after the last ` in /`, and the text before.
  private static func place(
    in text: Substring, joint: StaticString
  ) -> (text: Substring, frame: RuntimeError.Frame)? {
    var found: Int?
    var rest = text
    while let offset = rest.offset(of: " in /") {
      found = (found.map { $0 + 5 } ?? 0) + offset
      rest = rest[rest.utf8.index(rest.startIndex, offsetBy: offset + 5)...]
    }
    guard let found else { return nil }
    let file = text[text.utf8.index(text.startIndex, offsetBy: found + 4)...]
    guard let jointOffset = file.offset(of: joint) else { return nil }
    let number = file[
      file.utf8.index(file.startIndex, offsetBy: jointOffset + joint.utf8CodeUnitCount)...]
    guard let line = Int64(number.prefix { $0.isASCII && $0.isNumber }) else { return nil }
    let name = file[..<file.utf8.index(file.startIndex, offsetBy: jointOffset)]
    return (
      text[..<text.utf8.index(text.startIndex, offsetBy: found)],
      RuntimeError.Frame(file: String(name), line: line)
    )
  }

  /// Parses the frame `#0 /var/task/app.php(12): App->run()`.
  static func frame(_ line: Substring) -> RuntimeError.Frame? {
    guard line.hasPrefix("#"), let space = line.firstIndex(of: " ") else { return nil }
    let text = line[line.index(after: space)...]
    guard text.hasPrefix("/"), let close = text.offset(of: "): ") else { return nil }
    let place = text[..<text.utf8.index(text.startIndex, offsetBy: close)]
    guard let open = place.lastIndex(of: "("),
      let number = Int64(place[place.index(after: open)...])
    else { return nil }
    var function = text[text.utf8.index(text.startIndex, offsetBy: close + 3)...]
    if let paren = function.firstIndex(of: "(") { function = function[..<paren] }
    return RuntimeError.Frame(
      file: String(place[..<open]), line: number, function: String(function))
  }

  static func isDependency(_ frame: RuntimeError.Frame) -> Bool {
    frame.file?.offset(of: "/vendor/") != nil
  }
}
