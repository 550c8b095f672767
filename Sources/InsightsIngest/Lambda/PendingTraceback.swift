internal import InsightsText

/// Collects the lines of a traceback that arrives as several events.
struct PendingTraceback {
  private(set) var text: [UInt8] = []
  private(set) var timestamp: Int64?
  private var lastTimestamp: Int64?
  /// Whether the next line belongs to it regardless of its content.
  private var isOpen = false

  /// The maximum time between lines in milliseconds: the lines of a traceback are written at once.
  private static let longestGap: Int64 = 1000
  /// The maximum size in bytes, as a defence against infinite recursion.
  private static let lineByteLimit = 1 << 20

  /// Whether a line with a role continues the traceback.
  func continues(_ role: TracebackLine.Role?, at time: Int64?) -> Bool {
    guard !text.isEmpty, isNear(time) else { return false }
    if isOpen { return true }
    switch role {
    case .body, .stack: return true
    case let role?:
      return Runtimes.all.contains { $0.continues(role, after: text, lastLine: lastLine) }
    case nil: return false
    }
  }

  /// Adds a line, the first one or a continuation.
  mutating func append(_ line: UnsafeBufferPointer<UInt8>, at time: Int64?) {
    var end = line.count
    while end > 0, line[end - 1] == 0x0A || line[end - 1] == 0x0D { end -= 1 }
    let bytes = UnsafeBufferPointer(rebasing: line[..<end])
    if text.isEmpty {
      timestamp = time
    } else {
      if text.count < Self.lineByteLimit { text.append(0x0A) }
    }
    isOpen = Runtimes.isOpen(bytes)
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
