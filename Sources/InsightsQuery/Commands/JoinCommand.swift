internal import InsightsModel

/// `join` combines the rows with events of another source for which two fields are equal.
///
/// Afterwards every field is qualified by the alias of its side.
public struct JoinCommand: Command {
  public static let descriptor = CommandDescriptor(
    keyword: "join",
    synopsis:
      "join [type=inner|left] left=<alias> right=<alias> where <alias>.<field> = <alias>.<field> (SOURCE …)",
    summary: "Puts events of another source beside the rows, where fields of both agree.",
    examples: [
      "filter status >= 500 | join type=left left=api right=fn where api.requestId = fn.requestId (SOURCE '/aws/lambda/orders') | fields api.status, fn.@message"
    ])

  public static let traits = CommandTraits(.replacesRows)

  public let span: SourceSpan
  private let isOuter: Bool
  private let left: Spanned<String>
  private let right: Spanned<String>
  private let keys: [Key]
  private let query: QuerySyntax
  private let querySpan: SourceSpan

  private struct Key {
    var first: Spanned<String>
    var second: Spanned<String>
  }

  private static let optionNames = ["type", "left", "right"]

  public init?(parsing parser: inout Parser, keyword: Token) {
    var isOuter = false
    var left: Spanned<String>?
    var right: Spanned<String>?
    while let option = parser.parseOption() {
      switch option.name.value {
      case "type":
        guard option.value.isKeyword("inner") || option.value.isKeyword("left") else {
          parser.report(
            "option-value", "'type' is inner or left", at: option.value.span,
            notes: ["CloudWatch has no other joins"])
          return nil
        }
        isOuter = option.value.isKeyword("left")
      case "left":
        guard let alias = Self.alias(option, in: &parser) else { return nil }
        left = alias
      case "right":
        guard let alias = Self.alias(option, in: &parser) else { return nil }
        right = alias
      default:
        option.reportUnknown(known: Self.optionNames, in: &parser)
        return nil
      }
    }
    guard let left, let right, left.value != right.value else {
      parser.report(
        "join-alias", "'join' needs a name of its own for each side",
        at: keyword.span.lowerBound..<parser.previousEnd,
        help: ["write: join left=a right=b where a.id = b.id (SOURCE '/a/log/group')"])
      return nil
    }
    guard parser.takeKeyword("where") else {
      parser.reportUnexpected(
        expected: "'where' and fields that agree, as in \(left.value).id = \(right.value).id")
      return nil
    }
    var keys: [Key] = []
    repeat {
      guard let key = Self.parseKey(&parser) else { return nil }
      keys.append(key)
    } while parser.takeKeyword("and")
    self.isOuter = isOuter
    self.left = left
    self.right = right
    self.keys = keys
    let start = parser.current.span.lowerBound
    guard let query = Self.parseRightSide(&parser) else { return nil }
    self.query = query
    querySpan = start..<parser.previousEnd
    span = keyword.span.lowerBound..<parser.previousEnd
  }

  private static func alias(_ option: Parser.Option, in parser: inout Parser) -> Spanned<String>? {
    guard case .word(let alias) = option.value.kind, !alias.contains("."),
      !alias.contains("@")
    else {
      parser.report(
        "option-value", "'\(option.name.value)' is a name without dots", at: option.value.span,
        help: ["write: \(option.name.value)=a"])
      return nil
    }
    return Spanned(alias, option.value.span)
  }

  /// Parses `a.id = b.id`.
  private static func parseKey(_ parser: inout Parser) -> Key? {
    guard let first = parser.parseField("a field with its alias, as in a.id") else { return nil }
    guard parser.takeSymbol("=") || parser.takeSymbol("==") else {
      parser.reportUnexpected(expected: "'=': rows are joined where fields are equal")
      return nil
    }
    return parser.parseField("a field with its alias, as in b.id").map {
      Key(first: first, second: $0)
    }
  }

  /// Parses `(SOURCE …)`, or SOURCE without parentheses.
  private static func parseRightSide(_ parser: inout Parser) -> QuerySyntax? {
    if parser.current.isSymbol("(") { return parser.parseSubquery() }
    guard parser.current.isKeyword("source") else {
      parser.reportUnexpected(expected: "a SOURCE in parentheses, as in (SOURCE '/a/log/group'),")
      return nil
    }
    let keyword = parser.current
    parser.advance()
    return SourceCommand(parsing: &parser, keyword: keyword).map {
      QuerySyntax(source: $0, commands: [])
    }
  }

  public func bind(in binder: inout Binder) {
    guard !binder.scope.isJoined else {
      binder.report(
        "several-joins", "query has a second 'join'", at: span,
        notes: ["CloudWatch takes one join in a query"],
        help: ["use a subquery for the other: filter id in (SOURCE … | fields id)"])
      return
    }
    if query.source == nil || !query.commands.isEmpty {
      binder.warn(
        "join-pipeline", "the right side of 'join' is more than a SOURCE", at: querySpan,
        notes: ["CloudWatch takes only a SOURCE there; this runs only here"])
    }
    var leftValues: [BoundExpression] = []
    var rightNames: [Spanned<String>] = []
    for key in keys {
      guard let (left, right) = sides(of: key, in: &binder), let value = binder.resolve(left) else {
        binder.assumeJoin(left: self.left.value, right: self.right.value)
        return
      }
      leftValues.append(value.comparedValue)
      rightNames.append(right)
    }
    let joined = binder.bindSubquery(query) { inner -> (Binder, [Join.Key])? in
      var keys: [Join.Key] = []
      for (left, right) in zip(leftValues, rightNames) {
        guard let value = inner.resolve(right) else { return nil }
        keys.append(Join.Key(left: left, right: value.comparedValue))
      }
      return (inner, keys)
    }
    guard let (inner, keys) = joined else {
      binder.assumeJoin(left: left.value, right: right.value)
      return
    }
    binder.join(inner, on: keys, isOuter: isOuter, left: left.value, right: right.value)
  }

  /// Returns the fields of a key without their aliases, the left side first.
  private func sides(
    of key: Key, in binder: inout Binder
  ) -> (left: Spanned<String>, right: Spanned<String>)? {
    func field(_ name: Spanned<String>, of alias: String) -> Spanned<String>? {
      let keys = FieldPath(name.value).keys
      guard keys.count > 1, keys[0] == alias else { return nil }
      return Spanned(FieldPath.name(keys[1], keys: Array(keys.dropFirst(2))), name.span)
    }
    for (first, second) in [(key.first, key.second), (key.second, key.first)] {
      if let left = field(first, of: left.value), let right = field(second, of: right.value) {
        return (left, right)
      }
    }
    binder.report(
      "join-key", "the fields that 'join' compares are not one of each side",
      at: key.first.span.lowerBound..<key.second.span.upperBound,
      help: ["write: \(left.value).<field> = \(right.value).<field>"])
    return nil
  }

  public var subqueries: [QuerySyntax] { [query] }

  public var description: String {
    "join type=\(isOuter ? "left" : "inner") left=\(left.value) right=\(right.value) where "
      + keys.map { "\(printedName($0.first.value)) = \(printedName($0.second.value))" }
      .joined(separator: " and ") + " " + query.printedAsSubquery
  }
}
