/// The values that a percentile lies between, as a server sends them: `(COUNT,[VALUE,VALUE])`, the
/// number of all values, and the two at the closest ranks, of percentages above 50 the greater one
/// first; a single value if there is none above.
struct ValuesAroundRank {
  let count: Int
  private let values: [Double]

  /// `nil` for another text.
  init?(_ text: UnsafeBufferPointer<UInt8>) {
    let parts = text.tupleElements
    guard let count = parts.first.flatMap({ Int($0) }) else { return nil }
    let values = parts.dropFirst().compactMap { Double($0) }
    guard values.count == parts.count - 1, !values.isEmpty || count == 0 else { return nil }
    self.count = count
    self.values = values
  }

  /// Returns the percentile, as `PercentileKernels` computes it; `nil` without values.
  func percentile(_ percentage: Double) -> Double? {
    guard count > 0 else { return nil }
    let rank = percentage / 100 * Double(count - 1)
    let lowerRank = min(Int(rank), count - 1)
    let fraction = rank - Double(lowerRank)
    guard lowerRank + 1 < count, values.count == 2 else { return values[0] }
    let (lower, upper) = percentage > 50 ? (values[1], values[0]) : (values[0], values[1])
    return fraction > 0 ? lower + (upper - lower) * fraction : lower
  }
}

extension UnsafeBufferPointer<UInt8> {
  /// The numbers in ClickHouse's text of a tuple of numbers and arrays of numbers, in order; `NULL`
  /// for a missing one.
  var tupleElements: [String] {
    split { "(),[]".utf8.contains($0) }.map { String(decoding: $0, as: UTF8.self) }
  }
}
