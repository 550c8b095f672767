public import InsightsQuery

/// Expands calls of saved queries: `$Name(level = "WARN", count = 10)`.
///
/// A call takes the place of a command. It is replaced by the query's text with its parameters
/// filled in: text in quotes, numbers without, defaults for omitted ones. Queries may call others.
struct SavedQueryCalls {
  /// The maximum depth of calls.
  static let depthLimit = 8

  let pack: QueryPack

  /// Returns the query without calls.
  ///
  /// - Throws: `QueryError` for a malformed call, or of a query that does not exist.
  func expand(_ source: SourceText) throws(QueryError) -> SourceText {
    try expand(source, inside: [])
  }

  private func expand(
    _ source: SourceText, inside callers: [String]
  ) throws(QueryError) -> SourceText {
    var result = ""
    var position = 0
    for call in try calls(in: source) {
      result += source[position..<call.span.lowerBound]
      // A comment at the end of the query must not extend to the following text.
      result += try text(of: call, in: source, inside: callers) + "\n"
      position = call.span.upperBound
    }
    guard position > 0 else { return source }
    return SourceText(result + source[position..<source.bytes.count], name: source.name)
  }

  private func text(
    of call: Call, in source: SourceText, inside callers: [String]
  ) throws(QueryError) -> String {
    let name = call.name.value
    guard let query = pack.queries.first(where: { $0.name == name }) else {
      let similar = pack.namesSimilar(to: name)
      throw error(
        "unknown-saved-query", "there is no saved query '\(name)'", at: call.name.span, in: source,
        help: similar.isEmpty ? "list them: insights queries" : "did you mean \(similar)?")
    }
    guard !callers.contains(name), callers.count < Self.depthLimit else {
      let chain = (callers + [name]).joined(separator: " → ")
      throw error(
        "recursive-saved-query",
        callers.contains(name)
          ? "saved query '\(name)' calls itself"
          : "saved queries call each other more than \(Self.depthLimit) deep",
        at: call.name.span, in: source, note: "calls: \(chain)",
        help: "write out what the inner one does")
    }
    let known = query.parameterNames
    for argument in call.arguments where !known.contains(argument.name.value) {
      throw error(
        "unknown-parameter", "'\(name)' has no parameter '\(argument.name.value)'",
        at: argument.name.span, in: source,
        help: known.isEmpty
          ? "it takes none" : "parameters: \(known.joined(separator: ", "))")
    }
    let filled: SourceText
    do {
      filled = try query.source(
        filling: Dictionary(
          call.arguments.map { ($0.name.value, $0.value) }, uniquingKeysWith: { _, last in last }),
        asText: Set(call.arguments.filter(\.isText).map(\.name.value)))
    } catch {
      switch error {
      case .missing(let parameter):
        throw self.error(
          "missing-parameter", "'\(name)' needs a value for '\(parameter)'", at: call.span,
          in: source, help: "write: \(parameter) = \"…\"")
      case .backtickInName(let parameter):
        throw self.error(
          "parameter-value", "the value of '\(parameter)' has a backtick, which no name can have",
          at: call.span, in: source)
      case .mismatch(let parameter, let value, let type):
        throw self.error(
          "parameter-value", "'\(parameter)' of '\(name)' takes a \(type), not '\(value)'",
          at: call.span, in: source)
      case .unknownType(let parameter, let type):
        throw self.error(
          "parameter-type", "'\(name)' declares '\(parameter)' with an unknown type '\(type)'",
          at: call.span, in: source,
          help: "types: \(ParameterType.allCases.map(\.rawValue).joined(separator: ", "))")
      }
    }
    return String(
      decoding: try expand(filled, inside: callers + [name]).bytes, as: UTF8.self)
  }

  // MARK: Reading calls

  private struct Call {
    var name: Spanned<String>
    var arguments: [Argument]
    var span: SourceSpan
  }

  private struct Argument {
    var name: Spanned<String>
    var value: String
    /// Whether it was in quotes.
    var isText: Bool
  }

