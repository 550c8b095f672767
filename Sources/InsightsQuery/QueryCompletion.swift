/// Completes the word at the end of an unfinished query.
public struct QueryCompletion: Sendable {
  /// A possible completion.
  public enum Candidate: Hashable, Comparable, Sendable {
    case command(String)
    case field(String)
    case function(String)
    case keyword(String)
    /// The call of a saved query, by its name.
    case savedQuery(String)

    /// The replacement for the word: functions and calls with their parenthesis, names that need it
    /// in backticks.
    public var text: String {
      switch self {
      case .command(let name), .keyword(let name): name
      case .field(let name): name.isPlainName ? name : "`\(name)`"
      case .function(let name): name + "("
      case .savedQuery(let name): "$" + printedName(name) + "("
      }
    }
  }

  /// Characters that end a word; field names contain dots and `@`.
  public static let wordBreaks = " \t\n|,()=<>!+*/%^~[]{}\"'`&:;"

  private let fields: [String]

  /// Completes with the discovered fields, and the other fields of rows.
  public init(fields: [String]) {
    var names = Relation.events.columns.map(\.name)
    for field in fields where !names.contains(field) { names.append(field) }
    self.fields = names
  }

  /// Returns the completions of the word that `text` ends with, in order; none inside a string, a
  /// regex or a comment.
  public func candidates(for text: String) -> [Candidate] {
    guard let context = Self.context(of: text) else { return [] }
    let word = context.word.lowercased()
    guard !context.isCommand else {
      return CommandRegistry.all.map { $0.descriptor.keyword }.filter {
        $0.lowercased().hasPrefix(word)
      }
      .sorted().map { .command($0) }
    }
    var found: [Candidate] = fields.map { .field($0) }
    found += FunctionRegistry.all.map { .function($0.name) }
    found += Self.keywords.map { .keyword($0) }
    return found.filter { candidate in
      switch candidate {
      case .command(let name), .field(let name), .function(let name), .keyword(let name),
        .savedQuery(let name):
        name.lowercased().hasPrefix(word)
      }
    }.sorted { $0.text.lowercased() < $1.text.lowercased() }
  }

  /// Whether a query certainly continues on the next line: something is open, or the last word
  /// requires more.
  public static func isUnfinished(_ text: String) -> Bool {
    let source = SourceText(text)
    let (tokens, diagnostics) = Lexer.tokens(of: source)
    if diagnostics.contains(where: isOpen) { return true }
    let symbols = tokens.compactMap { token in
      if case .symbol(let symbol) = token.kind { symbol } else { nil }
    }
    let depth = symbols.reduce(0) { depth, symbol in
      depth + (["(", "[", "{"].contains(symbol) ? 1 : [")", "]", "}"].contains(symbol) ? -1 : 0)
    }
    guard depth <= 0, let last = tokens.dropLast().last else { return depth > 0 }
    switch last.kind {
    case .symbol(let symbol): return ![")", "]", "}", "*", "?"].contains(symbol)
    case .word(let word):
      return ["and", "or", "not", "by", "like", "as", "in"].contains(word.lowercased())
    default: return false
    }
  }

  /// Whether it reports an unclosed string, regex or quoted name.
  private static func isOpen(_ diagnostic: Diagnostic) -> Bool {
    diagnostic.id.hasPrefix("unterminated-")
  }

  /// Keywords between fields.
  private static let keywords = ["and", "as", "asc", "by", "desc", "in", "like", "not", "or"]

  /// Returns the word that a text ends with, and whether a command is expected there; `nil` inside
  /// a string, a regex, a quoted name or a comment.
  private static func context(of text: String) -> (word: String, isCommand: Bool)? {
    let source = SourceText(text)
    let (tokens, diagnostics) = Lexer.tokens(of: source)
    let end = source.bytes.count
    guard !diagnostics.contains(where: isOpen) else { return nil }
    var words = tokens.dropLast()
    let rest = source[(words.last?.span.upperBound ?? 0)..<end]
    if let comment = rest.lastIndex(of: "#"), !rest[comment...].contains("\n") { return nil }
    var word = ""
    if let last = words.last, last.span.upperBound == end, case .word(let name) = last.kind {
      word = name
      words.removeLast()
    }
    guard let previous = words.last else { return (word, true) }
    return (word, previous.kind == .symbol("|"))
  }
}

extension String {
  /// Whether the name needs no backticks.
  fileprivate var isPlainName: Bool {
    unicodeScalars.allSatisfy { scalar in
      scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
        || ["_", ".", "@", "$"].contains(scalar)
    }
  }
}
