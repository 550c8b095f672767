internal import InsightsText

/// `ql_datefloor` and `ql_dateceil` (milliseconds, count, unit): the edges of periods in UTC;
/// `ql_add_months` (milliseconds, months): the same time of another month.
///
/// Units are `ms s m h d w mo q y`. Periods of fixed length count from 1970-01-01, weeks from the
/// Monday before it, months, quarters and years from January 1970.
enum DateFunctions {
  static var all: [SQLFunction] {
    [
      SQLFunction("ql_datefloor", arguments: 3) {
        DateFunctions.edge(SQLCall($0, $1, $2), isCeiling: false)
      },
      SQLFunction("ql_dateceil", arguments: 3) {
        DateFunctions.edge(SQLCall($0, $1, $2), isCeiling: true)
      },
      SQLFunction("ql_add_months", arguments: 2) {
        DateFunctions.addMonths(SQLCall($0, $1, $2))
      },
    ]
  }

  /// Some 275,000 years on either side; with the next limit no product leaves 64 bits.
  private static let timeLimit: Int64 = 8_640_000_000_000_000
  private static let countLimit: Int64 = 1_000_000_000
  private static let day: Int64 = 86_400_000

  private enum Unit {
    case milliseconds(Int64, offset: Int64)
    case months(Int64)
  }

  private static func edge(_ call: SQLCall, isCeiling: Bool) {
    guard !call.hasNull, let time = milliseconds(call[0]), time.magnitude <= timeLimit,
      let count = call[1].wholeNumber, count >= 1, count <= countLimit,
      let unit = call[2].withText({ unit($0) })
    else { return }
    switch unit {
    case .milliseconds(let length, let offset):
      let step = length * count
      let start = floorDivide(time - offset, step) * step + offset
      call.give(isCeiling && start < time ? start + step : start)
    case .months(let length):
      let step = length * count
      let date = Timestamp.civil(fromDays: Int(floorDivide(time, day)))
      let index = floorDivide(Int64(date.year - 1970) * 12 + Int64(date.month - 1), step) * step
      guard let start = milliseconds(fromMonth: index) else { return }
      if isCeiling, start < time {
        if let next = milliseconds(fromMonth: index + step) { call.give(next) }
      } else {
        call.give(start)
      }
    }
  }

  /// A day that the other month does not have becomes its last one.
  private static func addMonths(_ call: SQLCall) {
    guard !call.hasNull, let time = milliseconds(call[0]), time.magnitude <= timeLimit,
      let count = call[1].wholeNumber, count.magnitude <= UInt64(countLimit)
    else { return }
    let days = floorDivide(time, day)
    let date = Timestamp.civil(fromDays: Int(days))
    let index = Int64(date.year - 1970) * 12 + Int64(date.month - 1) + count
    guard let start = milliseconds(fromMonth: index), let next = milliseconds(fromMonth: index + 1)
    else { return }
    let lastDay = (next - start) / day
    call.give(start + (min(Int64(date.day), lastDay) - 1) * day + (time - days * day))
  }

  /// Fractions of a millisecond go down, so that a time before 1970 stays in its period.
  private static func milliseconds(_ value: SQLValue) -> Int64? {
    switch value.number {
    case .integer(let integer): integer
    case .real(let real): Int64(exactly: real.rounded(.down))
    case nil: nil
    }
  }

  private static func unit(_ name: UnsafeBufferPointer<UInt8>) -> Unit? {
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

  /// The start of a month counted from January 1970.
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
