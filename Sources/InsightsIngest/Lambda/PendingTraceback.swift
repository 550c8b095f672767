internal import InsightsText

/// The lines of a traceback that comes in pieces, until it is whole.
struct PendingTraceback {
  private(set) var text: [UInt8] = []
  private(set) var timestamp: Int64?
  private var lastTimestamp: Int64?
  /// Whether the next line belongs to it, whatever it says.
  private var isOpen = false

  /// Lines of one traceback are written at once.
  private static let longestGap: Int64 = 1000
  /// A recursion without end would be kept to its last line otherwise.
  private static let lineByteLimit = 1 << 20

  /// Whether a line of a role goes on with the lines so far.
  func goesOn(_ role: TracebackLine.Role?, at time: Int64?) -> Bool {
    guard !text.isEmpty, isNear(time) else { return false }
    switch role {
    case .body, .stack: return true
    case let role?:
      return Runtimes.all.contains { $0.goesOn(role, after: text, lastLine: lastLine) }
    case nil: return isOpen
    }
  }

  /// Takes in a line, the first or one that goes on.
  mutating func append(_ line: UnsafeBufferPointer<UInt8>, at time: Int64?) {
    var end = line.count
    while end > 0, line[end - 1] == 0x0A || line[end - 1] == 0x0D { end -= 1 }
    let bytes = UnsafeBufferPointer(rebasing: line[..<end])
    if text.isEmpty {
      timestamp = time
      isOpen = Runtimes.isOpen(bytes)
    } else {
      isOpen = false
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
}
