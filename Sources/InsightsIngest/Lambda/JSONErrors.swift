internal import InsightsStore
internal import InsightsText

/// Finds errors in JSON: the runtimes' own objects, structured loggers, and `{"error": {"code":
/// …}}`.
enum JSONErrors {
  // MARK: Candidates

  /// Whether a text with an object may contain an error in it.
  static func isCandidate(_ message: EventMessage) -> Bool {
    guard let object = message.jsonOffset, mayPrecedeError(message.bytes, object) else {
      return false
    }
    return mayName(message.bytes, from: object) || mayQuote(message.bytes)
  }

  /// Whether an object seems to have an exception key, by its bytes.
  static func mayName(_ bytes: UnsafeBufferPointer<UInt8>, from object: Int) -> Bool {
    ExceptionKeys.inText.contains { bytes.firstOffset(of: $0, from: object) != nil }
  }

  /// Whether the strings of an object may contain a stack, or a nested object with an error.
  static func mayQuote(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    var index = 0
    while let slash = bytes.firstOffset(of: UInt8(ascii: "\\"), from: index),
      slash + 2 < bytes.count
    {
      switch bytes[slash + 1] {
      case UInt8(ascii: "n"): if beginsFrame(bytes, at: slash + 2) { return true }
      case UInt8(ascii: "\""):
        if ExceptionKeys.quoted.contains(where: { bytes.holds($0, at: slash + 2) }) { return true }
      case UInt8(ascii: "\\"):
        if bytes[slash + 2] == UInt8(ascii: "n"), beginsFrame(bytes, at: slash + 3) { return true }
      default: break
      }
      index = slash + 2
    }
    return false
  }

  /// Whether a stack line begins after an escaped line end.
  private static func beginsFrame(_ bytes: UnsafeBufferPointer<UInt8>, at start: Int) -> Bool {
    var index = start
    while index + 1 < bytes.count {
      if bytes[index] == 0x20 {
        index += 1
      } else if bytes[index] == UInt8(ascii: "\\"), bytes[index + 1] == UInt8(ascii: "t") {
        index += 2
      } else {
        break
      }
    }
    return ExceptionKeys.frameBeginnings.contains { bytes.holds($0, at: index) }
  }

  /// Whether the text before an object allows the object to be an error itself.
  ///
  /// Allowed are no text, a time (as Go prints it), an error level, or a runtime's prefix.
  /// Otherwise the object is quoted, as by API Gateway.
  private static func mayPrecedeError(
    _ bytes: UnsafeBufferPointer<UInt8>, _ object: Int
  ) -> Bool {
    let head = UnsafeBufferPointer(rebasing: bytes[..<object])
    if head.allSatisfy({ $0 <= 0x20 }) { return true }
    if let time = Timestamp.parseISO8601(head), time.end + 1 == object { return true }
    return ExceptionKeys.loudWords.contains { head.firstOffset(of: $0) != nil }
      || isRuntimeHead(head)
  }

  /// Whether a text is the prefix that a runtime writes before the object of an unhandled error.
  private static func isRuntimeHead(_ head: UnsafeBufferPointer<UInt8>) -> Bool {
    Runtimes.all.contains { $0.objectHeads.contains { head.firstOffset(of: $0) != nil } }
  }

  // MARK: Parsing

  static func parse(_ message: EventMessage) -> RuntimeError? {
    guard let object = message.jsonOffset, mayPrecedeError(message.bytes, object) else {
      return nil
    }
    return parse(message.bytes, objectAt: object)
  }

  private static func parse(
    _ bytes: UnsafeBufferPointer<UInt8>, objectAt object: Int, isQuoted: Bool = false
  ) -> RuntimeError? {
    let record = LoggedObject(bytes, objectAt: object)
    // A metric may have such a name without being an error.
    guard !record.isPlatformEvent, !record.isMetric else { return nil }
    let quoted = isQuoted ? nil : quoted(record)
    // An INFO line that quotes an error is not one, but a text that is an object may have its own
    // level.
    if record.isQuiet { return quoted }
    let head = UnsafeBufferPointer(rebasing: bytes[..<object])
    var error = runtimeError(
      in: bytes, objectAt: object,
      kind: !isQuoted && (record.isRuntimes || isRuntimeHead(head)) ? .unhandled : .logged)
    error = error ?? nested(record) ?? quoted ?? LoggedException(record).error
    if let id = record.requestID { error?.requestID = id }
    return error
  }

  /// An error object in place of the message.
  private static func nested(_ record: LoggedObject) -> RuntimeError? {
    guard let value = record.member("message") ?? record.member("msg"), value.kind == .object else {
      return nil
    }
    return runtimeError(in: record.bytes, objectAt: value.range.lowerBound, kind: .logged)
  }

  /// An error in the JSON text of a message, as Powertools writes it inside the runtime's object.
  private static func quoted(_ record: LoggedObject) -> RuntimeError? {
    guard let text = record.text("message") ?? record.text("msg"), text.hasPrefix("{") else {
      return nil
    }
    return Array(text.utf8).withUnsafeBufferPointer { inner in
      guard JSONScanner.value(in: inner, at: 0) != nil else { return nil }
      let level = LoggedObject(inner, objectAt: 0).level
      if record.isQuiet, level == nil { return nil }
      return parse(inner, objectAt: 0, isQuoted: true)
    }
  }

  /// An object with `errorType`, `errorMessage` and a stack, as the runtimes write it.
  static func runtimeError(
    in bytes: UnsafeBufferPointer<UInt8>, objectAt start: Int, kind: ErrorTable.Row.Kind
  ) -> RuntimeError? {
    guard let type = JSONScanner.member("errorType", in: bytes, objectAt: start),
      type.kind == .string, !type.range.isEmpty
    else { return nil }
    var error = RuntimeError(
      kind: kind, type: JSONText.string(type, in: bytes),
      message: JSONText.member("errorMessage", in: bytes, objectAt: start))
    var stack = JSONStack("stackTrace", in: bytes, objectAt: start)
    if stack.frames.isEmpty { stack = JSONStack("stack", in: bytes, objectAt: start) }
    // A rejected promise has the runtime's own stack, and that of its reason.
    if let reason = JSONScanner.member("reason", in: bytes, objectAt: start),
      reason.kind == .object
    {
      let inner = JSONStack("stack", in: bytes, objectAt: reason.range.lowerBound)
      if !inner.frames.isEmpty { stack = inner }
    }
    error.frames = stack.frames
    error.language = stack.language
    error.traceback = stack.text
    return error
  }
}
