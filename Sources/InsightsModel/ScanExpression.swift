/// An expression that a scan can evaluate itself, over the fields of one row.
///
/// It means what the same SQL would mean in SQLite: a missing value is NULL, and a condition is true,
/// false or missing.
public indirect enum ScanExpression: Hashable, Sendable {
  /// A field of the relation, by its name in the language.
  case field(String)
  case literal(Value)
  case call(ScanFunction, [ScanExpression])
  /// Whether the value is one of the texts as a text, or one of the numbers as a number.
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

/// What a scan can compute.
///
/// The raw value is the SQL that means the same, with `{0}`, `{1}` … for the arguments.
public enum ScanFunction: String, Hashable, Sendable, CaseIterable {
  case and = "({0} AND {1})"
  case or = "({0} OR {1})"
  case not = "(NOT {0})"
  case isPresent = "({0} IS NOT NULL)"
  case isNonzero = "({0} <> 0)"
  case truth = "ql_truth({0})"
  case number = "ql_number({0})"

  case equal = "({0} = {1})"
  case less = "({0} < {1})"
  case lessOrEqual = "({0} <= {1})"
  case greater = "({0} > {1})"
  case greaterOrEqual = "({0} >= {1})"
  case equalValues = "ql_equal({0}, {1})"
  case sortsBefore = "(ql_compare({0}, {1}) < 0)"
  case sortsBeforeOrEqual = "(ql_compare({0}, {1}) <= 0)"
  case sortsAfter = "(ql_compare({0}, {1}) > 0)"
  case sortsAfterOrEqual = "(ql_compare({0}, {1}) >= 0)"

  case contains = "ql_contains({0}, {1})"
  case startsWith = "ql_starts_with({*})"
  case endsWith = "ql_ends_with({*})"
  case matches = "ql_matches({0}, {1})"
  case capture = "ql_capture({0}, {1}, {2})"
  case glob = "ql_glob({0}, {1}, {2})"
  case matchesGlob = "({0} GLOB {1})"

  case plus = "({0} + {1})"
  case minus = "({0} - {1})"
  case times = "({0} * {1})"
  case divided = "(CAST({0} AS REAL) / {1})"
  case timeFloor = "({0} - {0} % {1})"

  case coalesce = "coalesce({*})"
  case choice = "iif({0}, {1}, {2})"
}

extension ScanExpression: CustomStringConvertible {
  /// The SQL that means the same, with names and texts quoted for reading.
  public var description: String {
    switch self {
    case .field(let name): return "\"\(name)\""
    case .literal(let value): return Self.shown(value)
    case .call(let function, let arguments):
      var text = function.rawValue
      let shown = arguments.map(\.description)
      text = Self.replacing("{*}", by: shown.joined(separator: ", "), in: text)
      for (index, argument) in shown.enumerated() {
        text = Self.replacing("{\(index)}", by: argument, in: text)
      }
      return text
    case .membership(let operand, let texts, let numbers):
      return "\(operand) IN (\((texts + numbers).map(Self.shown).joined(separator: ", ")))"
    }
  }

  private static func replacing(_ place: String, by text: String, in template: String) -> String {
    var pieces: [String] = [""]
    var rest = Substring(template)
    while let character = rest.first {
      if rest.hasPrefix(place) {
        pieces.append("")
        rest = rest.dropFirst(place.count)
      } else {
        pieces[pieces.count - 1].append(character)
        rest = rest.dropFirst()
      }
    }
    return pieces.joined(separator: text)
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
