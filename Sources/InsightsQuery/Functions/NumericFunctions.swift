internal import InsightsModel

extension Function {
  /// Functions of numbers; non-numeric text counts as missing.
  static let numeric: [Function] = [
    Function(
      "abs", signature: "abs(number)", summary: "The absolute value.",
      examples: [("abs(-2.5)", "2.5")], arguments: 1...1, as: .exactNumber,
      computes: Operation(.abs, .any)),
    Function(
      "ceil", signature: "ceil(number)", summary: "The smallest integer that is not less.",
      examples: [("ceil(1.2)", "2"), ("ceil(3)", "3")], arguments: 1...1, as: .exactNumber,
      computes: Operation(.ceil, .any)),
    Function(
      "floor", signature: "floor(number)", summary: "The largest integer that is not greater.",
      examples: [("floor(1.8)", "1")], arguments: 1...1, as: .exactNumber,
      computes: Operation(.floor, .any)),
    Function(
      "round", signature: "round(number, [digits])",
      summary: "Rounds to digits after the point, 0 by default; negative ones go before it.",
      examples: [("round(2.345, 2)", "2.35"), ("round(2.5)", "3"), ("round(1250, -2)", "1300")],
      arguments: 1...2, as: .exactNumber, computes: Operation(.round, .number)),
    Function(
      "sqrt", signature: "sqrt(number)", summary: "The square root; of a negative number, missing.",
      examples: [("sqrt(9)", "3")], arguments: 1...1, as: .number,
      computes: Operation(.sqrt, .number)),
    Function(
      "log", signature: "log(number)", summary: "The natural logarithm.",
      examples: [("log(10)", "2.3026")], arguments: 1...1, as: .number,
      computes: Operation(.log, .number)),
    Function(
      "greatest", signature: "greatest(number, …)",
      summary: "The largest; missing arguments are ignored.",
      examples: [("greatest(1, 3, 2)", "3"), ("greatest(1, nosuch)", "1")],
      arguments: 1...Function.argumentLimit, as: .exactNumber,
      computes: Operation(.greatest, .any, nulls: .isMeaningful)),
    Function(
      "least", signature: "least(number, …)",
      summary: "The smallest; missing arguments are ignored.",
      examples: [("least(1, 3, 2)", "1")], arguments: 1...Function.argumentLimit, as: .exactNumber,
      computes: Operation(.least, .any, nulls: .isMeaningful)),
  ]
}
