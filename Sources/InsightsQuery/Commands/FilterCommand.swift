/// `filter` keeps the rows for which a condition is true.
///
/// A comparison with a missing value is not true.
public struct FilterCommand: Command {
  public static let descriptor = CommandDescriptor(
    keyword: "filter", aliases: ["where"], synopsis: "filter <condition>",
    summary: "Keeps the events for which the condition is true.",
    examples: [
      "filter @message like /ERROR/ | limit 20",
      "filter @type = \"REPORT\" and @duration > 1000 | fields @requestId, @duration",
    ])

  public static let traits = CommandTraits(.filters)

  public let span: SourceSpan
  private let kept: Expression

  public init?(parsing parser: inout Parser, keyword: Token) {
    guard let condition = parser.parseExpression() else { return nil }
    self.init(condition: condition, span: keyword.span.lowerBound..<parser.previousEnd)
  }

  init(condition: Expression, span: SourceSpan) {
    kept = condition
    self.span = span
  }

  public func bind(in binder: inout Binder) {
    guard let bound = binder.bind(kept) else { return }
    binder.plan = .filter(binder.plan, bound.asCondition)
  }

  public var condition: Expression? { kept }

  public var expressions: [Expression] { [kept] }

  public var description: String { "filter \(kept)" }
}