  private func calls(in source: SourceText) throws(QueryError) -> [Call] {
    guard source.bytes.contains(UInt8(ascii: "$")) else { return [] }
    let tokens = Lexer.tokens(of: source).tokens
    var calls: [Call] = []
    var index = 0
    while index < tokens.count {
      let isAtStart =
        index == 0 || tokens[index - 1].kind == .symbol("|")
        || tokens[index - 1].kind == .symbol("(")
      let isSign = source[tokens[index].span] == "$" && tokens[index].kind == .invalid
      guard isAtStart, isSign, index + 1 < tokens.count,
        tokens[index + 1].span.lowerBound == tokens[index].span.upperBound,
        let name = Self.name(tokens[index + 1])
      else {
        index += 1
        continue
      }
      var reader = ArgumentReader(tokens: tokens, index: index + 2)
      guard let arguments = reader.arguments() else {
        let meant = Self.meantName(tokens[index + 1], in: source)
        throw error(
          "saved-query-call", "the call of '\(meant)' cannot be read",
          at: tokens[min(reader.index, tokens.count - 1)].span, in: source,
          help: "write: \(example(of: meant))")
      }
      calls.append(
        Call(
          name: Spanned(name, tokens[index + 1].span), arguments: arguments,
          span: tokens[index].span.lowerBound..<tokens[reader.index - 1].span.upperBound))
      index = reader.index
    }
    return calls
  }

  private static func name(_ token: Token) -> String? {
    switch token.kind {
    case .word(let name), .quotedName(let name): name.isEmpty ? nil : name
    default: nil
    }
  }

  /// Returns the whole name of a malformed call, such as `lambda/cost` without its backticks.
  private static func meantName(_ token: Token, in source: SourceText) -> String {
    if case .quotedName(let name) = token.kind { return name }
    let ends = Array(" \t\n\r(|)".utf8)
    let rest = source.bytes[token.span.lowerBound...].prefix { !ends.contains($0) }
    return String(decoding: rest, as: UTF8.self)
  }

  /// Returns an example of a call, with the query's parameters if it exists.
  private func example(of name: String) -> String {
    let isWord = name.utf8.allSatisfy {
      $0 == UInt8(ascii: "_") || Character(UnicodeScalar($0)).isLetter && $0 < 0x80
        || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0)
    }
    let written = isWord ? name : "`\(name)`"
    guard let query = pack.queries.first(where: { $0.name == name }) else {
      return "$\(written)(name = \"text\", count = 10)"
    }
    let defaults = Dictionary(
      query.parameters.map { ($0.name, $0.defaultValue) }, uniquingKeysWith: { first, _ in first })
    let arguments = query.parameterNames.map { "\($0) = \"\((defaults[$0] ?? nil) ?? "…")\"" }
    return "$\(written)(\(arguments.joined(separator: ", ")))"
  }

  /// Parses `(name = value, …)`.
  private struct ArgumentReader {
    let tokens: [Token]
    /// The next token; after an error, the token at fault.
    var index: Int

    mutating func arguments() -> [Argument]? {
      guard take("(") else { return nil }
      var arguments: [Argument] = []
      if take(")") { return arguments }
      repeat {
        let token = tokens[min(index, tokens.count - 1)]
        guard let name = SavedQueryCalls.name(token) else { return nil }
        index += 1
        guard take("="), let (value, isText) = value() else { return nil }
        arguments.append(Argument(name: Spanned(name, token.span), value: value, isText: isText))
      } while take(",")
      return take(")") ? arguments : nil
    }

    private mutating func value() -> (String, isText: Bool)? {
      let sign = take("-") ? "-" : ""
      guard index < tokens.count else { return nil }
      let value: (String, isText: Bool)
      switch tokens[index].kind {
      case .string(let text) where sign.isEmpty: value = (text, true)
      case .integer(let number): value = ("\(sign)\(number)", false)
      case .real(let number): value = ("\(sign)\(number)", false)
      case .period(let count, let unit) where sign.isEmpty: value = ("\(count)\(unit)", false)
      default: return nil
      }
      index += 1
      return value
    }

    private mutating func take(_ symbol: String) -> Bool {
      guard index < tokens.count, tokens[index].kind == .symbol(symbol) else { return false }
      index += 1
      return true
    }
  }

  private func error(
    _ id: String, _ message: String, at span: SourceSpan, in source: SourceText,
    note: String? = nil, help: String? = nil
  ) -> QueryError {
    QueryError(
      source: source,
      diagnostics: [
        Diagnostic(
          .error, id, message, at: span, notes: note.map { [$0] } ?? [],
          help: help.map { [$0] } ?? [])
      ])
  }
}

extension QueryPack {
  /// Expands the calls of the pack's queries, `$Name(parameter = "value")`, in a query.
  ///
  /// - Throws: `QueryError` for a call that is malformed, of a query that does not exist, or
  ///   recursive.
  public func expandingCalls(in source: SourceText) throws(QueryError) -> SourceText {
    try SavedQueryCalls(pack: self).expand(source)
  }
}
