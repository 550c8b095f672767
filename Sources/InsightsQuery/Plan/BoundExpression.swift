public import InsightsModel

/// An expression with its names looked up and its types known.
public indirect enum BoundExpression: Hashable, Sendable {
  case literal(Value)
  /// A column of the plan node below.
  case column(PlanColumn)
  /// A function, operator or coercion over its arguments.
  case call(Callee, [BoundExpression])
  /// Whether the value equals one of the list; numbers and numeric text are equal.
  case membership(BoundExpression, [Value])
  /// Whether the value equals one that the only column of a plan gives.
  case subqueryMembership(BoundExpression, Plan)

  /// What a call calls: enough to print it and to generate SQL for it.
  public struct Callee: Hashable, Sendable {
    /// The function's canonical name, or an operator: `strlen`, `+`.
    public var name: String
    public var type: ValueType
    /// Its SQL: `{0}`, `{1}` … stand for the arguments, `{*}` for all of them with commas between.
    public var sql: String
    public var isAggregate: Bool

    init(name: String, type: ValueType, sql: String, isAggregate: Bool = false) {
      self.name = name
      self.type = type
      self.sql = sql
      self.isAggregate = isAggregate
    }

    /// Whether its SQL is an operator between two arguments.
    var isInfix: Bool { sql.hasPrefix("({0} ") }

    /// The SQL operator between its two arguments, if `(a op b) op c` is the same as `a op b op c`.
    public var chainedOperator: String? {
      guard ["and", "or", "+", "-", "*"].contains(name), isInfix, sql.hasSuffix(" {1})") else {
        return nil
      }
      return String(sql.dropFirst("({0} ".count).dropLast(" {1})".count))
    }
  }

  /// How deep the expression nests, in places on the stack of a parser of SQL: those have little room.
  ///
  /// `columnNesting` is what a column stands for where it is computed in the same SELECT.
  public func nesting(of columnNesting: (PlanColumn) -> Int) -> Int {
    switch self {
    case .literal: return 0
    case .column(let column): return columnNesting(column)
    case .membership(let operand, _), .subqueryMembership(let operand, _):
      return operand.nesting(of: columnNesting) + 5
    case .call(let callee, let arguments):
      var deepest = 0
      for (index, argument) in arguments.enumerated() {
        var cost = callee.isInfix ? (index == 0 ? 1 : 3) : (index == 0 ? 3 : 5)
        if index == 0, case .call(callee, _) = argument, callee.chainedOperator != nil { cost = 0 }
        deepest = max(deepest, argument.nesting(of: columnNesting) + cost)
      }
      return deepest
    }
  }

  /// How many operators and functions the expression has, those of its columns included.
  func operationCount(of columnCount: (PlanColumn) -> Int) -> Int {
    switch self {
    case .literal: 0
    case .column(let column): columnCount(column)
    case .membership(let operand, _), .subqueryMembership(let operand, _):
      operand.operationCount(of: columnCount) + 1
    case .call(_, let arguments):
      arguments.reduce(1) { $0 + $1.operationCount(of: columnCount) }
    }
  }

  public var type: ValueType {
    switch self {
    case .literal(.integer), .literal(.real), .literal(.wide): .number
    case .literal(.text): .text
    case .literal(.null): .any
    case .column(let column): column.type
    case .call(let callee, _): callee.type
    case .membership, .subqueryMembership: .boolean
    }
  }

  /// Whether the value is the edge of a period, as `bin`, `datefloor` and `dateceil` give it, or one
  /// that was moved.
  var isPeriodEdge: Bool {
    switch self {
    case .column(let column): column.isPeriodEdge
    case .call(let callee, let arguments) where callee.type == .timestamp:
      ["bin", "datefloor", "dateceil"].contains(callee.name)
        || ["+", "-"].contains(callee.name) && arguments.contains { $0.isPeriodEdge }
    case .call, .literal, .membership, .subqueryMembership: false
    }
  }

  /// The columns that the expression reads, in order, each once.
  public var columns: [PlanColumn] {
    switch self {
    case .literal: []
    case .column(let column): [column]
    case .call(_, let arguments):
      arguments.flatMap(\.columns).reduce(into: []) { found, column in
        if !found.contains(column) { found.append(column) }
      }
    case .membership(let operand, _), .subqueryMembership(let operand, _): operand.columns
    }
  }

  /// The plans inside the expression.
  var subqueries: [Plan] {
    switch self {
    case .literal, .column: []
    case .call(_, let arguments): arguments.flatMap(\.subqueries)
    case .membership(let operand, _): operand.subqueries
    case .subqueryMembership(let operand, let plan): operand.subqueries + [plan]
    }
  }

  func calling(
    _ name: String, _ others: BoundExpression..., as type: ValueType, sql: String
  ) -> BoundExpression {
    .call(Callee(name: name, type: type, sql: sql), [self] + others)
  }
}

extension BoundExpression: CustomStringConvertible {
  /// The expression as `explain --stage plan` shows it: operators between their operands, fully
  /// parenthesised, coercions as functions.
  public var description: String {
    switch self {
    case .literal(let value): printedLiteral(value)
    case .column(let column): printedName(column.name)
    case .call(let callee, let arguments):
      if arguments.count == 2,
        callee.name.first.map({ !$0.isLetter }) == true || ["and", "or"].contains(callee.name)
      {
        "(\(arguments[0]) \(callee.name) \(arguments[1]))"
      } else {
        "\(callee.name)(\(arguments.map(\.description).joined(separator: ", ")))"
      }
    case .membership(let operand, let values):
      "\(operand) in [\(values.map(printedLiteral).joined(separator: ", "))]"
    case .subqueryMembership(let operand, let plan): "\(operand) in (\(plan.inlineDescription))"
    }
  }
}
