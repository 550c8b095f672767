internal import InsightsText
internal import InsightsScan
internal import InsightsSQLite
internal import InsightsModel

/// `ql_made_row(place, command, value)` and `ql_periods(time, first, last, length, keys)`: count
/// generated rows, and stop the statement at the limit.
enum BudgetFunctions {
  static var all: [SQLFunction] {
    [
      SQLFunction("ql_made_row", arguments: 3, isDeterministic: false) {
        BudgetFunctions.countRow(SQLCall($0, $1, $2))
      },
      SQLFunction("ql_periods", arguments: 5) { BudgetFunctions.periods(SQLCall($0, $1, $2)) },
    ]
  }

  /// Counts a row that a command generates; always true.
  ///
  /// `value` is a column of the generated rows, so that SQLite calls the function for each of them.
  private static func countRow(_ call: SQLCall) {
    let workspace = call.workspace
    let place = call[0].wholeNumber ?? 0
    let count = workspace.rowCounts[place, default: 0] + 1
    workspace.rowCounts[place] = count
    let limit = workspace.budget.rowCount
    if count > limit {
      let command = call[1].withText { String(decoding: $0, as: UTF8.self) }
      call.fail(.limitReached(.rows(command: command, limit: limit, count: nil)))
    } else {
      call.setResult(true)
    }
  }

  /// Returns the time itself, unless there are too many periods of a length from the first to the
  /// last.
  ///
  /// Each period has a row for every combination of keys; their number is an argument.
  private static func periods(_ call: SQLCall) {
    guard let first = call[1].number?.real, let last = call[2].number?.real,
      let length = call[3].number?.real, let keyCount = call[4].number?.real, length > 0
    else { return call.setResult(call[0]) }
    let count = ((last - first) / length + 1) * max(keyCount, 1)
    guard count <= Double(QueryBudget.filledRowCount) else {
      return call.fail(
        .limitReached(
          .rows(
            command: "fillmissing", limit: QueryBudget.filledRowCount,
            count: Int64(exactly: count.rounded()))))
    }
    call.setResult(call[0])
  }
}
