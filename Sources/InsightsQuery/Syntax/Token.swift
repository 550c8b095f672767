/// A token of the query language.
public struct Token: Hashable, Sendable {
  /// The kind of a token.
  public enum Kind: Hashable, Sendable {
    /// A keyword, function or field name: `stats`, `@duration`, `items.0.id`.
    case word(String)
    /// A name in backticks.
    case quotedName(String)
    case string(String)
    /// The text between two slashes, with `\/` resolved to `/`.
    case regex(String)
    case integer(Int64)
    case real(Double)
    /// A number directly followed by a unit: `5m`.
    case period(Int64, unit: String)
    /// An operator or punctuation mark.
    case symbol(String)
    case endOfQuery
    /// Unreadable text, which the lexer has reported.
    case invalid
  }

  /// The kind, with its value.
  public var kind: Kind
  /// The bytes that it was read from.
  public var span: SourceSpan

  /// Whether this is the given keyword, ignoring case.
  func isKeyword(_ keyword: String) -> Bool {
    if case .word(let word) = kind { word.lowercased() == keyword } else { false }
  }

  func isSymbol(_ symbol: String) -> Bool {
    kind == .symbol(symbol)
  }
}

extension Token: CustomStringConvertible {
  /// One line of `explain --stage tokens`.
  public var description: String {
    switch kind {
    case .word(let word): "word \(word)"
    case .quotedName(let name): "name `\(name)`"
    case .string(let text): "string \(quoted(text))"
    case .regex(let pattern): "regex /\(pattern)/"
    case .integer(let number): "number \(number)"
    case .real(let number): "number \(number)"
    case .period(let count, let unit): "period \(count)\(unit)"
    case .symbol(let symbol): "symbol \(symbol)"
    case .endOfQuery: "end"
    case .invalid: "invalid"
    }
  }
}

/// Writes a string literal in double quotes.
func quoted(_ text: String) -> String {
  // By code points: as a `Character`, a quote with a combining accent would not equal a quote.
  var quoted = String.UnicodeScalarView()
  for scalar in text.unicodeScalars {
    if scalar == "\"" || scalar == "\\" { quoted.append("\\") }
    quoted.append(scalar)
  }
  return "\"\(String(quoted))\""
}
