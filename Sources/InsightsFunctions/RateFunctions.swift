internal import InsightsText

/// `ql_rate(value, milliseconds)`: an aggregate, the change of a number per millisecond from the
/// earliest to the latest row of the group.
///
/// Non-numeric values are skipped; 0 if all rows have the same time; NULL for a group without
/// numbers.
enum RateFunctions {
  static var all: [SQLFunction] {
    [
      SQLFunction(
        aggregate: "ql_rate", arguments: 2, step: { RateFunctions.add(SQLCall($0, $1, $2)) },
        final: { RateFunctions.rate(SQLCall($0, 0, nil)) })
    ]
  }

  private struct Group: BitwiseCopyable {
    var count: Int64
    var firstTime: Double
    var firstValue: Double
    var lastTime: Double
    var lastValue: Double
  }

  private static func add(_ call: SQLCall) {
    guard let value = call[0].number?.real, let time = call[1].number?.real,
      let group = call.group(Group.self)
    else { return }
    if group.pointee.count == 0 || time < group.pointee.firstTime {
      group.pointee.firstTime = time
      group.pointee.firstValue = value
    }
    if group.pointee.count == 0 || time >= group.pointee.lastTime {
      group.pointee.lastTime = time
      group.pointee.lastValue = value
    }
    group.pointee.count += 1
  }

  private static func rate(_ call: SQLCall) {
    guard let group = call.group(Group.self, isEnd: true)?.pointee, group.count > 0 else { return }
    let duration = group.lastTime - group.firstTime
    call.setResult(duration > 0 ? (group.lastValue - group.firstValue) / duration : 0)
  }
}
