/// The values that a percentile lies between, as a server sends them: the number of all values, then
/// the two at the closest ranks, of percentages above 50 the greater one first; a single value if
/// there is none above.
struct ValuesAroundRank {
  let count: Int
  private let values: [Double]

  /// `nil` for another text.
  init?(_ text: UnsafeBufferPointer<UInt8>) {
    let parts = text.split(separator: UInt8(ascii: " ")).map { String(decoding: $0, as: UTF8.self) }
    guard let count = parts.first.flatMap(Int.init) else { return nil }
    let values = parts.dropFirst().compactMap(Double.init)
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
