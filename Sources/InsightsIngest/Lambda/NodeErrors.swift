internal import InsightsStore
internal import InsightsText

/// Errors of Node.js: the runtime's lines with a JSON object, and stacks that code logs.
enum NodeErrors: RuntimeErrorParser {
  /// What stands before the object of an error that nobody caught.
  private static let heads: [StaticString] = [
    "Invoke Error", "Uncaught Exception", "Unhandled Promise Rejection",
  ]

  static let marks: ErrorMarks = [.lineEnd, .object, .capitalE]

  static func isCandidate(_ message: EventMessage) -> Bool {
    let bytes = message.bytes
    guard message.jsonOffset != 0, bytes.count > 20 else { return false }
    if bytes.contains("\n    at ", knownBy: 0x0A) { return true }
    return unhandledObject(in: message) != nil || thrownValue(in: message) != nil
  }

  static func parse(_ message: EventMessage) -> RuntimeError? {
    if let object = unhandledObject(in: message) {
      var error = JSONErrors.error(in: message.bytes, objectAt: object, kind: .unhandled)
      // Bref's runtime for PHP writes the same after a bare request id.
      error?.runtime = LambdaLine.uuid(in: message.bytes, at: 0) == nil ? "node" : "php"
      return error
    }
    if let value = thrownValue(in: message) {
      return RuntimeError(
        kind: .unhandled, runtime: "node", message: JSONText.string(value, in: message.bytes))
    }
    return logged(message.text)
  }

  /// The value of `…\tERROR\tInvoke Error \t"…"`: what was thrown was no error.
  private static func thrownValue(in message: EventMessage) -> JSONScanner.Value? {
    let bytes = message.bytes
    guard message.jsonOffset == nil, bytes.firstOffset(of: UInt8(ascii: "E")) != nil,
      let level = bytes.firstOffset(of: "\tERROR\t")
    else { return nil }
    for head in heads where bytes.holds(head, at: level + 7) {
      var start = level + 7 + head.utf8CodeUnitCount
      while start < bytes.count, bytes[start] == 0x20 { start += 1 }
      guard bytes.holds("\t", at: start),
        let value = JSONScanner.value(in: bytes, at: start + 1)?.value
      else { return nil }
      return value.kind == .object ? nil : value
    }
    return nil
  }

  /// The object of `…\tERROR\tInvoke Error \t{…}`.
  private static func unhandledObject(in message: EventMessage) -> Int? {
    guard let object = message.jsonOffset, object > 12, message.bytes[object - 1] == 0x09 else {
      return nil
    }
    var end = object - 1
    while end > 0, message.bytes[end - 1] == 0x20 { end -= 1 }
    let isUnhandled = heads.contains { head in
      message.bytes.holds(head, at: end - head.utf8CodeUnitCount)
    }
    return isUnhandled ? object : nil
  }

  /// `… Type: message` and lines of `    at function (file:line:column)`.
  static func logged(_ text: String) -> RuntimeError? {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    guard let first = lines.firstIndex(where: { $0.hasPrefix("    at ") }) else { return nil }
    let head = lines[..<first].joined(separator: "\n")
    guard let (type, message) = exception(in: head) else { return nil }
    var error = RuntimeError(kind: .logged, runtime: "node", type: type, message: message)
    error.frames = frames(in: lines[first...])
    error.traceback = text
    return error
  }

  /// The first word that names an error, and what follows its colon.
  private static func exception(in head: String) -> (type: String, message: String)? {
    var found: (type: String, message: String)?
    var rest = head[...]
    while let colon = rest.firstIndex(where: { $0 == ":" || $0 == "\n" }) {
      let word = rest[..<colon].split(whereSeparator: { $0.isWhitespace }).last ?? ""
      if isErrorName(word), found == nil {
        found = (String(word), String(head[head.index(after: colon)...].drop { $0 == " " }))
      }
      rest = rest[rest.index(after: colon)...]
    }
    if found == nil, let word = head.split(whereSeparator: { $0.isWhitespace }).last,
      isErrorName(word)
    {
      found = (String(word), "")
    }
    return found
  }

  private static func isErrorName(_ word: Substring) -> Bool {
    (word.hasSuffix("Error") || word.hasSuffix("Exception"))
      && word.utf8.allSatisfy {
        $0 &- 48 < 10 || ($0 | 0x20) &- UInt8(ascii: "a") < 26 || $0 == UInt8(ascii: ".")
          || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "$")
      }
  }

  /// The frames of a stack, the innermost first as Node prints them.
  static func frames(in lines: some Sequence<Substring>) -> [RuntimeError.Frame] {
    lines.compactMap { line in
      var text = line.drop { $0 == " " }
      guard text.hasPrefix("at ") else { return nil }
      text = text.dropFirst(3)
      if text.hasPrefix("async ") { text = text.dropFirst(6) }
      var frame = RuntimeError.Frame()
      if let open = text.lastIndex(of: "("), let close = text.lastIndex(of: ")"), open < close {
        frame.function = String(text[..<open].trimmingSuffix(" "))
        text = text[text.index(after: open)..<close]
      }
      if text.hasPrefix("file://") { text = text.dropFirst(7) }
      guard let column = text.lastIndex(of: ":"),
        let line = text[..<column].lastIndex(of: ":"),
        let lineNumber = Int64(text[text.index(after: line)..<column]),
        let columnNumber = Int64(text[text.index(after: column)...].prefix { $0.isNumber })
      else { return frame.function == nil ? nil : frame }
      frame.file = String(text[..<line])
      frame.line = lineNumber
      frame.column = columnNumber
      return frame
    }
  }
}

extension Substring {
  fileprivate func trimmingSuffix(_ character: Character) -> Substring {
    var text = self
    while text.last == character { text.removeLast() }
    return text
  }
}
