internal import InsightsModel
internal import InsightsQuery

/// Turns bound expressions into SQL over the columns of a block.
struct ExpressionGenerator {
  let dialect: any Dialect
  let context: StatementContext
  let block: SelectBlock
  /// What stands for columns that have another name at this place.
  var substitutes: [String: SQLFragment] = [:]

  func sql(for expression: BoundExpression) -> SQLFragment {
    switch expression {
    case .literal(let value): return .literal(value)
    case .column(let column): return substitutes[column.name] ?? block.resolve(column.name)
    case .call(let callee, let arguments):
      if let chain = chain(of: callee, arguments) { return chain }
      var call = SQLFragment.spelling(
        dialect.spelling(ofFunction: callee.name) ?? callee.sql, arguments.map { sql(for: $0) })
      if callee.isAggregate { call.isAggregate = true }
      return call
    case .membership(let operand, let values): return membership(operand, values)
    case .subqueryMembership(let operand, let plan): return membership(operand, of: plan)
    }
  }

  /// `((a OR b) OR c)` as `(a OR b OR c)`: SQLite's parser takes no more than some 90 parentheses
  /// inside each other.
  private func chain(
    of callee: BoundExpression.Callee, _ arguments: [BoundExpression]
  ) -> SQLFragment? {
    guard let infix = callee.chainedOperator, dialect.spelling(ofFunction: callee.name) == nil,
      var operands = arguments.first.map({ [$0] })
    else { return nil }
    var others = Array(arguments.dropFirst())
    while case .call(callee, let inner) = operands[0], inner.count == 2 {
      operands[0] = inner[0]
      others.insert(inner[1], at: 0)
    }
    operands += others
    let places = operands.indices.map { "{\($0)}" }.joined(separator: " \(infix) ")
    return .spelling("(\(places))", operands.map { sql(for: $0) })
  }

  /// As in a list; what is missing from the plan's rows is left out.
  private func membership(_ operand: BoundExpression, of plan: Plan) -> SQLFragment {
    let (step, column) = SQLGenerator.addSubquery(plan, to: context, for: dialect)
    let value = SQLFragment.identifier(column)
    // SQLite finds everything outside an empty set, also what is missing; no value is a BLOB of
    // nothing, which keeps the set from being empty.
    return .spelling(dialect.comparedValueSpelling, [sql(for: operand)])
      + SQLFragment(sql: " IN (SELECT ") + value + SQLFragment(sql: " FROM ") + .identifier(step)
      + SQLFragment(sql: " WHERE ") + value
      + SQLFragment(sql: " IS NOT NULL UNION ALL SELECT x'')")
  }

  /// A value is in a list that has the same text, or for a number or numeric text the same number.
  ///
  /// A missing value is neither in the list nor outside it.
  private func membership(_ operand: BoundExpression, _ values: [Value]) -> SQLFragment {
    let numbers = values.map { value in
      let literal = BoundExpression.literal(value)
      return literal.wideLiteral ?? literal.numericLiteral
    }
    let listed = zip(values, numbers).map { SQLFragment.literal($1 ?? $0) }
    let spelling =
      if values.isEmpty {
        // SQLite finds everything outside an empty list, also what is missing.
        "({0} <> {0})"
      } else if numbers.allSatisfy({ $0 == nil }) {
        "({0} IN ({1}))"
      } else {
        dialect.membershipSpelling
      }
    return .spelling(spelling, [sql(for: operand), listed.joined(", ")])
  }
}
