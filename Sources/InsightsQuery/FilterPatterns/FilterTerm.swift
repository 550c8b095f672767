internal import InsightsModel

/// A term of a filter pattern: a text or a regex that a message must or must not contain.
struct FilterTerm: Hashable, Sendable {
  enum Mark: Hashable, Sendable {
    /// It must occur.
    case required
    /// `?`: one of these must occur, unless there are required terms.
    case optional
    /// `-`: it must not occur.
    case excluded
  }

  enum Content: Hashable, Sendable { case text(String), regex(String) }

  var mark: Mark
  var content: Content

  /// Characters allowed in unquoted words in addition to letters and digits.
  private static let wordSigns = "_.-:/@#=,;+"

  /// Parses all terms; those that every message contains are dropped.
  static func all(_ reader: inout FilterPatternReader) throws(FilterPatternError) -> [FilterTerm] {
    var terms: [FilterTerm] = []
    while true {
      reader.skipBlanks()
      guard let first = reader.current else { return terms }
      var mark = Mark.required
      if first == UInt8(ascii: "?") || first == UInt8(ascii: "-") {
        mark = first == UInt8(ascii: "?") ? .optional : .excluded
        reader.advance()
      }
      if let content = try content(&reader) {
        terms.append(FilterTerm(mark: mark, content: content))
      }
    }
  }

  private static func content(
    _ reader: inout FilterPatternReader
  ) throws(FilterPatternError) -> Content? {
    let start = reader.position
    switch reader.current {
    case UInt8(ascii: "%"): return .regex(try reader.regex())
    case UInt8(ascii: "\""):
      let text = try reader.quoted()
      return text.utf8.allSatisfy(FilterPatternReader.isBlank) ? nil : .text(text)
    default:
      let word = reader.word { !FilterPatternReader.isBlank($0) }
      guard !word.isEmpty else {
        throw reader.failure("a term is missing", from: start)
      }
      let other = word.unicodeScalars.first { scalar in
        !scalar.properties.isAlphabetic && scalar.properties.numericType == nil
          && !wordSigns.unicodeScalars.contains(scalar)
      }
      if let other {
        throw reader.failure(
          "term '\(word)' has '\(other)' in it", from: start, help: "put it in double quotes")
      }
      return .text(word)
    }
  }

  /// The terms that have an effect: as on AWS, optional terms have none if there is a required one.
  private static func effective(
    _ terms: [FilterTerm]
  ) -> (required: [Content], optional: [Content], excluded: [Content]) {
    let required = terms.filter { $0.mark == .required }.map(\.content)
    return (
      required, required.isEmpty ? terms.filter { $0.mark == .optional }.map(\.content) : [],
      terms.filter { $0.mark == .excluded }.map(\.content)
    )
  }

  static func condition(
    of terms: [FilterTerm], on message: BoundExpression
  ) -> BoundExpression? {
    func occurs(_ content: Content) -> BoundExpression {
      switch content {
      case .text(let text): message.calling(.contains, .literal(.text(text)))
      case .regex(let pattern): message.calling(.matches, .literal(.text(pattern)))
      }
    }
    let (required, optional, excluded) = effective(terms)
    let any = BoundExpression.joined(optional.map(occurs), by: .or).map { [$0] } ?? []
    return .joined(
      required.map(occurs) + any + excluded.map { BoundExpression.call(.not, [occurs($0)]) },
      by: .and)
  }

  /// Returns the condition in the query language.
  static func queryText(of terms: [FilterTerm]) -> String? {
    func occurs(_ content: Content) -> String {
      switch content {
      case .text(let text): "strcontains(@message, \(quoted(text)))"
      case .regex(let pattern): "@message like \(printedRegex(pattern))"
      }
    }
    let (required, optional, excluded) = effective(terms)
    var conditions = required.map(occurs)
    if !optional.isEmpty {
      let any = optional.map(occurs).joined(separator: " or ")
      conditions.append(optional.count == 1 ? any : "(\(any))")
    }
    conditions += excluded.map { "not \(occurs($0))" }
    return conditions.isEmpty ? nil : conditions.joined(separator: " and ")
  }
}
