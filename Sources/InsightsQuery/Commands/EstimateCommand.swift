internal import InsightsModel

/// `estimate` gives the number of bytes that CloudWatch would scan for the query, which does not run.
public struct EstimateCommand: Command {
  public static let descriptor = CommandDescriptor(
    keyword: "estimate", synopsis: "estimate",
    summary: "Gives the bytes that the query would scan instead of its rows; the last command.",
    examples: ["filter @message like /ERROR/ | estimate"])

  public static let givesOtherRows = true

  public let span: SourceSpan

  public init?(parsing parser: inout Parser, keyword: Token) {
    span = keyword.span
  }

  public func bind(in binder: inout Binder) {
    binder.plan = binder.plan.scannedBytes
    binder.replaceScope(with: [Plan.scannedBytesColumn])
  }

  public var definedNames: [String] { [Plan.scannedBytesColumn.name] }

  public var description: String { "estimate" }
}
