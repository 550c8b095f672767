/// An expression over the fields of one row that a scan can evaluate.
///
/// Functions have the same meaning as in SQL: a missing value is NULL, and a condition is true,
/// false or missing.
public indirect enum ScanExpression: Hashable, Sendable {
  /// A field of the relation, by its name in the language.
  case field(String)
  case literal(Value)
  case call(FunctionID, [ScanExpression])
  /// Whether the value equals one of the texts as text, or one of the numbers as a number.
  case membership(ScanExpression, texts: [Value], numbers: [Value])

  /// The fields that the expression reads, each once.
  public var fields: [String] {
    switch self {
    case .field(let name): [name]
    case .literal: []
    case .call(_, let arguments):
      arguments.flatMap(\.fields).reduce(into: []) { names, name in
        if !names.contains(name) { names.append(name) }
      }
    case .membership(let operand, _, _): operand.fields
    }
  }
}

extension ScanExpression: CustomStringConvertible {
  /// The form of `explain`, with names and texts quoted.
  public var description: String {
    switch self {
    case .field(let name): "\"\(name)\""
    case .literal(let value): Self.shown(value)
    case .call(let function, let arguments):
      if let symbol = function.symbol, arguments.count == 2 {
        "(\(arguments[0]) \(symbol) \(arguments[1]))"
      } else {
        "\(function.rawValue)(\(arguments.map(\.description).joined(separator: ", ")))"
      }
    case .membership(let operand, let texts, let numbers):
      "\(operand) in (\((texts + numbers).map(Self.shown).joined(separator: ", ")))"
    }
  }

  private static func shown(_ value: Value) -> String {
    switch value {
    case .null: "NULL"
    case .integer(let number): String(number)
    case .real(let number): String(number)
    case .text(let text), .wide(let text): "'\(text)'"
    }
  }
}
