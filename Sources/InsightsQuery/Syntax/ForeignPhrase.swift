/// A phrase of another language in a command, with its translation.
///
/// A pattern consists of literal words and signs, which match ignoring case, and placeholders:
/// `{name}` matches one value (a word, a number, a text, something in parentheses, or a call),
/// `{name…}` everything up to the next element of the pattern, or to the end. `^` is the start of
/// the command.
struct ForeignPhrase: Sendable {
  private enum Element: Sendable {
    case start
    case literal(String)
    case value(String)
    case rest(String)
  }

  /// Longer commands are not searched.
  private static let pieceLimit = 300

  private let elements: [Element]
  private let line: String

  init(_ pattern: String, is line: String) {
    elements = pattern.split(separator: " ").map { word in
      if word == "^" { return .start }
      guard word.first == "{", word.last == "}", word.count > 2 else {
        return .literal(word.lowercased())
      }
      let name = word.dropFirst().dropLast()
      return name.last == "…" ? .rest(String(name.dropLast())) : .value(String(name))
    }
    self.line = line
  }

  /// Translates the first match in a command; `nil` if there is none.
  func rewriting(_ command: String) -> String? {
    let pieces = ForeignPieces(command)
    guard pieces.count <= Self.pieceLimit else { return nil }
    for start in pieces.indices {
      var places: [String: Range<Int>] = [:]
      guard let end = match(0, pieces, start, &places) else {
        if case .start? = elements.first { return nil }
        continue
      }
      let text = ForeignSyntax.filled(line) { place in
        let (name, form) = place.divided(at: ".")
        // `limit 10 offset 5` becomes the first fifteen.
        let terms = name.split(separator: "+").map { places[String($0)].map(pieces.text) ?? "" }
        if terms.count > 1 { return String(terms.compactMap { Int64($0) }.reduce(0, &+)) }
        return places[name].map { ForeignForm.written(pieces, $0, as: form) }
      }
      return pieces.text(before: start) + text + pieces.text(behind: end)
    }
    return nil
  }

  /// Matches the elements from `number` on with the pieces from `index` on; returns the index after
  /// the match.
  private func match(
    _ number: Int, _ pieces: ForeignPieces, _ index: Int, _ places: inout [String: Range<Int>]
  ) -> Int? {
    guard number < elements.count else { return index }
    switch elements[number] {
    case .start: return index == 0 ? match(number + 1, pieces, index, &places) : nil
    case .literal(let word):
      guard index < pieces.count, pieces[index].lowercased() == word else { return nil }
      return match(number + 1, pieces, index + 1, &places)
    case .value(let name):
      guard let end = pieces.valueEnd(at: index) else { return nil }
      places[name] = index..<end
      return match(number + 1, pieces, end, &places)
    case .rest(let name):
      if number + 1 == elements.count {
        guard index < pieces.count else { return nil }
        places[name] = index..<pieces.count
        return pieces.count
      }
      var end = pieces.behind(index)
      while let behind = end {
        if let last = match(number + 1, pieces, behind, &places) {
          places[name] = index..<behind
          return last
        }
        end = behind < pieces.count ? pieces.behind(behind) : nil
      }
      return nil
    }
  }
}

extension [ForeignPhrase] {
  /// Translates all of these phrases in a command; returns it unchanged if there is none.
  func rewritingAll(_ command: String) -> String {
    var command = command
    for phrase in self {
      // A translation may contain the phrase again.
      for _ in 0..<8 {
        guard let next = phrase.rewriting(command), next != command else { break }
        command = next
      }
    }
    return command
  }
}

/// A command split into words, numbers, quoted texts and signs, in any language.
struct ForeignPieces {
  private let command: String
  private var ranges: [Range<String.Index>] = []

