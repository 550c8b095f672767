internal import InsightsModel

/// The parameters and names that all parts of one statement share.
///
/// ClickHouse substitutes a named expression wherever its name occurs, and analyses each copy.
/// Therefore a SELECT is divided into levels, each a SELECT that reads from the previous one: the
/// names of a lower level are columns, which are not copied.
final class RemoteNames {
  /// The values of the parameters `{p1:String}` and so on.
  private(set) var parameters: [String: String] = [:]
  private var namesOfTexts: [String: String] = [:]

  /// The maximum size of the SQL in bytes; a server parses up to 256 KB.
  static let sqlByteLimit = 128 << 10
  private var sqlByteCount = 0

  /// Where the value of SQL is computed.
  private struct Place {
    var level = 0
    /// The size in bytes with all named parts of its level substituted.
    var byteCount: Int
  }

  /// The places of `v1` and so on; `nil` for a name that is now a column.
  private var places: [Place?] = []

  /// The size in bytes from which on an expression reads its named parts from a lower level.
  private static let levelByteCount = 400
  /// The maximum number of levels; a server nests up to 100 SELECTs.
  private static let levelLimit = 40
  /// The maximum size in bytes of a statement's SQL with all named parts substituted; ClickHouse
  /// reads at most 500,000 nodes.
  static let expandedByteLimit = 1 << 20

  /// Returns a parameter for a text.
  func parameter(_ text: String) -> String {
    if let name = namesOfTexts[text] { return name }
    let name = "p\(parameters.count + 1)"
    parameters[name] = text
    namesOfTexts[text] = "{\(name):String}"
    return "{\(name):String}"
  }

  /// Returns a new name for a part of the statement.
  func next(for sql: String) throws(Refusal) -> String {
    sqlByteCount += sql.utf8.count
    let place = place(of: sql)
    guard sqlByteCount < Self.sqlByteLimit, place.byteCount < Self.expandedByteLimit else {
      throw Refusal("the statement would be too long")
    }
    places.append(place)
    return "v\(places.count)"
  }

  /// Records that a name is now that of a column of an inner SELECT.
  func endPart(_ name: String) {
    for number in Self.numbers(in: name) { places[number - 1] = nil }
  }

  /// Returns the level at which a named part is computed.
  func level(ofName name: String) -> Int {
    Self.numbers(in: name).first.flatMap { places[$0 - 1]?.level } ?? 0
  }

  /// Returns the level at which SQL is computed.
  func level(of sql: String) -> Int { place(of: sql).level }

  /// Returns the size in bytes of SQL with all named parts of its level substituted.
  func expandedByteCount(of sql: String) -> Int { place(of: sql).byteCount }

  private func place(of sql: String) -> Place {
    let parts = Self.numbers(in: sql).compactMap { $0 <= places.count ? places[$0 - 1] : nil }
    var place = Place(level: parts.map(\.level).max() ?? 0, byteCount: sql.utf8.count)
    for part in parts where part.level == place.level { place.byteCount += part.byteCount }
    if !parts.isEmpty, place.byteCount > Self.levelByteCount, place.level < Self.levelLimit {
      place = Place(level: place.level + 1, byteCount: sql.utf8.count)
    }
    return place
  }

  /// Returns the numbers of the names in SQL, each as often as it occurs.
  private static func numbers(in sql: String) -> [Int] {
    var numbers: [Int] = []
    forEachWord(in: sql) { word in
      guard word.count > 1, word.count < 10, word.first == UInt8(ascii: "v") else { return }
      var number = 0
      for byte in word.dropFirst() {
        guard byte &- 0x30 < 10 else { return }
        number = number * 10 + Int(byte - 0x30)
      }
      if number > 0 { numbers.append(number) }
    }
    return numbers
  }

  /// Returns the words of SQL, which include the names of all parts and columns in it.
  static func words(of sql: [String]) -> Set<String> {
    var words: Set<String> = []
    for sql in sql {
      forEachWord(in: sql) { words.insert(String(decoding: $0, as: UTF8.self)) }
    }
    return words
  }

