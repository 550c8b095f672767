internal import InsightsStore
internal import InsightsText

/// Errors of Rust: panics, and failed handlers as the runtime interface client logs them.
enum RustRuntime: LanguageRuntime {
  static let name = "rust"
  static let sourceSuffixes = [".rs"]
  static let marks: ErrorMarks = [.apostrophe, .capitalL]
  private static let runtimeWords: StaticString = "Lambda runtime invoke"

  static let lines: [TracebackLine] = [
    TracebackLine("note: run with `RUST_BACKTRACE", .body),
    TracebackLine("stack backtrace:", .body),
  ]
  static let lastWords = [LastWords(beginning: "memory allocation of ", words: [" bytes failed"])]

  static func mayReportError(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    isPanic(text) || text.contains(runtimeWords, knownBy: UInt8(ascii: "L"))
  }

  /// The keys of `tracing`'s spans in JSON.
  static let jsonKeys = ["span", "fields"]

  static func mayReportErrorInJSON(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    bytes.firstOffset(of: runtimeWords) != nil || bytes.firstOffset(of: "\"panicked at ") != nil
      || bytes.firstOffset(of: "\"panic.payload\"") != nil
  }

  static func role(of line: UnsafeBufferPointer<UInt8>) -> TracebackLine.Role? {
    isPanic(line) ? .head : nil
  }

  static let openFirstBytes = [UInt8(ascii: "t")]

  /// The message of a panic follows its first line, and may be any text.
  static func isOpen(_ line: UnsafeBufferPointer<UInt8>) -> Bool {
    isPanic(line) && line.last { $0 > 0x20 } == UInt8(ascii: ":")
  }

  /// Whether a text begins like a panic: `thread 'main' panicked at …`.
  private static func isPanic(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    guard bytes.holds("thread '", at: 0), let words = bytes.firstOffset(of: " panicked at ") else {
      return false
    }
    return words < 256
  }

  static func parse(_ message: EventMessage) -> RuntimeError? {
    let text = String(decoding: ANSISequence.stripped(message.bytes), as: UTF8.self)
    return isPanic(message.bytes) ? panic(text) : handlerError(text)
  }

  /// Parses `thread 'main' panicked at src/main.rs:41:30:` with the message on the next line, or,
  /// until Rust 1.72, `thread 'main' panicked at 'message', src/main.rs:41:30`.
  private static func panic(_ text: String) -> RuntimeError? {
    let lines = text.textLines
    guard let first = lines.first, let words = first.offset(of: " panicked at ") else { return nil }
    var place = first[first.utf8.index(first.startIndex, offsetBy: words + 13)...]
    var error = RuntimeError(kind: .unhandled, language: RustRuntime.self, type: "panic")
    if place.first == "'", let quote = place.lastIndex(of: "'"), quote > place.startIndex {
      error.message = String(place[place.index(after: place.startIndex)..<quote])
      place = place[place.index(after: quote)...].drop { $0 == "," || $0 == " " }
    } else {
      let message = lines.dropFirst().prefix { line in
        !line.hasPrefix("note: ") && !line.hasPrefix("stack backtrace:") && !line.isEmpty
      }
      error.message = message.isEmpty ? nil : message.joined(separator: "\n")
    }
    if let frame = panicFrame(place) { error.frames = [frame] }
    error.traceback = text
    return error
  }

  /// Parses a panic that a hook has passed to `tracing`: the text as a message, or in separate
  /// members.
  private static func panic(
    inJSON bytes: UnsafeBufferPointer<UInt8>, objectAt start: Int
  ) -> RuntimeError? {
    guard let fields = JSONScanner.member("fields", in: bytes, objectAt: start),
      fields.kind == .object
    else { return nil }
    let object = fields.range.lowerBound
    var error: RuntimeError?
    if let payload = JSONText.member("panic.payload", in: bytes, objectAt: object) {
      let place = JSONText.member("panic.location", in: bytes, objectAt: object)
      error = RuntimeError(
        kind: .unhandled, language: RustRuntime.self, type: "panic", message: payload)
      error?.frames = place.flatMap { panicFrame($0[...]) }.map { [$0] } ?? []
    } else if let words = JSONText.member("message", in: bytes, objectAt: object),
      words.hasPrefix("panicked at ")
    {
      error = panic("thread '' " + words)
      error?.traceback = words
    }
    if let span = JSONScanner.member("span", in: bytes, objectAt: start), span.kind == .object {
      error?.requestID = JSONText.member("requestId", in: bytes, objectAt: span.range.lowerBound)
    }
    return error
  }

