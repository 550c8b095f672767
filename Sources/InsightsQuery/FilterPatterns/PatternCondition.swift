internal import InsightsModel

/// A condition of a filter pattern: tests of JSON members, or of space-separated fields.
indirect enum PatternCondition<Subject: Hashable & Sendable>: Hashable, Sendable {
  case all([PatternCondition])
  case any([PatternCondition])
  case test(Subject, PatternTest)

  /// The maximum depth of parentheses.
  private static var depthLimit: Int { 32 }

  /// Parses conditions joined by `||` and `&&`, which has the higher precedence; `readTest` parses
  /// one test.
  static func read(
    _ reader: inout FilterPatternReader, depth: Int = 0,
    _ readTest: (inout FilterPatternReader) throws(FilterPatternError) -> PatternCondition
  ) throws(FilterPatternError) -> PatternCondition {
    func operand(
      _ reader: inout FilterPatternReader
    ) throws(FilterPatternError) -> PatternCondition {
      reader.skipBlanks()
      let start = reader.position
      guard reader.skip("(") else { return try readTest(&reader) }
      guard depth < depthLimit else {
        throw reader.failure("pattern is nested deeper than \(depthLimit) levels", from: start)
      }
      let inner = try read(&reader, depth: depth + 1, readTest)
      guard reader.skip(")") else {
        reader.skipBlanks()
        throw reader.failure("parenthesis is not closed before \(reader.shownRest)")
      }
      return inner
    }
    var alternatives: [PatternCondition] = []
    repeat {
      var parts = [try operand(&reader)]
      while reader.skip("&&") { parts.append(try operand(&reader)) }
      alternatives.append(parts.count == 1 ? parts[0] : .all(parts))
    } while reader.skip("||")
    return alternatives.count == 1 ? alternatives[0] : .any(alternatives)
  }

  /// Returns the condition of a plan; `body` converts each test.
  func expression(
    _ body: (Subject, PatternTest) -> BoundExpression
  ) -> BoundExpression? {
    switch self {
    case .all(let parts): .joined(parts.compactMap { $0.expression(body) }, by: .and)
    case .any(let parts): .joined(parts.compactMap { $0.expression(body) }, by: .or)
    case .test(let subject, let test): body(subject, test)
    }
  }
}

/// A test of a member or a field.
enum PatternTest: Hashable, Sendable {
  enum Comparison: String, CaseIterable, Hashable, Sendable {
    // Longer ones first, since others are their prefixes.
    case notEqual = "!="
    case lessOrEqual = "<="
    case greaterOrEqual = ">="
    case equal = "="
    case less = "<"
    case greater = ">"
  }

  case compare(Comparison, PatternValue)
  case isNull, isTrue, isFalse, isMissing

  /// Parses a comparison and its value.
  static func comparison(
    _ reader: inout FilterPatternReader, ends: String
  ) throws(FilterPatternError) -> PatternTest {
    guard let comparison = Comparison.allCases.first(where: { reader.skip($0.rawValue) }) else {
      throw reader.failure("a comparison is expected before \(reader.shownRest)")
    }
    let start = reader.position
    let value = try PatternValue(&reader, ends: ends)
    if comparison != .equal, comparison != .notEqual {
      guard case .number = value else {
        throw reader.failure(
          "'\(comparison.rawValue)' compares numbers, and this is none", from: start,
          help: "texts and regexes are compared by = and !=")
      }
    }
    return .compare(comparison, value)
  }
}
