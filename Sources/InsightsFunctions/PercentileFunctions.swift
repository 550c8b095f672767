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
        step: { PercentileFunctions.add(SQLCall($0, $1, $2)) },
        final: { PercentileFunctions.percentile(SQLCall($0, 0, nil)) })
    ]
  }

  private final class Sample {
    var values: [Double] = []
    let percentage: Double?

    init(percentage: Double?) {
      self.percentage = percentage
    }
  }

  private struct Group: BitwiseCopyable {
    var sample: Unmanaged<Sample>?
  }

  private static func add(_ call: SQLCall) {
    guard let value = call[0].number?.real, let group = call.group(Group.self) else { return }
    let sample =
      group.pointee.sample ?? Unmanaged.passRetained(Sample(percentage: call[1].number?.real))
    group.pointee.sample = sample
    let kept = sample.takeUnretainedValue()
    let capacity = kept.values.capacity
    kept.values.append(value)
    if kept.values.capacity > capacity {
      call.changeGroupMemory(by: (kept.values.capacity - capacity) * 8)
    }
  }

  private static func percentile(_ call: SQLCall) {
    guard let group = call.group(Group.self, isEnd: true),
      let sample = group.pointee.sample?.takeRetainedValue()
    else { return }
    group.pointee.sample = nil
    call.changeGroupMemory(by: -sample.values.capacity * 8)
    guard let percentage = sample.percentage,
      let result = PercentileKernels.percentile(percentage, of: &sample.values)
    else { return }
    call.setResult(result)
  }
}
