internal import InsightsModel

/// A duration in the language: `5m`, `1h`, `2 weeks`.
struct Period: Hashable, Sendable {
  enum Unit: String, Sendable, CaseIterable {
    case millisecond = "ms"
    case second = "s"
    case minute = "m"
    case hour = "h"
    case day = "d"
    case week = "w"
    case month = "mo"
    case quarter = "q"
    case year = "y"

    /// Every spelling in CloudWatch's documentation; those longer than a letter may end in `s`.
    private var spellings: [String] {
      switch self {
      case .millisecond: ["millisecond", "ms", "msec"]
      case .second: ["second", "s", "sec"]
      case .minute: ["minute", "m", "min"]
      case .hour: ["hour", "h", "hr"]
      case .day: ["day", "d"]
      case .week: ["week", "w"]
      case .month: ["month", "mo", "mon"]
      case .quarter: ["quarter", "q", "qtr"]
      case .year: ["year", "y", "yr"]
      }
    }

    init?(spelling: String) {
      let name = spelling.lowercased()
      let found = Self.allCases.first { unit in
        unit.spellings.contains { $0 == name || ($0.count > 1 && $0 + "s" == name) }
      }
      guard let found else { return nil }
      self = found
    }

    /// Milliseconds of a unit of fixed length whose periods start at the epoch; otherwise `nil`.
    var milliseconds: Int64? {
      switch self {
      case .millisecond: 1
      case .second: 1000
      case .minute: 60_000
      case .hour: 3_600_000
      case .day: 86_400_000
      case .week, .month, .quarter, .year: nil
      }
    }

    /// Milliseconds of a unit of fixed length; otherwise `nil`.
    var fixedMilliseconds: Int64? { self == .week ? 604_800_000 : milliseconds }

    /// Months of a unit of variable length; 0 for others.
    var months: Int64 {
      switch self {
      case .month: 1
      case .quarter: 3
      case .year: 12
      case .millisecond, .second, .minute, .hour, .day, .week: 0
      }
    }

    /// CloudWatch's maximum count, which it applies silently.
    var cap: Int64? {
      switch self {
      case .millisecond: 1000
      case .second, .minute: 60
      case .hour: 24
      case .day, .week, .month, .quarter, .year: nil
      }
    }
  }

  var count: Int64
  var unit: Unit

  /// Longer than any logs, and far from overflow.
  static let countLimit: Int64 = 1_000_000
}

extension Sequence<BoundExpression> {
  /// The milliseconds of a period with a count and unit, if it has a fixed length and one starts at
  /// the epoch.
  public var alignedMilliseconds: Int64? {
    let arguments = Array(self)
    guard arguments.count == 2, case .literal(.integer(let count)) = arguments[0],
      case .literal(.text(let name)) = arguments[1]
    else { return nil }
    return Period.Unit(rawValue: name)?.milliseconds.map { $0 * count }
  }
}
