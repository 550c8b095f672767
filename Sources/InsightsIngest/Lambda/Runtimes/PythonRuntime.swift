internal import InsightsStore
internal import InsightsText

/// Errors of Python: the runtime's own `[ERROR] Type: message`, and logged tracebacks.
enum PythonRuntime: LanguageRuntime {
  static let name = "python"
  static let sourceSuffixes = [".py"]
  static let marks: ErrorMarks = [.parenthesis, .initHead, .bracketHead]

  static let head: StaticString = "Traceback (most recent call last)"
  /// Prefixes of the runtime up to Python 3.6 for a handler that could not be loaded, without a
  /// traceback.
  private static let initHeads: [(words: StaticString, type: String)] = [
    ("Unable to import module '", AWSMessages.ErrorType.importFailed),
    ("Syntax error in module '", AWSMessages.ErrorType.syntaxError),
    ("Handler '", AWSMessages.ErrorType.handlerNotFound),
    ("module initialization error", ""),
  ]

  /// The prefix of the runtime's own errors, which may have no traceback.
  private static let runtimeHead: StaticString = "[ERROR] Runtime."
  /// The prefix, up to Python 3.6, before the traceback for a response that could not be
  /// serialized.
  private static let answerHead: StaticString = "An error occurred during JSON serialization of "

  static let lines: [TracebackLine] = [
    TracebackLine("Traceback (most recent call last):", .head),
    TracebackLine("  + Exception Group Traceback (most recent call last):", .head),
    TracebackLine("During handling of the above", .body),
    TracebackLine("The above exception was the direct", .body),
    TracebackLine("File \"", .body, isIndented: true), TracebackLine("> File \"", .body),
    TracebackLine("+-+-", .body, isIndented: true), TracebackLine("+----", .body, isIndented: true),
    TracebackLine("Traceback (most recent", .body, isIndented: true),
    TracebackLine("Exception Group Traceback", .body, isIndented: true),
    TracebackLine("ExceptionGroup: ", .body, isIndented: true),
    TracebackLine("[Previous line repeated", .body, isIndented: true),
    TracebackLine("[line repeated", .body, isIndented: true),
  ]
  static let exceptionSuffixes: [StaticString] = [
    "Error", "Exception", "Interrupt", "Exit", "Warning", "Iteration", "Fault", "Failure", "Group",
  ]
  static let outOfMemoryTypes = ["MemoryError", "ArrayMemoryError"]

  static func mayReportError(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    text.contains(head, knownBy: UInt8(ascii: "(")) || initHead(of: text) != nil
      || text.holds(runtimeHead, at: 0)
  }

  private static func initHead(
    of text: UnsafeBufferPointer<UInt8>
  ) -> (words: StaticString, type: String)? {
    guard let head = initHeads.first(where: { text.holds($0.words, at: 0) }),
      // Node's errors of this form have a stack below.
      text.firstOffset(of: "\n    at ") == nil
    else { return nil }
    let isHandler = head.type == AWSMessages.ErrorType.handlerNotFound
    return isHandler && text.firstOffset(of: "' missing on module '") == nil ? nil : head
  }

  static func parse(_ message: EventMessage) -> RuntimeError? {
    var text = escaped(message) ?? clean(message)
    return text.withUTF8 { bytes -> RuntimeError? in
      let text = String(decoding: bytes, as: UTF8.self)
      let start = bytes.firstOffset(of: head)
      var error: RuntimeError?
      if start != nil && bytes.holds("[ERROR] ", at: 0) || bytes.holds(runtimeHead, at: 0) {
        error = unhandled(bytes, headAt: start)
      }
      if error == nil {
        error = logged(text)
        // Up to Python 3.6 the runtime wrote the reversed exception before the traceback.
        if let start, let known = error, trimmed(bytes[..<start]) == known.turnedRound {
          error?.kind = .unhandled
        }
        if bytes.holds(answerHead, at: 0) { error?.kind = .unhandled }
      }
      if let known = initHead(of: bytes) {
        let words = String(trimmed(bytes[..<(start ?? bytes.count)]))
        var initError = error ?? RuntimeError(kind: .unhandled, language: PythonRuntime.self)
        initError.kind = .unhandled
        initError.type = known.type.isEmpty ? initError.type : known.type
        if error == nil { initError.message = words }
        // The prefix alone, and the class on the next line.
        let lines = words.split(separator: "\n")
        initError.mayRepeat =
          error == nil && lines.count == 2 && lines[1].isIdentifier
          && lines[0].offset(of: ": ") == nil
        error = initError
      }
      if start != nil { error?.traceback = text }
      return error
    }
  }

