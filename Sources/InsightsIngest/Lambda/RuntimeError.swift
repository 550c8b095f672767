internal import InsightsStore
internal import InsightsText

/// An error that a runtime printed or an application logged, parsed from one event.
struct RuntimeError {
  /// A frame of a traceback; the column appears only in `topFrame`.
  struct Frame: Equatable {
    var file: String?
    var line: Int64?
    var column: Int64?
    var function: String?
    var code: String?
    /// The frame as the language writes it, if it cannot be built from the parts.
    var ownText: String?

    init(
      file: String? = nil, line: Int64? = nil, column: Int64? = nil, function: String? = nil,
      code: String? = nil, ownText: String? = nil
    ) {
      self.file = file
      self.line = line
      self.column = column
      self.function = function
      self.code = code
      self.ownText = ownText
    }

    /// Parses `file:line` or `file:line:column`; `nil` for anything else, and for a file without one of the
    /// suffixes.
    init?(place: Substring, of suffixes: [String]) {
      let parts = place.split(separator: ":")
      guard parts.count >= 2, suffixes.contains(where: { parts[0].hasSuffix($0) }),
        let line = Int64(parts[1])
      else { return nil }
      self.init(
        file: String(parts[0]), line: line, column: parts.count > 2 ? Int64(parts[2]) : nil)
    }

    /// `file:line[:column] function`; `nil` without a file.
    var fileAndFunction: String? {
      guard var text = file else { return nil }
      if let line { text += ":\(line)" }
      if let column { text += ":\(column)" }
      if let function { text += " \(function)" }
      return text
    }
  }

  var kind: ErrorTable.Row.Kind
  /// `nil` if unknown.
  var language: (any LanguageRuntime.Type)?
  var type: String?
  var message: String?
  /// The innermost first.
  var frames: [Frame] = []
  var traceback: String?
  var requestID: String?
  /// Whether the runtime prints unhandled errors in the same form; the end of the invocation
  /// decides.
  var mayBeUnhandled = false
  /// Whether Lambda may repeat, after the report, what the runtime had reported.
  var mayRepeat = false

  /// Whether the error means exhausted memory in the runtime's words.
  var isOutOfMemory: Bool {
    OutOfMemory.isType(type ?? "") || OutOfMemory.appears(in: message ?? "")
  }
}

/// Finds errors in events.
enum RuntimeErrors {
  /// Whether a message may contain an error; `keys` are those in its JSON.
  static func isCandidate(_ message: EventMessage, keys: LeafNames.Keys) -> Bool {
    // An object that is the whole message has errors under such keys, or in the text of a member,
    // which then contains escapes.
    if message.isJSON {
      return keys.contains(.error)
        || (keys.contains(.others) && JSONErrors.mayName(message.bytes, from: 0))
        || (keys.contains(.runtime)
          && Runtimes.all.contains { $0.mayReportErrorInJSON(message.bytes) })
        || JSONErrors.mayQuote(message.bytes)
    }
    let marks = ErrorMarks(message)
    return Runtimes.all.contains {
      !$0.marks.isDisjoint(with: marks) && $0.mayReportError(message.bytes)
    }
      || (message.jsonOffset != nil && JSONErrors.isCandidate(message))
  }

  static func parse(_ message: EventMessage) -> RuntimeError? {
    if let object = message.jsonOffset, message.isJSON {
      for runtime in Runtimes.all {
        if let error = runtime.parseJSON(message.bytes, objectAt: object) { return error }
      }
      return JSONErrors.parse(message)
    }
    return parseText(message) ?? (message.jsonOffset == nil ? nil : JSONErrors.parse(message))
  }

  /// Parses the error in a text, regardless of JSON in it.
  static func parseText(_ message: EventMessage) -> RuntimeError? {
    for runtime in Runtimes.all where runtime.mayReportError(message.bytes) {
      if let error = runtime.parse(message) { return error }
    }
    return nil
  }
}

/// The message of an event, with the offset of its JSON object.
struct EventMessage {
  let bytes: UnsafeBufferPointer<UInt8>
  /// Offset of the object whose keys become fields.
  let jsonOffset: Int?
  /// Whether that object is the whole message.
  let isJSON: Bool

  init(bytes: UnsafeBufferPointer<UInt8>) {
    self.bytes = bytes
    jsonOffset = nil
    isJSON = false
  }

  /// A message with an object from `start` to `end`.
  init(bytes: UnsafeBufferPointer<UInt8>, object start: Int, end: Int) {
    self.bytes = bytes
    jsonOffset = start
    isJSON = start == 0 && bytes[end...].allSatisfy { $0 <= 0x20 }
  }

  /// A message whose object is to be found.
  init(readingObjectIn bytes: UnsafeBufferPointer<UInt8>) {
    guard let start = JSONScanner.firstObject(in: bytes),
      let end = JSONScanner.value(in: bytes, at: start)?.end
    else {
      self.init(bytes: bytes)
      return
    }
    self.init(bytes: bytes, object: start, end: end)
  }

  /// The message as text; invalid UTF-8 becomes U+FFFD.
  var text: String { String(decoding: bytes, as: UTF8.self) }
}
