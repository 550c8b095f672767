internal import InsightsScan

/// The values that a percentile lies between, as a server sends them: `(COUNT,[VALUE,VALUE])`, the
/// number of all values, and the two at the closest ranks, of percentages above 50 the greater one
/// first; the first is the one if there is no greater value.
struct ValuesAroundRank {
  private let count: Int
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

  /// Returns the percentile; `nil` without values.
  func percentile(_ percentage: Double) -> Double? {
    guard let first = values.first, let last = values.last else { return nil }
    let isUpper = percentage > 50
    return PercentileKernels.interpolated(
      percentage, count: count,
      // Above the greatest value there is none that comes before it.
      lower: { rank in isUpper && rank + 1 < count ? last : first },
      upper: { _ in isUpper ? first : last })
  }
}

extension UnsafeBufferPointer<UInt8> {
  /// The numbers in ClickHouse's text of a tuple of numbers and arrays of numbers, in order; `NULL`
  /// for a missing one.
  var tupleElements: [String] {
    split { "(),[]".utf8.contains($0) }.map { String(decoding: $0, as: UTF8.self) }
  }
}
