internal import InsightsModel

extension Function {
  /// Functions that choose between values or ask whether there is one.
  static let conditional: [Function] = [
    Function(
      "ispresent", signature: "ispresent(field)",
      summary: "1 when the event has the field, else 0.",
      examples: [("ispresent(nosuch)", "0"), ("ispresent(\"\")", "1")], arguments: 1...1,
      type: .boolean, sql: "({0} IS NOT NULL)"),
    Function(
      "coalesce", signature: "coalesce(field, …)", summary: "The first value that is not missing.",
      examples: [("coalesce(nosuch, \"b\")", "b")], arguments: 1...Function.argumentLimit,
      binding: { call, binder in
        guard let arguments = call.expressions(in: &binder) else { return nil }
        guard arguments.count > 1 else { return arguments[0] }
        return .call(
          BoundExpression.Callee(
            name: "coalesce", type: commonType(of: arguments), sql: "coalesce({*})"), arguments)
      }),
    Function(
      "if", signature: "if(condition, value, otherwise)",
      summary: "One of two values, by a condition.",
      examples: [("if(2 > 1, \"yes\", \"no\")", "yes")], arguments: 3...3,
      binding: { call, binder in
        call.expressions(in: &binder).map { choice("if", among: $0) }
      }),
    Function(
      "case", signature: "case(condition, value, …, [otherwise])",
      summary: "The value behind the first true condition.",
      examples: [
        ("case(2 < 1, \"a\", 2 > 1, \"b\", \"c\")", "b"), ("case(2 < 1, \"a\", \"c\")", "c"),
      ],
      arguments: 2...21,
      binding: { call, binder in
        call.expressions(in: &binder).map { choice("case", among: $0) }
      }),
  ]

  /// `condition, value, condition, value, …, [otherwise]` as one CASE.
  private static func choice(
    _ name: String, among arguments: [BoundExpression]
  ) -> BoundExpression {
    let pairCount = arguments.count / 2
    var converted = arguments
    var sql = "CASE"
    for pair in 0..<pairCount {
      converted[pair * 2] = arguments[pair * 2].asCondition
      sql += " WHEN {\(pair * 2)} THEN {\(pair * 2 + 1)}"
    }
    if !arguments.count.isMultiple(of: 2) { sql += " ELSE {\(arguments.count - 1)}" }
    let values = arguments.enumerated().filter { index, _ in
      !index.isMultiple(of: 2) || index == pairCount * 2
    }
    return .call(
      BoundExpression.Callee(
        name: name, type: commonType(of: values.map(\.element)), sql: "\(sql) END"), converted)
  }
}
