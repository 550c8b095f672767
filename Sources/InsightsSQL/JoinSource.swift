internal import InsightsQuery

/// Two blocks side by side in a FROM.
struct JoinSource {
  let left: SelectBlock
  let right: SelectBlock
  let join: Join
  /// The columns, in SQL, that must be equal.
  let leftKey: String
  let rightKey: String

  /// The SQL for a column of the join.
  func resolve(_ name: String) -> SQLFragment {
    guard let qualifiers = join.qualifiers else {
      return join.rightColumns.contains { $0.name == name }
        ? rightColumn(name) : leftColumn(name)
    }
    if let column = name.unqualified(by: qualifiers.left) { return leftColumn(column) }
    if let column = name.unqualified(by: qualifiers.right) { return rightColumn(column) }
    return leftColumn(name)
  }

  private func leftColumn(_ name: String) -> SQLFragment {
    SQLFragment(sql: "\"left\".") + .identifier(left.output(name))
  }

  private func rightColumn(_ name: String) -> SQLFragment {
    SQLFragment(sql: "\"right\".") + .identifier(right.output(name))
  }

  func rendered() -> SQLFragment {
    left.parenthesized + SQLFragment(sql: " AS \"left\"\n")
      + (join.kind == .left ? SQLFragment(sql: "LEFT JOIN ") : SQLFragment(sql: "JOIN "))
      + right.parenthesized + SQLFragment(sql: " AS \"right\" ON \"left\".")
      + .identifier(leftKey) + SQLFragment(sql: " = \"right\".") + .identifier(rightKey)
  }
}
