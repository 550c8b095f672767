internal import InsightsScan
internal import InsightsModel

extension NumberSum {
  /// Reads the addends of a sum, a tuple of: the numbers of values and of values that are not whole;
  /// the sum of whole numbers; the sums of the others' whole parts, of their next 62 bits and of
  /// what is left, in units of 2^-62, each `NULL` without values; and an array of the numbers beyond
  /// 2^63.
  ///
  /// `nil` for another text.
  init?(addends text: UnsafeBufferPointer<UInt8>) {
    let parts = text.tupleElements.map { $0 == "NULL" ? "0" : $0 }
    guard parts.count >= 6, let count = Int64(parts[0]), let realCount = Int64(parts[1]),
      let integers = Int128(parts[2]), var whole = Int128(parts[3]), var bits = Int128(parts[4]),
      let rest = Double(parts[5])
    else { return nil }
    let large = parts.dropFirst(6).compactMap { Double($0) }
    guard large.count == parts.count - 6 else { return nil }
    whole += bits >> 62
    bits &= 1 << 62 - 1
    let reals = Self.parts(of: whole) + Self.parts(of: bits).map { $0 * 0x1p-62 } + [rest * 0x1p-62]
    self.init(
      count: count, integers: integers, realCount: realCount, reals: reals + large.sorted())
  }

  /// Returns two numbers whose sum is an integer of at most 106 bits.
  private static func parts(of integer: Int128) -> [Double] {
    let nearest = Double(integer)
    return [nearest, Double(integer - Int128(nearest))]
  }
}
