/// An SQL statement, split into its clauses.
struct SelectStatement {
  let tokens: [Token]
  let source: SourceText

  private static let keywords = [
    "select", "from", "where", "group", "having", "order", "limit", "offset",
  ]

  /// The wildcards of `like`.
  private static let patterns = [ForeignPhrase("{x} like {text}", is: "{x} like {text.pattern}")]

  /// The clauses by their keywords, without these; keywords in parentheses do not count.
  private var clauses: [String: ArraySlice<Token>] {
    var clauses: [String: ArraySlice<Token>] = [:]
    var keyword = "select"
    var start = tokens.startIndex
    var depth = 0
    for index in tokens.indices {
      let token = tokens[index]
      if token.isSymbol("(") { depth += 1 }
      if token.isSymbol(")") { depth -= 1 }
      guard depth == 0, let next = Self.keywords.first(where: { token.isKeyword($0) }) else {
        continue
      }
      clauses[keyword] = tokens[start..<index]
      keyword = next
      start = index + 1
      if start < tokens.endIndex, tokens[start].isKeyword("by") { start += 1 }
    }
    clauses[keyword] = tokens[start...]
    return clauses
  }

  private func text(_ tokens: ArraySlice<Token>?) -> String? {
    guard let first = tokens?.first, let last = tokens?.last else { return nil }
    return source[first.span.lowerBound..<last.span.upperBound]
  }

  /// The translation to the query language, clause by clause as far as possible.
  var line: String {
    let clauses = clauses
    var list = clauses["select"] ?? []
    var keys = text(clauses["group"])
    if list.first?.isKeyword("distinct") == true {
      list = list.dropFirst()
      keys = keys ?? text(list)
    }
    let isAggregate = zip(list, list.dropFirst()).contains { word, parenthesis in
      guard case .word(let name) = word.kind, parenthesis.isSymbol("(") else { return false }
      return FunctionRegistry.aggregate(named: name) != nil
    }
    var stages: [String] = []
    // A table name that is a path is a log group; any other table is ignored, as the events are
    // already selected.
    if let from = clauses["from"]?.first, case .string(let name) = from.kind, name.first == "/" {
      stages.append("SOURCE \(quoted(name))")
    }
    if let condition = text(clauses["where"]) {
      stages.append("filter \(Self.patterns.rewritingAll(condition))")
    }
    if isAggregate || keys != nil {
      let results = items(of: list).filter { !(keys.map(names) ?? []).contains($0) }
      stages.append(
        "stats \(results.isEmpty ? "count(*)" : results.joined(separator: ", "))"
          + (keys.map { " by \($0)" } ?? ""))
    } else {
      let all = list.count == 1 && list.first?.isSymbol("*") == true
      stages.append("fields \(all ? "@timestamp, @message" : text(list) ?? "@timestamp, @message")")
    }
    if let condition = text(clauses["having"]) { stages.append("filter \(condition)") }
    if let order = text(clauses["order"]) { stages.append("sort \(order)") }
    if let limit = text(clauses["limit"]) {
      // Rows cannot be skipped.
      let first = Int64(limit).flatMap { limit in
        text(clauses["offset"]).flatMap { Int64($0) }.map { limit &+ $0 }
      }
      stages.append("limit \(first.map(String.init) ?? limit)")
    }
    return stages.joined(separator: " | ")
  }

  private func names(_ list: String) -> [String] {
    list.split(separator: ",").map { String($0.drop { $0 == " " }) }
  }

  /// Splits a list at the commas outside parentheses.
  private func items(of list: ArraySlice<Token>) -> [String] {
    var items: [String] = []
    var start = list.startIndex
    var depth = 0
    for index in list.indices {
      if list[index].isSymbol("(") { depth += 1 }
      if list[index].isSymbol(")") { depth -= 1 }
      if depth == 0, list[index].isSymbol(",") {
        if let item = text(list[start..<index]) { items.append(item) }
        start = index + 1
      }
    }
    if let item = text(list[start...]) { items.append(item) }
    return items
  }
}
