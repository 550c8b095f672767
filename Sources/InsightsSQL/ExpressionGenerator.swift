internal import InsightsModel
internal import InsightsQuery

/// Generates SQL for bound expressions over the columns of a block.
struct ExpressionGenerator {
  let dialect: any Dialect
  let context: StatementContext
  let block: SelectBlock
  /// The SQL of columns that have another name here.
  var substitutes: [String: SQLFragment] = [:]

  func sql(for expression: BoundExpression) -> SQLFragment {
    switch expression {
    case .literal(let value): return .literal(value)
    case .column(let column): return substitutes[column.name] ?? block.resolve(column.name)
    case .call(let id, let arguments, _):
      var call = self.call(of: id, arguments)
      if Operation.of(id).kind == .aggregate { call.isAggregate = true }
      return call
    case .membership(let operand, let values): return membership(operand, values)
    case .subqueryMembership(let operand, let plan): return membership(operand, of: plan)
    }
  }

  private func call(of id: FunctionID, _ arguments: [BoundExpression]) -> SQLFragment {
    switch dialect.spelling(of: id) {
    case .template(let template): .spelling(template, arguments.map(sql))
    case .composed(let template): .spelling(template(arguments), arguments.map(sql))
    case .infix(let infix, .never): chain(of: arguments.map(sql), infix)
    case .infix(let infix, .fromLeft): chain(of: operands(of: id, arguments).map(sql), infix)
    case .infix(let infix, .anyhow): groups(of: operands(of: id, arguments).map(sql), infix)
    case .function(let name): call(name, arguments.map(sql))
    }
  }

  /// Writes `((a OR b) OR c)` as `(a OR b OR c)`, which nests less.
  private func chain(of operands: [SQLFragment], _ infix: String) -> SQLFragment {
    let places = operands.indices.map { "{\($0)}" }.joined(separator: " \(infix) ")
    return .spelling("(\(places))", operands)
  }

  /// Divides a long chain into shorter ones.
  private func groups(of operands: [SQLFragment], _ infix: String) -> SQLFragment {
    guard operands.count > dialect.chainLimit else { return chain(of: operands, infix) }
    let groups = stride(from: 0, to: operands.count, by: dialect.chainLimit).map { start in
      chain(of: Array(operands[start...].prefix(dialect.chainLimit)), infix)
    }
    return self.groups(of: groups, infix)
  }

  private func operands(of id: FunctionID, _ arguments: [BoundExpression]) -> [BoundExpression] {
    var first = arguments[0]
    var others = Array(arguments.dropFirst().reversed())
    while case .call(id, let inner, _) = first, inner.count == 2 {
      others.append(inner[1])
      first = inner[0]
    }
    return [first] + others.reversed()
  }

  /// Nests calls so that none has more arguments than the database allows.
  private func call(_ name: String, _ arguments: [SQLFragment]) -> SQLFragment {
    let limit = dialect.argumentLimit
    var call = SQLFragment.spelling("\(name)({*})", Array(arguments.prefix(limit)))
    for start in stride(from: limit, to: arguments.count, by: limit - 1) {
      call = .spelling("\(name)({*})", [call] + arguments[start...].prefix(limit - 1))
    }
    return call
  }

  /// Membership in the rows of a subquery, with the same semantics as in a list; missing values
  /// among the rows are ignored.
  private func membership(_ operand: BoundExpression, of plan: Plan) -> SQLFragment {
    let (step, column) = SQLGenerator.addSubquery(plan, to: context, for: dialect)
    let value = SQLFragment.identifier(column)
    // In SQLite every value, even NULL, is NOT IN an empty set. An empty BLOB, which no value
    // equals, keeps the set from being empty.
    return sql(for: .call(.comparedValue, [operand], type: .any))
      + SQLFragment(sql: " IN (SELECT ") + value + SQLFragment(sql: " FROM ") + .identifier(step)
      + SQLFragment(sql: " WHERE ") + value
      + SQLFragment(sql: " IS NOT NULL UNION ALL SELECT x'')")
  }

  /// Membership in a list: the same text, or for a number or numeric text the same number.
  ///
  /// For a missing value both IN and NOT IN are false.
  private func membership(_ operand: BoundExpression, _ values: [Value]) -> SQLFragment {
    let numbers = values.map { value in
      let literal = BoundExpression.literal(value)
      return literal.wideLiteral ?? literal.numericLiteral
    }
    let listed = zip(values, numbers).map { SQLFragment.literal($1 ?? $0) }
    let spelling =
      if values.isEmpty {
        // In SQLite every value, even NULL, is NOT IN an empty list.
        "({0} <> {0})"
      } else if numbers.allSatisfy({ $0 == nil }) {
        "({0} IN ({1}))"
      } else {
        dialect.membershipSpelling
      }
    return .spelling(spelling, [sql(for: operand), listed.joined(", ")])
  }
}

extension BoundExpression {
  /// Returns how deep the SQL of the expression nests, in entries of a parser's stack.
  ///
  /// `columnNesting` returns the nesting of a column that is computed in the same SELECT.
  func nesting(in dialect: any Dialect, _ columnNesting: (PlanColumn) -> Int = { _ in 0 }) -> Int {
    switch self {
    case .literal: return 0
    case .column(let column): return columnNesting(column)
    case .membership(let operand, _), .subqueryMembership(let operand, _):
      return operand.nesting(in: dialect, columnNesting) + 5
    case .call(let id, let arguments, _):
      let spelling = dialect.spelling(of: id)
      var deepest = 0
      for (index, argument) in arguments.enumerated() {
        var cost = spelling.isInfix ? (index == 0 ? 1 : 3) : (index == 0 ? 3 : 5)
        if index == 0, spelling.chains, case .call(id, _, _) = argument { cost = 0 }
        deepest = max(deepest, argument.nesting(in: dialect, columnNesting) + cost)
      }
      return deepest
    }
  }

  /// Replaces the deepest parts, each of which nests at most `limit`, by columns that `column`
  /// returns.
  func replacingParts(
    nestingAtMost limit: Int, in dialect: any Dialect, by column: (BoundExpression) -> PlanColumn
  ) -> BoundExpression {
    switch self {
    case .literal, .column: return self
    case .membership(let operand, let values):
      if nesting(in: dialect) <= limit { return .column(column(self)) }
      return .membership(
        operand.replacingParts(nestingAtMost: limit, in: dialect, by: column), values)
    case .subqueryMembership(let operand, let plan):
      return .subqueryMembership(
        operand.replacingParts(nestingAtMost: limit, in: dialect, by: column), plan)
    case .call(let id, let arguments, let type):
      let nesting = nesting(in: dialect)
      if nesting <= limit, Operation.of(id).kind == .scalar {
        // A shallow part is not replaced.
        return nesting > 5 ? .column(column(self)) : self
      }
      return .call(
        id,
        arguments.map { $0.replacingParts(nestingAtMost: limit, in: dialect, by: column) },
        type: type)
    }
  }

  /// The operands of a conjunction.
  var conjuncts: [BoundExpression] {
    if case .call(.and, let arguments, _) = self { return arguments.flatMap(\.conjuncts) }
    return [self]
  }
}
