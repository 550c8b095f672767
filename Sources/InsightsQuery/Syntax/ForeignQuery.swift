/// Searches a command that does not compile for idioms of other languages.
struct ForeignQuery {
  private let command: String
  private let errorOffset: Int
  private let query: String?
  private let known: String?

  /// Prepares a search.
  ///
  /// `known` is the translation of a single word, if there is one, `errorAt` the UTF-8 offset of
  /// the error in the command, and `isWhole` the query if it begins with the command.
  init(_ command: String, known: String?, errorAt errorOffset: Int, isWhole query: String?) {
    self.command = command.trimmingBlanks
    self.errorOffset = errorOffset
    self.query = query
    self.known = known
  }

  /// Returns the translation of the command, or of the query: the first candidate that compiles.
  func line(where compiles: (String) -> Bool) -> String? {
    if let query, let selector = LogSelectorQuery(query), compiles(selector.line) {
      return selector.line
    }
    let rewritten = ForeignSyntax.phrases.rewritingAll(command)
    let candidates = [
      rewritten == command ? nil : rewritten, asHyphenatedCommand,
      known.map(ForeignSyntax.phrases.rewritingAll), asCommands(rewritten), asCondition, asCall,
      withAlias,
    ]
    return candidates.compactMap { $0 }.first { $0 != command && compiles($0) }
  }

  /// A command whose name contains a hyphen, which separates words here.
  private var asHyphenatedCommand: String? {
    let pieces = ForeignPieces(command)
    guard let name = pieces.indices.first.map({ String(pieces[$0]) }), name.contains("-") else {
      return nil
    }
    return ForeignSyntax.line(for: name, in: ForeignSyntax.commands) { place in
      place == "rest" ? pieces.text(1..<pieces.count) : nil
    }
  }

  /// Inserts a bar before each word that is a command.
  private func asCommands(_ text: String) -> String? {
    let pieces = ForeignPieces(text)
    guard pieces.count <= 300 else { return nil }
    var result = ""
    var start = 0
    var index = pieces.behind(0)
    while let next = index, next < pieces.count {
      let word = String(pieces[next])
      let follows = next > start && !["by", "as", ",", "="].contains(pieces[next - 1].lowercased())
      if follows, CommandRegistry.command(named: word) != nil || word.lowercased() == "having" {
        result += pieces.text(start..<next) + " | "
        start = next
      }
      index = pieces.behind(next)
    }
    guard start > 0 else { return nil }
    return (result + pieces.text(start..<pieces.count)).replacing("| having ", with: "| filter ")
  }

  /// The text as the condition of a filter, or as terms to search for.
  private var asCondition: String? {
    let pieces = ForeignPieces(command)
    guard let first = pieces.indices.first,
      CommandRegistry.command(named: String(pieces[first])) == nil
    else { return nil }
    let signs = ["=", "==", "!=", "<", ">", "<=", ">=", "=~", "like", "in", "not", "and", "or"]
    if pieces.count > 2, signs.contains(pieces[1].lowercased()) { return "filter \(command)" }
    let isTerm = "\"'?".contains(pieces[first].prefix(1)) || (pieces.count > 1 && pieces[1] == ":")
    guard isTerm else { return nil }
    return "filter " + ForeignForm.written(pieces, 0..<pieces.count, as: "condition")
  }

  /// Converts `avg duration` to `avg(duration)`.
  private var asCall: String? {
    let pieces = ForeignPieces(command)
    for index in pieces.indices.dropFirst().dropLast() {
      guard FunctionRegistry.aggregate(named: String(pieces[index])) != nil,
        let end = pieces.valueEnd(at: index + 1), pieces[index + 1].lowercased() != "by"
      else { continue }
      return pieces.text(before: index) + "\(pieces[index])(\(pieces.text(index + 1..<end)))"
        + pieces.text(behind: end)
    }
    return nil
  }

  /// Inserts `as` before the word or the text at the error, and quotes around bare text.
  private var withAlias: String? {
    let utf8 = command.utf8
    guard errorOffset > 0, errorOffset < utf8.count else { return nil }
    let error = utf8.index(utf8.startIndex, offsetBy: errorOffset)
    let pieces = ForeignPieces(String(command[error...]))
    guard pieces.count > 0, let first = pieces[0].first else { return nil }
    let before = String(command[..<error])
    let rest = pieces.text(behind: 1)
    if before.trimmingBlanks.lowercased().hasSuffix("like"), first.isLetter {
      return before + quoted(String(pieces[0])) + rest
    }
    let name = printedName(ForeignForm.content(String(pieces[0])))
    return before + "as \(name)" + rest
  }
}

extension String {
  fileprivate var trimmingBlanks: String {
    var text = self[...]
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }
}
