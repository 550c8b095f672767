/// `anomaly` describes what is unusual about each pattern.
public struct AnomalyCommand: Command {
  public static let descriptor = CommandDescriptor(
    keyword: "anomaly", synopsis: "anomaly",
    summary: "Adds to each pattern what is unusual about it: how often, since when, which values.",
    examples: [
      "pattern @message | anomaly", "pattern @message | anomaly | filter ispresent(@anomalyType)",
    ])

  public static let traits = CommandTraits(
    [],
    .behindPatterns(
      error: "anomaly-without-pattern", help: "write: pattern @message | anomaly"))

  public let span: SourceSpan

  public init?(parsing parser: inout Parser, keyword: Token) {
    span = keyword.span
  }

  public func bind(in binder: inout Binder) {
    guard let clustering = binder.patterns(before: "anomaly", at: span) else { return }
    binder.cluster(clustering.withAnomalies())
  }

  public var description: String { "anomaly" }
}
