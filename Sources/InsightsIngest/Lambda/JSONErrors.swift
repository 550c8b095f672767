internal import InsightsStore
internal import InsightsText

/// Errors in JSON: the runtimes' own objects, structured loggers, and `{"error": {"code": …}}`.
enum JSONErrors: RuntimeErrorParser {
  private static let keys: [StaticString] = [
    "\"errorType\"", "\"error\"", "\"exception_name\"", "\"err\"",
    // The same inside the runtime's own object, as the text of a message.
    "\\\"errorType\\\"", "\\\"exception_name\\\"",
    // Tracebacks that are the text of a member.
    "Traceback (most recent call last)", "\\n\\tat ", "\\n    at ", "\\n   at ",
  ]

  /// Levels of lines that may quote an error but are none; the numbers are those of pino.
  private static let quietLevels: Set<String> = [
    "INFO", "DEBUG", "TRACE", "INFORMATION", "VERBOSE", "10", "20", "30",
  ]

  static let marks: ErrorMarks = .object

  static func isCandidate(_ message: EventMessage) -> Bool {
    guard let object = message.jsonOffset, mayPrecedeError(message.bytes, object) else {
      return false
    }
    return keys.contains { message.bytes.firstOffset(of: $0, from: object) != nil }
  }

  /// Whether what stands before an object lets it be an error of its own.
  ///
  /// Nothing may, a time (as Go prints it) or a line of level ERROR. Elsewhere the object is
  /// quoted, as by API Gateway.
  private static func mayPrecedeError(
    _ bytes: UnsafeBufferPointer<UInt8>, _ object: Int
  ) -> Bool {
    let head = UnsafeBufferPointer(rebasing: bytes[..<object])
    if head.allSatisfy({ $0 <= 0x20 }) { return true }
    if let time = Timestamp.parseISO8601(head), time.end + 1 == object { return true }
    return head.firstOffset(of: "ERROR") != nil
  }

  static func parse(_ message: EventMessage) -> RuntimeError? {
    guard let object = message.jsonOffset else { return nil }
    let bytes = message.bytes
    if JSONScanner.member("type", in: bytes, objectAt: object).map({
      bytes.holds("platform.", at: $0.range.lowerBound)
    }) == true {
      return nil
    }
    let level = JSONText.member("level", in: bytes, objectAt: object)
    // An INFO line that quotes an error is not one.
    if let level, quietLevels.contains(level.uppercased()) { return nil }
    // A metric that is called so is none either.
    if JSONScanner.member("_aws", in: bytes, objectAt: object) != nil { return nil }
    let id =
      JSONText.member("requestId", in: bytes, objectAt: object)
      ?? JSONText.member("AWSRequestId", in: bytes, objectAt: object)
      ?? JSONText.member("function_request_id", in: bytes, objectAt: object)
    var error = self.error(in: bytes, objectAt: object, kind: kind(of: message, level: level))
    if error == nil {
      error =
        nested("message", in: bytes, objectAt: object) ?? quoted(bytes, objectAt: object)
        ?? coded(bytes, objectAt: object) ?? traced(bytes, objectAt: object)
    }
    error?.requestID = id
    return error
  }

  /// Python says `log_level` of what nobody caught; other runtimes print the bare object.
  private static func kind(of message: EventMessage, level: String?) -> ErrorTable.Row.Kind {
    guard let object = message.jsonOffset else { return .logged }
    if JSONScanner.member("log_level", in: message.bytes, objectAt: object) != nil {
      return .unhandled
    }
    if let text = JSONText.member("message", in: message.bytes, objectAt: object),
      ["Invoke Error", "Uncaught Exception", "Unhandled Promise Rejection"].contains(where: {
        text.hasPrefix($0)
      })
    {
      return .unhandled
    }
    let hasTime = JSONScanner.member("timestamp", in: message.bytes, objectAt: object) != nil
    return level == nil && !hasTime ? .unhandled : .logged
  }

