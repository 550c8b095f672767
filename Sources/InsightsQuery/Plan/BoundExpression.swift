public import InsightsModel

/// An expression with resolved names and known types.
public indirect enum BoundExpression: Hashable, Sendable {
  case literal(Value)
  /// A column of the input node.
  case column(PlanColumn)
  /// A function, operator or coercion with its arguments; `type` follows from these.
  case call(FunctionID, [BoundExpression], type: ValueType)
  /// Whether the value equals one of the list; numbers and numeric text compare equal.
  case membership(BoundExpression, [Value])
  /// Whether the value equals one in the only column of a plan.
  case subqueryMembership(BoundExpression, Plan)

  /// Makes a call with the type from its function's entry.
  static func call(_ id: FunctionID, _ arguments: [BoundExpression]) -> BoundExpression {
    .call(id, arguments, type: Operation.of(id).type(of: arguments))
  }

  /// Returns the number of operators and functions in the expression, including those of its
  /// columns.
  func operationCount(of columnCount: (PlanColumn) -> Int) -> Int {
    switch self {
    case .literal: 0
    case .column(let column): columnCount(column)
    case .membership(let operand, _), .subqueryMembership(let operand, _):
      operand.operationCount(of: columnCount) + 1
    case .call(_, let arguments, _):
      arguments.reduce(1) { $0 + $1.operationCount(of: columnCount) }
    }
  }

  /// The type of its values; `.any` if it depends on the row.
  public var type: ValueType {
    switch self {
    case .literal(.integer), .literal(.real), .literal(.wide): .number
    case .literal(.text): .text
    case .literal(.null): .any
    case .column(let column): column.type
    case .call(_, _, let type): type
    case .membership, .subqueryMembership: .boolean
    }
  }

  /// Whether the value is the edge of a period, as `bin`, `datefloor` and `dateceil` return it,
  /// possibly shifted.
  var isPeriodEdge: Bool {
    switch self {
    case .column(let column): column.isPeriodEdge
    case .call(.dateFloor, _, _), .call(.dateCeil, _, _): true
    case .call(.plus, let arguments, type: .timestamp),
      .call(.minus, let arguments, type: .timestamp), .call(.addMonths, let arguments, _):
      arguments.contains { $0.isPeriodEdge }
    case .call, .literal, .membership, .subqueryMembership: false
    }
  }

  /// The columns that the expression reads, in order, each once.
  public var columns: [PlanColumn] {
    switch self {
    case .literal: []
    case .column(let column): [column]
    case .call(_, let arguments, _):
      arguments.flatMap(\.columns).reduce(into: []) { found, column in
        if !found.contains(column) { found.append(column) }
      }
    case .membership(let operand, _), .subqueryMembership(let operand, _): operand.columns
    }
  }

  /// The plans nested in the expression.
  var subqueries: [Plan] {
    switch self {
    case .literal, .column: []
    case .call(_, let arguments, _): arguments.flatMap(\.subqueries)
    case .membership(let operand, _): operand.subqueries
    case .subqueryMembership(let operand, let plan): operand.subqueries + [plan]
    }
  }

  /// Makes a call of a function with this as the first argument.
  func calling(_ id: FunctionID, _ others: BoundExpression...) -> BoundExpression {
    .call(id, [self] + others)
  }

  /// Joins conditions by `and` or `or`; `nil` if there is none.
  static func joined(_ conditions: [BoundExpression], by id: FunctionID) -> BoundExpression? {
    conditions.first.map { first in conditions.dropFirst().reduce(first) { $0.calling(id, $1) } }
  }
}

extension BoundExpression: CustomStringConvertible {
  /// The expression in the form of `explain --stage plan`: infix operators, fully parenthesised;
  /// other functions by id.
  public var description: String {
    switch self {
    case .literal(let value): printedLiteral(value)
    case .column(let column): printedName(column.name)
    case .call(let id, let arguments, _):
      if arguments.count == 2, let symbol = id.symbol {
        "(\(arguments[0]) \(symbol) \(arguments[1]))"
      } else {
        "\(id.rawValue)(\(arguments.map(\.description).joined(separator: ", ")))"
      }
    case .membership(let operand, let values):
      "\(operand) in [\(values.map(printedLiteral).joined(separator: ", "))]"
    case .subqueryMembership(let operand, let plan): "\(operand) in (\(plan.inlineDescription))"
    }
  }
}
