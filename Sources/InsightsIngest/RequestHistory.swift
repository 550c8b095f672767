internal import Glibc
internal import InsightsText

/// The request ids that invocations of this run had: a set that forgets none and may take a few
/// that it has not for its own.
final class RequestHistory {
  /// Eight megabytes; the pages are not touched before they are needed.
  private static let wordCount = 1 << 20
  /// Words of one cache line.
  private static let lineWordCount = 8

  private let words: UnsafeMutablePointer<UInt64>
  /// Whether some id may have been opened twice.
  private(set) var mayRepeat = false

  init() {
    // Unlike `initialize`, this leaves it to the kernel to clear the pages that are used.
    guard let memory = calloc(RequestHistory.wordCount, MemoryLayout<UInt64>.stride) else {
      fatalError("out of memory")
    }
    words = memory.bindMemory(to: UInt64.self, capacity: RequestHistory.wordCount)
  }

  deinit {
    free(words)
  }

  /// Adds the id of an invocation; true where it may have been there already.
  @discardableResult
  func add(_ id: String) -> Bool {
    let isKnown = visit(id, adds: true)
    if isKnown { mayRepeat = true }
    return isKnown
  }

  func mayContain(_ id: String) -> Bool { visit(id, adds: false) }

  private func visit(_ id: String, adds: Bool) -> Bool {
    var id = id
    var hash = ContentHash()
    id.withUTF8 { hash.update($0) }
    let (high, low) = hash.value
    let lineCount = RequestHistory.wordCount / RequestHistory.lineWordCount
    let line =
      (Int(truncatingIfNeeded: high) & (lineCount - 1)) * RequestHistory.lineWordCount
    var isKnown = true
    for probe in 0..<6 {
      let bits = low >> UInt64(9 * probe)
      let word = line + Int(bits & 7)
      let mask: UInt64 = 1 << (bits >> 3 & 63)
      if words[word] & mask == 0 {
        isKnown = false
        if adds { words[word] |= mask }
      }
    }
    return isKnown
  }
}
