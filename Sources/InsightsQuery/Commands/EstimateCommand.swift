internal import InsightsModel

/// `estimate` returns how much a query would read, instead of its rows.
public struct EstimateCommand: Command {
  public static let descriptor = CommandDescriptor(
    keyword: "estimate", synopsis: "estimate",
    summary: "Gives the bytes of the messages that the query reads, and no rows; stands last.",
    examples: ["fields @timestamp, @message | filter @message like /error/ | estimate"])

  public static let traits = CommandTraits(.replacesRows, followers: [])

  /// The only column of the result.
  public static let columnName = "estimatedBytesScanned"

  public let span: SourceSpan

  public init?(parsing parser: inout Parser, keyword: Token) {
    span = keyword.span
  }

  public func bind(in binder: inout Binder) {
    let bytes = PlanColumn(Self.columnName, .number, isComputed: true)
    let estimate = binder.plan.scannedBytes(as: bytes)
    binder.plan = estimate
    binder.replaceScope(with: [bytes])
  }

  public var description: String { "estimate" }
}
