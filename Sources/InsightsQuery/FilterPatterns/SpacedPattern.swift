internal import InsightsModel

/// The division of a line into space-separated fields by a pattern.
///
/// Text in double quotes or brackets is one field. If there are more fields than names the last
/// name has the rest; if there are fewer the line does not match.
public struct SpacedFields: Hashable, Sendable {
  /// The names of the fields, in order; empty if the pattern has none.
  public internal(set) var names: [String] = []
  /// The number of names before `...`, which matches any number of fields; `nil` without `...`.
  public internal(set) var gap: Int?

  /// Returns the name of a field, counted from 0, in the values of a metric filter.
  public func shownName(of index: Int) -> String {
    "$" + (names[index].isEmpty ? "\(index + 1)" : names[index])
  }

  /// Returns the text of a field; missing if the line has too few.
  func field(_ index: Int, of message: BoundExpression) -> BoundExpression {
    message.calling(
      .spacedField, .literal(.integer(Int64(names.count))), .literal(.integer(Int64(gap ?? -1))),
      .literal(.integer(Int64(index))))
  }

  func expression(
    _ test: PatternTest, ofField index: Int, on message: BoundExpression
  ) -> BoundExpression {
    guard case .compare(let comparison, let value) = test else { return .literal(.null) }
    let field = field(index, of: message)
    func matches(_ pattern: String) -> BoundExpression {
      field.calling(.matches, .literal(.text(pattern)))
    }
    let equal: BoundExpression
    switch value {
    case .number(let number):
      switch comparison {
      case .equal, .notEqual: equal = field.calling(.equalValues, .literal(number))
      case .less: return field.calling(.number).calling(.less, .literal(number))
      case .lessOrEqual: return field.calling(.number).calling(.lessOrEqual, .literal(number))
      case .greater: return field.calling(.number).calling(.greater, .literal(number))
      case .greaterOrEqual:
        return field.calling(.number).calling(.greaterOrEqual, .literal(number))
      }
    case .regex(let pattern): equal = matches(pattern)
    case .text(let text):
      let pattern = PatternValue.wildcardRegex(text)
      let condition = pattern.map(matches) ?? field.calling(.equal, .literal(.text(text)))
      // The message must contain it, which is fast to check.
      let run = text.split(separator: "*").max { $0.utf8.count < $1.utf8.count }
      let search = run.map { message.calling(.contains, .literal(.text(String($0)))) }
      equal = comparison == .equal ? search?.calling(.and, condition) ?? condition : condition
    }
    return comparison == .equal ? equal : .call(.not, [equal])
  }
}

/// A pattern such as `[ip, user, ..., status = 4*, bytes > 1000]`.
struct SpacedPattern: Hashable, Sendable {
  private(set) var fields = SpacedFields()
  /// The conditions on fields, by number from 0.
  private var conditions: [PatternCondition<Int>] = []

  init(_ reader: inout FilterPatternReader) throws(FilterPatternError) {
    let start = reader.position
    reader.advance()
    repeat {
      reader.skipBlanks()
      if reader.skip("...") {
        guard fields.gap == nil else {
          throw reader.failure("'...' stands once in a pattern", from: reader.position - 3)
        }
        fields.gap = fields.names.count
      } else {
        try readField(&reader)
      }
    } while reader.skip(",")
    guard reader.skip("]") else {
      throw reader.failure("',' or ']' is expected before \(reader.shownRest)")
    }
    reader.skipBlanks()
    guard reader.current == nil else {
      throw reader.failure("nothing may follow the last ']'")
    }
    guard fields.gap != nil || !fields.names.isEmpty else {
      throw reader.failure("pattern names no fields", from: start)
    }
  }

  private static func name(_ reader: inout FilterPatternReader) -> String {
    reader.skipBlanks()
    return reader.word { byte in
      byte >= 0x80 || byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 26 || "_-$@".utf8.contains(byte)
    }
  }

  /// Parses a name, with optional conditions on its field.
  private mutating func readField(
    _ reader: inout FilterPatternReader
  ) throws(FilterPatternError) {
    let index = fields.names.count
    var next = reader
    next.skipBlanks()
    let isGrouped = next.skip("(")
    let name = Self.name(&next)
    if !name.isEmpty, fields.names.contains(name) {
      throw next.failure("two fields are called '\(name)'", from: next.position - name.utf8.count)
    }
    fields.names.append(name)
    next.skipBlanks()
    if !isGrouped, next.current == nil || next.current.map({ ",]".utf8.contains($0) }) ?? true {
      reader = next
      return
    }
    guard !name.isEmpty else {
      throw next.failure("the name of a field is expected before \(next.shownRest)")
    }
    let condition = try PatternCondition<Int>.read(&reader) { reader throws(FilterPatternError) in
      let start = reader.position
      let found = Self.name(&reader)
      guard found == name else {
        throw reader.failure(
          "conditions between two commas are on one field, here '\(name)'", from: start)
      }
      return .test(index, try .comparison(&reader, ends: ",]&|)"))
    }
    conditions.append(condition)
  }

  func expression(on message: BoundExpression) -> BoundExpression? {
    guard !fields.names.isEmpty else { return nil }
    // Even without conditions the line must have that many fields.
    guard !conditions.isEmpty else { return fields.field(0, of: message).calling(.isPresent) }
    return .joined(
      conditions.compactMap { condition in
        condition.expression { fields.expression($1, ofField: $0, on: message) }
      }, by: .and)
  }
}
