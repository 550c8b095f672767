internal import InsightsModel

/// `sort` orders the rows: in natural order, missing values first, text before numbers.
public struct SortCommand: Command {
  public static let descriptor = CommandDescriptor(
    keyword: "sort", aliases: ["order"], synopsis: "sort <field> [asc|desc], …",
    summary: "Orders the rows by fields, each ascending unless 'desc' follows it.",
    examples: ["fields @timestamp, @duration | sort @duration desc | limit 10"])

  public static let traits = CommandTraits(.sorts)

  public let span: SourceSpan
  private let keys: [Key]

  /// A field to sort by.
  public struct Key: Sendable {
    var name: Spanned<String>
    var isDescending: Bool
  }

  public init?(parsing parser: inout Parser, keyword: Token) {
    if parser.current.isKeyword("by"), !parser.next.isSymbol(","), !parser.next.isSymbol("|"),
      parser.next.kind != .endOfQuery
    {
      parser.advance()
    }
    let keys = parser.parseList { parser -> Key? in
      if parser.current.isSymbol("-") || parser.current.isSymbol("+") {
        let sign = parser.current
        parser.advance()
        guard let name = parser.parseField("a field to sort by") else { return nil }
        let order = sign.isSymbol("-") ? "desc" : "asc"
        parser.report(
          "sort-sign", "'sort' takes no signs", at: sign.span,
          notes: ["CloudWatch says: unexpected symbol found \(parser.source[sign.span])"],
          help: ["write: sort \(parser.source[name.span]) \(order)"])
        return nil
      }
      guard let name = parser.parseField("a field to sort by") else { return nil }
      if case .symbol(let symbol) = parser.current.kind, symbol != ",", symbol != "|",
        !parser.isAtCommandEnd
      {
        parser.report(
          "sort-by-expression", "'sort' takes fields and aliases, no expressions",
          at: name.span, notes: ["CloudWatch says: unexpected symbol found \(symbol)"],
          help: ["name the value first, with 'as', and sort by that name"])
        return nil
      }
      if parser.takeKeyword("desc") { return Key(name: name, isDescending: true) }
      if !parser.takeKeyword("asc"), case .word = parser.current.kind {
        parser.reportUnexpected(expected: "'asc', 'desc', ',' or '|'")
        return nil
      }
      return Key(name: name, isDescending: false)
    }
    guard let keys else { return nil }
    self.keys = keys
    span = keyword.span.lowerBound..<parser.previousEnd
  }

  public var sortKeys: [Key] { keys }

  public func bind(in binder: inout Binder) {
    var bound: [SortKey] = []
    for key in keys {
      // Some of AWS's sample queries sort the results of `stats` by a field that no longer exists,
      // which has no effect.
      if binder.hasAggregated, !binder.scope.knows(key.name.value) {
        binder.warnOfIgnoredKey(key.name)
        continue
      }
      guard let column = binder.lookUpSingleValue(key.name, for: "sort") else { return }
      bound.append(SortKey(column: column, isDescending: key.isDescending))
    }
    binder.sort(by: bound)
  }

  public var description: String {
    "sort "
      + keys.map { "\(printedName($0.name.value)) \($0.isDescending ? "desc" : "asc")" }
      .joined(separator: ", ")
  }
}

extension Binder {
  /// Warns of a sort key that is not a result of `stats`.
  fileprivate mutating func warnOfIgnoredKey(_ name: Spanned<String>) {
    let similar = similarNames(to: name.value, among: scope.columns.map(\.name))
    let time = groupKeys.first { $0.column.type == .timestamp }?.column.name
    let help =
      if !similar.isEmpty {
        "a field with a similar name exists: \(similar)"
      } else if name.value == "@timestamp", let time {
        "sort by the time that 'stats' gives: sort \(printedName(time))"
      } else {
        "sort by what 'stats' gives: \(scope.columns.map { printedName($0.name) }.joined(separator: ", "))"
      }
    warn(
      "sort-ignored",
      "'\(name.value)' is nothing that 'stats' gives, so the rows are not sorted by it",
      at: name.span, notes: ["CloudWatch ignores it without a word"], help: [help],
      fix: similar.first.map(printedName))
  }
}
