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
  /// Whether the value equals one that a plan of one column gives.
  case subquery(BoundExpression, Plan)
  /// What a lookup table has for the values.
  case lookup(TableLookup, [BoundExpression])

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
  }

  public var type: ValueType {
    switch self {
    case .literal(.integer), .literal(.real): .number
    case .literal(.text): .text
    case .literal(.null): .any
    case .column(let column): column.type
    case .call(let callee, _): callee.type
    case .membership, .subquery: .boolean
    case .lookup: .text
    }
  }

  /// The columns that the expression reads, in order, each once.
  public var columns: [PlanColumn] {
    switch self {
    case .literal: []
    case .column(let column): [column]
    case .call(_, let arguments), .lookup(_, let arguments):
      arguments.flatMap(\.columns).reduce(into: []) { found, column in
        if !found.contains(column) { found.append(column) }
      }
    case .membership(let operand, _), .subquery(let operand, _): operand.columns
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
    case .subquery(let operand, let plan):
      "\(operand) in (\(plan.description.split(separator: "\n").joined(separator: "; ")))"
    case .lookup(let lookup, let values):
      "\(printedName(lookup.table)).\(printedName(lookup.result)) where "
        + zip(lookup.keys, values).map {
          "\(printedName($0)) \(lookup.isByNetwork ? "contains" : "=") \($1)"
        }.joined(separator: " and ")
    }
  }
}
