package import InsightsText

/// A sum of numbers that does not depend on their order, nor on how parts of it were merged.
///
/// Whole numbers, also those written as `3.0` or `1e3`, are summed exactly in 128 bits, others with
/// twice the precision of a Double, so that the rounded result is the same for every order that
/// occurs.
package struct NumberSum: BitwiseCopyable {
  /// The number of values.
  private(set) var count: Int64 = 0
  private var realCount: Int64 = 0
  // SQLite aligns the memory of an aggregate to 8 bytes but Int128 needs 16, hence two halves.
  private var low: UInt64 = 0
  private var high: Int64 = 0
  private var real: Double = 0
  /// The rounding error of `real`.
  private var remainder: Double = 0

  @inline(__always)
  package mutating func add(_ number: NumericText.Number) {
    count &+= 1
    switch number {
    case .integer(let integer): add(integer < 0 ? -1 : 0, UInt64(bitPattern: integer))
    case .real(let real):
      if let whole = Int64(exactly: real) {
        add(whole < 0 ? -1 : 0, UInt64(bitPattern: whole))
      } else {
        realCount &+= 1
        add(real)
      }
    }
  }

  /// Makes the sum of `count` numbers from the sum of those that are whole, and from addends of the
  /// `realCount` others.
  package init(count: Int64, integers: Int128, realCount: Int64, reals: [Double]) {
    self.count = count
    self.realCount = realCount
    low = UInt64(truncatingIfNeeded: integers)
    high = Int64(truncatingIfNeeded: integers >> 64)
    for real in reals { add(real) }
  }

  package init() {}

  /// Adds another sum.
  mutating func add(_ other: NumberSum) {
    count &+= other.count
    realCount &+= other.realCount
    add(other.high, other.low)
    add(other.real)
    add(other.remainder)
  }

  @inline(__always)
  private mutating func add(_ otherHigh: Int64, _ otherLow: UInt64) {
    let (sum, isCarried) = low.addingReportingOverflow(otherLow)
    low = sum
    high = high &+ otherHigh &+ (isCarried ? 1 : 0)
  }

  /// Knuth's two-sum, followed by a renormalization.
  @inline(__always)
  private mutating func add(_ number: Double) {
    let sum = real + number
    // The rounding error of an infinite sum would be NaN.
    guard sum.isFinite else {
      real = sum
      remainder = 0
      return
    }
    let part = sum - real
    let lost = (real - (sum - part)) + (number - part)
    let rest = remainder + lost
    real = sum + rest
    remainder = rest - (real - sum)
  }

  /// The sum; an integer if all numbers are whole and it fits, NULL without numbers.
  package var total: Cell {
    if count == 0 { return .null }
    if realCount == 0, high == Int64(bitPattern: low) >> 63 { return Cell(Int64(bitPattern: low)) }
    return Cell(value)
  }

  /// NULL without numbers.
  package var mean: Cell { count == 0 ? .null : Cell(value / Double(count)) }

  /// The sum of the whole numbers and of the others, rounded once.
  private var value: Double {
    let integers = Int128(high) << 64 | Int128(low)
    let nearest = Double(integers)
    var sum = self
    sum.add(nearest)
    sum.add(Double(integers - Int128(nearest)))
    return sum.real
  }
}
