/// A value in the notation of the console's links:
/// `~(end~0~start~-3600~source~(~'*2faws*2flambda*2fx))`.
///
/// `~(` key `~` value … `)` is an object, and `~(` `~` value … `)` a list. A text begins with `'`,
/// and `*XX` is an escaped byte. Numbers and truth values are bare. The `'` is optional, since a
/// shell may remove it.
enum ConsoleValue: Hashable, Sendable {
  /// A text, number or truth value, with its escapes.
  case escaped(String)
  case list([ConsoleValue])
  case object([String: ConsoleValue])

  /// The maximum nesting of values.
  private static let depthLimit = 8

  /// Parses a whole value in any of the escapings that occur: none, once or twice with `$` for `%`.
  ///
  /// Other parameters of the link may follow it. `nil` if it is malformed.
  init?(parsing text: some StringProtocol) {
    var text = String(text)
    for _ in 0..<2 where Self.isEscaped(text) { text = EscapedText.unescapedFromDollars(text) }
    var reader = Reader(bytes: Array(text.utf8))
    guard let value = reader.value(depth: 0), Reader.isEnd(reader.bytes[reader.position...])
    else { return nil }
    self = value
  }

  /// Whether the delimiters of the inner form are escaped, so that there is an outer form.
  private static func isEscaped(_ text: String) -> Bool {
    let text = text.lowercased()
    return ["7e", "28", "29", "27"].contains { text.contains("$" + $0) || text.contains("%" + $0) }
      || text.contains("$25")
  }

  var text: String? {
    if case .escaped(let text) = self { EscapedText.unescaped(text, marks: "*%") } else { nil }
  }

  /// The text, with `+` decoded as a blank.
  var formText: String? {
    guard case .escaped(let text) = self else { return nil }
    return EscapedText.unescaped(EscapedText.withBlanksOfForms(text), marks: "*%")
  }

  /// The texts of a list; a single text counts as a list of one.
  var texts: [String] {
    switch self {
    case .escaped: text.map { [$0] } ?? []
    case .list(let values): values.compactMap(\.text)
    case .object: []
    }
  }

  var members: [String: ConsoleValue]? {
    if case .object(let members) = self { members } else { nil }
  }

  /// Parses bytes from left to right.
  private struct Reader {
    let bytes: [UInt8]
    var position = 0

    private var byte: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func skip(_ character: Unicode.Scalar) -> Bool {
      guard byte == UInt8(ascii: character) else { return false }
      position += 1
      return true
    }

    /// Parses a value, after the optional leading `~`.
    mutating func value(depth: Int) -> ConsoleValue? {
      guard depth < ConsoleValue.depthLimit else { return nil }
      _ = skip("~")
      let isText = skip("'")
      guard !isText, skip("(") else { return .escaped(text(inObject: depth == 1)) }
      if skip(")") { return .list([]) }
      if byte == UInt8(ascii: "~") { return list(depth: depth) }
      return object(depth: depth)
    }

    private mutating func list(depth: Int) -> ConsoleValue? {
      var values: [ConsoleValue] = []
      while byte == UInt8(ascii: "~") {
        guard let value = value(depth: depth + 2) else { return nil }
        values.append(value)
      }
      return skip(")") ? .list(values) : nil
    }

    private mutating func object(depth: Int) -> ConsoleValue? {
      var members: [String: ConsoleValue] = [:]
      repeat {
        let key = name()
        guard !key.isEmpty, byte == UInt8(ascii: "~"), let value = value(depth: depth + 1) else {
          return nil
        }
        members[key] = value
      } while skip("~")
      return skip(")") ? .object(members) : nil
    }

    private mutating func name() -> String {
      let start = position
      while let byte, byte.isASCIIWord { position += 1 }
      return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    /// Parses a text up to its end.
    ///
    /// Some writers do not escape `~`, `(` and `)` in the texts of the outer object. A text there
    /// ends only before a key, or with the object.
    private mutating func text(inObject: Bool) -> String {
      let start = position
      var openCount = 0
      loop: while let byte {
        switch byte {
        case UInt8(ascii: "~") where !inObject || isKey(at: position + 1): break loop
        case UInt8(ascii: ")") where openCount > 0: openCount -= 1
        case UInt8(ascii: ")") where !inObject || Self.isEnd(bytes[(position + 1)...]): break loop
        case UInt8(ascii: "("): openCount += 1
        default: break
        }
        position += 1
      }
      return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    private func isKey(at start: Int) -> Bool {
      var index = start
      while index < bytes.count, bytes[index].isASCIIWord { index += 1 }
      return index > start && index < bytes.count && bytes[index] == UInt8(ascii: "~")
    }

    /// Whether a value may end here: before other parameters, or before text that was copied with
    /// the link.
    static func isEnd(_ rest: ArraySlice<UInt8>) -> Bool {
      let rest = rest.drop { $0 == UInt8(ascii: ")") }
      guard let first = rest.first else { return true }
      let text = String(decoding: rest.prefix(3), as: UTF8.self)
      // In double quotes, a shell expands '$2' in '$26' to nothing.
      return "&;".utf8.contains(first) || text == "$26" || text == "%26" || text == "6ta"
        || rest.allSatisfy { "`'\">].,;) \t\r\n".utf8.contains($0) }
    }
  }
}

extension UInt8 {
  fileprivate var isASCIIWord: Bool {
    switch self {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
      true
    default: false
    }
  }
}

extension ConsoleValue {
  /// Returns a value in the form of the current console, without further escaping.
  ///
  /// `members` are written in this order.
  static func written(object members: [(key: String, value: String)]) -> String {
    "~(" + members.map { "\($0.key)~\($0.value)" }.joined(separator: "~") + ")"
  }

  static func written(list values: [String]) -> String {
    "(" + values.map { "~" + $0 }.joined() + ")"
  }

  /// Returns a text with every byte escaped except letters, digits, `-`, `_` and `.`.
  static func written(text: String) -> String {
    var written = "'"
    for byte in text.utf8 {
      if byte.isASCIIWord || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".") {
        written.unicodeScalars.append(Unicode.Scalar(byte))
      } else {
        written += "*" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
      }
    }
    return written
  }
}
