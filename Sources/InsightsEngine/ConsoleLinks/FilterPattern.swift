/// A filter pattern of CloudWatch Logs, as a condition of the query language.
///
/// Read are terms (`ERROR -timeout`, `?a ?b`, `"a phrase"`, `%regex%`) and conditions on JSON
/// (`{ $.level = "ERROR" && $.latency > 100 }`); what the query language cannot say is refused.
struct FilterPattern {
  /// What AWS takes at most, in characters.
  private static let lengthLimit = 1024

  /// What `filter` takes; `nil` where the pattern lets everything through.
  let condition: String?

  init(_ pattern: String) throws(ConsoleLinkError) {
    func refusal(_ reason: String) -> ConsoleLinkError {
      .filterPattern(pattern: pattern, reason: reason)
    }
    guard pattern.count <= Self.lengthLimit else {
      throw refusal("it is longer than the \(Self.lengthLimit) characters that AWS takes")
    }
    let text = pattern.drop { $0.isWhitespace }
    switch text.first {
    case nil: condition = nil
    case "[":
      throw refusal("patterns of fields between blanks have no equal in the query language")
    case "{":
      var reader = JSONPatternReader(text)
      do {
        condition = try reader.condition()
      } catch {
        throw refusal(error.reason)
      }
    default:
      do {
        condition = try Self.terms(text)
      } catch {
        throw refusal(error.reason)
      }
    }
  }

  /// Why a pattern is refused.
  struct Refusal: Error {
    var reason: String
  }

  // MARK: Terms

  private static func terms(_ text: Substring) throws(Refusal) -> String? {
    var required: [String] = []
    var optional: [String] = []
    var excluded: [String] = []
    var rest = text
    while let first = rest.first {
      if first.isWhitespace {
        rest = rest.dropFirst()
        continue
      }
      let mark = first == "?" || first == "-" ? first : nil
      if mark != nil { rest = rest.dropFirst() }
      guard let condition = try term(&rest) else { continue }
      switch mark {
      case "?": optional.append(condition)
      case "-": excluded.append("not \(condition)")
      default: required.append(condition)
      }
    }
    // As AWS has it: where one term is required, the optional ones say nothing.
    if required.isEmpty, !optional.isEmpty {
      required = [optional.count == 1 ? optional[0] : "(\(optional.joined(separator: " or ")))"]
    }
    let conditions = required + excluded
    return conditions.isEmpty ? nil : conditions.joined(separator: " and ")
  }

  /// The condition of one term, which is taken off `text`; `nil` for a term that everything has.
  private static func term(_ text: inout Substring) throws(Refusal) -> String? {
    if text.first == "%" { return "@message like \(try regex(&text))" }
    let word: String
    if text.first == "\"" {
      word = try quoted(&text)
    } else {
      let plain = text.prefix { !$0.isWhitespace }
      text = text.dropFirst(plain.count)
      word = String(plain)
    }
    return word.allSatisfy(\.isWhitespace)
      ? nil : "strcontains(@message, \(QueryText.quoted(word)))"
  }

  /// A text in quotes, which is taken off `text`.
  static func quoted(_ text: inout Substring) throws(Refusal) -> String {
    var word = ""
    var isEscaped = false
    for (index, character) in zip(text.indices, text).dropFirst() {
      if isEscaped {
        word.append(character)
        isEscaped = false
      } else if character == "\\" {
        isEscaped = true
      } else if character == "\"" {
        text = text[text.index(after: index)...]
        return word
      } else {
        word.append(character)
      }
    }
    throw Refusal(reason: "a quote is not closed")
  }

  /// A regex between percent signs, which is taken off `text`, as the query language writes it.
  static func regex(_ text: inout Substring) throws(Refusal) -> String {
    let pattern = text.dropFirst().prefix { $0 != "%" }
    guard text.count > pattern.count + 1 else {
      throw Refusal(reason: "a regex is not closed by '%'")
    }
    text = text.dropFirst(pattern.count + 2)
    guard !pattern.isEmpty else { throw Refusal(reason: "a regex is empty") }
    let symbols = ":_#=@/;,- ^$?[]{}|\\*+."
    if let other = pattern.first(where: { character in
      !(character.isASCII && (character.isLetter || character.isNumber))
        && !symbols.contains(character)
    }) {
      throw Refusal(reason: "AWS takes no '\(other)' in a regex")
    }
    return slashed(String(pattern))
  }

  /// A regex between slashes, those in it escaped.
  static func slashed(_ pattern: String) -> String {
    var slashed = "/"
    var isEscaped = false
    for character in pattern {
      if character == "/", !isEscaped { slashed += "\\" }
      slashed.append(character)
      isEscaped = character == "\\" && !isEscaped
    }
    return slashed + "/"
  }
}

/// Reads `{ $.a = "x" && ($.b > 3 || $.c NOT EXISTS) }`.
private struct JSONPatternReader {
  typealias Refusal = FilterPattern.Refusal

  private var text: Substring
  private var depth = 0
  private static let depthLimit = 32

  init(_ text: Substring) { self.text = text }

  mutating func condition() throws(Refusal) -> String {
    guard skip("{") else { throw Refusal(reason: "it does not begin with '{'") }
    let condition = try alternatives()
    guard skip("}") else { throw Refusal(reason: "'\(text.prefix(20))' is not understood") }
    guard text.allSatisfy(\.isWhitespace) else {
      throw Refusal(reason: "something follows the last '}'")
    }
    return condition
  }

