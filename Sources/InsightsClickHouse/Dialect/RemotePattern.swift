/// Translates a regex of the language (PCRE2) to one with the same meaning in ClickHouse (RE2).
///
/// Only constructs that are known to have the same meaning are accepted. Otherwise it is refused,
/// and the pattern is searched for locally.
struct RemotePattern {
  /// The regex for `match` and `extractGroups`.
  private(set) var text = ""
  /// For each group, by its number minus one, whether every match includes it.
  private var groups: [Bool] = []

  /// Whether a group is part of every match.
  func isAlwaysTaken(_ number: Int) -> Bool {
    groups.indices.contains(number - 1) && groups[number - 1]
  }

  private var hasDot = false
  private var ignoresCase = false

  init(_ pattern: String) throws(Refusal) {
    var reader = Reader(rest: Array(pattern.unicodeScalars)[...])
    // In the language, a dot does not match a line break by default; in ClickHouse it does.
    var head = ""
    if pattern.hasPrefix("(?") {
      let flags = reader.rest.dropFirst(2).prefix { "ims".unicodeScalars.contains($0) }
      let end = reader.rest.dropFirst(2 + flags.count).first
      if !flags.isEmpty, end == ")" {
        guard !flags.contains("m") else { throw Refusal("the regex has the option 'm'") }
        ignoresCase = flags.contains("i")
        head = "(?\(String(String.UnicodeScalarView(flags))))"
        reader.rest = reader.rest.dropFirst(3 + flags.count)
      }
    }
    let body = try alternatives(&reader, depth: 0, isTaken: true)
    guard reader.rest.isEmpty else { throw Refusal("the regex has a ')' without a '('") }
    text = (hasDot && !head.contains("s") ? "(?-s)" : "") + head + body
  }

  private struct Reader {
    var rest: ArraySlice<Unicode.Scalar>

    var first: Unicode.Scalar? { rest.first }

    mutating func next() -> Unicode.Scalar? { rest.popFirst() }

    mutating func skip(_ text: String) -> Bool {
      let scalars = Array(text.unicodeScalars)
      guard rest.starts(with: scalars) else { return false }
      rest = rest.dropFirst(scalars.count)
      return true
    }
  }

  private static let depthLimit = 50
  private static let special = Set("\\^$.|?*+()[]{}".unicodeScalars)

  /// Translates alternatives up to a `)` or the end.
  private mutating func alternatives(
    _ reader: inout Reader, depth: Int, isTaken: Bool
  ) throws(Refusal) -> String {
    guard depth < Self.depthLimit else { throw Refusal("the regex nests too deep") }
    var output = ""
    let firstGroup = groups.count
    var hasAlternatives = false
    while let scalar = reader.first, scalar != ")" {
      if scalar == "|" {
        _ = reader.next()
        output += "|"
        hasAlternatives = true
      } else {
        output += try piece(&reader, depth: depth, isTaken: isTaken)
      }
    }
    if hasAlternatives { for group in firstGroup..<groups.count { groups[group] = false } }
    return output
  }