  init(_ command: String) {
    self.command = command
    let utf8 = command.utf8
    var index = utf8.startIndex
    while index < utf8.endIndex {
      let start = index
      let byte = utf8[index]
      utf8.formIndex(after: &index)
      switch byte {
      case 0x20, 0x09, 0x0A, 0x0D: continue
      case UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "`"):
        while index < utf8.endIndex, utf8[index] != byte {
          if utf8[index] == UInt8(ascii: "\\"), utf8.index(after: index) < utf8.endIndex {
            utf8.formIndex(after: &index)
          }
          utf8.formIndex(after: &index)
        }
        if index < utf8.endIndex { utf8.formIndex(after: &index) }
      case _ where Self.isWord(byte):
        while index < utf8.endIndex, Self.isWord(utf8[index]) || Self.isJoint(utf8, index) {
          utf8.formIndex(after: &index)
        }
      default:
        if index < utf8.endIndex, Self.doubles.contains([byte, utf8[index]]) {
          utf8.formIndex(after: &index)
        }
      }
      ranges.append(start..<index)
    }
  }

  private static let doubles = ["::", "!=", "==", "<=", ">=", "=~", "!~", "||", "&&", "<>"]
    .map { Array($0.utf8) }

  private static func isWord(_ byte: UInt8) -> Bool {
    byte &- 48 < 10 || (byte | 0x20) &- UInt8(ascii: "a") < 26 || byte >= 0x80
      || "_@.".utf8.contains(byte)
  }

  /// Whether a hyphen joins two letters, as in `mv-expand`.
  private static func isJoint(_ utf8: String.UTF8View, _ index: String.Index) -> Bool {
    guard utf8[index] == UInt8(ascii: "-") else { return false }
    let next = utf8.index(after: index)
    return next < utf8.endIndex && (utf8[next] | 0x20) &- UInt8(ascii: "a") < 26
      && (utf8[utf8.index(before: index)] | 0x20) &- UInt8(ascii: "a") < 26
  }

  func isBrace(_ index: Int) -> Bool { self[index] == "{" }

  var count: Int { ranges.count }
  var indices: Range<Int> { 0..<ranges.count }

  subscript(index: Int) -> Substring { command[ranges[index]] }

  /// Returns the text of some pieces, as written.
  func text(_ pieces: Range<Int>) -> String {
    guard let first = pieces.first, let last = pieces.last else { return "" }
    return String(command[ranges[first].lowerBound..<ranges[last].upperBound])
  }

  func text(before index: Int) -> String {
    index < count ? String(command[..<ranges[index].lowerBound]) : command
  }

  func text(behind index: Int) -> String {
    index == 0 ? command : String(command[ranges[index - 1].upperBound...])
  }

  /// Returns the index after a piece, or after the parenthesis that it opens.
  func behind(_ index: Int) -> Int? {
    guard index < count else { return nil }
    guard self[index] == "(" || self[index] == "[" || self[index] == "{" else {
      return [")", "]", "}"].contains(self[index]) ? nil : index + 1
    }
    var depth = 0
    for next in index..<count {
      if ["(", "[", "{"].contains(self[next]) { depth += 1 }
      if [")", "]", "}"].contains(self[next]) { depth -= 1 }
      if depth == 0 { return next + 1 }
    }
    return nil
  }

  /// Returns the index after a value.
  func valueEnd(at index: Int) -> Int? {
    guard index < count, let first = self[index].utf8.first else { return nil }
    if Self.isWord(first), index + 1 < count, self[index + 1] == "(" { return behind(index + 1) }
    let isQuote = "\"'`".utf8.contains(first)
    return isQuote || Self.isWord(first) || first == UInt8(ascii: "(") ? behind(index) : nil
  }

  /// Splits pieces at a sign outside parentheses.
  func divided(_ pieces: Range<Int>, at sign: String) -> [Range<Int>] {
    var parts: [Range<Int>] = []
    var start = pieces.lowerBound
    var index = start
    while index < pieces.upperBound {
      if self[index] == sign {
        parts.append(start..<index)
        start = index + 1
        index = start
      } else {
        index = behind(index) ?? index + 1
      }
    }
    return parts + [start..<pieces.upperBound]
  }
}

