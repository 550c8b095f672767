internal import InsightsText

/// `diff` compares the patterns of the query's range of time with those of an earlier one.
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
      switch period {
      case .previous: end &- start
      case .previousDay: Self.day
      case .previousWeek: 7 * Self.day
      case .previousMonth: Int64(lengthOfPreviousMonth(start)) * Self.day
      }
    }
  }

  private static let day: Int64 = 86_400_000

  /// The days of the calendar month before that of a time.
  private func lengthOfPreviousMonth(_ milliseconds: Int64) -> Int {
    let days = Int(milliseconds / Self.day) - (milliseconds % Self.day < 0 ? 1 : 0)
    let day = Timestamp.civil(fromDays: days).day
    return Timestamp.civil(fromDays: days - day).day
  }

  public var description: String {
    period == .previous ? "diff" : "diff \(period.rawValue)"
  }
}
