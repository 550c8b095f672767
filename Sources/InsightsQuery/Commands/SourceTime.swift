internal import InsightsText

/// A time of `SOURCE … START=… END=…`: epoch milliseconds, ISO 8601 in quotes, or relative to now
/// (`-3600s`).
struct SourceTime: Sendable {
  private enum Kind: Sendable {
    case absolute(Int64)
    case relative(Int64)
  }

  private let kind: Kind
  /// As it was written.
  private let text: String
  /// Whether it names a second rather than a millisecond of it.
  private let isWholeSecond: Bool

  init?(parsing parser: inout Parser) {
    let start = parser.current.span.lowerBound
    let isNegative = parser.takeSymbol("-")
    switch parser.current.kind {
    case .integer(let number) where !isNegative:
      kind = .absolute(number)
      isWholeSecond = false
    case .period(let count, let spelling):
      guard count <= Period.countLimit * 100, let unit = Period.Unit(spelling: spelling),
        let milliseconds = unit == .week ? 7 * 86_400_000 : unit.milliseconds
      else {
        parser.reportUnexpected(expected: "a length of time such as -3600s or -12h")
        return nil
      }
      kind = .relative((isNegative ? -1 : 1) * count * milliseconds)
      isWholeSecond = false
    case .string(let text) where !isNegative:
      guard let milliseconds = Timestamp.parseISO8601(text) else {
        parser.reportUnexpected(expected: "a time such as \"2026-02-11T09:15:00Z\"")
        return nil
      }
      kind = .absolute(milliseconds)
      isWholeSecond = !text.contains(".")
    default:
      parser.reportUnexpected(
        expected: "a time: epoch milliseconds, -12h or \"2026-02-11T09:15:00Z\"")
      return nil
    }
    parser.advance()
    text = parser.source[start..<parser.previousEnd]
  }

  func milliseconds(now: Int64) -> Int64 {
    switch kind {
    case .absolute(let time): time
    case .relative(let offset): now + offset
    }
  }

  /// The first millisecond that is not in a range that ends with this time.
  func firstBehind(now: Int64) -> Int64 {
    let last = milliseconds(now: now)
    return last == .max ? last : last + (isWholeSecond ? 1000 : 1)
  }
}

extension SourceTime: CustomStringConvertible {
  var description: String { text }
}
