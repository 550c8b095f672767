internal import InsightsModel

/// Counts the rows that a part of a statement generates, to limit their number.
struct RowCounter {
  /// The number of the counter, unique in the statement.
  let place: Int
  let command: String

  /// Returns a condition that is always true and counts the rows for which it is evaluated.
  ///
  /// `column` is a column of the generated rows, so that SQLite evaluates the condition for each of
  /// them.
  func condition(on column: SQLFragment) -> SQLFragment {
    .spelling(
      "ql_made_row({0}, {1}, {2})",
      [.number(Int64(place)), .literal(.text(command)), column])
  }
}
