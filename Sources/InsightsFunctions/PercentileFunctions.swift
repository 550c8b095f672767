internal import InsightsScan
internal import InsightsText

/// `ql_percentile(value, percentage)`: see `PercentileKernels`.
///
/// The percentage is taken from the group's first number. Non-numeric values are skipped; NULL for
/// a group without numbers, and for a percentage outside 0 … 100.
enum PercentileFunctions {
  static var all: [SQLFunction] {
    [
      SQLFunction(
        aggregate: "ql_percentile", arguments: 2,
        step: { Sample.add(SQLCall($0, $1, $2)) { $0.number?.real } },
        final: { PercentileFunctions.percentile(SQLCall($0, 0, nil)) })
    ]
  }

  private typealias Sample = NumberSample<Double?>

  private static func percentile(_ call: SQLCall) {
    guard let sample = Sample.take(call), let percentage = sample.argument,
      let result = PercentileKernels.percentile(percentage, of: &sample.values)
    else { return }
    call.setResult(result)
  }
}
