internal import InsightsModel
internal import InsightsQuery

/// Turns bound expressions into SQL over the columns of a block.
struct ExpressionGenerator {
  let dialect: any Dialect
  let block: SelectBlock

  func sql(for expression: BoundExpression) -> SQLFragment {
    switch expression {
    case .literal(let value): return .literal(value)
    case .column(let column): return block.resolve(column.name)
    case .call(let callee, let arguments):
      return .spelling(
        dialect.spelling(ofFunction: callee.name) ?? callee.sql, arguments.map { sql(for: $0) })
    case .membership(let operand, let values): return membership(sql(for: operand), values)
    }
  }

  /// A value is in the list when it is the same text as a text, or the same number as a number or
  /// numeric text. A missing value is neither in the list nor outside it.
  private func membership(_ operand: SQLFragment, _ values: [Value]) -> SQLFragment {
    var texts: [SQLFragment] = []
    var numbers: [SQLFragment] = []
    for value in values {
      let numeric = BoundExpression.literal(value).numericLiteral
      if let numeric { numbers.append(.literal(numeric)) } else { texts.append(.literal(value)) }
    }
    var alternatives: [SQLFragment] = []
    // SQLite keeps an empty IN list false even for NULL; a text list is there always.
    alternatives.append(
      operand + SQLFragment(sql: " IN (")
        + (texts.isEmpty ? SQLFragment(sql: "''''") : texts.joined(", "))
        + SQLFragment(sql: ")"))
    if !numbers.isEmpty {
      alternatives.append(
        SQLFragment(sql: "ifnull(") + .spelling(dialect.numberSpelling, [operand])
          + SQLFragment(sql: " IN (") + numbers.joined(", ") + SQLFragment(sql: "), 0)"))
    }
    return SQLFragment(sql: "(") + alternatives.joined(" OR ") + SQLFragment(sql: ")")
  }
}
