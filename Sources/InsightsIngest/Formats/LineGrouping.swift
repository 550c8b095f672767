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

  /// Whether a line is the first of an event.
  func startsEvent(_ line: UnsafeBufferPointer<UInt8>) -> Bool {
    guard let first = line.first else { return false }
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
      if line.holds("Traceback (most recent call last):", at: 0) { return false }
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

  /// Notes the first line of an event.
  mutating func begin(_ line: UnsafeBufferPointer<UInt8>) {
    state = .plain
    let kind = LambdaLine(line)?.kind
    if case .fault? = kind { state = .fault }
    takesJSON = kind == nil && line.first != UInt8(ascii: "{")
    isRuntimeError = line.holds("[ERROR] ", at: 0)
    if isRuntimeError, line.firstOffset(of: "Traceback (most recent call last):") != nil {
      state = .exception
    } else if line.holds("Traceback (most recent call last):", at: 0) {
      state = .traceback
    }
  }

  /// Notes a line that goes on with the event.
  mutating func goOn(_ line: UnsafeBufferPointer<UInt8>) {
    if line.first == UInt8(ascii: "}") || line.first == UInt8(ascii: "]") { takesJSON = false }
    if line.firstOffset(of: "Traceback (most recent call last):") != nil {
      // The runtime's own error line precedes its traceback, and nothing comes after.
      state = isRuntimeError ? .exception : .traceback
    } else if state == .traceback, let first = line.first, first > 0x20, first != 0xC2,
      first != UInt8(ascii: "+")
    {
      state = .exception
    }
  }
}
