internal import InsightsModel
internal import InsightsText

/// The subject of a condition on JSON, such as `$.user.emails[0]`.
struct JSONSelector: Hashable, Sendable {
  enum Step: Hashable, Sendable {
    case key(String)
    case element(Int)
    /// `*`: all members or elements.
    case all
  }

  var steps: [Step] = []

  /// Parses a selector; `$['a.b']` and `$.['a.b']` are for keys with other characters.
  init(_ reader: inout FilterPatternReader) throws(FilterPatternError) {
    reader.skipBlanks()
    let start = reader.position
    guard reader.skip("$") else {
      throw reader.failure("a selector such as $.level is expected before \(reader.shownRest)")
    }
    while let byte = reader.current, byte == UInt8(ascii: ".") || byte == UInt8(ascii: "[") {
      if byte == UInt8(ascii: ".") {
        reader.advance()
        if reader.current != UInt8(ascii: "[") {
          try readKey(&reader)
          continue
        }
      }
      try readBracket(&reader)
    }
    guard !steps.isEmpty else { throw reader.failure("selector names no key", from: start) }
    guard steps.count(where: { $0 == .all }) <= 1 else {
      throw reader.failure("selector has more than one '*'", from: start)
    }
  }

  private mutating func readKey(
    _ reader: inout FilterPatternReader
  ) throws(FilterPatternError) {
    let start = reader.position
    let key = reader.word { byte in
      byte >= 0x80 || byte &- 0x30 < 10 || (byte | 0x20) &- 0x61 < 26
        || "_-@:#*".utf8.contains(byte)
    }
    guard !key.isEmpty else {
      throw reader.failure("a key is expected before \(reader.shownRest)", from: start)
    }
    guard key == "*" || !key.utf8.contains(UInt8(ascii: "*")) else {
      throw reader.failure("'*' stands for a whole key only", from: start)
    }
    steps.append(key == "*" ? .all : .key(key))
  }

  private mutating func readBracket(
    _ reader: inout FilterPatternReader
  ) throws(FilterPatternError) {
    let start = reader.position
    reader.advance()
    switch reader.current {
    case UInt8(ascii: "'"), UInt8(ascii: "\""):
      let quote = reader.current
      reader.advance()
      let key = reader.word { $0 != quote }
      guard reader.current == quote else {
        throw reader.failure("quote is not closed", from: start)
      }
      reader.advance()
      steps.append(.key(key))
    case UInt8(ascii: "*"):
      reader.advance()
      steps.append(.all)
    default:
      let digits = reader.word { $0 &- 0x30 < 10 }
      guard let number = Int(digits), number < 1_000_000_000 else {
        throw reader.failure("a number, '*' or a key in quotes is expected", from: start)
      }
      steps.append(.element(number))
    }
    guard reader.current == UInt8(ascii: "]") else {
      throw reader.failure("bracket is not closed", from: start)
    }
    reader.advance()
  }

  func expression(_ test: PatternTest, on message: BoundExpression) -> BoundExpression {
    var texts = keyText.map { [$0] } ?? []
    let condition: String
    switch test {
    // A missing member cannot be searched for.
    case .isMissing: return message.calling(.jsonSelects, .literal(.text(selection("missing"))))
    case .isNull: condition = selection("null")
    case .isTrue: condition = selection("true")
    case .isFalse: condition = selection("false")
    case .compare(let comparison, .number(let number)):
      condition = selection(comparison.rawValue, printedLiteral(number))
    case .compare(let comparison, .regex(let pattern)):
      condition = selection(comparison == .equal ? "=~" : "!~", Self.quoted(pattern))
    case .compare(let comparison, .text(let text)):
      if let pattern = PatternValue.wildcardRegex(text) {
        condition = selection(comparison == .equal ? "=~" : "!~", Self.quoted(pattern))
      } else {
        condition = selection(comparison.rawValue, Self.quoted(text))
      }
      if comparison == .equal, let run = Self.plainRun(of: text) { texts.append(run) }
    }
    // Cheap conditions that this one implies: each text occurs in a JSON message, unless its
    // characters are escaped.
    let searches = texts.map { text in
      message.calling(.contains, .literal(.text(text)))
        .calling(.or, message.calling(.contains, .literal(.text("\\u00"))))
    }
    let selects = message.calling(.jsonSelects, .literal(.text(condition)))
    return .joined(searches + [selects], by: .and) ?? selects
  }

