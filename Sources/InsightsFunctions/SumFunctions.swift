internal import InsightsScan
internal import InsightsText

/// `ql_sum`, `ql_avg`, `ql_variance`, `ql_stddev`: aggregates of numbers; non-numeric values are
/// skipped.
///
/// NULL for a group without numbers.
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

  private static func add(_ call: SQLCall) {
    // A group's memory is initialized to zeros, which is the empty sum.
    guard let number = call[0].number, let sum = call.group(NumberSum.self) else { return }
    sum.pointee.add(number)
  }

  private static func sum(_ call: SQLCall) {
    guard let sum = call.group(NumberSum.self, isEnd: true)?.pointee else { return }
    call.setResult(sum.total)
  }

  private static func average(_ call: SQLCall) {
    guard let sum = call.group(NumberSum.self, isEnd: true)?.pointee else { return }
    call.setResult(sum.mean)
  }

  // MARK: Deviation

  /// Welford's running mean, which keeps small differences between large numbers.
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
    call.setResult(group.squares / Double(group.count))
  }

  private static func standardDeviation(_ call: SQLCall) {
    guard let group = call.group(Deviation.self, isEnd: true)?.pointee, group.count > 0 else {
      return
    }
    call.setResult((group.squares / Double(group.count)).squareRoot())
  }
}
