internal import InsightsText

/// The lines of a traceback that comes in pieces, until it is whole.
struct PendingTraceback {
  private(set) var text: [UInt8] = []
  private(set) var timestamp: Int64?
  private var lastTimestamp: Int64?
  /// Whether more than one line was taken in.
  private(set) var hasBody = false
  /// The first line of a panic in Rust, behind which its message stands.
  private var awaitsMessage = false

  /// Lines of one traceback are written at once.
  private static let longestGap: Int64 = 1000
  /// A recursion without end would be kept to its last line otherwise.
  private static let lineByteLimit = 1 << 20

  /// Whether a line of a role goes on with the lines so far.
  func goesOn(_ role: TracebackLine.Role?, at time: Int64?) -> Bool {
    guard !text.isEmpty, isNear(time) else { return false }
    switch role {
    case .body: return true
    case .exception: return endsInFrame
    case .head: return isChained
    case nil: return awaitsMessage
    }
  }

  /// Takes in a line, the first or one that goes on.
  mutating func append(_ line: UnsafeBufferPointer<UInt8>, at time: Int64?) {
    var end = line.count
    while end > 0, line[end - 1] == 0x0A || line[end - 1] == 0x0D { end -= 1 }
    let bytes = UnsafeBufferPointer(rebasing: line[..<end])
    if text.isEmpty {
      timestamp = time
      awaitsMessage = RustErrors.isPanic(bytes) && bytes.last == UInt8(ascii: ":")
    } else {
      hasBody = true
      awaitsMessage = false
      if text.count < Self.lineByteLimit { text.append(0x0A) }
    }
    lastTimestamp = time ?? lastTimestamp
    if text.count < Self.lineByteLimit { text.append(contentsOf: bytes) }
  }

  private func isNear(_ time: Int64?) -> Bool {
    guard let time, let lastTimestamp else { return true }
    return time &- lastTimestamp <= Self.longestGap && lastTimestamp &- time <= Self.longestGap
  }

  private var lastLine: ArraySlice<UInt8> {
    let start = text.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
    return text[start...]
  }

  /// Whether an exception's own line may follow, as it does the frames in Python.
  private var endsInFrame: Bool {
    let isPython = text.withUnsafeBufferPointer {
      $0.firstOffset(of: "Traceback (most recent call last):") != nil
    }
    guard isPython, let first = lastLine.first else { return false }
    return first == 0x20 || first == 0xC2 || lastLine.starts(with: "Traceback".utf8)
  }

  /// Whether another traceback is chained to the one so far.
  private var isChained: Bool {
    lastLine.starts(with: "During handling of the above".utf8)
      || lastLine.starts(with: "The above exception was".utf8)
  }
}
