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
    var text = clean(message)
    let error = text.withUTF8 { bytes -> RuntimeError? in
      guard bytes.holds("[ERROR] ", at: 0), let start = bytes.firstOffset(of: head) else {
        return nil
      }
      return unhandled(bytes, headAt: start)
    }
    guard var error else { return logged(text) }
    error.traceback = text
    return error
  }

  /// `[ERROR] Type: message`, then the traceback without a last line.
  private static func unhandled(
    _ text: UnsafeBufferPointer<UInt8>, headAt start: Int
  ) -> RuntimeError? {
    guard start >= 8, let (type, detail) = exception(trimmed(text[8..<start])) else { return nil }
    var error = RuntimeError(kind: .unhandled, runtime: "python", type: type, message: detail)
    error.frames = frames(
      in: UnsafeBufferPointer(rebasing: text[(start + head.utf8CodeUnitCount)...]))
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
  private static func exception(_ text: Substring) -> (type: String, message: String)? {
    let bytes = text.utf8
    let typeEnd =
      bytes.firstIndex { $0 == UInt8(ascii: ":") || $0 == 0x0A || $0 == 0x20 } ?? bytes.endIndex
    let type = bytes[..<typeEnd]
    guard let first = type.first, first > UInt8(ascii: "9"), type.allSatisfy({ isNameByte($0) })
    else { return nil }
    guard typeEnd < bytes.endIndex else { return (String(Substring(type)), "") }
    guard bytes[typeEnd] == UInt8(ascii: ":") else { return nil }
    return (String(Substring(type)), String(trimmed(Substring(bytes[typeEnd...].dropFirst()))))
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    byte &- 48 < 10 || (byte | 0x20) &- UInt8(ascii: "a") < 26 || byte == UInt8(ascii: "_")
      || byte == UInt8(ascii: ".") || byte >= 0x80
  }

  /// Every `File "p", line n, in f` with the code after it, the innermost first.
  static func frames(in text: Substring) -> [RuntimeError.Frame] {
    var text = text
    return text.withUTF8 { frames(in: $0) }
  }

  private static func frames(in text: UnsafeBufferPointer<UInt8>) -> [RuntimeError.Frame] {
    var frames: [RuntimeError.Frame] = []
    // Copies from the console have lost the line ends, so frames are cut at their first word.
    var start = text.firstOffset(of: "File \"")
    while let head = start {
      start = text.firstOffset(of: "File \"", from: head + 6)
      let part = UnsafeBufferPointer(rebasing: text[(head + 6)..<(start ?? text.count)])
      if let frame = frame(part) { frames.append(frame) }
    }
    return frames.reversed()
  }

  /// `p", line n, in f` and code.
  private static func frame(_ text: UnsafeBufferPointer<UInt8>) -> RuntimeError.Frame? {
    guard let quote = text.firstOffset(of: UInt8(ascii: "\"")), text.holds(", line ", at: quote + 1)
    else { return nil }
    var index = quote + 8
    let digits = text[index...].prefix { $0 &- 48 < 10 }
    guard let line = Int64(String(decoding: digits, as: UTF8.self)) else { return nil }
    index = digits.endIndex
    var frame = RuntimeError.Frame(
      file: String(decoding: text[..<quote], as: UTF8.self), line: line)
    if text.holds(", in ", at: index) {
      let name = text[(index + 5)...].prefix { $0 != 0x0A && $0 != 0x20 }
      frame.function = String(decoding: name, as: UTF8.self)
      index = name.endIndex
    }
    let code = trimmed(text[index...]).utf8.prefix { $0 != 0x0A }
    if !code.isEmpty { frame.code = String(Substring(code)) }
    return frame
  }

  /// The message with line ends as LF and the runtime's no-break spaces as spaces.
  private static func clean(_ message: EventMessage) -> String {
    let bytes = message.bytes
    guard bytes.firstOffset(of: 0x0D) != nil || bytes.firstOffset(of: 0xC2) != nil else {
      return message.text
    }
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
    return String(decoding: output, as: UTF8.self)
  }

  /// A line of an exception group without the `  | ` or `  + ` at its left.
  private static func withoutGroupMargin(_ line: Substring) -> Substring {
    let body = line.drop { $0 == " " }
    return body.hasPrefix("| ") || body.hasPrefix("+ ") ? body.dropFirst(2) : line
  }

  private static func trimmed(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> Substring {
    trimmed(String(decoding: bytes, as: UTF8.self)[...])
  }

  /// The text without white space around it.
  private static func trimmed(_ text: Substring) -> Substring {
    var scalars = text.unicodeScalars
    while let first = scalars.first, first.properties.isWhitespace { scalars.removeFirst() }
    while let last = scalars.last, last.properties.isWhitespace { scalars.removeLast() }
    return Substring(scalars)
  }
}
