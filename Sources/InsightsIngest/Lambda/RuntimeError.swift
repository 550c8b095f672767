internal import InsightsStore
internal import InsightsText

/// An error that a runtime printed or an application logged, read out of one event.
struct RuntimeError {
  /// A frame of a traceback; the column is shown in `topFrame` only.
  struct Frame: Equatable {
    var file: String?
    var line: Int64?
    var column: Int64?
    var function: String?
    var code: String?
    /// As the language writes it, where that is not made of the parts.
    var ownText: String?

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
  /// `nil` where nothing tells it.
  var language: (any LanguageRuntime.Type)?
  var type: String?
  var message: String?
  /// The innermost first.
  var frames: [Frame] = []
  var traceback: String?
  var requestID: String?
  /// Whether the runtime prints errors that nobody caught in the same way: the end of the invocation
  /// tells which it was.
  var mayBeUnhandled = false
  /// Whether Lambda may repeat so, behind the report, what the runtime had told of the request.
  var mayRepeat = false

  /// Whether the error is a runtime's word for having no memory left.
  var isOutOfMemory: Bool {
    OutOfMemory.isType(type ?? "") || OutOfMemory.appears(in: message ?? "")
  }
}

/// Finds the errors that events hold.
enum RuntimeErrors {
  /// Whether a message may hold an error; `keys` are those in its JSON.
  static func isCandidate(_ message: EventMessage, keys: LeafNames.Keys) -> Bool {
    // An object that is the whole message holds errors under such keys, or in the text of a member,
    // which then has escapes in it.
    if message.isJSON {
      return keys.contains(.error)
        || (keys.contains(.others) && JSONErrors.mayName(message.bytes, from: 0))
        || (keys.contains(.runtime) && Runtimes.all.contains { $0.mayTellJSON(message.bytes) })
        || JSONErrors.mayQuote(message.bytes)
    }
    let marks = ErrorMarks(message)
    return Runtimes.all.contains { !$0.marks.isDisjoint(with: marks) && $0.mayTell(message.bytes) }
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

  /// The error in a text, whatever JSON is in it.
  static func parseText(_ message: EventMessage) -> RuntimeError? {
    for runtime in Runtimes.all where runtime.mayTell(message.bytes) {
      if let error = runtime.parse(message) { return error }
    }
    return nil
  }
}

/// An event's message, and where its JSON object is.
struct EventMessage {
  let bytes: UnsafeBufferPointer<UInt8>
  /// Offset of the object whose keys are fields.
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

  /// A message whose object is looked for.
  init(readingObjectIn bytes: UnsafeBufferPointer<UInt8>) {
    guard let start = JSONScanner.firstObject(in: bytes),
      let end = JSONScanner.value(in: bytes, at: start)?.end
    else {
      self.init(bytes: bytes)
      return
    }
    self.init(bytes: bytes, object: start, end: end)
  }

  /// The message as text; bytes that are no UTF-8 become U+FFFD.
  var text: String { String(decoding: bytes, as: UTF8.self) }
}
