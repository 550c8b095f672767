internal import InsightsQuery
internal import InsightsText

/// What the values of a saved query's parameter are: `# parameter: count: number = 20`.
public enum ParameterType: String, CaseIterable, Hashable, Sendable {
  /// `20`, `-1.5`.
  case number
  /// A length of time: `5m`, `2h`.
  case period
  /// Anything, and quoted even where it looks like a number.
  case text

  /// A value of the type, for trying a query out.
  public var sample: String { self == .period ? "1m" : "1" }

  /// Whether the language would read the whole value so.
  func accepts(_ value: String) -> Bool {
    switch self {
    case .text: return true
    case .period: return !value.hasPrefix("-") && TimeExpression.length(value) != nil
    case .number:
      let digits = value.hasPrefix("-") ? value.dropFirst() : value[...]
      let tokens = Lexer.tokens(of: SourceText(String(digits))).tokens
      guard let token = tokens.first, token.span == 0..<digits.utf8.count else { return false }
      switch token.kind {
      case .integer, .real: return true
      default: return false
      }
    }
  }
}

extension SavedQuery.Parameter {
  /// Throws where a value is not of the type; no value is none that is wrong.
  func check(_ value: String?) throws(ParameterError) {
    guard !type.isEmpty else { return }
    guard let type = ParameterType(rawValue: type) else {
      throw .unknownType(name: name, type: type)
    }
    if let value, !type.accepts(value) { throw .mismatch(name: name, value: value, type: type) }
  }
}
