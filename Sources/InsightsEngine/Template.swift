internal import InsightsQuery
internal import InsightsText

/// The text of a query with `{{name}}` placeholders.
///
/// The form of an inserted value depends on its surroundings. Inside a string, a regex or a name in
/// backticks it is the plain value, escaped so that it cannot end them. Elsewhere numbers and
/// periods (`20`, `-1.5`, `5m`) are inserted without quotes and any other value as a quoted string,
/// as in CloudWatch. Placeholders in comments are ignored.
struct Template {
  /// The surroundings of a placeholder.
  private enum Surroundings {
    case string(quote: UInt8)
    case regex
    case quotedName
    /// A part of a longer word: `{{count}}m`, `record.{{field}}`.
    case word
    case operand
  }

  private struct Placeholder {
    var name: String
    /// The byte range of the placeholder, including its braces.
    var span: Range<Int>
    var surroundings: Surroundings
  }

  private let bytes: [UInt8]
  private let placeholders: [Placeholder]

  init(_ text: String) {
    bytes = Array(text.utf8)
    placeholders = Self.placeholders(in: bytes)
  }

  /// The names of the placeholders, in the order of first occurrence.
  var names: [String] {
    placeholders.indices.filter { index in
      !placeholders[..<index].contains { $0.name == placeholders[index].name }
    }
    .map { placeholders[$0].name }
  }

  /// Returns the text with every placeholder replaced by the given value, or by the default.
  ///
  /// The values of `textNames` are text even if they look like numbers.
  func filled(
    with values: [String: String], asText textNames: Set<String> = [],
    defaults: [String: String] = [:]
  ) throws(ParameterError) -> String {
    var result: [UInt8] = []
    var position = 0
    for placeholder in placeholders {
      guard let value = values[placeholder.name] ?? defaults[placeholder.name] else {
        throw .missing(name: placeholder.name)
      }
      if case .quotedName = placeholder.surroundings, value.utf8.contains(UInt8(ascii: "`")) {
        throw .backtickInName(name: placeholder.name)
      }
      result += bytes[position..<placeholder.span.lowerBound]
      result += Self.insertion(
        of: Array(value.utf8), isText: textNames.contains(placeholder.name),
        into: placeholder.surroundings)
      position = placeholder.span.upperBound
    }
    return String(decoding: result + bytes[position...], as: UTF8.self)
  }

  // MARK: Finding placeholders

  private static func placeholders(in bytes: [UInt8]) -> [Placeholder] {
    let spans = spans(in: bytes)
    guard !spans.isEmpty else { return [] }
    // Words replace the placeholders, so that the lexer determines their surroundings.
    var neutral = bytes
    for span in spans {
      for index in span { neutral[index] = UInt8(ascii: "_") }
    }
    let source = SourceText(String(decoding: neutral, as: UTF8.self))
    // Invalid UTF-8 was repaired, so the spans would not match.
    guard source.bytes == neutral else { return [] }
    let tokens = Lexer.tokens(of: source).tokens
    return spans.compactMap { span in
      guard let token = tokens.first(where: { $0.span.upperBound > span.lowerBound }),
        token.span.lowerBound <= span.lowerBound
      else { return nil }
      let name = bytes[span].filter { isNameByte($0) }
      return Placeholder(
        name: String(decoding: name, as: UTF8.self), span: span,
        surroundings: surroundings(of: span, in: token, first: bytes[token.span.lowerBound]))
    }
  }

  private static func surroundings(
    of span: Range<Int>, in token: Token, first: UInt8
  ) -> Surroundings {
    switch token.kind {
    case .string: .string(quote: first)
    case .regex: .regex
    case .quotedName: .quotedName
    default: token.span == span ? .operand : .word
    }
  }

  /// Returns every `{{name}}`; spaces inside the braces are allowed.
  private static func spans(in bytes: [UInt8]) -> [Range<Int>] {
    var spans: [Range<Int>] = []
    var index = 0
    while index + 1 < bytes.count {
      guard bytes[index] == UInt8(ascii: "{"), bytes[index + 1] == UInt8(ascii: "{"),
        let end = end(ofPlaceholderAt: index, in: bytes)
      else {
        index += 1
        continue
      }
      spans.append(index..<end)
      index = end
    }
    return spans
  }

  private static func end(ofPlaceholderAt start: Int, in bytes: [UInt8]) -> Int? {
    var index = start + 2
    func skip(while isWanted: (UInt8) -> Bool) {
      while index < bytes.count, isWanted(bytes[index]) { index += 1 }
    }
    skip { $0 == UInt8(ascii: " ") }
    let nameStart = index
    skip(while: isNameByte)
    guard index > nameStart, !isDigit(bytes[nameStart]) else { return nil }
    skip { $0 == UInt8(ascii: " ") }
    guard index + 1 < bytes.count, bytes[index] == UInt8(ascii: "}"),
      bytes[index + 1] == UInt8(ascii: "}")
    else { return nil }
    return index + 2
  }

  // MARK: Values

  private static func insertion(
    of value: [UInt8], isText: Bool, into surroundings: Surroundings
  ) -> [UInt8] {
    switch surroundings {
    case .string(let quote): escaped(value, quote: quote)
    case .regex: regex(value)
    case .quotedName: value
    case .word:
      value.allSatisfy { isNameByte($0) || $0 == UInt8(ascii: ".") } ? value : quoted(value)
    case .operand: !isText && isNumberOrPeriod(value) ? value : quoted(value)
    }
  }

  /// Whether the language parses the whole value as a number or a period.
  private static func isNumberOrPeriod(_ value: [UInt8]) -> Bool {
    let isNegative = value.first == UInt8(ascii: "-")
    let text = String(decoding: isNegative ? value.dropFirst() : value[...], as: UTF8.self)
    guard let token = Lexer.tokens(of: SourceText(text)).tokens.first,
      token.span == 0..<text.utf8.count
    else { return false }
    switch token.kind {
    case .integer, .real: return true
    // An id such as 12ab looks like a period.
    case .period: return !isNegative && TimeExpression.length(text) != nil
    default: return false
    }
  }

  private static func quoted(_ value: [UInt8]) -> [UInt8] {
    let quote = UInt8(ascii: "\"")
    return [quote] + escaped(value, quote: quote) + [quote]
  }

  private static func escaped(_ value: [UInt8], quote: UInt8) -> [UInt8] {
    value.flatMap { byte in
      byte == quote || byte == UInt8(ascii: "\\") ? [UInt8(ascii: "\\"), byte] : [byte]
    }
  }

  /// Returns the value as part of a regex: unescaped slashes are escaped, and a backslash at the
  /// end cannot escape the following text.
  private static func regex(_ value: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    var isEscaped = false
    for byte in value {
      if byte == UInt8(ascii: "/"), !isEscaped { result.append(UInt8(ascii: "\\")) }
      result.append(byte)
      isEscaped = !isEscaped && byte == UInt8(ascii: "\\")
    }
    return isEscaped ? result + [UInt8(ascii: "\\")] : result
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    (byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z"))
      || byte == UInt8(ascii: "_") || isDigit(byte)
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
  }
}
