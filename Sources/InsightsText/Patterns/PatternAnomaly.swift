/// Something unusual about a pattern.
public struct PatternAnomaly: Sendable {
  /// The kinds that CloudWatch's documentation lists.
  public enum Kind: String, Sendable {
    case frequency = "Pattern Frequency"
    case newPattern = "New Pattern"
    case tokenVariation = "Token Variation"
    case numericToken = "Numeric Token"
    case httpErrorCode = "HTTP Error Code"
  }

  /// The kind of anomaly.
  public var kind: Kind
  /// The anomaly in words.
  public var description: String

  /// Returns the anomalies of a pattern; `span` is the time range of all lines, `nil` if they have
  /// no times.
  public static func anomalies(
    of pattern: LogPattern, in span: ClosedRange<Int64>?
  ) -> [PatternAnomaly] {
    [
      span.flatMap { unusualFrequency(of: pattern, in: $0) },
      span.flatMap { isNew(pattern, in: $0) }, rareValue(of: pattern), outlier(of: pattern),
      errorCode(of: pattern),
    ].compactMap { $0 }
  }

  /// With fewer time buckets frequencies are not significant.
  private static let leastBucketCount = 15.0

  /// One bucket has far more lines than the others: at least 10, and 3.5 standard deviations above
  /// the mean.
  private static func unusualFrequency(of pattern: LogPattern, in span: ClosedRange<Int64>)
    -> PatternAnomaly?
  {
    let width = Double(pattern.histogram.width)
    let bucketCount = ((Double(span.upperBound) - Double(span.lowerBound)) / width).rounded(.up) + 1
    guard bucketCount >= leastBucketCount else { return nil }
    let counts = pattern.histogram.buckets.map { Double($0.count) }
    let mean = counts.reduce(0, +) / bucketCount
    let deviation = max(0, counts.reduce(0) { $0 + $1 * $1 } / bucketCount - mean * mean)
      .squareRoot()
    guard let peak = counts.max(), peak >= 10, peak > mean + 3.5 * deviation else { return nil }
    return PatternAnomaly(
      kind: .frequency,
      description: "\(Int(peak)) events in \(pattern.histogram.width / 60_000) min")
  }

  /// The pattern occurs only in the last quarter of the time range.
  private static func isNew(_ pattern: LogPattern, in span: ClosedRange<Int64>) -> PatternAnomaly? {
    let length = Double(span.upperBound) - Double(span.lowerBound)
    guard let first = pattern.histogram.firstTime, length >= leastBucketCount * 60_000,
      Double(first) - Double(span.lowerBound) >= 0.75 * length
    else { return nil }
    var text = Array("first seen ".utf8)
    Timestamp.append(first, to: &text)
    return PatternAnomaly(kind: .newPattern, description: String(decoding: text, as: UTF8.self))
  }

  /// A token has few values, and one of them occurs in fewer than 1 % of the lines.
  private static func rareValue(of pattern: LogPattern) -> PatternAnomaly? {
    for token in pattern.tokens where token.kind == .text || token.kind == .digits {
      let counts = token.values.sortedCounts
      let total = counts.reduce(0) { $0 + $1.count }
      guard total >= 200, counts.count > 1, let rarest = counts.last, rarest.count * 100 < total
      else { continue }
      return PatternAnomaly(
        kind: .tokenVariation,
        description:
          "\(token.name) is '\(String(decoding: rarest.value, as: UTF8.self))' in \(rarest.count) of \(total)"
      )
    }
    return nil
  }

  /// A number lies 6 standard deviations from the mean.
  private static func outlier(of pattern: LogPattern) -> PatternAnomaly? {
    for token in pattern.tokens where token.kind == .number {
      let numbers = token.values.numbers
      guard numbers.count >= 50, numbers.deviation > 0 else { continue }
      let farthest =
        numbers.maximum - numbers.mean > numbers.mean - numbers.minimum
        ? numbers.maximum : numbers.minimum
      guard abs(farthest - numbers.mean) > 6 * numbers.deviation else { continue }
      var text = Array("\(token.name) is ".utf8)
      NumericText.append(farthest, to: &text)
      text += Array(", ".utf8)
      NumericText.append(numbers.mean.rounded(), to: &text)
      text += Array(" on average".utf8)
      return PatternAnomaly(
        kind: .numericToken, description: String(decoding: text, as: UTF8.self))
    }
    return nil
  }

  /// A number behind `status`, `code` or `HTTP` is 400 to 599.
  private static func errorCode(of pattern: LogPattern) -> PatternAnomaly? {
    for (index, piece) in pattern.pieces.enumerated() where pattern.isStatus(pieceAt: index) {
      guard case .token(let token) = piece,
        let most = token.values.sortedCounts.first(where: { isErrorCode($0.value) })
      else { continue }
      return PatternAnomaly(
        kind: .httpErrorCode,
        description:
          "\(token.name) is \(String(decoding: most.value, as: UTF8.self)) in \(most.count) \(most.count == 1 ? "event" : "events")"
      )
    }
    return nil
  }

  private static func isErrorCode(_ value: [UInt8]) -> Bool {
    value.count == 3 && (value[0] == UInt8(ascii: "4") || value[0] == UInt8(ascii: "5"))
      && value[1].decimalDigit < 10 && value[2].decimalDigit < 10
  }
}
