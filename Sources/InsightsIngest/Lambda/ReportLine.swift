internal import InsightsText

/// The key-value pairs of REPORT, INIT_REPORT and RESTORE_REPORT lines.
///
/// Keys are found by name: their order and separators changed over the years, and text copied from
/// the console has spaces for tabs and line ends. Ranges are offsets into the message.
struct ReportLine {
  var duration: Double?
  var billedDuration: Int64?
  var memoryMegabytes: Int64?
  var maxMemoryMegabytes: Int64?
  var initDuration: Double?
  var restoreDuration: Double?
  var billedRestoreDuration: Int64?
  var status: Range<Int>?
  var errorType: Range<Int>?
  var phase: Range<Int>?
  var xrayTraceID: Range<Int>?
  var xraySegmentID: Range<Int>?
  /// The runtime emulator prints Init Duration first, and always; on Lambda it follows Duration.
  var isEmulated = false
  /// Whether another line of Lambda follows in the same event.
  var isFollowed = false

  init(_ message: UnsafeBufferPointer<UInt8>, from start: Int) {
    var index = start
    while index < message.count {
      if message[index] <= 0x20 {
        index += 1
      } else if let match = Key.match(message, at: index) {
        var valueStart = index + match.length
        while valueStart < message.count, message[valueStart] == 0x20 { valueStart += 1 }
        var valueEnd = valueStart
        while valueEnd < message.count, message[valueEnd] > 0x20 { valueEnd += 1 }
        set(match.key, to: valueStart..<valueEnd, of: message)
        index = valueEnd
      } else {
        if message[index] == UInt8(ascii: "R"), message.holds("RequestId:", at: index) {
          isFollowed = true
          return
        }
        while index < message.count, message[index] > 0x20 { index += 1 }
      }
    }
  }

  private mutating func set(
    _ key: Key, to range: Range<Int>, of message: UnsafeBufferPointer<UInt8>
  ) {
    guard !range.isEmpty else { return }
    let number = NumericText.number(UnsafeBufferPointer(rebasing: message[range]))
    switch key {
    case .duration: duration = duration ?? number?.real
    case .billedDuration: billedDuration = number?.integer
    case .memorySize: memoryMegabytes = number?.integer
    case .maxMemoryUsed: maxMemoryMegabytes = number?.integer
    case .initDuration:
      initDuration = number?.real
      isEmulated = duration == nil
    case .restoreDuration: restoreDuration = number?.real
    case .billedRestoreDuration: billedRestoreDuration = number?.integer
    case .status: status = range
    case .errorType: errorType = range
    case .phase: phase = range
    case .xrayTraceID: xrayTraceID = range
    case .xraySegmentID: xraySegmentID = range
    }
  }

  private enum Key {
    case duration, billedDuration, memorySize, maxMemoryUsed, initDuration, restoreDuration
    case billedRestoreDuration, status, errorType, phase, xrayTraceID, xraySegmentID

    /// Returns the key at `index`, and its length including the colon.
    static func match(
      _ message: UnsafeBufferPointer<UInt8>, at index: Int
    ) -> (key: Key, length: Int)? {
      switch message[index] {
      case UInt8(ascii: "D"): match("Duration:", .duration, message, index)
      case UInt8(ascii: "B"):
        match("Billed Duration:", .billedDuration, message, index)
          ?? match("Billed Restore Duration:", .billedRestoreDuration, message, index)
      case UInt8(ascii: "M"):
        match("Memory Size:", .memorySize, message, index)
          ?? match("Max Memory Used:", .maxMemoryUsed, message, index)
      case UInt8(ascii: "I"): match("Init Duration:", .initDuration, message, index)
      case UInt8(ascii: "R"): match("Restore Duration:", .restoreDuration, message, index)
      case UInt8(ascii: "S"):
        match("Status:", .status, message, index)
          ?? match("SegmentId:", .xraySegmentID, message, index)
      case UInt8(ascii: "E"):
        match("Error Type:", .errorType, message, index)
          ?? match("ErrorType:", .errorType, message, index)
      case UInt8(ascii: "P"): match("Phase:", .phase, message, index)
      case UInt8(ascii: "X"): match("XRAY TraceId:", .xrayTraceID, message, index)
      default: nil
      }
    }

    private static func match(
      _ name: StaticString, _ key: Key, _ message: UnsafeBufferPointer<UInt8>, _ index: Int
    ) -> (key: Key, length: Int)? {
      message.holds(name, at: index) ? (key, name.utf8CodeUnitCount) : nil
    }
  }
}

extension NumericText.Number {
  var real: Double {
    switch self {
    case .integer(let number): Double(number)
    case .real(let number): number
    }
  }

  /// The value, if it is an integer.
  var integer: Int64? {
    switch self {
    case .integer(let number): number
    case .real(let number): Int64(exactly: number)
    }
  }
}
