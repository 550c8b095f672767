internal import InsightsText

/// A time of `SOURCE … START=… END=…`, quoted or not: a `TimeExpression`, an offset from now with
/// any unit of the language (`-12hours`), or an offset in seconds without one (`-3600`).
struct SourceTime: Sendable {
  private enum Kind: Sendable {
    case expression(TimeExpression)
    case relative(Int64)
  }

  private let kind: Kind
  /// The time as written.
  private let text: String

  init?(parsing parser: inout Parser) {
    let start = parser.current.span
    let written: String
    if case .string(let quoted) = parser.current.kind {
      parser.advance()
      written = quoted
      text = parser.source[start]
    } else {
      guard let bare = parser.takeBareText() else {
        parser.reportUnexpected(expected: Self.expected)
        return nil
      }
      written = bare.value
      text = bare.value
    }
    if let offset = Self.offset(written) {
      kind = .relative(offset)
    } else if let time = TimeExpression(written) {
      kind = .expression(time)
    } else {
      parser.report(
        "source-time", "'\(written)' is no time", at: start.lowerBound..<parser.previousEnd,
        help: ["a time is \(Self.expected)"])
      return nil
    }
  }

  private static let expected = "-12h, epoch milliseconds or 2026-02-11T09:15:00Z"

  /// Returns the milliseconds of `-3600s`, `-12hours`, `-86400` and `0`; `nil` for anything else.
  private static func offset(_ text: String) -> Int64? {
    let isNegative = text.hasPrefix("-")
    let length = isNegative ? text.dropFirst() : text[...]
    let digits = length.prefix { $0.isASCII && $0.isNumber }
    guard let count = Int64(digits), count <= Period.countLimit * 1_000_000 else { return nil }
    let unit = length.dropFirst(digits.count)
    if unit.isEmpty { return isNegative || count == 0 ? -count * 1000 : nil }
    guard let milliseconds = Period.Unit(spelling: String(unit))?.fixedMilliseconds else {
      return nil
    }
    let (product, isTooLong) = count.multipliedReportingOverflow(by: milliseconds)
    return isTooLong || product > 1_000_000_000_000_000 ? nil : isNegative ? -product : product
  }

  func milliseconds(now: Int64) -> Int64 {
    switch kind {
    case .expression(let time): time.milliseconds(now: now)
    case .relative(let offset): now + offset
    }
  }

  /// Returns the first millisecond after a range that ends with this time.
  func firstBehind(now: Int64) -> Int64 {
    let last = milliseconds(now: now)
    guard case .expression(let time) = kind, time.isWholeSecond else {
      return last == .max ? last : last + 1
    }
    return last + 1000
  }
}

extension SourceTime: CustomStringConvertible {
  var description: String { text }
}