  /// Translates one atom with its quantifier.
  private mutating func piece(
    _ reader: inout Reader, depth: Int, isTaken: Bool
  ) throws(Refusal) -> String {
    let firstGroup = groups.count
    guard let scalar = reader.next() else { return "" }
    var atom: String
    var isAssertion = false
    switch scalar {
    case "(": atom = try group(&reader, depth: depth, isTaken: isTaken)
    case "[": atom = try characterClass(&reader)
    case "\\": (atom, isAssertion) = try escape(&reader)
    case ".":
      hasDot = true
      atom = "."
    case "^": (atom, isAssertion) = ("^", true)
    case "$":
      // It also matches before a final line break, so no other part may follow it.
      guard reader.first == nil || reader.first == ")" && depth == 0 || reader.first == "|"
      else { throw Refusal("the regex has a '$' in its middle") }
      guard depth == 0 else { throw Refusal("the regex has a '$' in a group") }
      (atom, isAssertion) = (#"(?:\n?\z)"#, true)
    case "*", "+", "?": throw Refusal("the regex repeats nothing")
    case "{": atom = "\\{"
    case "}", "]": atom = "\\\(scalar)"
    default: atom = try literal(scalar)
    }
    let count = try quantifier(&reader)
    guard !count.text.isEmpty else { return atom }
    if isAssertion { throw Refusal("the regex repeats a position") }
    if count.mayBeNone { for group in firstGroup..<groups.count { groups[group] = false } }
    return atom + count.text
  }

  private func literal(_ scalar: Unicode.Scalar) throws(Refusal) -> String {
    guard scalar.isASCII || !ignoresCase else {
      throw Refusal("the regex ignores case beyond ASCII")
    }
    return Self.special.contains(scalar) ? "\\\(scalar)" : "\(scalar)"
  }

  private func quantifier(
    _ reader: inout Reader
  ) throws(Refusal) -> (text: String, mayBeNone: Bool) {
    var text = ""
    var mayBeNone = false
    switch reader.first {
    case "*", "?", "+":
      text = "\(reader.next() ?? "+")"
      mayBeNone = text != "+"
    case "{":
      let inside = reader.rest.dropFirst().prefix { $0 != "}" }
      let parts = inside.split(separator: ",", omittingEmptySubsequences: false)
      let isCount =
        inside.endIndex < reader.rest.endIndex && !inside.isEmpty
        && inside.allSatisfy { ("0"..."9").contains($0) || $0 == "," }
      // A brace that does not begin a quantifier is literal.
      guard isCount else { return ("", false) }
      let numbers = parts.map { Int(String(String.UnicodeScalarView($0))) }
      guard parts.count <= 2, let least = numbers[0], least <= 1000,
        parts.count == 1 || parts[1].isEmpty || (numbers[1].map { $0 <= 1000 } ?? false)
      else { throw Refusal("the regex has a count that is read in several ways") }
      text = "{\(String(String.UnicodeScalarView(inside)))}"
      mayBeNone = least == 0
      reader.rest = reader.rest.dropFirst(inside.count + 2)
    default: return ("", false)
    }
    if reader.first == "?" {
      _ = reader.next()
      text += "?"
    } else if reader.first == "+" {
      throw Refusal("the regex never goes back")
    }
    if let next = reader.first, "*+?".unicodeScalars.contains(next) {
      throw Refusal("the regex repeats a repetition")
    }
    return (text, mayBeNone)
  }

  /// Translates what follows a `(`.
  private mutating func group(
    _ reader: inout Reader, depth: Int, isTaken: Bool
  ) throws(Refusal) -> String {
    var head = "("
    if reader.skip("?:") {
      head = "(?:"
    } else if reader.skip("?<") || reader.skip("?P<") {
      guard let first = reader.first, first != "=", first != "!" else {
        throw Refusal("the regex looks around")
      }
      while let scalar = reader.next(), scalar != ">" {}
      groups.append(isTaken)
    } else if reader.first == "?" || reader.first == "*" {
      throw Refusal("the regex has a construct that RE2 does not know")
    } else {
      groups.append(isTaken)
    }
    let body = try alternatives(&reader, depth: depth + 1, isTaken: isTaken)
    guard reader.next() == ")" else { throw Refusal("the regex has a '(' without a ')'") }
    return head + body + ")"
  }

  /// Translates what follows a backslash outside character classes.
  private func escape(_ reader: inout Reader) throws(Refusal) -> (String, isAssertion: Bool) {
    guard let scalar = reader.next() else { throw Refusal("the regex ends with a backslash") }
    switch scalar {
    case "d", "D", "w", "W", "n", "r", "t", "f": return ("\\\(scalar)", false)
    // White space includes vertical tabs.
    case "s": return (#"[\s\x0b]"#, false)
    case "S": return (#"[^\s\x0b]"#, false)
    case "b", "B", "A", "z": return ("\\\(scalar)", true)
    case "x": return (try hexadecimal(&reader), false)
    default:
      guard scalar.isASCII, !scalar.properties.isAlphabetic, !("0"..."9").contains(scalar) else {
        throw Refusal("the regex has '\\\(scalar)'")
      }
      return (try literal(scalar), false)
    }
  }

  private func hexadecimal(_ reader: inout Reader) throws(Refusal) -> String {
    var digits: ArraySlice<Unicode.Scalar>
    if reader.skip("{") {
      digits = reader.rest.prefix { $0 != "}" }
      reader.rest = reader.rest.dropFirst(digits.count + 1)
    } else {
      digits = reader.rest.prefix(2)
      reader.rest = reader.rest.dropFirst(2)
    }
    guard let code = UInt32(String(String.UnicodeScalarView(digits)), radix: 16), code < 0x80,
      let scalar = Unicode.Scalar(code)
    else { throw Refusal("the regex names a character by its number") }
    return code < 0x20 || code == 0x7F ? "\\x{\(String(code, radix: 16))}" : try literal(scalar)
  }

  /// Translates a character class after its `[`.
  private func characterClass(_ reader: inout Reader) throws(Refusal) -> String {
    var output = "["
    if reader.skip("^") { output += "^" }
    var isFirst = true
    while let scalar = reader.next() {
      defer { isFirst = false }
      switch scalar {
      case "]" where !isFirst: return output + "]"
      case "[":
        if reader.first == ":" {
          let names = ["alpha", "digit", "alnum", "upper", "lower", "punct", "xdigit", "space"]
          guard !ignoresCase,
            let name = names.first(where: { reader.rest.starts(with: ":\($0):]".unicodeScalars) }),
            reader.skip(":\(name):]")
          else { throw Refusal("the regex has a class that is not known") }
          output += "[:\(name):]"
        } else {
          output += "\\["
        }
      case "\\":
        guard let escaped = reader.next() else { throw Refusal("the regex is cut off") }
        switch escaped {
        case "d", "w", "D", "W", "n", "r", "t", "f": output += "\\\(escaped)"
        case "s": output += #"\s\x0b"#
        case "b": output += #"\x08"#
        case "x": output += try hexadecimal(&reader)
        default:
          guard escaped.isASCII, !escaped.properties.isAlphabetic,
            !("0"..."9").contains(escaped)
          else { throw Refusal("the regex has '\\\(escaped)' in a class") }
          output += "\\\(escaped)"
        }
      case "]", "^", "&", "~": output += "\\\(scalar)"
      case "-": output += "-"
      default: output += try literal(scalar)
      }
    }
    throw Refusal("the regex has a '[' without a ']'")
  }

  // MARK: Globs

  /// Returns a regex for a glob, which matches the whole text as in SQLite.
  static func glob(_ glob: String) throws(Refusal) -> String {
    var output = "(?s)^"
    var rest = Array(glob.unicodeScalars)[...]
    while let scalar = rest.popFirst() {
      switch scalar {
      case "*": output += ".*"
      case "?": output += "."
      case "[":
        var body = "["
        if rest.first == "^" {
          rest.removeFirst()
          body += "^"
        }
        var isFirst = true
        var isClosed = false
        while let inside = rest.popFirst() {
          if inside == "]", !isFirst {
            isClosed = true
            break
          }
          isFirst = false
          body += inside == "-" ? "-" : special.contains(inside) ? "\\\(inside)" : "\(inside)"
        }
        // An unclosed class matches nothing.
        output += isClosed ? body + "]" : #"[^\x00-\x{10FFFF}]"#
      default: output += special.contains(scalar) ? "\\\(scalar)" : "\(scalar)"
      }
    }
    return output + #"\z"#
  }

  /// Returns a regex for a pattern of `parse`, with a group for each star.
  static func parse(_ glob: String) -> String {
    let literals = glob.split(separator: "*", omittingEmptySubsequences: false)
    var output = "(?s)"
    for (index, literal) in literals.enumerated() {
      if index > 0 {
        let isLast = index == literals.count - 1
        output += isLast && literal.isEmpty ? "(.*)" : "(.*?)"
      } else if literal.isEmpty, literals.count > 1 {
        output += "^"
      }
      for scalar in literal.unicodeScalars {
        output += special.contains(scalar) ? "\\\(scalar)" : "\(scalar)"
      }
    }
    return output
  }

  /// Returns a pattern of LIKE for the texts that a pattern of `parse` matches.
  static func like(_ glob: String) -> String {
    "%\(glob.split(separator: "*", omittingEmptySubsequences: false).map(literalOfLike).joined(separator: "%"))%"
  }

  /// Returns a text as part of a pattern of LIKE.
  static func literalOfLike(_ text: Substring) -> String {
    var output = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
      if "%_\\".unicodeScalars.contains(scalar) { output.append("\\") }
      output.append(scalar)
    }
    return String(output)
  }

  /// Returns a character class of the code points of a text; empty if there are none.
  static func any(of characters: String) -> String {
    let codes = characters.unicodeScalars.map { "\\x{\(String($0.value, radix: 16))}" }
    return codes.isEmpty ? "" : "[\(codes.joined())]"
  }

  /// The character class of the query language's white space.
  static let whiteSpace = any(
    of: String(
      String.UnicodeScalarView(
        (0...0x3000).compactMap(Unicode.Scalar.init).filter(\.properties.isWhitespace))))
}
