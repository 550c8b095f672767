internal import InsightsModel

/// A function of the language; its entry contains everything known about it.
public struct Function: Sendable {
  /// The coercion of an argument before the function receives it.
  enum Parameter: Sendable {
    case any, number, exactNumber
  }

  /// The maximum number of arguments of a variadic function.
  static let argumentLimit = 1000

  /// As spelt in CloudWatch's documentation; names are matched ignoring case.
  public let name: String
  /// Other names of the same function.
  public let aliases: [String]
  /// The syntax, as in `substr(text, start, [length])`.
  public let signature: String
  /// One sentence.
  public let summary: String
  /// Calls with literal arguments and their results as text; aggregates over a single row, `now()`
  /// at 2023-01-02 03:04:05.
  ///
  /// They run as tests.
  public let examples: [(call: String, result: String)]
  /// Whether it is an aggregate over the rows of a group, as in `stats`.
  public let isAggregate: Bool

  /// The examples as queries that return one row.
  public var exampleQueries: [(query: String, result: String)] {
    examples.map {
      (isAggregate ? "stats \($0.call)" : "fields \($0.call) | limit 1", $0.result)
    }
  }

  /// The first argument of a call with one argument too few.
  let impliedField: String?
  let argumentCounts: ClosedRange<Int>
  /// The operations of the ids that are declared in this entry.
  let operations: [Operation]
  private let parameter: Parameter
  private let binding: (@Sendable (FunctionCall, inout Binder) -> BoundExpression?)?

  /// A function that is a call of one id with its arguments.
  ///
  /// `parameter` is the coercion of every argument.
  init(
    _ name: String, aliases: [String] = [], signature: String, summary: String,
    examples: [(call: String, result: String)] = [], arguments: ClosedRange<Int>,
    as parameter: Parameter = .any, computes operation: Operation
  ) {
    self.name = name
    self.aliases = aliases
    self.signature = signature
    self.summary = summary
    self.examples = examples
    isAggregate = operation.kind == .aggregate
    impliedField = nil
    argumentCounts = arguments
    self.parameter = parameter
    operations = [operation]
    binding = nil
  }

  /// A function that inspects its arguments, or is composed of others.
  ///
  /// `operations` are the entries of ids that no other function has.
  init(
    _ name: String, aliases: [String] = [], signature: String, summary: String,
    examples: [(call: String, result: String)] = [], isAggregate: Bool = false,
    impliedField: String? = nil, arguments: ClosedRange<Int>, computes operations: Operation...,
    binding: @escaping @Sendable (FunctionCall, inout Binder) -> BoundExpression?
  ) {
    self.name = name
    self.aliases = aliases
    self.signature = signature
    self.summary = summary
    self.examples = examples
    self.isAggregate = isAggregate
    self.impliedField = impliedField
    argumentCounts = arguments
    parameter = .any
    self.operations = operations
    self.binding = binding
  }

  func bind(_ call: FunctionCall, in binder: inout Binder) -> BoundExpression? {
    if let binding { return binding(call, &binder) }
    guard let operation = operations.first, let arguments = call.expressions(in: &binder) else {
      return nil
    }
    let converted = arguments.map { argument in
      switch parameter {
      case .any: argument
      case .number: argument.asNumber
      case .exactNumber: argument.asExactNumber
      }
    }
    return .call(operation.id, converted)
  }
}

/// A call with its arguments bound.
struct FunctionCall {
  let name: Spanned<String>
  let arguments: [BoundArgument]
  let span: SourceSpan

  /// Returns the arguments as values; reports periods and stars, which are not values.
  func expressions(in binder: inout Binder) -> [BoundExpression]? {
    var expressions: [BoundExpression] = []
    for argument in arguments {
      guard let expression = argument.value(in: &binder) else { return nil }
      expressions.append(expression)
    }
    return expressions
  }
}

/// An argument; a period, a regex or `*` has no expression.
struct BoundArgument {
  let syntax: Expression
  let expression: BoundExpression?
}
