internal import InsightsScan
internal import InsightsModel

extension NumberSum {
  /// Reads the addends of a sum, a tuple of: the numbers of values and of values with a fraction; the
  /// sums of the whole parts, of the next 62 bits and of what is left, in units of 2^-62, each `NULL`
  /// without values; and an array of the numbers beyond 64 bits.
  ///
  /// `nil` for another text.
  init?(addends text: UnsafeBufferPointer<UInt8>) {
    let parts = text.tupleElements.map { $0 == "NULL" ? "0" : $0 }
    guard parts.count >= 5, let count = Int64(parts[0]), let fractionCount = Int64(parts[1]),
      let wholes = Int128(parts[2]), let bits = Int128(parts[3]), let rest = Double(parts[4])
    else { return nil }
    let large = parts.dropFirst(5).compactMap { Double($0) }
    guard large.count == parts.count - 5 else { return nil }
    // Two numbers have all 62 bits.
    let units = bits & (1 << 62 - 1)
    let nearest = Double(units)
    let fractions = [nearest, Double(units - Int128(nearest)), rest].map { $0 * 0x1p-62 }
    self.init(
      count: count, integers: wholes + bits >> 62, realCount: fractionCount + Int64(large.count),
      reals: fractions + large.sorted())
  }
}
