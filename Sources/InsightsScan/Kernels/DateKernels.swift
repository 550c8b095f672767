internal import InsightsText

/// Calendar periods in UTC.
///
/// Units are `ms s m h d w mo q y`. Periods of fixed length are counted from 1970-01-01, weeks from
/// the Monday before it, months, quarters and years from January 1970.
package enum DateKernels {
  /// Some 275,000 years in both directions; with the next limit no product overflows 64 bits.
  private static let timeLimit: Int64 = 8_640_000_000_000_000
  private static let countLimit: Int64 = 1_000_000_000
  private static let day: Int64 = 86_400_000

  /// A number of units.
  package struct Period {
    fileprivate enum Length {
      case milliseconds(Int64, offset: Int64)
      case months(Int64)
    }

    fileprivate let length: Length

    /// `nil` if there are no such periods.
    package init?<Value: ScalarValue>(count: Value, unit: Value) {
      guard !unit.isNull, let count = count.wholeNumber, count >= 1, count <= countLimit,
        let length = unit.withText({ Self.unit($0) })
      else { return nil }
      switch length {
      case .milliseconds(let unit, let offset):
        self.length = .milliseconds(unit * count, offset: offset)
      case .months(let unit): self.length = .months(unit * count)
      }
    }

    /// The length in milliseconds, if periods have a fixed length and start at the epoch.
    var alignedMilliseconds: Int64? {
      if case .milliseconds(let length, offset: 0) = length { length } else { nil }
    }

    private static func unit(_ name: UnsafeBufferPointer<UInt8>) -> Length? {
      let first = name.isEmpty ? 0 : name[0]
      switch (name.count, first) {
      case (1, UInt8(ascii: "s")): return .milliseconds(1000, offset: 0)
      case (1, UInt8(ascii: "m")): return .milliseconds(60_000, offset: 0)
      case (1, UInt8(ascii: "h")): return .milliseconds(3_600_000, offset: 0)
      case (1, UInt8(ascii: "d")): return .milliseconds(day, offset: 0)
      // 1970-01-01 was a Thursday.
      case (1, UInt8(ascii: "w")): return .milliseconds(7 * day, offset: -3 * day)
      case (1, UInt8(ascii: "q")): return .months(3)
      case (1, UInt8(ascii: "y")): return .months(12)
      case (2, UInt8(ascii: "m")) where name[1] == UInt8(ascii: "s"):
        return .milliseconds(1, offset: 0)
      case (2, UInt8(ascii: "m")) where name[1] == UInt8(ascii: "o"): return .months(1)
      default: return nil
      }
    }
  }

  /// Returns the start of the period that contains a time.
  package static func floor(_ time: some ScalarValue, _ period: Period) -> Int64? {
    milliseconds(time).flatMap { edge(of: $0, period, isCeiling: false) }
  }

  /// Returns the end of the period that contains a time; a time on a boundary is returned
  /// unchanged.
  package static func ceil(_ time: some ScalarValue, _ period: Period) -> Int64? {
    milliseconds(time).flatMap { edge(of: $0, period, isCeiling: true) }
  }

  private static func edge(of time: Int64, _ period: Period, isCeiling: Bool) -> Int64? {
    guard time.magnitude <= timeLimit else { return nil }
    switch period.length {
    case .milliseconds(let step, let offset):
      let start = floorDivide(time - offset, step) * step + offset
      return isCeiling && start < time ? start + step : start
    case .months(let step):
      let date = Timestamp.civil(fromDays: Int(floorDivide(time, day)))
      let index = floorDivide(Int64(date.year - 1970) * 12 + Int64(date.month - 1), step) * step
      guard let start = milliseconds(fromMonth: index) else { return nil }
      return isCeiling && start < time ? milliseconds(fromMonth: index + step) : start
    }
  }

  /// Returns the same time in another month; a day that the month lacks becomes its last day.
  package static func adding<Value: ScalarValue>(months: Value, to time: Value) -> Int64? {
    guard let time = milliseconds(time), time.magnitude <= timeLimit,
      let count = months.wholeNumber, count.magnitude <= UInt64(countLimit)
    else { return nil }
    return Timestamp.adding(months: count, to: time)
  }

  /// Fractions of a millisecond go down, so that a time before 1970 stays in its period.
  private static func milliseconds(_ value: some ScalarValue) -> Int64? {
    if value.isNull { return nil }
    switch value.number {
    case .integer(let integer)?: return integer
    case .real(let real)?: return Int64(exactly: real.rounded(.down))
    case nil: return nil
    }
  }

  /// Returns the start of a month, counted from January 1970.
  private static func milliseconds(fromMonth index: Int64) -> Int64? {
    let year = floorDivide(index, 12)
    guard year.magnitude <= 300_000,
      let days = Timestamp.days(fromCivil: Int(1970 + year), Int(index - year * 12) + 1, 1)
    else { return nil }
    return Int64(days) * day
  }

  private static func floorDivide(_ number: Int64, _ divisor: Int64) -> Int64 {
    let (quotient, remainder) = number.quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? quotient - 1 : quotient
  }
}
