internal import InsightsModel
internal import InsightsQuery

/// Translates bound expressions to scan expressions; `nil` if the scan does not support a function.
struct ScanTranslator {
  private let capabilities: ScanCapabilities
  /// Columns of the plan that the scan computes.
  private(set) var computed: [ScanRequest.Column] = []
  /// Columns of the plan that SQL computes, which the scan cannot use.
  private(set) var unknown: Set<String>
  /// Fields of the relation that were read, perhaps by SQL; a computed column of that name would hide
  /// one of them.
  private(set) var readFields: Set<String>

  /// The relation that the scan reads.
  private let relation: String
  /// Why the last expression could not be translated.
  private(set) var refusal = ""

  /// The request up to this stage.
  private let request: ScanRequest
  private let isStage: Bool

  /// Makes a translator of a stage's expressions.
  ///
  /// `isStage`: the expressions refer to the rows that the request returns, not to those of the
  /// relation. `unknown`: columns of these rows that SQL computes; `readFields`: those that they, the
  /// order and conditions read.
  init(
    _ capabilities: ScanCapabilities, over request: ScanRequest, of relation: String,
    isStage: Bool = false, unknown: Set<String> = [], readFields: Set<String> = []
  ) {
    self.capabilities = capabilities
    self.request = request
    self.relation = relation
    self.isStage = isStage
    self.unknown = unknown
    self.readFields = readFields
  }

  /// Returns `nil` if the scan cannot evaluate the expression.
  mutating func expression(for bound: BoundExpression) -> ScanExpression? {
    for column in bound.columns where !computed.contains(where: { $0.name == column.name }) {
      readFields.insert(column.name)
    }
    guard let expression = translation(of: bound) else { return nil }
    let column = ScanRequest.Column(name: "", expression: expression)
    var request = request
    if isStage {
      request.stages.append(ScanRequest.Stage(computed: [column]))
    } else {
      request.computed = [column]
    }
    if let reason = capabilities.refusal(request, relation) {
      refusal = reason
      return nil
    }
    return expression
  }

  /// Translates like `expression(for:)`; also records which fields are read.
  private mutating func translation(of bound: BoundExpression) -> ScanExpression? {
    switch bound {
    case .literal(let value): return .literal(value)
    case .column(let column):
      if unknown.contains(column.name) {
        refusal = "'\(column.name)' is computed here"
        return nil
      }
      return computed.first { $0.name == column.name }?.expression ?? .field(column.name)
    case .call(let id, let arguments, _):
      guard capabilities.scalars.contains(id) else {
        refusal = "scans do not know '\(id.rawValue)'"
        return nil
      }
      var translated: [ScanExpression] = []
      for argument in arguments {
        guard let expression = translation(of: argument) else { return nil }
        translated.append(expression)
      }
      if capabilities.constantArguments.contains(id),
        !translated.dropFirst().allSatisfy(\.isLiteral)
      {
        refusal = "what '\(id.rawValue)' looks for depends on the row"
        return nil
      }
      // Pruning expects the field first and the literal second.
      if Operation.of(id).isCommutative, translated[0].isLiteral { translated.swapAt(0, 1) }
      return .call(id, translated)
    case .membership(let operand, let values):
      guard let expression = translation(of: operand) else { return nil }
      let literals = values.map { BoundExpression.literal($0) }
      let numbers = literals.filter { $0.wideLiteral == nil }.compactMap(\.numericLiteral)
      let texts = zip(literals, values).compactMap { literal, value in
        literal.numericLiteral == nil ? value : literal.wideLiteral
      }
      return .membership(expression, texts: texts, numbers: numbers)
    case .subqueryMembership:
      refusal = "it depends on another query"
      return nil
    }
  }

  /// Defines a column; returns false if SQL has to compute it, which is always so without
  /// `isAllowed`.
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
    guard case .call(let function, let arguments, _) = bound,
      capabilities.aggregates.contains(function)
    else {
      refusal = "scans do not know what '\(name)' is"
      return nil
    }
    guard let first = arguments.first else {
      return ScanRequest.Aggregate(name: name, function: function, argument: nil)
    }
    guard let argument = expression(for: first) else { return nil }
    var aggregate = ScanRequest.Aggregate(name: name, function: function, argument: argument)
    if arguments.count == 2 {
      switch (function, arguments[1]) {
      case (.earliest, let time), (.latest, let time):
        guard let time = expression(for: time) else { return nil }
        aggregate.time = time
      case (_, .literal(.integer(let value))): aggregate.percentage = Double(value)
      case (_, .literal(.real(let value))): aggregate.percentage = value
      default: return nil
      }
    }
    return aggregate
  }
}

extension ScanExpression {
  fileprivate var isLiteral: Bool { if case .literal = self { true } else { false } }
}
