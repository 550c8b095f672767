internal import InsightsStore
internal import InsightsText

/// Errors of Node.js: the runtime's lines with a JSON object, and logged stacks.
enum NodeRuntime: LanguageRuntime {
  static let name = "node"
  static let sourceSuffixes = [".js", ".mjs", ".cjs", ".ts", ".mts"]
  static let marks: ErrorMarks = [.lineEnd, .object, .capitalE]

  /// Prefixes of the object of an unhandled error.
  private static let heads: [StaticString] = [
    "Invoke Error", "Uncaught Exception", "Unhandled Promise Rejection",
  ]
  static let objectHeads = heads
  /// Prefixes of the runtime up to Node 8 for a module that could not be loaded, before the stack.
  private static let initHeads: [(words: StaticString, type: String?)] = [
    ("Unable to import module '", AWSMessages.ErrorType.importFailed),
    ("Syntax error in module '", AWSMessages.ErrorType.syntaxError),
    ("module initialization error: ", nil),
  ]

  /// The first line of an error that ends Deno's process; a line of code and a caret follow.
  private static let denoHead: StaticString = "error: Uncaught "

  /// The same with colours, which Deno writes even if the output is not a terminal.
  private static let colouredDenoHead: StaticString =
    "\u{1B}[0m\u{1B}[1m\u{1B}[31merror\u{1B}[0m: Uncaught "

  static let lines: [TracebackLine] = [
    TracebackLine(denoHead, .head), TracebackLine(colouredDenoHead, .head),
    TracebackLine("Node.js v", .body),
  ]

  private static func isDenos(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    text.holds(denoHead, at: 0) || text.holds(colouredDenoHead, at: 0)
  }

  static let outOfMemoryPhrases: [StaticString] = ["JavaScript heap out of memory"]
  static let lastWords = [
    LastWords(
      beginning: "FATAL ERROR: ",
      words: ["out of memory", "llocation failed", "invalid array length"])
  ]

  /// Bun indents frames by two blanks more.
  private static let bunFrame: StaticString = "\n      at "

  static func mayReportError(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    guard text.count > 20 else { return false }
    return isDenos(text) || text.firstOffset(of: "\n    at ") != nil
      || text.firstOffset(of: bunFrame) != nil
      || text.contains("\tERROR\t", knownBy: UInt8(ascii: "E")) || object(behindIDIn: text) != nil
  }

  static func parse(_ message: EventMessage) -> RuntimeError? {
    if let object = unhandledObject(in: message) {
      var error = JSONErrors.runtimeError(in: message.bytes, objectAt: object, kind: .unhandled)
      // Bref's runtime for PHP writes the same after a bare request id.
      error?.language =
        LambdaLine.uuid(in: message.bytes, at: 0) == nil ? NodeRuntime.self : PHPRuntime.self
      return error
    }
    if let value = thrownValue(in: message) {
      return RuntimeError(
        kind: .unhandled, language: NodeRuntime.self,
        message: JSONText.string(value, in: message.bytes))
    }
    if isDenos(message.bytes) {
      return denoError(String(decoding: ANSISequence.stripped(message.bytes), as: UTF8.self))
    }
    return logged(message.text)
  }

  /// Parses `error: Uncaught (in promise) TypeError: message`, a line of code, a caret, and frames.
  private static func denoError(_ text: String) -> RuntimeError? {
    let lines = text.textLines
    let caret = lines.firstIndex { $0.contains("^") && $0.allSatisfy { $0 == " " || $0 == "^" } }
    let first = lines[(caret ?? 0)...].firstIndex { $0.hasPrefix("    at ") } ?? lines.endIndex
    // The line of code and the errors of an `AggregateError` are indented.
    let head = lines[..<first].prefix { !$0.hasPrefix("    ") }.joined(separator: "\n")
    var told = head.dropFirst(denoHead.utf8CodeUnitCount)
    if told.hasPrefix("(in promise) ") { told = told.dropFirst(13) }
    var error = RuntimeError(kind: .unhandled, language: NodeRuntime.self, message: String(told))
    if let colon = told.range(of: ": "), told[..<colon.lowerBound].isIdentifier {
      error.type = String(told[..<colon.lowerBound])
      error.message = String(told[colon.upperBound...])
    }
    error.frames = frames(in: lines[first...])
    if lines.count > 1 { error.traceback = text }
    return error
  }

