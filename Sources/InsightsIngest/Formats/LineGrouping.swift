internal import InsightsText

/// Decides which lines of text go on with the event before them.
struct LineGrouping {
  /// What the event so far lets one expect of its next line.
  private enum State {
    case plain
    /// A fault line, whose error type stands alone on the second line.
    case fault
    /// Frames of a traceback, after which the exception's own line follows.
    case traceback
    /// After the exception's line; another traceback may be chained to it.
    case exception
  }

  private var state = State.plain
  /// Whether JSON that is laid out below the last line belongs to it: below Lambda's own lines and
  /// other JSON it is an event of its own.
  private var takesJSON = false
  /// Whether the event begins as the Python runtime's own errors do.
  private var isRuntimeError = false
  /// Lines of an error's message, and the one on which its traceback begins, that are still to come.
  private var expectedLineCount = 0

  /// Lines of a message, and their bytes, that are looked through for the traceback behind it.
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

  /// Notes the first line of an event; `following` are the lines behind it, of which more may come.
  mutating func begin(
    _ line: UnsafeBufferPointer<UInt8>, following: UnsafeBufferPointer<UInt8>, mayGoOn: Bool
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
        expectedLineCount = Self.messageLineCount(following, mayGoOn: mayGoOn)
      }
    } else if line.holds(Self.traceback, at: 0) {
      state = .traceback
    }
  }

  /// Notes a line that goes on with the event.
  mutating func goOn(_ line: UnsafeBufferPointer<UInt8>) {
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

  /// How many lines an error's message goes on for, up to that with the traceback; 0 where none comes
  /// before another event.
  ///
  /// Where the text ends before that is known, all of it goes on, and is read again with what follows.
  private static func messageLineCount(
    _ text: UnsafeBufferPointer<UInt8>, mayGoOn: Bool
  ) -> Int {
    var count = 0
    var index = 0
    while index < text.count {
      guard count < messageLineLimit, index < messageByteLimit else { return 0 }
      let end = text.firstOffset(of: 0x0A, from: index) ?? text.count
      let line = UnsafeBufferPointer(rebasing: text[index..<end])
      // Blank lines are no lines of an event until another follows.
      if line.contains(where: { $0 > 0x20 }) { count += 1 }
      if line.firstOffset(of: traceback) != nil { return count }
      if line.firstOffset(of: "RequestId: ") != nil || line.firstOffset(of: "[ERROR] ") != nil
        || OwnLine.begins(line)
      {
        return 0
      }
      index = end + 1
    }
    return mayGoOn ? count : 0
  }
}
