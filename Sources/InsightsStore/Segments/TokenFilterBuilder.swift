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
    var bits = isSet
    while bits.count > TokenFilter.leastBitCount {
      // A smaller filter goes by fewer of a hash's high bits, so that neighbours fall together.
      var folded = [UInt8](repeating: 0, count: bits.count / 2)
      for index in folded.indices { folded[index] = bits[2 * index] | bits[2 * index + 1] }
      guard folded.reduce(0, { $0 + Int($1) }) * 3 <= folded.count * 2 else { break }
      bits = folded
    }
    var bytes = [UInt8](repeating: 0, count: bits.count / 8)
    for index in bits.indices { bytes[index >> 3] |= bits[index] << UInt8(index & 7) }
    return bytes
  }
}
