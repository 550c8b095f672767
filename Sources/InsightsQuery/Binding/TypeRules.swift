public import InsightsModel
internal import InsightsText

// The coercions of the language: how operators treat values of unknown type. Numbers and numeric
// text are interchangeable; a missing operand makes the result missing.

extension BoundExpression {
  /// The number that a literal is or denotes as text; `nil` for anything else.
  public var numericLiteral: Value? {
    guard case .literal(let value) = self else { return nil }
    switch value {
    case .integer, .real: return value
    case .text(let text):
      if let integer = Int64(text) { return .integer(integer) }
      guard let first = text.utf8.first, first != UInt8(ascii: "i"), first != UInt8(ascii: "n"),
        let real = Double(text), real.isFinite, !text.contains("x"), !text.contains("X")
      else { return nil }
      return .real(real)
    case .wide(let digits): return Double(digits).map { .real($0) }
    case .null: return nil
    }
  }

  /// A literal number from 2^63 on, as the text of its digits, which `=` compares.
  public var wideLiteral: Value? {
    guard case .literal(let value) = self, case .real(let real)? = numericLiteral,
      real.magnitude >= NumericText.wideMagnitude
    else { return nil }
    switch value {
    case .text(let text), .wide(let text):
      if let digits = NumericText.canonical(wide: text) { return .text(digits) }
    case .null, .integer, .real: break
    }
    var digits: [UInt8] = []
    NumericText.append(real, to: &digits)
    return .text(String(decoding: digits, as: UTF8.self))
  }

  /// Whether it is certainly a number, or a value that SQL already treats as one.
  var isNumeric: Bool {
    switch type {
    case .number, .timestamp, .boolean: true
    case .any, .text, .structure, .list, .element: false
    }
  }

  /// Returns a part of a map or a list, by keys and positions; missing if it does not exist.
  func element(_ keys: [String]) -> BoundExpression {
    .call(.element, [self] + keys.map { .literal(.text($0)) })
  }

  /// The value if it is a single one; a map or a list becomes missing.
  var asSingleValue: BoundExpression { type.mayBeStructure ? calling(.singleValue) : self }

  /// The value as `=` compares it: a number if it denotes one, otherwise text.
  var comparedValue: BoundExpression {
    isNumeric ? self : asSingleValue.calling(.comparedValue)
  }

  /// The value as a number; non-numeric text becomes missing.
  var asNumber: BoundExpression {
    if let literal = numericLiteral { return .literal(literal) }
    return isNumeric ? self : calling(.number)
  }

  /// The value as a number that keeps the digits of an integer beyond 64 bits.
  var asExactNumber: BoundExpression {
    if wideLiteral == nil, let literal = numericLiteral { return .literal(literal) }
    return isNumeric ? self : calling(.exactNumber)
  }

  /// The value as a condition: true if it is a nonzero number or the word true.
  var asCondition: BoundExpression {
    switch type {
    case .boolean: self
    case .number, .timestamp: calling(.isNonzero)
    case .any, .text, .structure, .list, .element: calling(.isTrue)
    }
  }

  /// `=`: compares as numbers if both are numbers or numeric text, otherwise as text.
  func isEqual(to other: BoundExpression) -> BoundExpression {
    if isNumeric, other.isNumeric { return calling(.equal, other) }
    // Non-numeric text equals only the same text. A map or a list equals nothing, and differs from
    // nothing either.
    if isPlainText || other.isPlainText, !type.mayBeStructure, !other.type.mayBeStructure {
      return calling(.equal, other)
    }
    return calling(.equalValues, other)
  }

  /// `<`, `<=`, `>`, `>=`: text that is not numeric is not comparable with a number.
  func isOrdered(_ op: BinaryOperator, before other: BoundExpression) -> BoundExpression {
    let (ofNumbers, ofValues): (FunctionID, FunctionID) =
      switch op {
      case .less: (.less, .sortsBefore)
      case .lessOrEqual: (.lessOrEqual, .sortsBeforeOrEqual)
      case .greater: (.greater, .sortsAfter)
      default: (.greaterOrEqual, .sortsAfterOrEqual)
      }
    guard isNumeric || other.isNumeric else { return calling(ofValues, other) }
    return asNumber.calling(ofNumbers, other.asNumber)
  }

  /// Arithmetic always uses numbers; `/` never rounds, and division by zero is a missing value.
  func arithmetic(_ op: BinaryOperator, _ other: BoundExpression) -> BoundExpression {
    let id: FunctionID =
      switch op {
      case .plus: .plus
      case .minus: .minus
      case .times: .times
      case .divided: .divided
      case .remainder: .remainder
      default: .power
      }
    if case .remainder = id { return asExactNumber.calling(id, other.asExactNumber) }
    return asNumber.calling(id, other.asNumber)
  }

  var negatedNumber: BoundExpression {
    switch asNumber {
    case .literal(.integer(let number)) where number != .min: .literal(.integer(-number))
    case .literal(.integer(let number)): .literal(.real(-Double(number)))
    case .literal(.real(let number)): .literal(.real(-number))
    case let number: number.calling(.negative)
    }
  }

  var negatedCondition: BoundExpression { asCondition.calling(.not) }

  /// Literal text that denotes no number.
  var isPlainText: Bool {
    if case .literal(.text) = self { numericLiteral == nil } else { false }
  }
}

extension ValueType {
  /// Whether a value of the type can be a map or a list, and so be taken apart.
  var mayBeStructure: Bool { isStructure || self == .element }
}
