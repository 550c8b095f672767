internal import InsightsScan
internal import CSQLite
internal import InsightsText

/// `ql_min`, `ql_max`, `ql_earliest`, `ql_latest`: aggregates that select one of the values.
enum SelectionFunctions {
  static var all: [SQLFunction] {
    [
      SQLFunction(
        aggregate: "ql_min", arguments: 1,
        step: { SelectionFunctions.extreme(SQLCall($0, $1, $2), sign: -1) },
        final: { SelectionFunctions.setExtreme(SQLCall($0, 0, nil)) }),
      SQLFunction(
        aggregate: "ql_max", arguments: 1,
        step: { SelectionFunctions.extreme(SQLCall($0, $1, $2), sign: 1) },
        final: { SelectionFunctions.setExtreme(SQLCall($0, 0, nil)) }),
      SQLFunction(
        aggregate: "ql_earliest", arguments: 2,
        step: { SelectionFunctions.timed(SQLCall($0, $1, $2), wantsLatest: false) },
        final: { SelectionFunctions.setTimed(SQLCall($0, 0, nil)) }),
      SQLFunction(
        aggregate: "ql_latest", arguments: 2,
        step: { SelectionFunctions.timed(SQLCall($0, $1, $2), wantsLatest: true) },
        final: { SelectionFunctions.setTimed(SQLCall($0, 0, nil)) }),
    ]
  }

  // MARK: By natural order

  private final class Extreme {
    /// A copy of the best value so far, which we must free.
    var value: OpaquePointer?
    /// Its sort key, computed when first needed.
    var key: [UInt8] = []
    var candidateKey: [UInt8] = []

    deinit {
      sqlite3_value_free(value)
    }
  }

  private struct ExtremeGroup: BitwiseCopyable {
    var extreme: Unmanaged<Extreme>?
  }

  private static func extreme(_ call: SQLCall, sign: Int) {
    let value = call[0]
    guard !value.isNull, let group = call.group(ExtremeGroup.self) else { return }
    let kept = group.pointee.extreme ?? Unmanaged.passRetained(Extreme())
    group.pointee.extreme = kept
    let best = kept.takeUnretainedValue()
    if best.value != nil {
      let order = ComparisonKernels.sortOrder(
        of: value, key: &best.candidateKey, beside: SQLValue(handle: best.value), key: &best.key)
      guard order == sign else { return }
      swap(&best.key, &best.candidateKey)
    }
    sqlite3_value_free(best.value)
    best.value = call.copy(of: value)
  }

  private static func setExtreme(_ call: SQLCall) {
    guard let group = call.group(ExtremeGroup.self, isEnd: true),
      let best = group.pointee.extreme?.takeRetainedValue()
    else { return }
    group.pointee.extreme = nil
    if best.value != nil { call.setResult(SQLValue(handle: best.value)) }
  }

  // MARK: By time

  private struct TimedGroup: BitwiseCopyable {
    /// A copy of the value, which we must free.
    var value: OpaquePointer?
    /// Exact for times in milliseconds.
    var time: Double
  }

  /// Of equal times the first row is the earliest and the last row the latest.
  private static func timed(_ call: SQLCall, wantsLatest: Bool) {
    let value = call[0]
    guard !value.isNull, let time = call[1].number?.real,
      let group = call.group(TimedGroup.self)
    else { return }
    if group.pointee.value != nil {
      guard wantsLatest ? time >= group.pointee.time : time < group.pointee.time else { return }
      sqlite3_value_free(group.pointee.value)
    }
    group.pointee.value = call.copy(of: value)
    group.pointee.time = time
  }

  private static func setTimed(_ call: SQLCall) {
    guard let group = call.group(TimedGroup.self, isEnd: true), group.pointee.value != nil else {
      return
    }
    call.setResult(SQLValue(handle: group.pointee.value))
    sqlite3_value_free(group.pointee.value)
    group.pointee.value = nil
  }
}
