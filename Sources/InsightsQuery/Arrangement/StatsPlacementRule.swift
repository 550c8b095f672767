/// With several `stats`, `sort` and `limit` must follow the last one.
enum StatsPlacementRule: ArrangementRule {
  static func apply(to commands: inout [any Command], of source: SourceText) -> [Diagnostic] {
    let stats = commands.indices.filter { commands[$0].has(.aggregates) }
    guard stats.count > 1, let last = stats.last else { return [] }
    var diagnostics: [Diagnostic] = []
    if stats.count > StatsCommand.countLimit {
      diagnostics.append(
        Diagnostic(
          .error, "too-many-stats", "query has \(stats.count) 'stats' commands",
          at: commands[stats[StatsCommand.countLimit]].span,
          notes: ["at most \(StatsCommand.countLimit) are allowed"]))
    }
    for command in commands[..<last] where command.has([.sorts, .limits]) {
      let keyword = command.keyword
      diagnostics.append(
        Diagnostic(
          .error, "misplaced-\(keyword)", "'\(keyword)' stands before the last 'stats'",
          at: command.span, notes: ["of several 'stats', only the last may be sorted and limited"],
          help: ["move it behind the last 'stats'"]))
    }
    return diagnostics
  }
}
