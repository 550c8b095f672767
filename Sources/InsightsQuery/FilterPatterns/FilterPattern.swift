/// A filter pattern of CloudWatch Logs, as in FilterLogEvents, Live Tail and metric filters.
///
/// It is a separate language with three kinds of patterns: terms (`ERROR -timeout`, `?a ?b`, `"a
/// phrase"`, `%regex%`), conditions on JSON (`{ $.level = "ERROR" && $.latency > 100 }`), and
/// conditions on space-separated fields (`[ip, ..., status = 4*, bytes]`). All of them become
/// conditions of a plan, so that a scan can skip segments.
public struct FilterPattern: Hashable, Sendable {
  /// The function of the query language that applies a pattern.
  static let functionName = "matchesFilterPattern"
  /// AWS's limit, in Unicode scalars.
  public static let lengthLimit = 1024
  /// The maximum number of regexes in a pattern on JSON or on fields.
  static let regexLimit = 2

  enum Kind: Hashable, Sendable {
    case terms([FilterTerm])
    case json(PatternCondition<JSONSelector>)
    case spaced(SpacedPattern)
  }

  /// The pattern as written.
  public let text: String
  let kind: Kind

  /// Parses a pattern; an empty or blank one matches everything.
  ///
  /// - Throws: `FilterPatternError`.
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

  /// The field names of a pattern on space-separated fields, in order; `nil` for other patterns.
  public var fields: SpacedFields? {
    if case .spaced(let pattern) = kind { pattern.fields } else { nil }
  }

  /// Returns the condition on a message; `nil` if everything matches.
  public func condition(on message: BoundExpression) -> BoundExpression? {
    switch kind {
    case .terms(let terms): FilterTerm.condition(of: terms, on: message)
    case .json(let condition): condition.expression { $0.expression($1, on: message) }
    case .spaced(let pattern): pattern.expression(on: message)
    }
  }

  /// The condition on `@message` in the query language; `nil` if everything matches.
  ///
  /// Terms are expressed in CloudWatch's query language if possible.
  public var queryText: String? {
    if case .terms = kind { return portableText }
    return "\(Self.functionName)(@message, \(quoted(text)))"
  }

  /// The condition on `@message` in CloudWatch's query language; `nil` if it cannot be expressed.
  var portableText: String? {
    if case .terms(let terms) = kind { FilterTerm.queryText(of: terms) } else { nil }
  }
}

/// A text is not a valid filter pattern.
public struct FilterPatternError: Error, Hashable, Sendable {
  /// One lower-case sentence without a full stop.
  public let message: String
  /// The byte range in the pattern.
  public let span: Range<Int>
  /// The next step; `nil` if there is none.
  public var help: String?

  /// Returns the message with its position, counted in characters from 1.
  public func description(in pattern: String) -> String {
    let place = String(decoding: pattern.utf8.prefix(span.lowerBound), as: UTF8.self)
      .unicodeScalars.count
    return "\(message), at character \(place + 1)\(help.map { "; \($0)" } ?? "")"
  }
}
