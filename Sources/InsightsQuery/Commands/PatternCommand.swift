internal import InsightsModel

/// `pattern` returns the patterns of a text: the common text of similar events, with tokens for
/// variable parts.
public struct PatternCommand: Command {
  public static let descriptor = CommandDescriptor(
    keyword: "pattern", synopsis: "pattern <text>",
    summary: "Groups events by the pattern of a text and counts them, the most frequent first.",
    examples: [
      "pattern @message",
      "filter @message like /ERROR/ | pattern @message | display @sampleCount, @pattern, @logSamples",
    ])

  public static let traits = CommandTraits([.replacesRows, .findsPatterns])

  public let span: SourceSpan
  private let text: Expression

  public init?(parsing parser: inout Parser, keyword: Token) {
    guard let text = parser.parseExpression() else { return nil }
    self.text = text
    span = keyword.span.lowerBound..<parser.previousEnd
  }

  public func bind(in binder: inout Binder) {
    guard let bound = binder.bind(text),
      binder.checkSingleValue(bound, at: text.span, for: "pattern")
    else { return }
    let time = binder.scope.columns.first { $0.name == "@timestamp" }
    binder.cluster(Clustering(of: bound, in: binder.plan, time: time))
  }

  public var description: String { "pattern \(text)" }
}
