internal import InsightsScan
internal import InsightsSQLite
internal import InsightsModel
internal import InsightsText
internal import InsightsThreads

/// `ql_values(value)` and `ql_topk(value, count)`: aggregates that list the distinct values,
/// separated by commas.
///
/// `ql_values` lists them in natural order, `ql_topk` the most frequent ones first, ties in natural
/// order. NULL for a group without a value.
enum DistinctFunctions {
  static var all: [SQLFunction] {
    [
      SQLFunction(
        aggregate: "ql_values", arguments: 1,
        step: { DistinctFunctions.add(SQLCall($0, $1, $2)) },
        final: { DistinctFunctions.setAllValues(SQLCall($0, 0, nil)) }),
      SQLFunction(
        aggregate: "ql_topk", arguments: 2,
        step: { DistinctFunctions.add(SQLCall($0, $1, $2)) },
        final: { DistinctFunctions.setMostFrequent(SQLCall($0, 0, nil)) }),
    ]
  }

  private final class Values {
    var counts: [[UInt8]: Int] = [:]
    var limit = Int.max
    /// Including the memory for sorting them.
    var byteCount = 0
  }

  /// Per value in addition to its text, for the entry and its sort key.
  private static let overheadByteCount = 160

  private struct Group: BitwiseCopyable {
    var values: Unmanaged<Values>?
  }

  private static func add(_ call: SQLCall) {
    guard !call[0].isNull, let group = call.group(Group.self) else { return }
    let kept = group.pointee.values ?? Unmanaged.passRetained(Values())
    group.pointee.values = kept
    let values = kept.takeUnretainedValue()
    if call.argumentCount == 2, let limit = call[1].wholeNumber {
      values.limit = Int(clamping: limit)
    }
    let count = values.counts.count
    let textByteCount = call[0].withText { text in
      values.counts[Array(text), default: 0] += 1
      return text.count
    }
    guard values.counts.count > count else { return }
    let byteCount = 2 * textByteCount + overheadByteCount
    values.byteCount += byteCount
    call.changeGroupMemory(by: byteCount)
  }

  private static func setAllValues(_ call: SQLCall) {
    guard let values = end(call), let values = sorted(values, call) else { return }
    setResult(values, call)
  }

  private static func setMostFrequent(_ call: SQLCall) {
    guard let values = end(call), let natural = sorted(values, call) else { return }
    let counts = natural.map { values.counts[$0] ?? 0 }
    let ranked = natural.indices.sorted { (counts[$1], $0) < (counts[$0], $1) }
    setResult(ranked.prefix(max(0, values.limit)).map { natural[$0] }, call)
  }

  /// Returns the values of the group; `nil` also when the result is discarded.
  private static func end(_ call: SQLCall) -> Values? {
    let isInVain = call.groupsHoldTooMuch
    guard let group = call.group(Group.self, isEnd: true) else { return nil }
    let values = group.pointee.values?.takeRetainedValue()
    group.pointee.values = nil
    if let values { call.changeGroupMemory(by: -values.byteCount) }
    return isInVain ? nil : values
  }

  /// Returns the values in natural order; `nil`, and the statement fails, if the execution has to
  /// stop.
  private static func sorted(_ values: Values, _ call: SQLCall) -> [[UInt8]]? {
    let cancellation = call.workspace.budget.context.cancellation
    do {
      let keyed = try values.counts.keys.map { value -> (key: [UInt8], value: [UInt8]) in
        try cancellation.throwIfStopped(thorough: false)
        var key: [UInt8] = []
        value.withUnsafeBufferPointer { NaturalOrder.appendKey(ofText: $0, to: &key) }
        return (key, value)
      }
      return try keyed.sorted {
        try cancellation.throwIfStopped(thorough: false)
        return $0.key.lexicographicallyPrecedes($1.key)
      }.map(\.value)
    } catch {
      call.fail(error as? StoreError ?? .interrupted)
      return nil
    }
  }

  private static func setResult(_ values: [[UInt8]], _ call: SQLCall) {
    let byteCount = values.reduce(values.count) { $0 + $1.count }
    guard byteCount <= QueryBudget.valueByteCount else { return call.failWithTooLongValue() }
    call.setResult(text: Array(values.joined(separator: [UInt8(ascii: ",")])))
  }
}
