internal import InsightsText

/// `ql_sum`, `ql_avg`, `ql_variance`, `ql_stddev`: aggregates of numbers; what is none is skipped.
///
/// NULL for a group without a number.
enum SumFunctions {
  static var all: [SQLFunction] {
    [
      SQLFunction(
        aggregate: "ql_sum", arguments: 1, step: { SumFunctions.add(SQLCall($0, $1, $2)) },
        final: { SumFunctions.sum(SQLCall($0, 0, nil)) }),
      SQLFunction(
        aggregate: "ql_avg", arguments: 1, step: { SumFunctions.add(SQLCall($0, $1, $2)) },
        final: { SumFunctions.average(SQLCall($0, 0, nil)) }),
      SQLFunction(
        aggregate: "ql_variance", arguments: 1,
        step: { SumFunctions.deviate(SQLCall($0, $1, $2)) },
        final: { SumFunctions.variance(SQLCall($0, 0, nil)) }),
      SQLFunction(
        aggregate: "ql_stddev", arguments: 1,
        step: { SumFunctions.deviate(SQLCall($0, $1, $2)) },
        final: { SumFunctions.standardDeviation(SQLCall($0, 0, nil)) }),
    ]
  }

  // MARK: Sums

  /// Integers are summed exactly in 128 bits, real numbers with Neumaier's compensation.
  private struct Sum: BitwiseCopyable {
    var count: Int64
    var realCount: Int64
    // SQLite aligns to 8 bytes and Int128 wants 16, hence two halves.
    var low: UInt64
    var high: Int64
    var real: Double
    var compensation: Double

    mutating func add(_ integer: Int64) {
      let (sum, isCarried) = low.addingReportingOverflow(UInt64(bitPattern: integer))
      low = sum
      high = high &+ (integer < 0 ? -1 : 0) &+ (isCarried ? 1 : 0)
    }

    mutating func add(_ number: Double) {
      realCount += 1
      let sum = real + number
      compensation +=
        real.magnitude >= number.magnitude ? (real - sum) + number : (number - sum) + real
      real = sum
    }

    var integer: Int64? {
      realCount == 0 && high == Int64(bitPattern: low) >> 63 ? Int64(bitPattern: low) : nil
    }

    var total: Double {
      let whole = Double(Int128(high) << 64 | Int128(low))
      // An infinite sum has a compensation that is no number.
      let fraction = real.isFinite ? real + compensation : real
      return whole + fraction
    }
  }

  private static func add(_ call: SQLCall) {
    guard let number = call[0].number, let sum = call.group(Sum.self) else { return }
    sum.pointee.count += 1
    switch number {
    case .integer(let integer): sum.pointee.add(integer)
    case .real(let real): sum.pointee.add(real)
    }
  }

  private static func sum(_ call: SQLCall) {
    guard let sum = call.group(Sum.self, isEnd: true)?.pointee, sum.count > 0 else { return }
    if let integer = sum.integer { call.give(integer) } else { call.give(sum.total) }
  }

  private static func average(_ call: SQLCall) {
    guard let sum = call.group(Sum.self, isEnd: true)?.pointee, sum.count > 0 else { return }
    call.give(sum.total / Double(sum.count))
  }

  // MARK: Deviation

  /// Welford's running mean, which does not lose the small differences of great numbers.
  private struct Deviation: BitwiseCopyable {
    var count: Int64
    var mean: Double
    var squares: Double
  }

  private static func deviate(_ call: SQLCall) {
    guard let value = call[0].number?.real, let group = call.group(Deviation.self) else { return }
    group.pointee.count += 1
    let difference = value - group.pointee.mean
    group.pointee.mean += difference / Double(group.pointee.count)
    group.pointee.squares += difference * (value - group.pointee.mean)
  }

  private static func variance(_ call: SQLCall) {
    guard let group = call.group(Deviation.self, isEnd: true)?.pointee, group.count > 0 else {
      return
    }
    call.give(group.squares / Double(group.count))
  }

  private static func standardDeviation(_ call: SQLCall) {
    guard let group = call.group(Deviation.self, isEnd: true)?.pointee, group.count > 0 else {
      return
    }
    call.give((group.squares / Double(group.count)).squareRoot())
  }
}
