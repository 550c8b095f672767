internal import InsightsText

/// A text line that Lambda itself writes, recognised by its first bytes.
///
/// Lines with a request require `RequestId:` and a UUID, so an application's "REPORT for April"
/// does not match. Ranges are offsets into the message.
struct LambdaLine {
  enum Kind {
    case initStart, start, end, report, initReport, restoreStart, restoreReport, fault, timeout
    /// A container image that could not be started.
    case image
  }

  var kind: Kind
  var requestID: Range<Int>?
  /// The start of the text after the keyword and the request id.
  var textStart: Int

  init?(_ message: UnsafeBufferPointer<UInt8>) {
    guard let first = message.first else { return nil }
    switch first {
    case UInt8(ascii: "S"): self.init(message, "START RequestId:", .start)
    case UInt8(ascii: "E"): self.init(message, "END RequestId:", .end)
    case UInt8(ascii: "R"):
      if message.holds("REPORT RequestId:", at: 0) {
        self.init(message, "REPORT RequestId:", .report)
        // Datadog's extension prints its own report.
        guard
          message.firstOffset(of: UInt8(ascii: "P"), from: textStart) == nil
            || message.firstOffset(of: " Post Runtime Duration: ", from: textStart) == nil
        else { return nil }
      } else if message.holds("RequestId:", at: 0) {
        self.init(message, "RequestId:", .fault)
        guard isFault(message) else { return nil }
      } else if message.holds("RESTORE_REPORT ", at: 0) {
        self.init(kind: .restoreReport, requestID: nil, textStart: 15)
      } else if message.holds("RESTORE_START ", at: 0) {
        self.init(kind: .restoreStart, requestID: nil, textStart: 14)
      } else {
        return nil
      }
    case UInt8(ascii: "I"):
      if message.holds("INIT_START ", at: 0) {
        self.init(kind: .initStart, requestID: nil, textStart: 11)
      } else if message.holds("INIT_REPORT ", at: 0) {
        self.init(kind: .initReport, requestID: nil, textStart: 12)
      } else if message.holds("IMAGE\t", at: 0) {
        self.init(kind: .image, requestID: nil, textStart: 6)
      } else {
        return nil
      }
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"):
      self.init(timeout: message)
    case UInt8(ascii: "T"), UInt8(ascii: "F"), UInt8(ascii: "U"), UInt8(ascii: "P"):
      self.init(bare: message)
    default: return nil
    }
  }

  private init(kind: Kind, requestID: Range<Int>?, textStart: Int) {
    self.kind = kind
    self.requestID = requestID
    self.textStart = textStart
  }

  /// Matches `prefix`, white space and a UUID.
  private init?(_ message: UnsafeBufferPointer<UInt8>, _ prefix: StaticString, _ kind: Kind) {
    guard message.holds(prefix, at: 0) else { return nil }
    var index = prefix.utf8CodeUnitCount
    while index < message.count, message[index] == 0x20 || message[index] == 0x09 { index += 1 }
    guard let id = LambdaLine.uuid(in: message, at: index) else { return nil }
    self.init(kind: kind, requestID: id, textStart: id.upperBound)
  }

  /// Matches `<ISO time> <id> Task timed out after <n> seconds`; a tool may have removed the time.
  private init?(timeout message: UnsafeBufferPointer<UInt8>) {
    if message.count > 60, message[36] == 0x20, message[37] == UInt8(ascii: "T") {
      guard message.holds(AWSMessages.Platform.timedOut, at: 37),
        let id = LambdaLine.uuid(in: message, at: 0)
      else { return nil }
      self.init(kind: .timeout, requestID: id, textStart: 37)
      return
    }
    // Node's lines, which are frequent, have a tab here.
    if message.count > 24, message[24] == 0x09, message[23] == UInt8(ascii: "Z") { return nil }
    guard let time = Timestamp.parseISO8601(message), time.end < message.count,
      message[time.end] == 0x20, let id = LambdaLine.uuid(in: message, at: time.end + 1),
      message.holds(" ", at: id.upperBound),
      message.holds(AWSMessages.Platform.timedOut, at: id.upperBound + 1)
    else { return nil }
    self.init(kind: .timeout, requestID: id, textStart: id.upperBound + 1)
  }

  /// Returns the function version of a START.
  func version(in message: UnsafeBufferPointer<UInt8>) -> String? {
    versionRange(in: message).map { String(decoding: message[$0], as: UTF8.self) }
  }

  /// Returns the range of the function version in a START line.
  func versionRange(in message: UnsafeBufferPointer<UInt8>) -> Range<Int>? {
    let isNext = message.holds(" Version: ", at: textStart)
    guard
      let word = isNext ? textStart + 1 : message.firstOffset(of: "Version: ", from: textStart)
    else { return nil }
    let start = word + 9
    let end = message[start...].firstIndex { $0 <= 0x20 } ?? message.count
    return start..<end
  }

  /// Matches a line without a request id: of Lambda's first years, of repeated inits, and of `sam
  /// local`.
  private init?(bare message: UnsafeBufferPointer<UInt8>) {
    var end = message.count
    while end > 0, message[end - 1] <= 0x20 { end -= 1 }
    // The whole message must match, as applications log timeouts too.
    guard end < 256 else { return nil }
    let seconds: StaticString = " seconds"
    if message.holds(seconds, at: end - seconds.utf8CodeUnitCount) {
      if message.holds(AWSMessages.Platform.timedOut, at: 0) {
        self.init(kind: .timeout, requestID: nil, textStart: 0)
        return
      }
      if message.holds("Function '", at: 0),
        let words = message.firstOffset(of: "' timed out after ", from: 10)
      {
        self.init(kind: .timeout, requestID: nil, textStart: words + 2)
        return
      }
    } else if message.holds(AWSMessages.Platform.unknownError, at: 0) {
      self.init(kind: .fault, requestID: nil, textStart: 0)
      return
    } else if message.holds(AWSMessages.Platform.exitedEarly, at: 0),
      end == AWSMessages.Platform.exitedEarly.utf8CodeUnitCount
    {
      self.init(kind: .fault, requestID: nil, textStart: 0)
      return
    }
    return nil
  }

  private func isFault(_ message: UnsafeBufferPointer<UInt8>) -> Bool {
    message.holds(" Error: ", at: textStart)
      || message.holds(AWSMessages.Platform.exitedEarly, at: textStart + 1)
      || message.holds("\tStatus: ", at: textStart)
  }

  /// Returns the range of the UUID (any version) at `start`.
  static func uuid(in bytes: UnsafeBufferPointer<UInt8>, at start: Int) -> Range<Int>? {
    HexadecimalDigits.uuid(in: bytes, at: start, allowsUpperCase: true) == nil
      ? nil : start..<start + 36
  }

  /// Whether the bytes are an error type of Lambda and its runtimes, such as `Runtime.ExitError`.
  static func isErrorType(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let dot = bytes.firstOffset(of: UInt8(ascii: ".")), dot + 1 < bytes.count else {
      return false
    }
    let isKnown =
      bytes.holds("Runtime.", at: 0) || bytes.holds("Function.", at: 0)
      || bytes.holds("Extension.", at: 0) || bytes.holds("Sandbox.", at: 0)
    return isKnown && bytes[(dot + 1)...].allSatisfy { ($0 | 0x20) &- UInt8(ascii: "a") < 26 }
  }
}