  /// Returns a traceback in quotes with escaped line ends, as in a list of keys and values; `nil`
  /// for any other text.
  private static func escaped(_ message: EventMessage) -> String? {
    let bytes = message.bytes
    guard let start = bytes.firstOffset(of: head),
      bytes.holds(":\\n", at: start + head.utf8CodeUnitCount)
    else { return nil }
    return JSONText.rest(ofStringIn: bytes, from: start)
  }

  static let lineFirstBytes: [UInt8] = [0xE2]

  /// The most important lines of a traceback in a box: its head, its frames and its end.
  static func role(of line: UnsafeBufferPointer<UInt8>) -> TracebackLine.Role? {
    guard line[0] == 0xE2 else { return nil }
    if line.holds("╭", at: 0) { return line.firstOffset(of: head) != nil ? .head : nil }
    return line.holds("│ /", at: 0) || line.holds("╰─", at: 0) ? .body : nil
  }

  static func continues(
    _ role: TracebackLine.Role, after text: [UInt8], lastLine: ArraySlice<UInt8>
  ) -> Bool {
    switch role {
    case .exception:
      // The exception's own line follows the frames.
      let isTraceback = text.withUnsafeBufferPointer { $0.firstOffset(of: head) != nil }
      guard isTraceback, let first = lastLine.first else { return false }
      return first == 0x20 || first == 0xC2 || first == UInt8(ascii: ">") || first == 0xE2
        || lastLine.starts(with: "Traceback".utf8)
    case .head:
      // Another traceback is chained to the previous one.
      return lastLine.starts(with: "During handling of the above".utf8)
        || lastLine.starts(with: "The above exception was".utf8)
    case .body, .stack: return false
    }
  }

  /// Parses `[ERROR] Type: message`, then the traceback without its last line, if there is one.
  private static func unhandled(
    _ text: UnsafeBufferPointer<UInt8>, headAt start: Int?
  ) -> RuntimeError? {
    let end = start ?? text.count
    guard end >= 8, let (type, detail) = exception(trimmed(text[8..<end])) else { return nil }
    var error = RuntimeError(
      kind: .unhandled, language: PythonRuntime.self, type: type, message: detail)
    if let start {
      error.frames = frames(
        in: UnsafeBufferPointer(rebasing: text[(start + head.utf8CodeUnitCount)...]))
    }
    return error
  }

  /// Parses a traceback as the interpreter formats it; the last exception of a chain is the one
  /// raised.
  static func logged(_ text: String) -> RuntimeError? {
    var lines: [Substring] = []
    for line in text.textLines {
      // The exceptions inside a group are its causes, not the error.
      if line.contains("+-+---") { break }
      lines.append(withoutGroupMargin(line))
    }
    guard let last = lines.lastIndex(where: { $0.contains("\(head)") }) else { return nil }
    var index = last + 1
    while index < lines.count, lines[index].isEmpty || isBody(lines[index]) { index += 1 }
    let body = lines[(last + 1)..<index].joined(separator: "\n")
    let message = lines[min(index, lines.count)...].prefix { !$0.isEmpty }
      .joined(separator: "\n")
    guard let (type, detail) = exception(trimmed(message[...])) else { return nil }
    var error = RuntimeError(
      kind: .logged, language: PythonRuntime.self, type: type, message: detail)
    error.frames = frames(in: body[...])
    if error.frames.isEmpty {
      error.frames = lines[last..<index].compactMap(framedFrame).reversed()
    }
    error.traceback = text
    return error
  }

