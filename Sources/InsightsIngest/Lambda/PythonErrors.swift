internal import InsightsStore
internal import InsightsText

/// Errors of Python: the runtime's own `[ERROR] Type: message`, and tracebacks that code logs.
enum PythonErrors: RuntimeErrorParser {
  private static let head: StaticString = "Traceback (most recent call last)"

  static let marks: ErrorMarks = .parenthesis

  static func isCandidate(_ message: EventMessage) -> Bool {
    // In JSON a traceback is a string; the reader of JSON errors knows where.
    message.jsonOffset != 0 && message.bytes.contains(head, knownBy: UInt8(ascii: "("))
  }

  static func parse(_ message: EventMessage) -> RuntimeError? {
    let text = clean(message.text)
    guard let headRange = range(of: "\(head)", in: text) else { return nil }
    if text.hasPrefix("[ERROR] "), let error = unhandled(text, head: headRange) { return error }
    return logged(text)
  }

  /// `[ERROR] Type: message`, then the traceback without a last line.
  private static func unhandled(_ text: String, head: Range<String.Index>) -> RuntimeError? {
    let start = text.index(text.startIndex, offsetBy: 8)
    guard start <= head.lowerBound else { return nil }
    let first = trimmed(text[start..<head.lowerBound])
    guard let (type, detail) = exception(first) else { return nil }
    var error = RuntimeError(kind: .unhandled, runtime: "python", type: type, message: detail)
    error.frames = frames(in: text[head.upperBound...])
    error.traceback = text
    return error
  }

  /// A traceback as the interpreter formats it: of a chain the last exception is the one raised.
  static func logged(_ text: String) -> RuntimeError? {
    var lines: [Substring] = []
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      // The exceptions inside a group are its causes, not the error.
      if line.contains("+-+---") { break }
      lines.append(withoutGroupMargin(line))
    }
    guard let last = lines.lastIndex(where: { $0.contains("\(head)") }) else { return nil }
    var index = last + 1
    while index < lines.count, lines[index].first == " " { index += 1 }
    let body = lines[(last + 1)..<index].joined(separator: "\n")
    let message = lines[min(index, lines.count)...].prefix { !$0.isEmpty }
      .joined(separator: "\n")
    guard let (type, detail) = exception(trimmed(message[...])) else { return nil }
    var error = RuntimeError(kind: .logged, runtime: "python", type: type, message: detail)
    error.frames = frames(in: body[...])
    error.traceback = text
    return error
  }

  /// `Type: message` or `Type`; `nil` where the type is no dotted name.
  private static func exception(_ text: String) -> (type: String, message: String)? {
    let typeEnd = text.firstIndex { $0 == ":" || $0 == "\n" || $0 == " " } ?? text.endIndex
    let type = text[..<typeEnd]
    guard let first = type.utf8.first, first > UInt8(ascii: "9"),
      type.utf8.allSatisfy({ isNameByte($0) })
    else { return nil }
    guard typeEnd < text.endIndex else { return (String(type), "") }
    guard text[typeEnd] == ":" else { return nil }
    return (String(type), trimmed(text[text.index(after: typeEnd)...]))
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    byte &- 48 < 10 || (byte | 0x20) &- UInt8(ascii: "a") < 26 || byte == UInt8(ascii: "_")
      || byte == UInt8(ascii: ".") || byte >= 0x80
  }

  /// Every `File "p", line n, in f` with the code after it, the innermost first.
  static func frames(in text: Substring) -> [RuntimeError.Frame] {
    var frames: [RuntimeError.Frame] = []
    let bytes = Array(text.utf8)
    bytes.withUnsafeBufferPointer { bytes in
      // Copies from the console have lost the line ends, so frames are cut at their first word.
      var start = bytes.firstOffset(of: "File \"")
      while let head = start {
        start = bytes.firstOffset(of: "File \"", from: head + 6)
        let part = String(decoding: bytes[(head + 6)..<(start ?? bytes.count)], as: UTF8.self)
        if let frame = frame(part[...]) { frames.append(frame) }
      }
    }
    return frames.reversed()
  }

  /// `p", line n, in f` and code.
  private static func frame(_ text: Substring) -> RuntimeError.Frame? {
    // By bytes: what stands between the parts is ASCII, and finding whole characters takes long.
    guard let quote = text.utf8.firstIndex(of: UInt8(ascii: "\"")) else { return nil }
    var rest = text[quote...].dropFirst()
    guard rest.hasPrefix(", line ") else { return nil }
    rest = rest.dropFirst(7)
    let digits = Substring(rest.utf8.prefix { $0 &- 48 < 10 })
    guard let line = Int64(digits) else { return nil }
    rest = rest[digits.endIndex...]
    var frame = RuntimeError.Frame(file: String(text[..<quote]), line: line)
    if rest.hasPrefix(", in ") {
      rest = rest.dropFirst(5)
      let name = Substring(rest.utf8.prefix { $0 != 0x0A && $0 != 0x20 })
      frame.function = String(name)
      rest = rest[name.endIndex...]
    }
    let code = trimmed(rest).utf8.prefix { $0 != 0x0A }
    if !code.isEmpty { frame.code = String(Substring(code)) }
    return frame
  }

  private static func range(of needle: String, in text: String) -> Range<String.Index>? {
    let offset = Array(text.utf8).withUnsafeBufferPointer { bytes in
      Array(needle.utf8).withUnsafeBufferPointer { bytes.firstOffset(of: $0) }
    }
    guard let offset else { return nil }
    let start = text.utf8.index(text.startIndex, offsetBy: offset)
    return start..<text.utf8.index(start, offsetBy: needle.utf8.count)
  }

  /// Line ends as LF and the runtime's no-break spaces as spaces.
  private static func clean(_ text: String) -> String {
    var text = text
    let bytes = text.withUTF8 { bytes in
      var output: [UInt8] = []
      output.reserveCapacity(bytes.count)
      var index = 0
      while index < bytes.count {
        if bytes[index] == 0xC2, index + 1 < bytes.count, bytes[index + 1] == 0xA0 {
          output.append(0x20)
          index += 1
        } else if bytes[index] == 0x0D {
          if index + 1 == bytes.count || bytes[index + 1] != 0x0A { output.append(0x0A) }
        } else {
          output.append(bytes[index])
        }
        index += 1
      }
      return output
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// A line of an exception group without the `  | ` or `  + ` at its left.
  private static func withoutGroupMargin(_ line: Substring) -> Substring {
    let body = line.drop { $0 == " " }
    return body.hasPrefix("| ") || body.hasPrefix("+ ") ? body.dropFirst(2) : line
  }

  private static func trimmed(_ text: Substring) -> String {
    var text = text.drop { $0.isWhitespace }
    while let last = text.last, last.isWhitespace { text.removeLast() }
    return String(text)
  }
}
