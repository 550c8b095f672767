internal import InsightsStore
internal import InsightsText

/// Errors of Ruby: the runtime's JSON objects after a line of text, and backtraces as the standard
/// logger and the interpreter write them.
enum RubyRuntime: LanguageRuntime {
  static let name = "ruby"
  static let sourceSuffixes = [".rb"]
  static let marks: ErrorMarks = [.lineEnd, .apostrophe]

  static let objectHeads: [StaticString] = [
    "Error raised from handler method", "Critical exception from handler",
    "Init error when loading handler",
  ]
  static let lines: [TracebackLine] = [TracebackLine("from ", .body, isIndented: true)]
  static let outOfMemoryTypes = ["NoMemoryError", "Function<NoMemoryError>"]
  static let outOfMemoryPhrases: [StaticString] = ["failed to allocate memory (NoMemoryError)"]
  static let lastWords = [LastWords(beginning: "[FATAL] failed to allocate memory")]

  static func mayReportError(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let place = text.firstOffset(of: ".rb:") else { return false }
    return text.firstOffset(of: ":in ", from: place) != nil
  }

  /// Parses `message (Class)` and lines such as `/var/task/app.rb:12:in 'handler'`.
  ///
  /// The interpreter puts the first frame before the message, and `from` before the others.
  static func parse(_ message: EventMessage) -> RuntimeError? {
    let text = message.text
    let lines = text.textLines
    guard let first = lines.firstIndex(where: { frame($0.withoutFrom) != nil }) else {
      return taggedException(lines, text)
    }
    var head = lines[..<first].joined(separator: "\n")[...]
    var frames = lines[first...].compactMap { frame($0.withoutFrom) }
    var kind = ErrorTable.Row.Kind.logged
    if first == 0 {
      guard let place = headPlace(lines[0]) else { return nil }
      kind = .unhandled
      head = place.rest
      frames[0] = place.frame
    }
    guard head.last == ")", let open = head.lastIndex(of: "(") else { return nil }
    let type = head[head.index(after: open)...].dropLast()
    guard type.first?.isUppercase == true, type.isRubyName else { return nil }
    var words = head[..<open]
    // `E, [2026-03-04T10:00:00.262118 #8] ERROR <id> -- : `
    if let start = words.range(of: " -- ") {
      let rest = words[start.upperBound...]
      words = rest.firstIndex(of: ":").map { rest[rest.index(after: $0)...] } ?? rest
    }
    var error = RuntimeError(
      kind: kind, language: RubyRuntime.self, type: String(type),
      message: String(words.drop { $0 == " " }.trimmingSuffix(" ")))
    error.frames = frames
    error.traceback = text
    return error
  }

  /// Parses `[id] Orders::Closed (message):`, the form of an exception logged by Rails; each line
  /// begins with the logger's tags.
  private static func taggedException(_ lines: [Substring], _ text: String) -> RuntimeError? {
    let lines = lines.map(\.withoutTags)
    guard let head = lines.firstIndex(where: { $0.hasSuffix("):") }),
      let open = lines[head].firstRange(of: " ("), lines[head][..<open.lowerBound].isRubyName,
      lines[head].first?.isUppercase == true
    else { return nil }
    let frames = lines[head...].compactMap(frame)
    guard !frames.isEmpty else { return nil }
    var error = RuntimeError(
      kind: .logged, language: RubyRuntime.self, type: String(lines[head][..<open.lowerBound]),
      message: String(lines[head][open.upperBound...].dropLast(2)))
    error.frames = frames
    error.traceback = text
    return error
  }

  /// Parses the frame before the message on the first line; also returns that message.
  private static func headPlace(
    _ line: Substring
  ) -> (frame: RuntimeError.Frame, rest: Substring)? {
    guard let quote = line.range(of: "': ") ?? line.range(of: "`: "),
      let frame = frame(line[..<line.index(after: quote.lowerBound)])
    else { return nil }
    return (frame, line[quote.upperBound...])
  }

  /// The frame in `/var/task/app.rb:12:in 'handler'`.
  static func frame(_ line: Substring) -> RuntimeError.Frame? {
    let parts = line.split(separator: ":", maxSplits: 2)
    guard parts.count == 3, parts[0].hasSuffix(".rb"), parts[0].first != "[",
      let number = Int64(parts[1]), parts[2].hasPrefix("in ")
    else { return nil }
    let function = parts[2].dropFirst(3).filter { $0 != "'" && $0 != "`" }
    return RuntimeError.Frame(file: String(parts[0]), line: number, function: function)
  }

  static func isDependency(_ frame: RuntimeError.Frame) -> Bool {
    ["/gems/", "/vendor/", "/lib/ruby/"].contains { frame.file?.offset(of: $0) != nil }
  }
}

extension Substring {
  fileprivate var withoutFrom: Substring {
    let text = drop { $0 == " " || $0 == "\t" }
    return text.hasPrefix("from ") ? text.dropFirst(5) : text
  }

  /// The line without the tags in brackets at its start.
  fileprivate var withoutTags: Substring {
    var text = self
    while text.first == "[", let end = text.firstRange(of: "] ")?.upperBound { text = text[end...] }
    return text
  }

  /// Whether the text is a class name such as `Orders::Closed`.
  fileprivate var isRubyName: Bool {
    utf8.allSatisfy {
      $0 &- 48 < 10 || ($0 | 0x20) &- UInt8(ascii: "a") < 26 || $0 == UInt8(ascii: ":")
        || $0 == UInt8(ascii: "_")
    }
  }
}
