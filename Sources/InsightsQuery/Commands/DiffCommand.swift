internal import InsightsText

/// `diff` compares the patterns of the query's time range with those of an earlier one.
public struct DiffCommand: Command {
  public static let descriptor = CommandDescriptor(
    keyword: "diff", synopsis: "diff [previousDay|previousWeek|previousMonth]",
    summary:
      "Compares patterns with those of the period just before, or a day, week or month earlier.",
    examples: ["pattern @message | diff", "pattern @message | diff previousWeek"])

  public static let traits = CommandTraits(
    [],
    .behindPatterns(
      error: "diff-without-pattern", help: "write: pattern @message | diff",
      notes: [
        "CloudWatch says: Diff compilation Failed : Diff operation has to be used after Pattern"
      ]))

  public let span: SourceSpan
  private let period: Period

  private enum Period: String, CaseIterable {
    case previous = ""
    case previousDay, previousWeek, previousMonth
  }

  public init?(parsing parser: inout Parser, keyword: Token) {
    guard case .word(let word) = parser.current.kind else {
      period = .previous
      span = keyword.span
      return
    }
    guard
      let period = Period.allCases.first(where: { $0.rawValue.lowercased() == word.lowercased() })
    else {
      parser.reportUnexpected(expected: "previousDay, previousWeek, previousMonth or nothing")
      return nil
    }
    self.period = period
    parser.advance()
    span = keyword.span.lowerBound..<parser.previousEnd
  }

  public func bind(in binder: inout Binder) {
    guard let clustering = binder.patterns(before: "diff", at: span) else { return }
    binder.compare(clustering, at: span) { start, end in
      earlierPeriod.distance(from: start, to: end)
    }
  }

  private var earlierPeriod: EarlierPeriod {
    switch period {
    case .previous: .previous
    case .previousDay: .day
    case .previousWeek: .week
    case .previousMonth: .month
    }
  }

  public var description: String {
    period == .previous ? "diff" : "diff \(period.rawValue)"
  }
}
