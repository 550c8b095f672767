/// `limit N` keeps the first N rows.
public struct LimitCommand: Command {
  public static let descriptor = CommandDescriptor(
    keyword: "limit", aliases: ["head", "tail"], synopsis: "limit [any] <count>",
    summary: "Keeps at most this many rows; 'limit any' takes whichever are found first.",
    examples: ["fields @timestamp, @message | sort @timestamp desc | limit 20"])

  /// The maximum count, as in AWS's StartQuery.
  static let countLimit: Int64 = 100_000

  public static let traits = CommandTraits(.limits)

  public let span: SourceSpan
  let count: Int
  let takesAny: Bool

  public init?(parsing parser: inout Parser, keyword: Token) {
    takesAny = parser.takeKeyword("any")
    let token = parser.current
    guard case .integer(let count) = token.kind else {
      parser.reportUnexpected(expected: "a number of rows")
      return nil
    }
    guard count <= Self.countLimit else {
      parser.report(
        "limit-too-large", "limit is at most \(Self.countLimit)", at: token.span,
        help: ["narrow the query with 'filter', or aggregate with 'stats'"])
      return nil
    }
    parser.advance()
    self.count = Int(count)
    span = keyword.span.lowerBound..<parser.previousEnd
    if !keyword.isKeyword("limit") {
      parser.warn(
        "deprecated-command", "'\(parser.source[keyword.span])' is an old spelling of 'limit'",
        at: keyword.span, help: ["write: limit \(count)"])
    }
  }

  public func bind(in binder: inout Binder) {
    binder.limit(to: count, inAnyOrder: takesAny)
  }

  public var description: String { "limit \(takesAny ? "any " : "")\(count)" }
}