  private static func forEachWord(
    in sql: String, _ body: (Slice<UnsafeBufferPointer<UInt8>>) -> Void
  ) {
    var sql = sql
    sql.withUTF8 { bytes in
      var start = 0
      for (end, byte) in bytes.enumerated() {
        let isLetter = byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z")
        if isLetter || byte &- 0x30 < 10 || byte == UInt8(ascii: "_") { continue }
        if start < end { body(bytes[start..<end]) }
        start = end + 1
      }
      if start < bytes.count { body(bytes[start...]) }
    }
  }
}

/// Writes the expressions of one SELECT for ClickHouse.
///
/// Texts become parameters, so that no text of a user is ever part of the SQL. An expression that
/// is used several times receives a name in the WITH clause of the SELECT.
final class RemoteExpressions {
  /// Returns the value of a field by its name.
  typealias Source = (String, RemoteExpressions) throws(Refusal) -> RemoteValue

  private let names: RemoteNames
  private let source: Source
  /// SQL for the position of the row in input order; `nil` for rows that are neither events nor
  /// facts.
  let position: String?
  /// The named parts of the statement, in order of creation; none refers to a later one.
  private(set) var definitions: [(name: String, sql: String)] = []
  private var namesOfParts: [String: String] = [:]
  /// The values of calls; some functions ask for those of their arguments several times.
  private var valuesOfCalls: [ScanExpression: RemoteValue] = [:]

  init(_ names: RemoteNames, position: String?, _ source: @escaping Source) {
    self.names = names
    self.position = position
    self.source = source
  }

  // MARK: Parts

  /// Adds a text as a parameter.
  func parameter(_ text: String) -> String { names.parameter(text) }

  /// Returns a name for a part that is used several times.
  func named(_ sql: String, evenIfShort: Bool = false) throws(Refusal) -> String {
    // Names and columns are short enough to be repeated.
    if sql.utf8.count < 24, !evenIfShort { return sql }
    if let name = namesOfParts[sql] { return name }
    let name = try names.next(for: sql)
    definitions.append((name, sql))
    namesOfParts[sql] = name
    return name
  }

