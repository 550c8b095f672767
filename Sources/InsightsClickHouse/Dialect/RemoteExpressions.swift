internal import InsightsModel

/// Writes the expressions of one statement for ClickHouse.
///
/// Texts become parameters, so that no text of a user is ever part of the SQL. What is needed several times
/// gets a name in the statement's WITH clause.
final class RemoteExpressions {
  let relation: RemoteRelation
  /// The values of `{p1:String}` and so on.
  private(set) var parameters: [String: String] = [:]
  /// Named parts of the statement, in the order in which they were made.
  private(set) var definitions: [(name: String, sql: String)] = []
  private var namesOfParts: [String: String] = [:]
  private var namesOfTexts: [String: String] = [:]

  /// Bytes of SQL beyond which a statement is not sent; a server reads 256 KB.
  static let sqlByteLimit = 128 << 10
  private var sqlByteCount = 0

  init(over relation: RemoteRelation) {
    self.relation = relation
  }

  // MARK: Parts

  /// A text as a parameter.
  func parameter(_ text: String) -> String {
    if let name = namesOfTexts[text] { return name }
    let name = "p\(parameters.count + 1)"
    parameters[name] = text
    namesOfTexts[text] = "{\(name):String}"
    return "{\(name):String}"
  }

  /// A name for a part that is needed several times.
  func named(_ sql: String) throws(Refusal) -> String {
    // A name, or a column, is short enough.
    if sql.utf8.count < 24 { return sql }
    if let name = namesOfParts[sql] { return name }
    sqlByteCount += sql.utf8.count
    guard sqlByteCount < Self.sqlByteLimit else { throw Refusal("the statement would be too long") }
    let name = "v\(definitions.count + 1)"
    definitions.append((name, sql))
    namesOfParts[sql] = name
    return name
  }

  /// The value of an expression.
  func value(of expression: ScanExpression) throws(Refusal) -> RemoteValue {
    switch expression {
    case .field(let name):
      let value = try relation.value(ofField: name, self)
      return RemoteValue(try named(value.sql), value.kind)
    case .literal(let value): return literal(value)
    case .call(let id, let arguments):
      switch ClickHouseDialect.spelling(of: id) {
      case .scalar(let spell):
        let value = try spell(self, arguments)
        return RemoteValue(try named(value.sql), value.kind)
      case .aggregate, .local: throw Refusal("'\(id.rawValue)' is not computed there")
      }
    case .membership(let operand, let texts, let numbers):
      return try membership(of: value(of: operand), texts, numbers)
    }
  }

  private func literal(_ value: Value) -> RemoteValue {
    switch value {
    case .null: RemoteValue("CAST(NULL, 'Nullable(String)')", .text)
    case .integer(let integer): RemoteValue("toInt64('\(integer)')", .integer)
    case .real(let real): RemoteValue("toFloat64('\(real)')", .real)
    case .text(let text): RemoteValue(parameter(text), .text)
    case .wide(let digits): RemoteValue("concat('n', \(parameter(digits)))", .tagged)
    }
  }

  /// As conditions see it: 1, 0 or NULL.
  func truth(_ value: RemoteValue) throws(Refusal) -> String {
    switch value.kind {
    case .truth: return value.sql
    case .integer, .real: return "(\(value.sql) != 0)"
    case .text, .tagged, .numeral: throw Refusal("a condition is no truth value")
    }
  }

  // MARK: Conversions

  /// The text that the language shows for a value.
  func text(_ value: RemoteValue) throws(Refusal) -> String {
    switch value.kind {
    case .text: return value.sql
    case .integer: return "toString(\(value.sql))"
    case .truth: return "toString(\(value.sql))"
    case .real: return try shown("toString(\(value.sql) + 0.0)")
    case .numeral: throw Refusal("a number is shown as it is written")
    case .tagged:
      let name = try named(value.sql)
      let number = try shown("substring(\(name), 2)")
      return "if(startsWith(\(name), 't'), substring(\(name), 2), \(number))"
    }
  }

  /// The text of a number without an exponent, of that which ClickHouse gives it.
  private func shown(_ sql: String) throws(Refusal) -> String {
    let text = try named(sql)
    // A missing value cannot be divided, and stays missing by the last line.
    let parts = "splitByChar('e', ifNull(\(text), ''))"
    let digits = "replaceRegexpAll(\(parts)[1], '[-.]', '')"
    let exponent = "toInt32OrZero(\(parts)[2])"
    let sign = "if(startsWith(\(text), '-'), '-', '')"
    let small = "concat(\(sign), '0.', repeat('0', -(\(exponent)) - 1), \(digits))"
    let zeros = "greatest(\(exponent) + 1 - toInt32(length(\(digits))), 0)"
    let large = "concat(\(sign), \(digits), repeat('0', \(zeros)))"
    return
      "if(position(\(text), 'e') > 0, if(position(\(text), 'e-') > 0, \(small), \(large)), \(text))"
  }

  /// What JSON and the language take for a number.
  private static let numberPattern = #"'^[-+]?(\\d+(\\.\\d+)?|\\.\\d+)([eE][-+]?\\d+)?$'"#