  /// The frame in `src/main.rs:41:30:`.
  private static func panicFrame(_ text: Substring) -> RuntimeError.Frame? {
    RuntimeError.Frame(place: text, of: sourceSuffixes)
  }

  /// Parses `ERROR Lambda runtime invoke{requestId="…" …}: <the error as Debug shows it>`.
  private static func handlerError(_ text: String) -> RuntimeError? {
    guard let level = text.offset(of: "ERROR "),
      let words = text.offset(of: "Lambda runtime invoke"),
      level < words
    else { return nil }
    let span = text[text.utf8.index(text.startIndex, offsetBy: words)...]
    guard let close = span.offset(of: "}: ") else { return nil }
    let start = span.utf8.index(span.startIndex, offsetBy: close + 3)
    var detail = span[start...]
    while let last = detail.last, last.isWhitespace { detail.removeLast() }
    // The logging module may precede the error; lines of other modules are the application's.
    let module = detail.prefix { $0.isLowercase || $0.isNumber || $0 == "_" || $0 == ":" }
    if module.hasSuffix(":"), detail[module.endIndex...].hasPrefix(" ") {
      guard module.hasPrefix("lambda_runtime") else { return nil }
      detail = detail[module.endIndex...].dropFirst()
    }
    guard !detail.isEmpty else { return nil }
    // A panic that the client caught has been printed by the panic handler.
    guard !detail.hasPrefix("user handler panicked") else { return nil }
    var error = RuntimeError(kind: .unhandled, language: RustRuntime.self)
    (error.type, error.message) = typeAndMessage(detail)
    if let id = span.offset(of: "requestId=") {
      let value = span[span.utf8.index(span.startIndex, offsetBy: id + 10)...].drop { $0 == "\"" }
      let name = value.prefix { $0 != "\"" && $0 != " " && $0 != "}" }
      if name.utf8.count == 36 { error.requestID = String(name) }
    }
    error.traceback = text
    return error
  }

  /// The client's line as JSON: `{"level", "fields", "target", "span": {"requestId", "name"}}`.
  static func parseJSON(
    _ bytes: UnsafeBufferPointer<UInt8>, objectAt start: Int
  ) -> RuntimeError? {
    if let error = panic(inJSON: bytes, objectAt: start) { return error }
    guard JSONText.member("level", in: bytes, objectAt: start) == "ERROR",
      JSONText.member("target", in: bytes, objectAt: start)?.hasPrefix("lambda_runtime") == true,
      let fields = JSONScanner.member("fields", in: bytes, objectAt: start),
      fields.kind == .object,
      let span = JSONScanner.member("span", in: bytes, objectAt: start), span.kind == .object
    else { return nil }
    let object = fields.range.lowerBound
    guard
      let detail = JSONText.member("error", in: bytes, objectAt: object)
        ?? JSONText.member("message", in: bytes, objectAt: object),
      !detail.hasPrefix("user handler panicked"), !detail.hasPrefix("Any {")
    else { return nil }
    var error = RuntimeError(kind: .unhandled, language: RustRuntime.self)
    (error.type, error.message) = typeAndMessage(detail[...])
    error.requestID = JSONText.member("requestId", in: bytes, objectAt: span.range.lowerBound)
    return error
  }

  /// Parses type and message of `Error("m")`, `OrderClosed { id: 3 }`, `"m"`, or plain words.
  private static func typeAndMessage(_ detail: Substring) -> (type: String, message: String) {
    if detail.first == "\"", detail.last == "\"", detail.utf8.count > 1 {
      return ("Error", String(detail.dropFirst().dropLast()))
    }
    let name = detail.prefix { $0.isLetter || $0.isNumber || $0 == "_" || $0 == ":" }
    guard let first = name.first, first.isLetter, name.last != ":" else {
      return ("Error", String(detail))
    }
    let rest = detail[name.endIndex...]
    if rest.isEmpty { return (String(name), "") }
    if rest.hasPrefix("(\""), rest.hasSuffix("\")"), rest.utf8.count >= 4 {
      return (String(name), String(rest.dropFirst(2).dropLast(2)))
    }
    if rest.hasPrefix("(") || rest.hasPrefix(" {") { return (String(name), String(detail)) }
    return ("Error", String(detail))
  }

  static func isRuntimes(_ frame: RuntimeError.Frame) -> Bool {
    frame.file?.hasPrefix("/rustc/") ?? true
  }

  static func isDependency(_ frame: RuntimeError.Frame) -> Bool {
    frame.file?.offset(of: ".cargo/registry/") != nil
  }
}
