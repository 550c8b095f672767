internal import InsightsModel
internal import InsightsText

/// The range of a dashboard or a widget: `-PT3H`, `-P7D`, or ISO 8601.
struct DashboardRange: Hashable, Sendable {
  private enum Moment: Hashable, Sendable {
    case absolute(Int64)
    case before(milliseconds: Int64)
  }

  private var start: Moment?
  private var end: Moment?

  /// The default length in milliseconds.
  private static let usual: Int64 = 3 * 3_600_000

  init(_ object: JSONObject) {
    start = Self.moment(object["start"]?.string)
    end = Self.moment(object["end"]?.string)
  }

  /// Returns the range in epoch milliseconds, excluding its end; `nil` if there is none.
  func timeRange(at now: Int64) -> TimeRange? {
    guard start != nil || end != nil else { return nil }
    let end = time(end, at: now) ?? now
    return TimeRange(start: time(start, at: now) ?? end - Self.usual, end: end + 1)
  }

  /// Returns three hours up to `now`.
  static func usual(at now: Int64) -> TimeRange { TimeRange(start: now - usual, end: now + 1) }

  private func time(_ moment: Moment?, at now: Int64) -> Int64? {
    switch moment {
    case nil: nil
    case .absolute(let time): time
    case .before(let milliseconds): now - milliseconds
    }
  }

  private static func moment(_ text: String?) -> Moment? {
    guard let text else { return nil }
    if text.hasPrefix("-P") {
      return length(text.dropFirst(2)).map { .before(milliseconds: $0) }
    }
    return TimeExpression(text).map { .absolute($0.milliseconds(now: 0)) }
  }

  /// Returns the length of an ISO 8601 period after its `P`, in milliseconds; a month has 30 days.
  static func length(_ text: Substring) -> Int64? {
    var total: Int64 = 0
    var digits = ""
    var isTime = false
    for character in text {
      if character.isASCII, character.isNumber {
        digits.append(character)
        continue
      }
      if character == "T", digits.isEmpty {
        isTime = true
        continue
      }
      let units: [Character: Int64] =
        isTime
        ? ["H": 3_600_000, "M": 60_000, "S": 1000]
        : ["W": 604_800_000, "D": 86_400_000, "M": 2_592_000_000, "Y": 31_536_000_000]
      guard let count = Int64(digits), count < 1_000_000, let unit = units[character] else {
        return nil
      }
      total += count * unit
      digits = ""
    }
    return digits.isEmpty && total > 0 ? total : nil
  }
}