  private mutating func alternatives() throws(Refusal) -> String {
    var parts = [try conjunction()]
    while skip("||") { parts.append(try conjunction()) }
    return parts.count == 1 ? parts[0] : "(\(parts.joined(separator: " or ")))"
  }

  private mutating func conjunction() throws(Refusal) -> String {
    var parts = [try comparison()]
    while skip("&&") { parts.append(try comparison()) }
    return parts.joined(separator: " and ")
  }

  private mutating func comparison() throws(Refusal) -> String {
    if skip("(") {
      depth += 1
      guard depth < Self.depthLimit else { throw Refusal(reason: "it is nested too deep") }
      let inner = try alternatives()
      depth -= 1
      guard skip(")") else { throw Refusal(reason: "a parenthesis is not closed") }
      return "(\(inner))"
    }
    let field = try selector()
    if skipWords("NOT", "EXISTS") {
      // Only events that are JSON objects can lack a key.
      return "(not ispresent(\(field)) and @message like /^\\s*\\{/)"
    }
    if skipWords("IS", "TRUE") { return "\(field) = \"true\"" }
    if skipWords("IS", "FALSE") { return "\(field) = \"false\"" }
    if skipWords("IS", "NULL") {
      throw Refusal(reason: "the query language cannot ask whether a value is null")
    }
    for name in ["!=", "<=", ">=", "=", "<", ">"] where skip(name) {
      return try comparison(of: field, name)
    }
    throw Refusal(reason: "a comparison is expected before '\(text.prefix(20))'")
  }

  private mutating func comparison(of field: String, _ name: String) throws(Refusal) -> String {
    text = text.drop { $0.isWhitespace }
    if text.first == "%" {
      guard name == "=" || name == "!=" else {
        throw Refusal(reason: "a regex is compared by = or !=")
      }
      let regex = try FilterPattern.regex(&text)
      return name == "=" ? "\(field) like \(regex)" : present(field, "\(field) not like \(regex)")
    }
    let isQuoted = text.first == "\""
    let value: String
    if isQuoted {
      value = try FilterPattern.quoted(&text)
    } else {
      let word = text.prefix { !$0.isWhitespace && !")}&|".contains($0) }
      text = text.dropFirst(word.count)
      value = String(word)
    }
    guard isQuoted || !value.isEmpty else { throw Refusal(reason: "a value is missing") }
    if !isQuoted, let number = Double(value), number.isFinite {
      return present(field, "\(field) \(name) \(Self.written(value, number))", if: name == "!=")
    }
    guard name == "=" || name == "!=" else {
      throw Refusal(reason: "'\(name)' compares numbers, and '\(value)' is none")
    }
    guard value.contains("*") else {
      return present(field, "\(field) \(name) \(QueryText.quoted(value))", if: name == "!=")
    }
    let pattern = value.split(separator: "*", omittingEmptySubsequences: false)
      .map(Self.literally).joined(separator: ".*")
    let regex = FilterPattern.slashed("^\(pattern)$")
    return name == "=" ? "\(field) like \(regex)" : present(field, "\(field) not like \(regex)")
  }

  /// A number without an exponent, which numbers of the query language do not have.
  private static func written(_ text: String, _ number: Double) -> String {
    guard text.contains(where: { "eE".contains($0) }) else { return text }
    return Int64(exactly: number).map { "\($0)" } ?? "\(number)"
  }

  /// A condition that also a missing key would meet, for events that have it.
  private func present(_ field: String, _ condition: String, if isNeeded: Bool = true) -> String {
    isNeeded ? "(ispresent(\(field)) and \(condition))" : condition
  }

  /// A regex for exactly this text.
  private static func literally(_ text: Substring) -> String {
    text.map { character in
      "\\^$.|?*+()[]{}/".contains(character) ? "\\\(character)" : "\(character)"
    }.joined()
  }

  /// The field that `$.a.b[0]` and `$.['a.b']` select.
  private mutating func selector() throws(Refusal) -> String {
    guard skip("$") else {
      throw Refusal(reason: "a selector such as $.level is expected before '\(text.prefix(20))'")
    }
    var parts: [String] = []
    while let first = text.first, first == "." || first == "[" {
      text = text.dropFirst()
      if first == ".", text.first == "[" {
        text = text.dropFirst()
      } else if first == "." {
        let name = text.prefix { $0.isLetter || $0.isNumber || "_-@*".contains($0) }
        text = text.dropFirst(name.count)
        parts.append(String(name))
        continue
      }
      let inner = text.prefix { $0 != "]" }
      guard text.count > inner.count else { throw Refusal(reason: "a bracket is not closed") }
      text = text.dropFirst(inner.count + 1)
      parts.append(String(inner.drop { "'\"".contains($0) }.prefix { !"'\"".contains($0) }))
    }
    guard !parts.isEmpty, parts.allSatisfy({ !$0.isEmpty && !$0.contains("`") }) else {
      throw Refusal(reason: "a selector names no key")
    }
    guard !parts.contains(where: { $0.contains("*") }) else {
      throw Refusal(reason: "'*' in a selector has no equal in the query language")
    }
    return "`\(parts.joined(separator: "."))`"
  }

  private mutating func skip(_ token: String) -> Bool {
    let rest = text.drop { $0.isWhitespace }
    guard rest.hasPrefix(token) else { return false }
    text = rest.dropFirst(token.count)
    return true
  }

  private mutating func skipWords(_ words: String...) -> Bool {
    var rest = text
    for word in words {
      rest = rest.drop { $0.isWhitespace }
      guard rest.prefix(word.count).uppercased() == word else { return false }
      rest = rest.dropFirst(word.count)
    }
    text = rest
    return true
  }
}