  /// Parses the frame `│ /var/task/app.py:17 in load`, as `rich` draws it.
  private static func framedFrame(_ line: Substring) -> RuntimeError.Frame? {
    guard line.hasPrefix("│ /") else { return nil }
    let words = line.split(separator: " ")
    guard words.count > 3, words[2] == "in", let colon = words[1].lastIndex(of: ":"),
      let number = Int64(words[1][words[1].index(after: colon)...])
    else { return nil }
    return RuntimeError.Frame(
      file: String(words[1][..<colon]), line: number, function: String(words[3]))
  }

  /// Whether a line belongs to the frames, which some loggers mark or box.
  private static func isBody(_ line: Substring) -> Bool {
    line.first.map { " >│╭╰|".contains($0) } ?? false
  }

  /// Parses `Type: message` or `Type`; `nil` if the type is not a dotted name.
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
    byte &- 48 < 10 || byte.isLetter || byte == UInt8(ascii: "_")
      || byte == UInt8(ascii: ".") || byte >= 0x80
  }

  /// Parses every `File "p", line n, in f` with the code after it, the innermost first.
  private static func frames(in text: Substring) -> [RuntimeError.Frame] {
    var text = text
    return text.withUTF8 { frames(in: $0) }
  }

  static func frames(in stack: [String]) -> [RuntimeError.Frame] {
    frames(in: stack.joined(separator: "\n")[...])
  }

  private static func frames(in text: UnsafeBufferPointer<UInt8>) -> [RuntimeError.Frame] {
    var frames: [RuntimeError.Frame] = []
    // Text copied from the console has lost its line ends, so split at the first word of frames.
    var start = text.firstOffset(of: "File \"")
    while let head = start {
      start = text.firstOffset(of: "File \"", from: head + 6)
      let part = UnsafeBufferPointer(rebasing: text[(head + 6)..<(start ?? text.count)])
      if let frame = frame(part) { frames.append(frame) }
    }
    return frames.reversed()
  }

  /// Parses `p", line n, in f` and code.
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

  /// Returns the message with LF line ends, and with spaces for the runtime's no-break spaces.
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

  /// Returns a line of an exception group without its margin `  | ` or `  + `.
  private static func withoutGroupMargin(_ line: Substring) -> Substring {
    let body = line.drop { $0 == " " }
    return body.hasPrefix("| ") || body.hasPrefix("+ ") ? body.dropFirst(2) : line
  }

  private static func trimmed(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> Substring {
    trimmed(String(decoding: bytes, as: UTF8.self)[...])
  }

  /// Returns the text without white space around it.
  private static func trimmed(_ text: Substring) -> Substring {
    var scalars = text.unicodeScalars
    while let first = scalars.first, first.properties.isWhitespace { scalars.removeFirst() }
    while let last = scalars.last, last.properties.isWhitespace { scalars.removeLast() }
    return Substring(scalars)
  }

  static let putsInnermostLast = true

  static func isRuntimes(_ frame: RuntimeError.Frame) -> Bool {
    guard let file = frame.file else { return true }
    return file.hasPrefix("<frozen ")
      || (file.offset(of: "/lib/python") != nil && file.offset(of: "-packages/") == nil
        && !file.hasPrefix("/var/task/"))
  }

  static func isDependency(_ frame: RuntimeError.Frame) -> Bool {
    guard let file = frame.file else { return false }
    return file.offset(of: "site-packages/") != nil || file.offset(of: "dist-packages/") != nil
  }
}

extension RuntimeError {
  /// `message: Type`.
  fileprivate var turnedRound: String { "\(message ?? ""): \(type ?? "")" }
}