extension String {
  /// Splits the text at the first occurrence of a sign; without one, all text comes first.
  func divided(at sign: Character) -> (String, String) {
    guard let index = firstIndex(of: sign) else { return (self, "") }
    return (String(self[..<index]), String(self[self.index(after: index)...]))
  }
}

/// The forms of parts in a translation: `{name.form}`.
enum ForeignForm {
  static func written(_ pieces: ForeignPieces, _ range: Range<Int>, as form: String) -> String {
    let text = pieces.text(range)
    return switch form {
    case "regex": "/\(regex(text))/"
    case "ignoringCase": "/(?i)\(regex(text))/"
    case "name": printedName(content(text))
    case "text": quoted(content(text))
    case "condition": condition(pieces, range)
    case "assigned":
      pieces.divided(range, at: ",").map { assignment(pieces, $0) }.joined(separator: ", ")
    case "aggregate": aggregate(text)
    case "pattern": pattern(text)
    case "path": text.first == "." ? String(text.dropFirst()) : text
    default: text
    }
  }

  /// Returns the content of a quoted text.
  static func content(_ text: String) -> String {
    guard let first = text.first, "\"'`/".contains(first), text.last == first, text.count > 1 else {
      return text
    }
    return String(text.dropFirst().dropLast())
  }

  /// Converts a text with SQL wildcards, or a quoted regex, to the body of a regex.
  private static func regex(_ text: String) -> String {
    if text.first == "/" { return content(text) }
    var body = content(text)[...]
    if body.first == "%" { body = body.dropFirst() }
    if body.last == "%" { body = body.dropLast() }
    return String(body.replacing("%", with: ".*").replacing("/", with: "\\/"))
  }

  /// Converts a text with SQL wildcards to a text to search for, or to a regex.
  private static func pattern(_ text: String) -> String {
    let inner = regex(text)
    return inner.contains(".*") || inner.contains("_") ? "/\(inner)/" : quoted(inner)
  }

  /// Converts `name = value` to `value as name`.
  private static func assignment(_ pieces: ForeignPieces, _ range: Range<Int>) -> String {
    guard range.count > 2, pieces[range.lowerBound + 1] == "=" else { return pieces.text(range) }
    let value = pieces.text(range.lowerBound + 2..<range.upperBound)
    return "\(value) as \(printedName(content(String(pieces[range.lowerBound]))))"
  }

  /// Converts a bare `count` to `count(*)`.
  private static func aggregate(_ text: String) -> String {
    ["count", "count()"].contains(text.lowercased()) ? "count(*)" : text
  }

  /// Converts search terms of Splunk, Lucene or a filter pattern to a condition.
  private static func condition(_ pieces: ForeignPieces, _ range: Range<Int>) -> String {
    var terms: [String] = []
    var joint = "and"
    var index = range.lowerBound
    /// Appends a term.
    func add(_ term: String) {
      if !terms.isEmpty { terms.append(joint) }
      terms.append(term)
      joint = "and"
    }
    var isNegated = false
    while index < range.upperBound {
      let piece = String(pieces[index])
      switch piece.lowercased() {
      case "and": joint = "and"
      case "or": joint = "or"
      case "not", "-": isNegated = true
      case "?": joint = "or"
      case "*", "(", ")", ",": break
      default:
        let isFollowed = index + 2 < range.upperBound
        if isFollowed, [":", "=", "!=", "==", "<", ">", "<=", ">="].contains(pieces[index + 1]) {
          let sign = [":": "=", "==": "="][pieces[index + 1]] ?? String(pieces[index + 1])
          let value = String(pieces[index + 2])
          let isNumber = Double(value) != nil
          // Splunk selects its events by these keys; here SOURCE does.
          if !["index", "sourcetype", "source", "host"].contains(piece.lowercased()) {
            let term = "\(printedName(piece)) \(sign) \(isNumber ? value : quoted(content(value)))"
            add(isNegated ? "not (\(term))" : term)
          }
          index += 2
        } else {
          add("@message \(isNegated ? "not like" : "like") \(quoted(content(piece)))")
        }
        isNegated = false
      }
      index += 1
    }
    return terms.joined(separator: " ")
  }
}
