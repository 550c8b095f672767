internal import InsightsQuery
internal import InsightsText

/// The type of a saved query's parameter: `# parameter: count: number = 20`.
public enum ParameterType: String, CaseIterable, Hashable, Sendable {
  /// `20`, `-1.5`.
  case number
  /// A duration: `5m`, `2h`.
  case period
  /// Any text; quoted even if it looks like a number.
  case text

  /// A valid value, for trying the query.
  var sample: String { self == .period ? "1m" : "1" }

  /// Whether the language parses the whole value as the type.
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
  /// Throws if a value does not have the type; `nil` is accepted.
  func check(_ value: String?) throws(ParameterError) {
    guard !type.isEmpty else { return }
    guard let type = ParameterType(rawValue: type) else {
      throw .unknownType(name: name, type: type)
    }
    if let value, !type.accepts(value) { throw .mismatch(name: name, value: value, type: type) }
  }
}
