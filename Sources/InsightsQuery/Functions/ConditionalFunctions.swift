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
      examples: [("coalesce(nosuch, \"b\")", "b")], arguments: 1...Function.unlimited,
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
        guard let arguments = call.expressions(in: &binder) else { return nil }
        return choice(arguments[0], arguments[1], arguments[2])
      }),
    Function(
      "case", signature: "case(condition, value, …, [otherwise])",
      summary: "The value behind the first true condition.",
      examples: [
        ("case(2 < 1, \"a\", 2 > 1, \"b\", \"c\")", "b"), ("case(2 < 1, \"a\", \"c\")", "c"),
      ],
      arguments: 2...21,
      binding: { call, binder in
        guard let arguments = call.expressions(in: &binder) else { return nil }
        var result: BoundExpression =
          arguments.count.isMultiple(of: 2) ? .literal(.null) : arguments[arguments.count - 1]
        for index in stride(from: arguments.count / 2 * 2 - 2, through: 0, by: -2) {
          result = choice(arguments[index], arguments[index + 1], result)
        }
        return result
      }),
  ]

  private static func choice(
    _ condition: BoundExpression, _ value: BoundExpression, _ otherwise: BoundExpression
  ) -> BoundExpression {
    // A missing alternative takes nothing from what is known of the other.
    let alternatives = [value, otherwise].filter { $0 != .literal(.null) }
    return condition.asCondition.calling(
      "if", value, otherwise, as: commonType(of: alternatives), sql: "iif({0}, {1}, {2})")
  }
}
