/// Excludes literals that cannot occur in a text: a set of the hashes of its overlapping four-byte
/// sequences.
///
/// Sequences of letters, which are few and the most common in searches, have a separate set, since
/// the many of numbers and ids would fill it.
package struct TokenFilter: Sendable {
  static let greatestBitCount = 1 << 16
  static let greatestLetterBitCount = 1 << 14
  static let leastBitCount = 1 << 9

  private let letters: Bits
  private let others: Bits

  /// A set of hashes.
  private struct Bits {
    let bytes: [UInt8]
    /// The right shift that turns a 32-bit hash into a bit number.
    let shift: UInt32

    init?(_ bytes: [UInt8], greatestBitCount: Int) {
      let bitCount = bytes.count * 8
      guard bitCount.nonzeroBitCount == 1, bitCount >= TokenFilter.leastBitCount,
        bitCount <= greatestBitCount
      else { return nil }
      shift = UInt32(32 - bitCount.trailingZeroBitCount)
      self.bytes = bytes
    }

    func contains(_ hash: UInt32) -> Bool {
      let bit = hash >> shift
      return bytes[Int(bit >> 3)] >> UInt8(bit & 7) & 1 == 1
    }
  }

  init?(encoded: [UInt8]) {
    var input = BlockInput(encoded)
    guard let letterByteCount = input.count(limit: Self.greatestLetterBitCount / 8),
      let letterBytes = input.bytes(count: letterByteCount),
      let letters = Bits(letterBytes, greatestBitCount: Self.greatestLetterBitCount),
      let otherBytes = input.bytes(count: encoded.count - input.index),
      let others = Bits(otherBytes, greatestBitCount: Self.greatestBitCount)
    else { return nil }
    self.letters = letters
    self.others = others
  }

  /// Whether the text may contain `literal`; true for literals of fewer than four bytes.
  func mayContain(_ literal: UnsafeBufferPointer<UInt8>) -> Bool {
    let raw = UnsafeRawBufferPointer(literal)
    guard raw.count >= 4 else { return true }
    return (0...raw.count - 4).allSatisfy { mayContain(TokenFilter.token(raw, at: $0)) }
  }

  /// Whether the text may contain four bytes.
  func mayContain(_ token: UInt32) -> Bool {
    let hash = TokenFilter.hash(token)
    return TokenFilter.isOfLetters(token) ? letters.contains(hash) : others.contains(hash)
  }

  /// Whether the text may contain the literal of a search; see `FilterTokens`.
  package func mayContain(_ tokens: FilterTokens) -> Bool {
    tokens.alternatives.allSatisfy { $0.contains(where: mayContain) }
  }

  /// Returns four bytes as a number.
  @inline(__always)
  static func token(_ raw: UnsafeRawBufferPointer, at index: Int) -> UInt32 {
    UInt32(littleEndian: raw.loadUnaligned(fromByteOffset: index, as: UInt32.self))
  }

  @inline(__always)
  static func hash(_ token: UInt32) -> UInt32 { token &* 0x9E37_79B1 }

  /// Whether all four bytes are in the range of ASCII letters: no digits, spaces or punctuation.
  @inline(__always)
  static func isOfLetters(_ token: UInt32) -> Bool { token & 0x4040_4040 == 0x4040_4040 }
}
