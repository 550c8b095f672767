/// A point in time as command-line options accept it: ISO 8601, epoch seconds or milliseconds, or
/// relative to now.
public struct TimeExpression: Hashable, Sendable {
  private enum Form: Hashable, Sendable {
    case absolute(Int64)
    case relative(milliseconds: Int64)
    /// A number of calendar months before now, whose length varies.
    case relativeMonths(Int64)
  }

  private let form: Form
  /// Whether it was given in whole seconds; as an end it then includes the whole second.
  public let isWholeSecond: Bool

  /// Parses a time such as `2026-02-11T09:15:00Z`, `2026-02-11`, `1770801300`, `1770801300123`,
  /// `-3h`, `-2mo` or `now`; `nil` for any other text.
  public init?(_ text: String) {
    if text.lowercased() == "now" {
      form = .relative(milliseconds: 0)
      isWholeSecond = false
      return
    }
    if text.hasPrefix("-") || text.hasPrefix("+") {
      let sign: Int64 = text.hasPrefix("-") ? -1 : 1
      let distance = String(text.dropFirst())
      let relative =
        Self.length(distance).map { Form.relative(milliseconds: sign * $0) }
        ?? Self.months(distance).map { Form.relativeMonths(sign * $0) }
      if let relative {
        form = relative
        isWholeSecond = false
        return
      }
    }
    if let number = Int64(text) {
      // There are no logs at more distant times, and sums of such times would overflow.
      guard number.magnitude < 1_000_000_000_000_000 else { return nil }
      // As in AWS's own tools, ten digits are seconds and thirteen are milliseconds.
      isWholeSecond = number.magnitude < 100_000_000_000
      form = .absolute(isWholeSecond ? number * 1000 : number)
      return
    }
    guard let milliseconds = Self.date(text) else { return nil }
    form = .absolute(milliseconds)
    isWholeSecond = !text.contains(".") && !text.contains(",")
  }

  /// The time in epoch milliseconds.
  public func milliseconds(now: Int64) -> Int64 {
    switch form {
    case .absolute(let milliseconds): milliseconds
    case .relative(let milliseconds): now + milliseconds
    case .relativeMonths(let count): Timestamp.adding(months: count, to: now) ?? now
    }
  }

  /// Parses a duration such as `3h`, `90m` or `2d`, in milliseconds; `nil` if invalid.
  public static func length(_ text: String) -> Int64? {
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    let units: [String: Int64] = [
      "ms": 1, "s": 1000, "m": 60_000, "min": 60_000, "h": 3_600_000, "d": 86_400_000,
      "w": 604_800_000,
    ]
    guard let count = Int64(digits), count <= 1_000_000_000,
      let unit = units[text.dropFirst(digits.count).lowercased()]
    else { return nil }
    return count * unit
  }

  /// Parses a number of months or years, `2mo` or `1y`, in months; at most a thousand years.
  private static func months(_ text: String) -> Int64? {
    let digits = text.prefix { $0.isASCII && $0.isNumber }
    let units: [String: Int64] = [
      "mo": 1, "month": 1, "months": 1, "y": 12, "year": 12, "years": 12,
    ]
    guard let count = Int64(digits), let unit = units[text.dropFirst(digits.count).lowercased()],
      count <= 12_000 / unit
    else { return nil }
    return count * unit
  }

  private static func date(_ text: String) -> Int64? {
    // A bare date, or a time without seconds, is completed; the parser reads whole clocks.
    var bytes = Array(text.utf8)
    if bytes.count == 10 { bytes += "T00:00:00".utf8 }
    if bytes.count >= 16, bytes.count == 16 || bytes[16] != UInt8(ascii: ":") {
      bytes.insert(contentsOf: ":00".utf8, at: 16)
    }
    return bytes.withUnsafeBufferPointer { buffer in
      guard let (milliseconds, end) = Timestamp.parseISO8601(buffer, at: 0), end == buffer.count
      else { return nil }
      return milliseconds
    }
  }
}
