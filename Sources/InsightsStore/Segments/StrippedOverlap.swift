internal import InsightsText

/// How an occurrence of a literal may overlap a part that was left out of a message: what of it
/// stands before the part, and what behind.
struct StrippedOverlap {
  /// Byte count of what stands before.
  private let headCount: Int
  /// Byte count of what stands behind.
  private let tailCount: Int

  /// Whether nothing stands beside the part.
  var isInside: Bool { headCount == 0 && tailCount == 0 }

  /// All ways in which a literal may overlap a part.
  static func all(of search: LiteralSearch, with part: StrippedPart) -> [StrippedOverlap] {
    part.starts(of: search).map { start in
      StrippedOverlap(
        headCount: max(0, -start), tailCount: max(0, start + search.bytes.count - part.byteCount))
    }
  }

  /// Whether what is left of a message beside a part lets the literal be there.
  ///
  /// The part was between the bytes `before` and those `behind` it. Where these are cut there is
  /// another part beyond them, of which nothing is known.
  @inline(__always)
  func isPossible(
    _ search: LiteralSearch, in bytes: UnsafeBufferPointer<UInt8>,
    before: Range<Int>, isCutBefore: Bool, behind: Range<Int>, isCutBehind: Bool
  ) -> Bool {
    guard headCount <= before.count || isCutBefore, tailCount <= behind.count || isCutBehind else {
      return false
    }
    // From the part outwards: a character beyond ASCII shifts what is beyond it.
    for distance in 0..<min(headCount, before.count) {
      let byte = bytes[before.upperBound - 1 - distance]
      if search.ignoresCase, byte >= 0x80 { break }
      guard search.isSame(byte, search.bytes[headCount - 1 - distance]) else { return false }
    }
    for distance in 0..<min(tailCount, behind.count) {
      let byte = bytes[behind.lowerBound + distance]
      if search.ignoresCase, byte >= 0x80 { break }
      guard search.isSame(byte, search.bytes[search.bytes.count - tailCount + distance]) else {
        return false
      }
    }
    return true
  }
}

extension LiteralSearch {
  /// Whether a byte of a text is one of the literal.
  @inline(__always)
  fileprivate func isSame(_ byte: UInt8, _ wanted: UInt8) -> Bool {
    byte == wanted || ignoresCase && byte &- UInt8(ascii: "A") < 26 && byte | 0x20 == wanted
  }
}
