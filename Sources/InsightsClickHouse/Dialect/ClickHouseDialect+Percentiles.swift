/// The SQL of percentiles, interpolated between the closest ranks.
///
/// ClickHouse's own functions count ranks from 1, which changes the last digits of the fraction.
extension ClickHouseDialect {
  static func percentile(_ percentage: Double, ofReals real: String) -> RemoteValue {
    guard (0...100).contains(percentage) else {
      return RemoteValue("CAST(NULL, 'Nullable(Float64)')", .real)
    }
    var percentile = RemoteValue(interpolated(percentage, real), .real)
    percentile.parts = RemoteValue.Parts(
      sql: text(ofValuesAround: percentage, real), use: .percentile(percentage))
    return percentile
  }

  // The rank is near one end of the sorted values, so only that part is sorted, the greatest values
  // first if it is the upper end. `k` is the whole part of the rank.

  private static func interpolated(_ percentage: Double, _ real: String) -> String {
    let isUpper = percentage > 50
    func value(_ rank: String) -> String { isUpper ? "s[length(a) - \(rank)]" : "s[\(rank) + 1]" }
    let sorted =
      isUpper
      ? "arrayPartialReverseSort(length(a) - k, a)" : "arrayPartialSort(least(k + 2, length(a)), a)"
    let between =
      "if(r > k, \(value("k")) + (\(value("(k + 1)")) - \(value("k"))) * (r - k), \(value("k")))"
    let rank = "\(fraction(percentage)) * (length(a) - 1)"
    return
      "arrayMap(a -> if(empty(a), NULL, arrayMap((r, k) -> arrayMap(s -> \(between), [\(sorted)])[1], [\(rank)], [toInt64(floor(\(rank)))])[1]), [groupArray(\(real))])[1]"
  }

  private static func fraction(_ percentage: Double) -> String {
    "toFloat64('\(percentage / 100)')"
  }

  /// Returns the text that `ValuesAroundRank` reads.
  private static func text(ofValuesAround percentage: Double, _ real: String) -> String {
    let count = "count(\(real))"
    let k = "toInt64(\(fraction(percentage)) * (\(count) - 1))"
    let values =
      percentage > 50
      ? "arraySlice(arrayPartialReverseSort(\(count) - \(k), groupArray(\(real))), greatest(\(count) - \(k) - 1, 1), 2)"
      : "arraySlice(arrayPartialSort(least(\(k) + 2, \(count)), groupArray(\(real))), \(k) + 1, 2)"
    return "toString(tuple(\(count), \(values)))"
  }
}
