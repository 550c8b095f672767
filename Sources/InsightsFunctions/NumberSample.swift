internal import InsightsScan
internal import InsightsText

/// The numbers of a group for an aggregate that needs all of them at its end.
///
/// `Argument` is the second argument, taken from the group's first number. Non-numeric values are
/// skipped. Memory counts as that of the query.
final class NumberSample<Argument> {
  var values: [Double] = []
  let argument: Argument

  private init(_ argument: Argument) {
    self.argument = argument
  }

  private struct Group: BitwiseCopyable {
    var sample: Unmanaged<NumberSample>?
  }

  /// Adds the value of a call to the sample of its group; `argument` reads the second argument.
  static func add(_ call: SQLCall, argument: (SQLValue) -> Argument) {
    guard let value = call[0].number?.real, let group = call.group(Group.self) else { return }
    let sample = group.pointee.sample ?? Unmanaged.passRetained(NumberSample(argument(call[1])))
    group.pointee.sample = sample
    let kept = sample.takeUnretainedValue()
    let capacity = kept.values.capacity
    kept.values.append(value)
    if kept.values.capacity > capacity {
      call.changeGroupMemory(by: (kept.values.capacity - capacity) * 8)
    }
  }

  /// Takes the sample of the group that ends; `nil` if it has no numbers.
  static func take(_ call: SQLCall) -> NumberSample? {
    guard let group = call.group(Group.self, isEnd: true),
      let sample = group.pointee.sample?.takeRetainedValue()
    else { return nil }
    group.pointee.sample = nil
    call.changeGroupMemory(by: -sample.values.capacity * 8)
    return sample
  }
}
