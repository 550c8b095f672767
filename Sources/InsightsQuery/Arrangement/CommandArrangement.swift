/// Puts commands into the order in which CloudWatch carries them out, where that is not the order of
/// the text, and reports those that may not stand where they do.
///
/// AWS's own sample queries only make sense this way. What a command is told by its traits; the rules
/// know no command.
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

/// One thing about the order of commands.
protocol ArrangementRule: Sendable {
  /// Changes the order where it must, and tells of what may not stand where it does.
  static func apply(to commands: inout [any Command], of source: SourceText) -> [Diagnostic]
}
