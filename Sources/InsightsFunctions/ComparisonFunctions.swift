internal import InsightsScan
internal import InsightsText

/// `ql_number`, `ql_value`, `ql_truth`, `ql_equal`, `ql_compare`, `ql_sort_key`: the semantics of
/// the language's values.
enum ComparisonFunctions {
  static var all: [SQLFunction] {
    [
      SQLFunction("ql_number", arguments: 1) { ComparisonFunctions.number(SQLCall($0, $1, $2)) },
      SQLFunction("ql_value", arguments: 1) { ComparisonFunctions.value(SQLCall($0, $1, $2)) },
      SQLFunction("ql_truth", arguments: 1) { ComparisonFunctions.truth(SQLCall($0, $1, $2)) },
      SQLFunction("ql_equal", arguments: 2) { ComparisonFunctions.equal(SQLCall($0, $1, $2)) },
      SQLFunction("ql_compare", arguments: 2) { ComparisonFunctions.compare(SQLCall($0, $1, $2)) },
      SQLFunction("ql_sort_key", arguments: 1) { ComparisonFunctions.sortKey(SQLCall($0, $1, $2)) },
    ]
  }

  private static func number(_ call: SQLCall) { call.setResult(call[0].number) }

  /// Returns the number if the value is one or denotes one, otherwise the text: what `=` compares.
  ///
  /// Numbers from 2^63 on are the text of their digits, without a plus sign and leading zeros.
  private static func value(_ call: SQLCall) {
    switch call[0].number {
    case .integer(let integer): call.setResult(integer)
    case .real(let real) where real.magnitude >= NumericText.wideMagnitude:
      var digits: [UInt8] = []
      call[0].appendDigits(ofLarge: real, to: &digits)
      call.setResult(text: digits)
    case .real(let real): call.setResult(real)
    case nil: call.setResult(call[0])
    }
  }

  private static func truth(_ call: SQLCall) { call.setResult(ComparisonKernels.isTrue(call[0])) }

  private static func equal(_ call: SQLCall) {
    call.setResult(ComparisonKernels.equalValues(call[0], call[1]))
  }

  /// Returns -1, 0 or 1; NULL for a stored number and a non-numeric text, which have no order.
  private static func compare(_ call: SQLCall) {
    call.setResult(ComparisonKernels.naturalOrder(call[0], call[1]).map { Int64($0) })
  }

  private static func sortKey(_ call: SQLCall) {
    let value = call[0]
    guard !value.isNull else { return }
    let workspace = call.workspace
    workspace.output.removeAll(keepingCapacity: true)
    value.appendSortKey(to: &workspace.output)
    call.setResult(blob: workspace.output)
  }
}