  /// The argument of `jsonSelects`: `[["user","emails",0],"=","x"]`; a step `*` is null.
  private func selection(_ test: String, _ value: String = "null") -> String {
    let parts = steps.map { step in
      switch step {
      case .key(let key): Self.quoted(key)
      case .element(let number): String(number)
      case .all: "null"
      }
    }
    return "[[\(parts.joined(separator: ","))],\"\(test)\",\(value)]"
  }

  private static func quoted(_ text: String) -> String {
    var json: [UInt8] = []
    JSONWriter.append(string: text, to: &json)
    return String(decoding: json, as: UTF8.self)
  }

  /// The last key as written in JSON, if it needs no escapes.
  private var keyText: String? {
    for case .key(let key) in steps.reversed() {
      // With its quotes it is long enough for a search.
      let isPlain = key.utf8.count > 1 && key.utf8.allSatisfy(Self.isPlain)
      return isPlain ? "\"\(key)\"" : nil
    }
    return nil
  }

  /// Whether JSON writes a character unescaped, and no pattern treats it specially.
  private static func isPlain(_ byte: UInt8) -> Bool {
    (0x20..<0x7F).contains(byte) && !"\"\\/*".utf8.contains(byte)
  }

  /// The longest part of a value without a wildcard that JSON writes unescaped, except for `\u00`
  /// and two digits; `nil` if no part is long enough for a search.
  private static func plainRun(of text: String) -> String? {
    let runs = text.utf8.split { !isPlain($0) }
    guard let longest = runs.max(by: { $0.count < $1.count }), longest.count >= 4 else {
      return nil
    }
    return String(decoding: longest, as: UTF8.self)
  }
}

extension PatternCondition<JSONSelector> {
  /// The maximum number of wildcards in all selectors of a pattern.
  private static var wildcardLimit: Int { 3 }

  /// Parses `{ $.level = "ERROR" && ($.latency > 100 || $.error NOT EXISTS) }`.
  static func onJSON(_ reader: inout FilterPatternReader) throws(FilterPatternError)
    -> PatternCondition
  {
    let start = reader.position
    reader.advance()
    var wildcardCount = 0
    let condition = try read(&reader) { reader throws(FilterPatternError) in
      let selector = try JSONSelector(&reader)
      wildcardCount += selector.steps.count { $0 == .all }
      return .test(selector, try jsonTest(&reader))
    }
    guard wildcardCount <= wildcardLimit else {
      throw reader.failure(
        "pattern has more than \(wildcardLimit) selectors with '*'", from: start)
    }
    guard reader.skip("}") else {
      throw reader.failure("'}', '&&' or '||' is expected before \(reader.shownRest)")
    }
    reader.skipBlanks()
    guard reader.current == nil else {
      throw reader.failure("nothing may follow the last '}'")
    }
    return condition
  }

  private static func jsonTest(
    _ reader: inout FilterPatternReader
  ) throws(FilterPatternError) -> PatternTest {
    if reader.skipWords("NOT", "EXISTS") { return .isMissing }
    if reader.skipWords("IS", "TRUE") { return .isTrue }
    if reader.skipWords("IS", "FALSE") { return .isFalse }
    if reader.skipWords("IS", "NULL") { return .isNull }
    reader.skipBlanks()
    let start = reader.position
    if reader.skipWords("EXISTS") {
      throw reader.failure(
        "'EXISTS' stands only behind 'NOT'", from: start, help: "write: != \"\" or = *")
    }
    if reader.skipWords("IS") {
      throw reader.failure("'IS' is followed by NULL, TRUE or FALSE", from: start)
    }
    return try .comparison(&reader, ends: ")}&|")
  }
}
