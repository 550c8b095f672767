/// A point in time as command-line options accept it: ISO 8601, epoch seconds or milliseconds, or
/// relative to now.
public struct TimeExpression: Hashable, Sendable {
  private enum Form: Hashable, Sendable {
    case absolute(Int64)
    case relative(milliseconds: Int64)
  }

  private let form: Form
  /// Whether it was given in whole seconds; as an end it then includes the whole second.
  public let isWholeSecond: Bool

  /// Reads a time such as `2026-02-11T09:15:00Z`, `2026-02-11`, `1770801300`, `1770801300123`, `-3h`
  /// or `now`; `nil` when it is none of these.
  public init?(_ text: String) {
    if text.lowercased() == "now" {
      form = .relative(milliseconds: 0)
      isWholeSecond = false
      return
    }
    if text.hasPrefix("-") || text.hasPrefix("+"),
      let length = Self.length(String(text.dropFirst()))
    {
      form = .relative(milliseconds: text.hasPrefix("-") ? -length : length)
      isWholeSecond = false
      return
    }
    if let number = Int64(text) {
      // Farther away nothing is logged, and sums of times would overflow.
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

  private static func date(_ text: String) -> Int64? {
    // A bare date, or a time without seconds, is completed; the parser reads whole clocks.
    var completed = text
    if completed.utf8.count == 10 { completed += "T00:00:00" }
    if completed.utf8.count == 16 { completed += ":00" }
    let bytes = Array(completed.utf8)
    return bytes.withUnsafeBufferPointer { buffer in
      guard let (milliseconds, end) = Timestamp.parseISO8601(buffer, at: 0), end == buffer.count
      else { return nil }
      return milliseconds
    }
  }
}
