internal import InsightsModel
internal import InsightsQuery

/// Says bound expressions in the terms of a scan, as far as it has words for them.
struct ScanTranslator {
  /// Columns of the plan that the scan computes.
  private(set) var computed: [ScanRequest.Column] = []
  /// Columns of the plan that SQL computes, and the scan therefore does not know.
  private var unknown: Set<String> = []
  /// Fields of the relation that were read; a computed column of that name would hide one of them.
  private var readFields: Set<String> = []

  /// `nil` where the scan cannot evaluate it.
  mutating func expression(for bound: BoundExpression) -> ScanExpression? {
    for column in bound.columns where !computed.contains(where: { $0.name == column.name }) {
      readFields.insert(column.name)
    }
    return translation(of: bound)
  }

  /// See `expression(for:)`, which also takes note of what is read.
  private func translation(of bound: BoundExpression) -> ScanExpression? {
    switch bound {
    case .literal(let value): return .literal(value)
    case .column(let column):
      if unknown.contains(column.name) { return nil }
      return computed.first { $0.name == column.name }?.expression ?? .field(column.name)
    case .call(let callee, let arguments):
      guard !callee.isAggregate, let function = ScanFunction(rawValue: callee.sql) else {
        return nil
      }
      var translated: [ScanExpression] = []
      for argument in arguments {
        guard let expression = translation(of: argument) else { return nil }
        translated.append(expression)
      }
      guard Self.accepts(function, translated) else { return nil }
      return .call(function, translated)
    case .membership(let operand, let values):
      guard let expression = translation(of: operand) else { return nil }
      let literals = values.map { BoundExpression.literal($0) }
      let numbers = literals.filter { $0.wideLiteral == nil }.compactMap(\.numericLiteral)
      let texts = zip(literals, values).compactMap { literal, value in
        literal.numericLiteral == nil ? value : literal.wideLiteral
      }
      return .membership(expression, texts: texts, numbers: numbers)
    case .subqueryMembership: return nil
    }
  }

  /// Patterns and group numbers must be known before the scan starts.
  private static func accepts(_ function: ScanFunction, _ arguments: [ScanExpression]) -> Bool {
    switch function {
    case .matches, .capture, .glob, .matchesGlob:
      return arguments.dropFirst().allSatisfy {
        if case .literal = $0 { true } else { false }
      }
    default: return true
    }
  }

  /// Makes a column known; false where SQL has to compute it, as always without `isAllowed`.
  mutating func define(_ name: String, as bound: BoundExpression, isAllowed: Bool) -> Bool {
    if case .column(let column) = bound, column.name == name { return false }
    guard isAllowed, let translated = expression(for: bound), !readFields.contains(name) else {
      unknown.insert(name)
      return false
    }
    computed.append(ScanRequest.Column(name: name, expression: translated))
    return true
  }

  mutating func aggregate(for bound: BoundExpression, named name: String) -> ScanRequest.Aggregate?
  {
    guard case .call(let callee, let arguments) = bound,
      let function = Self.aggregates[callee.sql]
    else { return nil }
    guard let first = arguments.first else {
      return ScanRequest.Aggregate(name: name, function: function, argument: nil)
    }
    guard let argument = expression(for: first) else { return nil }
    var percentage = 50.0
    if arguments.count == 2 {
      switch arguments[1] {
      case .literal(.integer(let value)): percentage = Double(value)
      case .literal(.real(let value)): percentage = value
      default: return nil
      }
    }
    return ScanRequest.Aggregate(
      name: name, function: function, argument: argument, percentage: percentage)
  }

  /// By the SQL of the aggregate.
  private static let aggregates: [String: ScanRequest.AggregateFunction] = [
    "count(*)": .rowCount,
    "nullif(count({0}), 0)": .count,
    "nullif(count(DISTINCT {0}), 0)": .distinctCount,
    "ql_sum({0})": .sum,
    "ql_avg({0})": .mean,
    "min({0})": .minimum, "max({0})": .maximum,
    "ql_min({0})": .naturalMinimum, "ql_max({0})": .naturalMaximum,
    "ql_percentile({0}, {1})": .percentile, "ql_percentile({0}, 50)": .percentile,
  ]
}
