internal import InsightsText

/// Builds a `TokenFilter` from the hashes of a text, message by message.
package struct TokenFilterBuilder {
  /// A byte per bit, those of letters after the others: a store takes half the time of a
  /// read-modify-write of a bit.
  private var isSet = [UInt8](
    repeating: 0, count: TokenFilter.greatestBitCount + TokenFilter.greatestLetterBitCount)
  private static let shift = UInt32(32 - TokenFilter.greatestBitCount.trailingZeroBitCount)
  private static let letterShift = UInt32(
    32 - TokenFilter.greatestLetterBitCount.trailingZeroBitCount)

  /// Adds a message.
  mutating func add(_ message: UnsafeBufferPointer<UInt8>) {
    let raw = UnsafeRawBufferPointer(message)
    guard raw.count >= 4 else { return }
    set(raw, 0..<raw.count - 3)
  }

  private mutating func set(_ raw: UnsafeRawBufferPointer, _ range: Range<Int>) {
    isSet.withUnsafeMutableBufferPointer { isSet in
      var index = range.lowerBound
      // Unrolled by four: the loop counter takes a quarter of the time.
      while index &+ 4 <= range.upperBound {
        isSet[TokenFilterBuilder.place(of: raw, at: index)] = 1
        isSet[TokenFilterBuilder.place(of: raw, at: index &+ 1)] = 1
        isSet[TokenFilterBuilder.place(of: raw, at: index &+ 2)] = 1
        isSet[TokenFilterBuilder.place(of: raw, at: index &+ 3)] = 1
        index &+= 4
      }
      while index < range.upperBound {
        isSet[TokenFilterBuilder.place(of: raw, at: index)] = 1
        index &+= 1
      }
    }
  }

  /// Returns the index of four bytes in `isSet`.
  @inline(__always)
  private static func place(of raw: UnsafeRawBufferPointer, at index: Int) -> Int {
    let token = TokenFilter.token(raw, at: index)
    let hash = TokenFilter.hash(token)
    return TokenFilter.isOfLetters(token)
      ? TokenFilter.greatestBitCount + Int(hash >> letterShift) : Int(hash >> shift)
  }

  /// Returns the filter in the form of `TokenFilter(encoded:)`.
  ///
  /// It is as small as possible with a third of its bits clear, for letters seven eighths.
  func encoded() -> [UInt8] {
    let letters = folded(
      packed(TokenFilter.greatestBitCount..<isSet.count), whileFewerThanOneIn: 8)
    let others = folded(packed(0..<TokenFilter.greatestBitCount), whileFewerThanOneIn: 1.5)
    var output = BlockOutput()
    output.append(count: letters.count * 8)
    output.append(letters, as: UInt64.self)
    output.append(others, as: UInt64.self)
    return output.bytes
  }

  private func folded(_ bits: [UInt64], whileFewerThanOneIn share: Double) -> [UInt64] {
    var bits = bits
    while bits.count * 64 > TokenFilter.leastBitCount {
      // A smaller filter uses fewer of a hash's high bits, so neighbours are combined.
      var folded = [UInt64](repeating: 0, count: bits.count / 2)
      var count = 0
      for index in folded.indices {
        folded[index] =
          TokenFilterBuilder.folded(bits[2 * index])
          | TokenFilterBuilder.folded(bits[2 * index + 1]) << 32
        count += folded[index].nonzeroBitCount
      }
      guard Double(count) * share <= Double(folded.count * 64) else { break }
      bits = folded
    }
    return bits
  }

  /// Returns the bits, the first in the lowest bit of each word.
  private func packed(_ range: Range<Int>) -> [UInt64] {
    isSet.withUnsafeBytes { isSet in
      (range.lowerBound / 64..<range.upperBound / 64).map { word in
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

  /// Combines pairs of neighbouring bits, in the low half.
  private static func folded(_ word: UInt64) -> UInt64 {
    var bits = (word | word >> 1) & 0x5555_5555_5555_5555
    bits = (bits | bits >> 1) & 0x3333_3333_3333_3333
    bits = (bits | bits >> 2) & 0x0F0F_0F0F_0F0F_0F0F
    bits = (bits | bits >> 4) & 0x00FF_00FF_00FF_00FF
    bits = (bits | bits >> 8) & 0x0000_FFFF_0000_FFFF
    return (bits | bits >> 16) & 0xFFFF_FFFF
  }
}
