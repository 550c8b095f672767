internal import InsightsModel

/// `logcompare` compares the patterns of the query's time range with those of an earlier range.
///
/// Without a preceding `pattern`, the patterns are those of `@message`.
public struct LogcompareCommand: Command {
  public static let descriptor = CommandDescriptor(
    keyword: "logcompare", synopsis: "logcompare timeshift <period>",
    summary: "Compares the patterns of messages with those of a range of time shifted back.",
    examples: ["logcompare timeshift 7d", "filter @message like /ERROR/ | logcompare timeshift 1d"])

  public static let traits = CommandTraits(.replacesRows)

  public let span: SourceSpan
  private let shift: Period

  public init?(parsing parser: inout Parser, keyword: Token) {
    guard parser.takeKeyword("timeshift") else {
      parser.reportUnexpected(expected: "'timeshift' and a period such as 7d")
      return nil
    }
    guard case .period(let count, let unit) = parser.current.kind,
      let unit = Period.Unit(spelling: unit), count > 0, count <= Period.countLimit,
      unit == .week || unit.milliseconds != nil
    else {
      parser.reportUnexpected(expected: "a period such as 12h, 7d or 2w")
      return nil
    }
    parser.advance()
    shift = Period(count: count, unit: unit)
    span = keyword.span.lowerBound..<parser.previousEnd
  }

  public func bind(in binder: inout Binder) {
    guard let clustering = binder.currentClustering ?? messagePatterns(in: &binder) else { return }
    let milliseconds = shift.count * (shift.unit.milliseconds ?? 7 * 86_400_000)
    binder.compare(clustering, at: span) { _, _ in milliseconds }
  }

  private func messagePatterns(in binder: inout Binder) -> Clustering? {
    guard let message = binder.lookUp(Spanned("@message", span)) else { return nil }
    let time = binder.scope.columns.first { $0.name == "@timestamp" }
    return Clustering(of: .column(message), in: binder.plan, time: time)
  }

  public var description: String { "logcompare timeshift \(shift.count)\(shift.unit.rawValue)" }
}
