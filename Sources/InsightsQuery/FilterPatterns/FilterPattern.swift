/// A filter pattern of CloudWatch Logs, as FilterLogEvents, Live Tail and metric filters take it.
///
/// It is a language of its own, in three kinds: terms (`ERROR -timeout`, `?a ?b`, `"a phrase"`,
/// `%regex%`), conditions on JSON (`{ $.level = "ERROR" && $.latency > 100 }`), and conditions on what
/// stands between blanks (`[ip, ..., status = 4*, bytes]`). All of them become conditions of a plan,
/// so that a scan skips what it can.
public struct FilterPattern: Hashable, Sendable {
  /// The function of the query language that asks for a pattern.
  static let functionName = "matchesFilterPattern"
  /// Unicode scalars that AWS takes at most.
  public static let lengthLimit = 1024
  /// Regexes that a pattern on JSON or on fields has at most.
  static let regexLimit = 2

  enum Kind: Hashable, Sendable {
    case terms([FilterTerm])
    case json(PatternCondition<JSONSelector>)
    case spaced(SpacedPattern)
  }

  /// As it was written.
  public let text: String
  let kind: Kind

  /// Reads a pattern; an empty one, or one of blanks, lets everything through.
  public init(_ text: String) throws(FilterPatternError) {
    self.text = text
    var reader = FilterPatternReader(text)
    let length = text.unicodeScalars.count
    guard length <= Self.lengthLimit else {
      throw FilterPatternError(
        message: "pattern has \(length) characters, and AWS takes \(Self.lengthLimit)",
        span: 0..<text.utf8.count)
    }
    reader.skipBlanks()
    switch reader.current {
    case UInt8(ascii: "{"): kind = .json(try PatternCondition<JSONSelector>.onJSON(&reader))
    case UInt8(ascii: "["): kind = .spaced(try SpacedPattern(&reader))
    default: kind = .terms(try FilterTerm.all(&reader))
    }
  }

  /// Whether every event matches.
  public var matchesEverything: Bool {
    if case .terms(let terms) = kind { terms.isEmpty } else { false }
  }

  /// What a pattern on fields between blanks calls them, in order; `nil` for other patterns.
  public var fields: SpacedFields? {
    if case .spaced(let pattern) = kind { pattern.fields } else { nil }
  }

  /// The condition on a message; `nil` where everything matches.
  public func condition(on message: BoundExpression) -> BoundExpression? {
    switch kind {
    case .terms(let terms): FilterTerm.condition(of: terms, on: message)
    case .json(let condition): condition.expression { $0.expression($1, on: message) }
    case .spaced(let pattern): pattern.expression(on: message)
    }
  }

  /// The condition on `@message` in the query language; `nil` where everything matches.
  ///
  /// Terms become what CloudWatch's query language has for them.
  public var queryText: String? {
    if case .terms = kind { return portableText }
    return "\(Self.functionName)(@message, \(quoted(text)))"
  }

  /// The condition on `@message` in words that CloudWatch has too; `nil` where there are none.
  var portableText: String? {
    if case .terms(let terms) = kind { FilterTerm.queryText(of: terms) } else { nil }
  }
}

/// Why a text is no filter pattern.
public struct FilterPatternError: Error, Hashable, Sendable {
  /// One lower-case sentence without a full stop.
  public let message: String
  /// Bytes of the pattern.
  public let span: Range<Int>
  /// The next step, where there is one.
  public var help: String?

  /// The fault with its place, counted in characters from 1.
  public func description(in pattern: String) -> String {
    let place = String(decoding: pattern.utf8.prefix(span.lowerBound), as: UTF8.self)
      .unicodeScalars.count
    return "\(message), at character \(place + 1)\(help.map { "; \($0)" } ?? "")"
  }
}
