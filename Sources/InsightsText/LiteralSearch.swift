/// Finds a literal in bytes, testing 16 positions at a time, case-sensitive or not.
///
/// It first searches for the two bytes of the literal that are rarest in logs.
public struct LiteralSearch: Hashable, Sendable {
  /// The literal.
  ///
  /// If case is ignored: in lower case, starting at the first two adjacent characters without a
  /// second Unicode case variant.
  public let bytes: [UInt8]
  /// Whether ASCII case is ignored.
  public let ignoresCase: Bool
  private let first: Anchor
  private let second: Anchor

  private struct Anchor: Hashable {
    var offset: Int
    var byte: UInt8
    /// The bit that is set in a byte of the text before comparison, to fold case.
    var fold: UInt8
  }

  /// Prepares a search; `nil` for an empty literal.
  ///
  /// If case is ignored, also `nil` for a literal that is not ASCII or has no two adjacent
  /// characters other than K and S: these two have other Unicode characters with the same lower
  /// case.
  public init?(_ literal: [UInt8], ignoresCase: Bool = false) {
    var bytes = literal
    var anchorCount = bytes.count
    if ignoresCase {
      if bytes.contains(where: { $0 >= 0x80 }) { return nil }
      bytes = bytes.map { Self.isUpperCase($0) ? $0 | 0x20 : $0 }
      // Such a character may be longer in the text, which shifts what follows it. So the search
      // anchors on the bytes before it, and drops it at the beginning.
      while bytes.prefix(2).contains(where: Self.hasUnicodeCase) { bytes.removeFirst() }
      anchorCount = bytes.firstIndex(where: Self.hasUnicodeCase) ?? bytes.count
    }
    guard anchorCount >= (ignoresCase ? 2 : 1) else { return nil }
    self.bytes = bytes
    self.ignoresCase = ignoresCase
    let order = (0..<anchorCount).sorted {
      (Self.commonness(bytes[$0]), $0) < (Self.commonness(bytes[$1]), $1)
    }
    let best = order[0]
    let other = order.first { bytes[$0] != bytes[best] } ?? order[order.count - 1]
    func anchor(_ offset: Int) -> Anchor {
      let fold: UInt8 = ignoresCase && Self.isLowerCase(bytes[offset]) ? 0x20 : 0
      return Anchor(offset: offset, byte: bytes[offset], fold: fold)
    }
    first = anchor(best)
    second = anchor(other)
  }

  /// Returns the offset of the first occurrence at or after `start`.
  ///
  /// If case is ignored there may be false positives: positions where a character beyond ASCII
  /// begins whose lower case is k or s.
  public func firstOffset(
    in text: UnsafeBufferPointer<UInt8>, from start: Int = 0
  ) -> Int? {
    guard start >= 0, text.count - start >= bytes.count else { return nil }
    let last = text.count - bytes.count
    var place = start
    let raw = UnsafeRawBufferPointer(text)
    let firstByte = SIMD16<UInt8>(repeating: first.byte)
    let firstFold = SIMD16<UInt8>(repeating: first.fold)
    let secondByte = SIMD16<UInt8>(repeating: second.byte)
    let secondFold = SIMD16<UInt8>(repeating: second.fold)
    while place <= last - 15 {
      let a = raw.loadUnaligned(fromByteOffset: place + first.offset, as: SIMD16<UInt8>.self)
      let b = raw.loadUnaligned(fromByteOffset: place + second.offset, as: SIMD16<UInt8>.self)
      let hits = ((a | firstFold) .== firstByte) .& ((b | secondFold) .== secondByte)
      let lanes = unsafeBitCast(hits, to: SIMD2<UInt64>.self)
      if lanes[0] | lanes[1] != 0 {
        for half in 0..<2 {
          var rest = lanes[half]
          while rest != 0 {
            let lane = rest.trailingZeroBitCount / 8
            if occurs(in: raw, at: place + half * 8 + lane) { return place + half * 8 + lane }
            rest &= ~(0xFF << UInt64(lane * 8))
          }
        }
      }
      place += 16
    }
    while place <= last {
      if occurs(in: raw, at: place) { return place }
      place += 1
    }
    return nil
  }

  @inline(__always)
  private func occurs(in text: UnsafeRawBufferPointer, at place: Int) -> Bool {
    if !ignoresCase {
      for index in bytes.indices where text[place + index] != bytes[index] { return false }
      return true
    }
    for index in bytes.indices {
      let wanted = bytes[index]
      let byte = text[place + index]
      if byte == wanted || Self.isUpperCase(byte) && byte | 0x20 == wanted { continue }
      // The rest is shifted by the longer character; the caller must verify this match.
      return Self.hasUnicodeCase(wanted) && byte >= 0x80
    }
    return true
  }

  /// Whether every position that the search returns is an occurrence.
  public var isExact: Bool { !ignoresCase || !bytes.contains(where: Self.hasUnicodeCase) }

  /// The spellings of each character of the literal: bytes in either case, and other Unicode
  /// characters with the same lower case.
  public var spellings: [[[UInt8]]] {
    bytes.map { byte in
      guard ignoresCase, Self.isLowerCase(byte) else { return [[byte]] }
      switch byte {
      case UInt8(ascii: "k"): return [[byte], [byte ^ 0x20], [0xE2, 0x84, 0xAA]]
      case UInt8(ascii: "s"): return [[byte], [byte ^ 0x20], [0xC5, 0xBF]]
      default: return [[byte], [byte ^ 0x20]]
      }
    }
  }

  private static func isLowerCase(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "a") < 26 }

  private static func isUpperCase(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "A") < 26 }

  /// Whether a character beyond ASCII has the same lower case as the letter: K (kelvin) and long s.
  private static func hasUnicodeCase(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "k") || byte == UInt8(ascii: "s")
  }

  /// A rank of how frequent a byte is in logs.
  private static func commonness(_ byte: UInt8) -> Int {
    if isUpperCase(byte) || byte >= 0x80 { return 1 }
    if byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\"") { return 5 }
    if "etaoinsrdl0123456789".utf8.contains(byte) { return 4 }
    if "-:,./=\t_".utf8.contains(byte) { return 3 }
    return 2
  }
}