  /// The number that a value denotes, as it is written; NULL where it denotes none.
  func numeral(_ value: RemoteValue) throws(Refusal) -> RemoteValue {
    switch value.kind {
    case .integer, .real, .numeral, .truth: return value
    case .text:
      let text = try named(value.sql)
      return RemoteValue(try named(Self.guarded(text)), .numeral)
    case .tagged:
      let tagged = try named(value.sql)
      let text = try named("substring(\(tagged), 2)")
      return RemoteValue(
        try named("if(startsWith(\(tagged), 'n'), \(text), \(Self.guarded(text)))"), .numeral)
    }
  }

  private static func guarded(_ text: String) -> String {
    "if(match(ifNull(\(text), ''), \(numberPattern)) AND isFinite(ifNull(toFloat64OrNull(\(text)), inf)), \(text), NULL)"
  }

  /// A number as a `Float64`: the nearest one.
  func nearestReal(_ value: RemoteValue) throws(Refusal) -> String {
    switch value.kind {
    case .real: return value.sql
    case .integer, .truth: return "toFloat64(\(value.sql))"
    case .numeral: return try named("toFloat64OrNull(\(value.sql))")
    case .text, .tagged: throw Refusal("a text is no number")
    }
  }

  /// A number as an `Int64`; NULL where it is none that is written with digits alone, and fits.
  func wholeNumber(_ numeral: RemoteValue) throws(Refusal) -> String {
    let text = numeral.sql
    // Digits that fit for certain, and those that are the same again.
    return try named(
      "if(match(ifNull(\(text), ''), '^[-+]?\\\\d{1,18}$'), toInt64OrNull(replaceOne(\(text), '+', '')), if(toString(toInt64OrZero(\(text))) = \(text), toInt64OrNull(\(text)), NULL))"
    )
  }

  /// A value with the letter of its kind; equal texts are equal values.
  func tagged(_ value: RemoteValue) throws(Refusal) -> String {
    switch value.kind {
    case .tagged: return value.sql
    case .text: return "concat('t', \(value.sql))"
    case .integer, .truth: return "concat('n', toString(\(value.sql)))"
    case .real: return "concat('n', toString(\(value.sql) + 0.0))"
    case .numeral:
      let whole = try wholeNumber(value)
      let real = try nearestReal(value)
      return "concat('n', if(\(whole) IS NULL, toString(\(real) + 0.0), toString(\(whole))))"
    }
  }

  /// Values of one kind: as they are where they are of one, else with letters.
  func unified(_ values: [RemoteValue]) throws(Refusal) -> (sql: [String], kind: RemoteValue.Kind) {
    // A literal that is missing is of any kind.
    let known = values.filter { !$0.sql.hasPrefix("CAST(NULL") }
    guard let first = known.first else { return (values.map(\.sql), .text) }
    if known.allSatisfy({ $0.kind == first.kind }), first.kind != .numeral {
      return (values.map { known.contains($0) ? $0.sql : "NULL" }, first.kind)
    }
    var sql: [String] = []
    for value in values { sql.append(known.contains(value) ? try tagged(value) : "NULL") }
    return (sql, .tagged)
  }

  // MARK: Lists

  private func membership(
    of operand: RemoteValue, _ texts: [Value], _ numbers: [Value]
  ) throws(Refusal) -> RemoteValue {
    var tests: [String] = []
    var names: [String] = []
    for case .text(let text) in texts { names.append(parameter(text)) }
    guard names.count == texts.count else { throw Refusal("a number beyond 64 bits") }
    if !names.isEmpty {
      switch operand.kind {
      case .text: tests.append("\(operand.sql) IN (\(names.joined(separator: ", ")))")
      case .tagged:
        let tags = names.map { "concat('t', \($0))" }.joined(separator: ", ")
        tests.append("\(operand.sql) IN (\(tags))")
      case .integer, .real, .truth: break
      case .numeral: throw Refusal("a number is compared as it is written")
      }
    }
    if !numbers.isEmpty {
      let numeral = try numeral(operand)
      var literals: [String] = []
      for number in numbers { literals.append(try exactLiteral(number)) }
      tests.append(
        "ifNull(\(try nearestReal(numeral)) IN (\(literals.joined(separator: ", "))), 0)")
    }
    let operandName = try named(operand.sql)
    guard !tests.isEmpty else { return RemoteValue("if(\(operandName) IS NULL, NULL, 0)", .truth) }
    return RemoteValue(
      "if(\(operandName) IS NULL, NULL, \(tests.joined(separator: " OR ")))", .truth)
  }

  /// A literal that a `Float64` holds, and that no other number has as its nearest one.
  func exactLiteral(_ value: Value) throws(Refusal) -> String {
    switch value {
    case .integer(let integer) where integer.magnitude < 1 << 53: "toFloat64('\(integer)')"
    case .real(let real) where real.magnitude < 0x1p53: "toFloat64('\(real)')"
    default: throw Refusal("a number beyond 2^53")
    }
  }
}
