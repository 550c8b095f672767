/// Tells which literals cannot occur in a text: a set of hashes of its overlapping four bytes.
///
/// Those of letters only, which are few and mostly what is searched for, have a set of their own:
/// the many of numbers and ids would fill it.
struct TokenFilter: Sendable {
  static let greatestBitCount = 1 << 16
  static let leastBitCount = 1 << 9

  private let bits: [UInt8]
  /// How far a 32-bit hash is shifted to give the number of a bit.
  private let shift: UInt32

  init?(encoded: [UInt8]) {
    let bitCount = encoded.count * 8
    guard bitCount.nonzeroBitCount == 1, bitCount >= TokenFilter.leastBitCount,
      bitCount <= TokenFilter.greatestBitCount
    else { return nil }
    shift = UInt32(32 - bitCount.trailingZeroBitCount)
    bits = encoded
  }

  var encoded: [UInt8] { bits }

  /// Whether the text may contain `literal`; true for literals of fewer than four bytes.
  func mayContain(_ literal: UnsafeBufferPointer<UInt8>) -> Bool {
    let raw = UnsafeRawBufferPointer(literal)
    guard raw.count >= 4 else { return true }
    for index in 0...raw.count - 4 {
      let bit = TokenFilter.hash(raw, at: index) >> shift
      if bits[Int(bit >> 3)] >> UInt8(bit & 7) & 1 == 0 { return false }
    }
    return true
  }

  /// Whether the text may contain the literal of a search; see `FilterHashes`.
  func mayContain(_ hashes: FilterHashes) -> Bool {
    hashes.alternatives.allSatisfy { alternatives in
      alternatives.contains { hash in
        let bit = hash >> shift
        return bits[Int(bit >> 3)] >> UInt8(bit & 7) & 1 == 1
      }
    }
  }

  /// The hash of four bytes.
  static func hash(_ raw: UnsafeRawBufferPointer, at index: Int) -> UInt32 {
    let word = UInt32(littleEndian: raw.loadUnaligned(fromByteOffset: index, as: UInt32.self))
    return word &* 0x9E37_79B1
  }
}