  /// An object with `errorType`, `errorMessage` and a stack, or Powertools' `exception_name`.
  static func error(
    in bytes: UnsafeBufferPointer<UInt8>, objectAt start: Int, kind: ErrorTable.Row.Kind
  ) -> RuntimeError? {
    if let name = JSONText.member("exception_name", in: bytes, objectAt: start) {
      let exception = JSONText.member("exception", in: bytes, objectAt: start) ?? ""
      var error = RuntimeError(kind: .logged, runtime: "python", type: name)
      error.message = PythonErrors.logged(exception)?.message
      error.frames = PythonErrors.frames(in: exception[...])
      error.traceback = exception
      return error
    }
    guard let type = JSONScanner.member("errorType", in: bytes, objectAt: start),
      type.kind == .string, !type.range.isEmpty
    else { return nil }
    var error = RuntimeError(
      kind: kind, runtime: "", type: JSONText.string(type, in: bytes),
      message: JSONText.member("errorMessage", in: bytes, objectAt: start))
    var stack = JSONText.strings("stackTrace", in: bytes, objectAt: start)
    if stack.isEmpty { stack = JSONText.strings("stack", in: bytes, objectAt: start) }
    // A rejected promise has the runtime's own stack, and that of what it was rejected with.
    if let reason = JSONScanner.member("reason", in: bytes, objectAt: start),
      reason.kind == .object
    {
      let inner = JSONText.strings("stack", in: bytes, objectAt: reason.range.lowerBound)
      if !inner.isEmpty { stack = inner }
    }
    let text = stack.joined(separator: "\n")
    error.frames = PythonErrors.frames(in: text[...])
    error.runtime = error.frames.isEmpty ? "" : "python"
    if error.frames.isEmpty, let type = error.type, type.contains("."),
      !type.hasPrefix("Runtime.")
    {
      error.frames = DotNetErrors.frames(in: stack)
      error.ownTopFrame = DotNetErrors.topFrame(of: error.frames)
      error.runtime = error.frames.isEmpty ? "" : "dotnet"
    }
    if error.frames.isEmpty {
      error.frames = NodeErrors.frames(in: text.split(separator: "\n"))
      error.runtime = error.frames.isEmpty ? "" : "node"
    }
    if error.frames.isEmpty {
      error.frames = RubyErrors.frames(in: stack)
      error.runtime = error.frames.isEmpty ? "" : "ruby"
    }
    if error.frames.isEmpty {
      error.frames = PHPErrors.frames(in: stack)
      error.runtime = error.frames.isEmpty ? "" : "php"
    }
    if error.frames.isEmpty {
      error.frames = GoErrors.frames(in: bytes, objectAt: start)
      error.runtime = error.frames.isEmpty ? "" : "go"
    }
    if !text.isEmpty { error.traceback = text }
    return error
  }

  /// An error that is the value of a member.
  private static func nested(
    _ key: StaticString, in bytes: UnsafeBufferPointer<UInt8>, objectAt start: Int
  ) -> RuntimeError? {
    guard let value = JSONScanner.member(key, in: bytes, objectAt: start), value.kind == .object
    else { return nil }
    return error(in: bytes, objectAt: value.range.lowerBound, kind: .logged)
  }

  /// An error in the JSON text of a message, as Powertools writes it inside the runtime's object.
  private static func quoted(
    _ bytes: UnsafeBufferPointer<UInt8>, objectAt start: Int
  ) -> RuntimeError? {
    guard let text = JSONText.member("message", in: bytes, objectAt: start), text.hasPrefix("{")
    else { return nil }
    return Array(text.utf8).withUnsafeBufferPointer { inner in
      guard JSONScanner.value(in: inner, at: 0) != nil else { return nil }
      if let level = JSONText.member("level", in: inner, objectAt: 0),
        quietLevels.contains(level.uppercased())
      {
        return nil
      }
      return error(in: inner, objectAt: 0, kind: .logged) ?? coded(inner, objectAt: 0)
    }
  }

  /// The traceback that is the text of a member, as loggers write an exception.
  private static func traced(
    _ bytes: UnsafeBufferPointer<UInt8>, objectAt start: Int
  ) -> RuntimeError? {
    let keys: [StaticString] = [
      "exception", "exc_info", "stack_trace", "stackTrace", "stack", "traceback", "message", "msg",
    ]
    for key in keys {
      guard let text = JSONText.member(key, in: bytes, objectAt: start) else { continue }
      let found = Array(text.utf8).withUnsafeBufferPointer { inner -> RuntimeError? in
        let event = EventMessage(bytes: inner, jsonOffset: nil)
        let parsers: [any RuntimeErrorParser.Type] = [
          PythonErrors.self, NodeErrors.self, JavaErrors.self, DotNetErrors.self,
        ]
        for parser in parsers where parser.isCandidate(event) {
          if let error = parser.parse(event) { return error }
        }
        return nil
      }
      if let found { return found }
    }
    return nil
  }

  /// The error in `{"error": {"code": …, "message": …}}`.
  private static func coded(
    _ bytes: UnsafeBufferPointer<UInt8>, objectAt start: Int
  ) -> RuntimeError? {
    guard
      let value = JSONScanner.member("error", in: bytes, objectAt: start)
        ?? JSONScanner.member("err", in: bytes, objectAt: start),
      value.kind == .object
    else { return nil }
    let object = value.range.lowerBound
    let keys: [StaticString] = ["code", "name", "type", "kind"]
    guard
      let type = keys.lazy.compactMap({ JSONText.member($0, in: bytes, objectAt: object) }).first
    else { return nil }
    var error = RuntimeError(
      kind: .logged, runtime: "", type: type,
      message: JSONText.member("message", in: bytes, objectAt: object))
    if let stack = JSONText.member("stack", in: bytes, objectAt: object) {
      error.frames = NodeErrors.frames(in: stack.split(separator: "\n"))
      error.traceback = stack
      error.runtime = "node"
    }
    return error
  }
}
