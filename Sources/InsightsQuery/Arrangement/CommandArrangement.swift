/// Moves commands into the order in which CloudWatch executes them if it differs from the text, and
/// reports misplaced ones.
///
/// AWS's own sample queries only work this way. The rules use the traits of commands and know no
/// particular command.
enum CommandArrangement {
  /// The rules, in the order in which they are applied.
  static let rules: [any ArrangementRule.Type] = [
    PlainFormRule.self, StatsPlacementRule.self, PatternPlacementRule.self,
    FilterBeforeStatsRule.self, LimitBehindSortRule.self, FollowerRule.self,
  ]

  static func arrange(
    _ commands: [any Command], of source: SourceText
  ) -> ([any Command], [Diagnostic]) {
    var arranged = commands
    let diagnostics = rules.flatMap { $0.apply(to: &arranged, of: source) }
    return (arranged, diagnostics)
  }
}

/// A rule about the order of commands.
protocol ArrangementRule: Sendable {
  /// Reorders commands where necessary, and reports misplaced ones.
  static func apply(to commands: inout [any Command], of source: SourceText) -> [Diagnostic]
}
