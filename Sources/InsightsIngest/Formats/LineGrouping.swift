internal import InsightsText

/// Decides which lines of text continue the previous event.
struct LineGrouping {
  /// The state after the event's lines so far, which determines whether the next line continues it.
  private enum State {
    case plain
    /// A fault line, whose error type is alone on the second line.
    case fault
    /// The frames of a traceback, which the exception's own line follows.
    case traceback
    /// The exception's line; another traceback may be chained to it.
    case exception
  }

  private var state = State.plain
  /// Whether formatted JSON below the last line belongs to it: after Lambda's own lines and other
  /// JSON it is a separate event.
  private var takesJSON = false
  /// Whether the event begins like the Python runtime's own errors.
  private var isRuntimeError = false
  /// The number of remaining lines of an error's message, up to the one on which its traceback
  /// begins.
  private var expectedLineCount = 0

  /// The limits on lines of a message, and their bytes, that are searched for its traceback.
  private static let messageLineLimit = 100
  private static let messageByteLimit = 32_768
  private static let traceback: StaticString = "Traceback (most recent call last):"

  /// Whether a line is the first of an event.
  func startsEvent(_ line: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let first = line.first, expectedLineCount == 0 else { return false }
    switch first {
    case UInt8(ascii: " "), 0x09, 0x0D, UInt8(ascii: "}"), UInt8(ascii: "]"), UInt8(ascii: ")"):
      return false
    case 0xC2:
      // The Python runtime indents its tracebacks with U+00A0.
      return line.count < 2 || line[1] != 0xA0
    case UInt8(ascii: "C"):
      return !line.holds("Caused by: ", at: 0)
    case UInt8(ascii: "X"):
      return !line.holds("XRAY TraceId: ", at: 0)
    case UInt8(ascii: "T"):
      if line.holds(Self.traceback, at: 0) { return false }
      if line.holds("The above exception was the direct cause of", at: 0) { return false }
    case UInt8(ascii: "D"):
      if line.holds("During handling of the above exception", at: 0) { return false }
    case UInt8(ascii: "{"), UInt8(ascii: "["):
      let isAlone = line.dropFirst().allSatisfy { $0 <= 0x20 }
      if isAlone, takesJSON { return false }
    default: break
    }
    switch state {
    case .plain, .exception: return true
    case .fault: return !LambdaLine.isErrorType(line)
    case .traceback:
      return LambdaLine(line) != nil || first == UInt8(ascii: "[")
        || Timestamp.parseAny(line) != nil
    }
  }

  /// Begins an event with its first line; `following` is the text after it, as far as it has been
  /// read.
  mutating func begin(
    _ line: UnsafeBufferPointer<UInt8>, following: UnsafeBufferPointer<UInt8>, mayContinue: Bool
  ) {
    state = .plain
    let kind = LambdaLine(line)?.kind
    if case .fault? = kind { state = .fault }
    takesJSON = kind == nil && line.first != UInt8(ascii: "{")
    isRuntimeError = line.holds("[ERROR] ", at: 0)
    expectedLineCount = 0
    if isRuntimeError {
      if line.firstOffset(of: Self.traceback) != nil {
        state = .exception
      } else {
        expectedLineCount = Self.messageLineCount(following, mayContinue: mayContinue)
      }
    } else if line.holds(Self.traceback, at: 0) {
      state = .traceback
    }
  }

  /// Continues the event with a line.
  mutating func append(_ line: UnsafeBufferPointer<UInt8>) {
    expectedLineCount = max(0, expectedLineCount - 1)
    if line.first == UInt8(ascii: "}") || line.first == UInt8(ascii: "]") { takesJSON = false }
    if line.firstOffset(of: Self.traceback) != nil {
      // The runtime's own error line precedes its traceback, and nothing comes after.
      state = isRuntimeError ? .exception : .traceback
    } else if state == .traceback, let first = line.first, first > 0x20, first != 0xC2,
      first != UInt8(ascii: "+")
    {
      state = .exception
    }
  }

  /// Returns the number of following lines that belong to an error's message, up to the line with
  /// the traceback.
  ///
  /// It is 0 if another event begins before a traceback. If the text ends before that is decided,
  /// all of it belongs to the message, and is read again with the following text.
  private static func messageLineCount(
    _ text: UnsafeBufferPointer<UInt8>, mayContinue: Bool
  ) -> Int {
    var count = 0
    var index = 0
    while index < text.count {
      guard count < messageLineLimit, index < messageByteLimit else { return 0 }
      let end = text.firstOffset(of: 0x0A, from: index) ?? text.count
      let line = UnsafeBufferPointer(rebasing: text[index..<end])
      // Blank lines belong to the event only if another line follows.
      if line.contains(where: { $0 > 0x20 }) { count += 1 }
      if line.firstOffset(of: traceback) != nil { return count }
      if line.firstOffset(of: "RequestId: ") != nil || line.firstOffset(of: "[ERROR] ") != nil
        || OwnLine.begins(line)
      {
        return 0
      }
      index = end + 1
    }
    return mayContinue ? count : 0
  }
}
