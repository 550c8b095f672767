internal import InsightsQuery

/// The join of a block with another block.
struct JoinSource {
  let left: SelectBlock
  let right: SelectBlock
  /// The name of the right block's step.
  let rightName: String
  /// The pairs of columns that must be equal.
  let keys: [(left: String, right: String)]
  let isOuter: Bool
  let naming: Join.Naming
  /// `nil` if a row has at most one partner.
  let counter: RowCounter?

  /// Returns the SQL of a column of the plan.
  func resolve(_ name: String) -> SQLFragment {
    switch naming {
    case .qualified(let leftAlias, let rightAlias):
      if let field = name.removing(prefix: leftAlias + ".") { return column(field, of: left) }
      if let field = name.removing(prefix: rightAlias + ".") { return column(field, of: right) }
      return SQLFragment(sql: "NULL")
    case .added(let columns):
      guard let added = columns.last(where: { $0.column.name == name }) else {
        return column(name, of: left)
      }
      return column(added.source.name, of: right)
    }
  }

  private func column(_ name: String, of block: SelectBlock) -> SQLFragment {
    (block === left ? SQLFragment(sql: "\"left\".") : SQLFragment(sql: "\"right\"."))
      + .identifier(block.output(name))
  }

  /// Returns the FROM clause; `leftName` is the step of the left block.
  func rendered(leftName: SQLFragment) -> SQLFragment {
    var sql = leftName + SQLFragment(sql: " AS \"left\"\n")
    // CROSS JOIN keeps SQLite from scanning the left side again for each row of the right one.
    sql += isOuter ? SQLFragment(sql: "LEFT JOIN ") : SQLFragment(sql: "CROSS JOIN ")
    sql += .identifier(rightName) + SQLFragment(sql: " AS \"right\" ON ")
    var conditions = keys.map { key in
      SQLFragment(sql: "\"left\".") + .identifier(key.left)
        + SQLFragment(sql: " = \"right\".") + .identifier(key.right)
    }
    if let counter, let key = keys.first {
      conditions.append(
        counter.condition(on: SQLFragment(sql: "\"right\".") + .identifier(key.right)))
    }
    return sql + conditions.joined(" AND ")
  }

  /// Returns the name after the join of a column of the left side.
  func leftColumn(_ column: PlanColumn) -> PlanColumn {
    guard case .qualified(let alias, _) = naming else { return column }
    var column = column
    column.name = "\(alias).\(column.name)"
    return column
  }

  /// Returns the name after the join of a column of the right side; `nil` if it has none.
  func rightColumn(_ column: PlanColumn) -> PlanColumn? {
    guard case .qualified(_, let alias) = naming else { return nil }
    var column = column
    column.name = "\(alias).\(column.name)"
    return column
  }
}

extension String {
  fileprivate func removing(prefix: String) -> String? {
    hasPrefix(prefix) ? String(dropFirst(prefix.count)) : nil
  }
}
