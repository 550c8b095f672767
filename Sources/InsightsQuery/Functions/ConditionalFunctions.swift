internal import InsightsModel

extension Function {
  /// Functions that choose between values or test for missing ones.
  static let conditional: [Function] = [
    Function(
      "ispresent", signature: "ispresent(field)",
      summary: "1 when the event has the field, else 0.",
      examples: [("ispresent(nosuch)", "0"), ("ispresent(\"\")", "1")], arguments: 1...1,
      computes: Operation(.isPresent, .boolean, nulls: .isMeaningful)),
    Function(
      "coalesce", signature: "coalesce(field, …)", summary: "The first value that is not missing.",
      examples: [("coalesce(nosuch, \"b\")", "b")], arguments: 1...Function.argumentLimit,
      computes: Operation(.coalesce, .common, nulls: .isMeaningful),
      binding: { call, binder in
        guard let arguments = call.expressions(in: &binder) else { return nil }
        return arguments.count > 1 ? .call(.coalesce, arguments) : arguments[0]
      }),
    Function(
      "if", signature: "if(condition, value, otherwise)",
      summary: "One of two values, by a condition.",
      examples: [("if(2 > 1, \"yes\", \"no\")", "yes")], arguments: 3...3,
      binding: { call, binder in
        call.expressions(in: &binder).map { .choice(among: $0) }
      }),
    Function(
      "case", signature: "case(condition, value, …, [otherwise])",
      summary: "The value behind the first true condition.",
      examples: [
        ("case(2 < 1, \"a\", 2 > 1, \"b\", \"c\")", "b"), ("case(2 < 1, \"a\", \"c\")", "c"),
      ],
      arguments: 2...21,
      computes: Operation(
        .choice,
        .from { arguments in
          commonType(
            of: arguments.enumerated().filter { index, _ in
              !index.isMultiple(of: 2) || index == arguments.count - 1
            }.map(\.element))
        }, nulls: .isMeaningful),
      binding: { call, binder in
        call.expressions(in: &binder).map { .choice(among: $0) }
      }),
  ]
}

extension BoundExpression {
  /// Returns the value after the first true condition: `condition, value, condition, value, …,
  /// [otherwise]`.
  static func choice(among arguments: [BoundExpression]) -> BoundExpression {
    .call(
      .choice,
      arguments.enumerated().map { index, argument in
        let isCondition = index.isMultiple(of: 2) && index < arguments.count - 1
        return isCondition ? argument.asCondition : argument
      })
  }
}
