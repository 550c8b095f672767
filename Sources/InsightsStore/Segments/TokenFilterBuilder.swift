/// Gathers the hashes of a text, message by message, to a `TokenFilter`.
struct TokenFilterBuilder {
  /// A byte per bit: a store is cheaper than setting a bit of what was loaded.
  private var isSet = [UInt8](repeating: 0, count: TokenFilter.greatestBitCount)
  private static let shift = UInt32(32 - TokenFilter.greatestBitCount.trailingZeroBitCount)

  /// Takes in a message.
  ///
  /// The hashes that begin in `known`, two ranges that do not overlap, are in the filter already.
  mutating func add(
    _ message: UnsafeBufferPointer<UInt8>, known: (first: Range<Int>, second: Range<Int>)
  ) {
    let raw = UnsafeRawBufferPointer(message)
    guard raw.count >= 4 else { return }
    let end = raw.count - 3
    isSet.withUnsafeMutableBufferPointer { isSet in
      func add(_ range: Range<Int>) {
        for index in range {
          isSet[Int(TokenFilter.hash(raw, at: index) >> TokenFilterBuilder.shift)] = 1
        }
      }
      let (first, second) = (known.first.clamped(to: 0..<end), known.second.clamped(to: 0..<end))
      add(0..<first.lowerBound)
      add(first.upperBound..<max(first.upperBound, second.lowerBound))
      add(max(first.upperBound, second.upperBound)..<end)
    }
  }

  /// The filter as `TokenFilter(encoded:)` reads it, as small as leaves a third of its bits free.
  func encoded() -> [UInt8] {
    var bits = packed()
    while bits.count * 64 > TokenFilter.leastBitCount {
      // A smaller filter goes by fewer of a hash's high bits, so that neighbours fall together.
      var folded = [UInt64](repeating: 0, count: bits.count / 2)
      var count = 0
      for index in folded.indices {
        folded[index] =
          TokenFilterBuilder.folded(bits[2 * index])
          | TokenFilterBuilder.folded(bits[2 * index + 1]) << 32
        count += folded[index].nonzeroBitCount
      }
      guard count * 3 <= folded.count * 64 * 2 else { break }
      bits = folded
    }
    var output = BlockOutput()
    output.append(bits, as: UInt64.self)
    return output.bytes
  }

  /// The bits, the first in the lowest of each word.
  private func packed() -> [UInt64] {
    isSet.withUnsafeBytes { isSet in
      (0..<isSet.count / 64).map { word in
        var bits: UInt64 = 0
        for byte in 0..<8 {
          let flags = UInt64(
            littleEndian: isSet.loadUnaligned(
              fromByteOffset: word * 64 + byte * 8, as: UInt64.self))
          // Moves the flag in the lowest bit of each byte next to the others.
          bits |= ((flags &* 0x0102_0408_1020_4080) >> 56) << UInt64(8 * byte)
        }
        return bits
      }
    }
  }

  /// Each two neighbouring bits as one, in the low half.
  private static func folded(_ word: UInt64) -> UInt64 {
    var bits = (word | word >> 1) & 0x5555_5555_5555_5555
    bits = (bits | bits >> 1) & 0x3333_3333_3333_3333
    bits = (bits | bits >> 2) & 0x0F0F_0F0F_0F0F_0F0F
    bits = (bits | bits >> 4) & 0x00FF_00FF_00FF_00FF
    bits = (bits | bits >> 8) & 0x0000_FFFF_0000_FFFF
    return (bits | bits >> 16) & 0xFFFF_FFFF
  }
}