  /// Returns the message above a stack, without the line of code that caused the error and the
  /// caret below it.
  ///
  /// `hasCode`: there is such a line of code, which the process prints before an error that ends
  /// it.
  private static func words(
    in lines: ArraySlice<Substring>
  ) -> (text: Substring, hasCode: Bool) {
    let caret = lines.lastIndex { line in
      line.contains("^") && line.allSatisfy { $0 == " " || $0 == "^" || $0 == "~" }
    }
    guard let caret else { return (lines.joined(separator: "\n")[...], false) }
    let behind = lines[(caret + 1)...].drop { $0.isEmpty }
    let told = behind.isEmpty ? lines[..<max(caret - 1, lines.startIndex)] : behind
    return (told.joined(separator: "\n")[...], true)
  }

  /// Returns the value of `…\tERROR\tInvoke Error \t"…"`, where the thrown value was not an error.
  private static func thrownValue(in message: EventMessage) -> JSONScanner.Value? {
    let bytes = message.bytes
    guard message.jsonOffset == nil, let level = bytes.firstOffset(of: "\tERROR\t") else {
      return nil
    }
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

  /// Returns the offset of the object of `…\tERROR\tInvoke Error \t{…}`, or of an error that was
  /// passed to the callback up to Node 8, without level and prefix.
  private static func unhandledObject(in message: EventMessage) -> Int? {
    if let object = object(behindIDIn: message.bytes) { return object }
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

  /// Returns the offset of the object in `time TAB id TAB {"errorMessage"…`.
  private static func object(behindIDIn bytes: UnsafeBufferPointer<UInt8>) -> Int? {
    // The time has 24 bytes, the id 36.
    guard bytes.count > 64, bytes[24] == 0x09, bytes.holds("\t{\"error", at: 61),
      LambdaLine.uuid(in: bytes, at: 25) != nil
    else { return nil }
    return 62
  }

  /// Parses `… Type: message` and lines of `    at function (file:line:column)`.
  private static func logged(_ text: String) -> RuntimeError? {
    let lines = text.textLines
    guard
      let first = lines.firstIndex(where: { $0.hasPrefix("    at ") || $0.hasPrefix("      at ") })
    else { return nil }
    let frames = frames(in: lines[first...])
    guard frames.contains(where: { $0.line != nil }) else { return nil }
    let whole = lines[..<first].joined(separator: "\n")[...]
    let isOfInit = initHeads.contains { whole.offset(of: $0.words) != nil }
    let (words, hasCode) = isOfInit ? (whole, false) : words(in: lines[..<first])
    let (head, hasLevel) = content(of: words)
    var error = RuntimeError(kind: .logged, language: NodeRuntime.self)
    let known = initHeads.first { head.offset(of: $0.words) == 0 }
    let told = known.map { Substring(head.utf8.dropFirst($0.words.utf8CodeUnitCount)) } ?? head
    if let (type, message) = exception(in: told) {
      // `console.trace` writes a stack, but nothing was thrown.
      guard type != "Trace" else { return nil }
      (error.type, error.message) = (type, message)
    } else {
      error.message = String(head)
    }
    if let known {
      error.kind = .unhandled
      error.type = known.type ?? error.type
      if known.type != nil { error.message = String(head) }
    }
    error.frames = frames
    error.traceback = text
    // If each line is a separate event, Bun's errors are recognized by their frames, which are
    // indented more.
    error.mayBeUnhandled =
      !hasLevel || hasCode || lines[first].hasPrefix("      at ")
      || lines[first...].contains { $0.hasPrefix("Node.js v") }
    return error
  }

  /// Returns the text after `time TAB id TAB` and the level, which Node has written since 10;
  /// `hasLevel` is false only if the line begins like that without a level.
  private static func content(of head: Substring) -> (text: Substring, hasLevel: Bool) {
    let parts = head.split(separator: "\t", maxSplits: 3, omittingEmptySubsequences: false)
    guard parts.count > 2, parts[0].utf8.count == 24, parts[0].last == "Z" else {
      return (head, true)
    }
    let levels = ["TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL"]
    if parts.count > 3, levels.contains(String(parts[2])) { return (parts[3], true) }
    return (head[parts[2].startIndex...], false)
  }

  /// Returns the name of the error in the text above a stack, and the text after its colon.
  ///
  /// Any name is accepted before a stack. Names that look like errors have priority, since the text
  /// before them may contain colons too.
  private static func exception(in head: Substring) -> (type: String, message: String)? {
    let names = namedColons(in: head)
    let isKind: [(Substring) -> Bool] = [
      { $0.isExceptionName }, { $0.isCompoundName }, { $0.isCapitalizedName && !$0.isLabel },
      { $0 == "error" },
    ]
    for isName in isKind {
      guard let found = names.first(where: { isName($0.name) }) else { continue }
      return (String(found.name), String(found.rest.drop { $0 == " " }))
    }
    guard let word = head.split(whereSeparator: { $0.isWhitespace }).last else { return nil }
    return word.isExceptionName || word.isCompoundName ? (String(word), "") : nil
  }

  /// Returns the words before colons and line ends, with the text after them; for `TypeError
  /// [ERR_X]:` the first word.
  private static func namedColons(
    in head: Substring
  ) -> [(name: Substring, rest: Substring)] {
    var found: [(name: Substring, rest: Substring)] = []
    var rest = head
    while let end = rest.firstIndex(where: { $0 == ":" || $0 == "\n" }) {
      let words = rest[..<end].split(whereSeparator: { $0.isWhitespace }).suffix(2)
      if var name = words.last {
        if name.first == "[", name.last == "]", words.count == 2 { name = words[words.startIndex] }
        found.append((name, head[head.index(after: end)...]))
      }
      rest = rest[rest.index(after: end)...]
    }
    return found
  }

  /// Parses the frame `at async Store.load (file:///var/task/a.mjs:3:9)` or `at
  /// /var/task/a.js:3:9`.
  static func frame(_ line: Substring) -> RuntimeError.Frame? {
    guard line.hasPrefix("at ") else { return nil }
    var text = line.dropFirst(3)
    if text.hasPrefix("async ") { text = text.dropFirst(6) }
    var frame = RuntimeError.Frame()
    if let open = text.lastIndex(of: "("), let close = text.lastIndex(of: ")"), open < close {
      // In other languages the parenthesis follows the function immediately.
      guard text[..<open].last == " " else { return nil }
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

  /// Up to Node 8 the runtime omits `at`.
  static func frames(in stack: [String]) -> [RuntimeError.Frame] {
    stack.compactMap { line in
      let text = line.drop { $0 == " " }
      if let frame = frame(text) { return frame }
      let old = frame("at \(text)")
      return old?.function != nil && old?.line != nil ? old : nil
    }
  }

  /// Parses the frames of a stack without those of its cause, the innermost first as Node prints
  /// them.
  private static func frames(in lines: ArraySlice<Substring>) -> [RuntimeError.Frame] {
    lines.lazy.map { $0.drop { $0 == " " } }.prefix { $0.hasPrefix("at ") }
      .compactMap { frame($0) }
  }

  static func isRuntimes(_ frame: RuntimeError.Frame) -> Bool {
    // Up to Node 14 internal files have no folder, or are under `internal`.
    guard let file = frame.file else { return true }
    return file.hasPrefix("node:") || file.hasPrefix("internal/") || file.offset(of: "/") == nil
  }

  static func isDependency(_ frame: RuntimeError.Frame) -> Bool {
    frame.file?.offset(of: "node_modules/") != nil
  }
}

extension Substring {
  /// A word that people write before an error.
  fileprivate var isLabel: Bool {
    ["Failed", "Failure", "Caught", "Message", "Reason", "Warning", "Details", "Stack", "Uncaught"]
      .contains(self)
  }
}
