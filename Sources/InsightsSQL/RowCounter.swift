internal import InsightsModel

/// Counts the rows that a part of a statement makes of others, so that they cannot be too many.
struct RowCounter {
  /// A number that no other counter of the statement has.
  let place: Int
  let command: String

  /// A condition that is always true and counts each row for which it is asked.
  ///
  /// `column` is of what the rows are made with: SQL asks for each of its rows then.
  func condition(on column: SQLFragment) -> SQLFragment {
    .spelling(
      "ql_made_row({0}, {1}, {2})",
      [.number(Int64(place)), .literal(.text(command)), column])
  }
}
