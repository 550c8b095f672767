/// `ql_made_row(place, command, value)` and `ql_periods(time, first, last, length, keys)`: count what
/// multiplies, and end the statement where that is too much.
enum BudgetFunctions {
  static var all: [SQLFunction] {
    [
      SQLFunction("ql_made_row", arguments: 3, isDeterministic: false) {
        BudgetFunctions.countRow(SQLCall($0, $1, $2))
      },
      SQLFunction("ql_periods", arguments: 5) { BudgetFunctions.periods(SQLCall($0, $1, $2)) },
    ]
  }

  /// Counts a row that a command makes of others; always true.
  ///
  /// `value` is a column of what the rows are made with: it has SQLite call the function for each.
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
      call.give(true)
    }
  }

  /// The time itself, unless there are too many periods of a length from the first to the last.
  ///
  /// Each takes a row for every combination of keys, of which there are so many.
  private static func periods(_ call: SQLCall) {
    guard let first = call[1].number?.real, let last = call[2].number?.real,
      let length = call[3].number?.real, let keyCount = call[4].number?.real, length > 0
    else { return call.give(call[0]) }
    let count = ((last - first) / length + 1) * max(keyCount, 1)
    guard count <= Double(QueryBudget.filledRowCount) else {
      return call.fail(
        .limitReached(
          .rows(
            command: "fillmissing", limit: QueryBudget.filledRowCount,
            count: Int64(exactly: count.rounded()))))
    }
    call.give(call[0])
  }
}