  /// Returns the SQL of an expression's value.
  func value(of expression: ScanExpression) throws(Refusal) -> RemoteValue {
    switch expression {
    case .field(let name):
      var value = try source(name, self)
      value.sql = try named(value.sql)
      return value
    case .literal(let value): return literal(value)
    case .call(let id, let arguments):
      switch ClickHouseDialect.spelling(of: id) {
      case .scalar(let spell):
        if let known = valuesOfCalls[expression] { return known }
        var value = try spell(self, arguments)
        value.sql = try named(value.sql)
        valuesOfCalls[expression] = value
        return value
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

  /// Returns the value as a condition: 1, 0 or NULL.
  func truth(_ value: RemoteValue) throws(Refusal) -> String {
    switch value.kind {
    case .truth: return value.sql
    case .integer, .real: return "(\(value.sql) != 0)"
    case .text, .tagged, .numeral: throw Refusal("a condition is no truth value")
    }
  }

  /// Returns the expression as a condition that selects rows: where it is NULL, it may also be 0.
  func selection(_ expression: ScanExpression) throws(Refusal) -> String {
    guard case .call(let id, let arguments) = expression else {
      return try truth(value(of: expression))
    }
    switch id {
    case .and, .or:
      var conditions: [String] = []
      for argument in arguments { conditions.append(try selection(argument)) }
      return "(\(conditions.joined(separator: id == .and ? " AND " : " OR ")))"
    case .isPresent:
      if let presence = try value(of: arguments[0]).presence { return presence }
    case .equal, .equalValues:
      if case .literal(.text(let text)) = arguments[1], !text.isEmpty, !text.denotesNumber {
        let left = try value(of: arguments[0])
        switch (left.stored, left.kind) {
        case (let stored?, .text): return "\(stored.column) = \(parameter(text))"
        case (let stored?, .tagged): return "\(stored.column) = concat('t', \(parameter(text)))"
        default: break
        }
      }
    default: break
    }
    return try truth(value(of: expression))
  }

  /// Checks that the statement, with `sql` in it, does not exceed the maximum size.
  func check(_ sql: [String]) throws(Refusal) {
    let total = sql.reduce(0) { $0 + names.expandedByteCount(of: $1) }
    guard total < RemoteNames.expandedByteLimit else {
      throw Refusal("the statement would be too long")
    }
  }

  // MARK: Conversions

  /// Returns the text that the language shows for a value.
  func text(_ value: RemoteValue) throws(Refusal) -> String {
    switch value.kind {
    case .text: return value.sql
    case .integer: return "toString(\(value.sql))"
    case .truth: return "toString(\(value.sql))"
    case .real: return Self.shown(ofReal: value.sql)
    case .numeral:
      let real = Self.shown(ofReal: try nearestReal(value))
      let whole = try wholeNumber(value)
      return "if(\(whole) IS NULL, \(real), toString(\(whole)))"
    case .tagged:
      let tagged = try named(value.sql)
      let text = "substring(\(tagged), 2)"
      return "if(startsWith(\(tagged), 't'), \(text), \(Self.shown(text)))"
    }
  }

  /// Returns the text that the language shows for a `Float64`.
  private static func shown(ofReal sql: String) -> String {
    "arrayMap(f -> if(\(isLargeInteger("f")), toString(toInt64(f)), \(shown("toString(f)"))), [\(sql) + 0.0])[1]"
  }

  /// Returns a condition for a `Float64` of which all digits are shown, unlike in ClickHouse: an
  /// integer from 2^53 on that fits 64 bits.
  static func isLargeInteger(_ real: String) -> String {
    "abs(\(real)) >= 9007199254740992. AND \(fitsInt64(real))"
  }

  /// Returns a condition for a `Float64` whose whole part fits 64 bits.
  static func fitsInt64(_ real: String) -> String {
    "\(real) >= -9223372036854775808. AND \(real) < 9223372036854775808."
  }

  /// Converts ClickHouse's text of a number to one without an exponent.
  private static func shown(_ sql: String) -> String {
    let parts = "splitByChar('e', ifNull(s, ''))"
    let small = "concat(m, '0.', repeat('0', -x - 1), d)"
    let large = "concat(m, d, repeat('0', greatest(x + 1 - toInt32(length(d)), 0)))"
    let moved =
      "arrayMap((d, x, m) -> if(x < 0, \(small), \(large)), [replaceRegexpAll(\(parts)[1], '[-.]', '')], [toInt32OrZero(\(parts)[2])], [if(startsWith(ifNull(s, ''), '-'), '-', '')])[1]"
    // A missing value stays missing.
    return "arrayMap(s -> if(position(s, 'e') > 0, \(moved), s), [\(sql)])[1]"
  }

  /// Returns the number that a value denotes, as it is written; NULL if it denotes none.
  func numeral(_ value: RemoteValue) throws(Refusal) -> RemoteValue {
    switch value.kind {
    case .integer, .real, .numeral, .truth: return value
    case .text: return try numeral(ofText: named(value.sql), isNoNumber: Self.isNoNumber)
    case .tagged:
      let tagged = try named(value.stored?.column ?? value.sql)
      // A number is in a form that ClickHouse reads.
      return try numeral(ofText: named("substring(\(tagged), 2)")) {
        "startsWith(\(tagged), 't') AND (\(Self.isNoNumber($0)))"
      }
    }
  }

  /// Returns the numeral of a text; `isNoNumber` gives a condition for those that ClickHouse reads as
  /// numbers although they are none.
  private func numeral(
    ofText text: String, isNoNumber: (String) -> String
  ) throws(Refusal) -> RemoteValue {
    let real = try named("if(\(isNoNumber(text)), NULL, toFloat64OrNull(\(text)))")
    return RemoteValue(
      try named("if(\(real) IS NULL, NULL, \(text))"), .numeral,
      parsed: RemoteValue.Parsed(real: real, whole: try named("toInt64OrNull(\(text))")))
  }

  /// Returns a condition for a text that ClickHouse reads as a number, unlike JSON and the language:
  /// `5.`, `5.e1`, infinity and NaN.
  private static func isNoNumber(_ text: String) -> String {
    "NOT isFinite(toFloat64OrNull(\(text))) OR endsWith(\(text), '.') OR positionCaseInsensitive(\(text), '.e') > 0"
  }

  /// Returns the text of a `Float64` in a tagged value, in the form of `ClickHouseValue`.
  static func digits(ofReal sql: String) -> String {
    "arrayMap(f -> multiIf(\(isLargeInteger("f")), concat(toString(toInt64(f)), 'e0'), abs(f) >= 9007199254740992. AND abs(f) < 1e21, concat(toString(f), 'e+0'), toString(f)), [\(sql) + 0.0])[1]"
  }

  /// Returns the numeral of a `Float64`, which may be infinite; with a point or an exponent, so that
  /// it differs from all numerals of integers.
  static func numeral(ofReal sql: String) -> String {
    "arrayMap(f -> if(match(f, '[.en]'), f, concat(f, 'e0')), [toString(\(sql) + 0.0)])[1]"
  }

  /// Returns the numeral of an `Int128` if it fits 64 bits, otherwise that of a real number.
  static func numeral(ofInteger sql: String, orReal real: String) -> String {
    "if(\(sql) BETWEEN toInt128('-9223372036854775808') AND toInt128('9223372036854775807'), toString(\(sql)), \(numeral(ofReal: real)))"
  }

  /// Returns the nearest `Float64` of a number.
  func nearestReal(_ value: RemoteValue) throws(Refusal) -> String {
    switch value.kind {
    case .real: return value.sql
    case .integer, .truth: return "toFloat64(\(value.sql))"
    case .numeral: return try named(value.parsed?.real ?? "toFloat64OrNull(\(value.sql))")
    case .text, .tagged: throw Refusal("a text is no number")
    }
  }

  /// Returns a number as an `Int64`; NULL unless it is written as digits alone, and fits.
  func wholeNumber(_ numeral: RemoteValue) throws(Refusal) -> String {
    try named(numeral.parsed?.whole ?? Self.wholeNumber(numeral.sql))
  }

  static func wholeNumber(_ text: String) -> String { "toInt64OrNull(\(text))" }

  /// Returns the value with a letter for its kind as prefix; equal texts are equal values.
  func tagged(_ value: RemoteValue) throws(Refusal) -> String {
    switch value.kind {
    case .tagged: return value.sql
    case .text: return "concat('t', \(value.sql))"
    case .integer, .truth: return "concat('n', toString(\(value.sql)))"
    case .real: return "concat('n', \(Self.digits(ofReal: value.sql)))"
    case .numeral:
      let digits = Self.digits(ofReal: try nearestReal(value))
      let whole = try wholeNumber(value)
      return "concat('n', if(\(whole) IS NULL, \(digits), toString(\(whole))))"
    }
  }

  /// Converts values to one kind: unchanged if all have the same kind, otherwise tagged.
  func unified(_ values: [RemoteValue]) throws(Refusal) -> (sql: [String], kind: RemoteValue.Kind) {
    // A missing literal is compatible with any kind.
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
    for case .text(let text) in texts where !text.denotesNumber { names.append(parameter(text)) }
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

  /// Returns a literal that a `Float64` represents exactly, and that is the nearest `Float64` of no
  /// other number.
  func exactLiteral(_ value: Value) throws(Refusal) -> String {
    switch value {
    case .integer(let integer) where integer.magnitude < 1 << 53: "toFloat64('\(integer)')"
    case .real(let real) where real.magnitude < 0x1p53: "toFloat64('\(real)')"
    default: throw Refusal("a number beyond 2^53")
    }
  }
}
