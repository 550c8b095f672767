/// Puts commands into the order in which CloudWatch carries them out, where that is not the order of the text.
///
/// AWS's own sample queries only make sense this way: a `filter` on event fields that is written
/// after the only `stats` selects the events that are counted, and a `limit` written before the
/// `sort` is applied after it.
enum CommandArrangement {
  static func arrange(_ commands: [any Command]) -> ([any Command], [Diagnostic]) {
    var arranged: [any Command] = commands.map { ($0 as? FilterIndexCommand)?.filter ?? $0 }
    var diagnostics = checkStats(arranged)
    diagnostics += PatternPlacement.check(arranged)
    diagnostics += moveFiltersBeforeStats(&arranged)
    moveLimitBehindSort(&arranged)
    return (arranged, diagnostics)
  }

  /// With several `stats`, `sort` and `limit` belong behind the last one.
  private static func checkStats(_ commands: [any Command]) -> [Diagnostic] {
    let stats = commands.indices.filter { commands[$0] is StatsCommand }
    guard stats.count > 1, let last = stats.last else { return [] }
    var diagnostics: [Diagnostic] = []
    if stats.count > StatsCommand.countLimit {
      diagnostics.append(
        Diagnostic(
          .error, "too-many-stats", "query has \(stats.count) 'stats' commands",
          at: commands[stats[StatsCommand.countLimit]].span,
          notes: ["at most \(StatsCommand.countLimit) are allowed"]))
    }
    for command in commands[..<last] where command is SortCommand || command is LimitCommand {
      let keyword = type(of: command).descriptor.keyword
      diagnostics.append(
        Diagnostic(
          .error, "misplaced-\(keyword)", "'\(keyword)' stands before the last 'stats'",
          at: command.span, notes: ["of several 'stats', only the last may be sorted and limited"],
          help: ["move it behind the last 'stats'"]))
    }
    return diagnostics
  }

  private static func moveFiltersBeforeStats(_ commands: inout [any Command]) -> [Diagnostic] {
    let stats = commands.indices.filter { commands[$0] is StatsCommand }
    guard stats.count == 1, let command = commands[stats[0]] as? StatsCommand else { return [] }
    var outputs = Set(command.outputNames)
    var before: [any Command] = []
    var after: [any Command] = []
    var isBehindOtherRows = false
    var diagnostics: [Diagnostic] = []
    for command in commands[(stats[0] + 1)...] {
      outputs.formUnion(command.definedNames)
      if type(of: command).givesOtherRows { isBehindOtherRows = true }
      guard let filter = command as? FilterCommand, !isBehindOtherRows else {
        after.append(command)
        continue
      }
      for conjunct in filter.condition.conjuncts {
        let names = conjunct.names.filter { !["true", "false"].contains($0.value.lowercased()) }
        let part = FilterCommand(condition: conjunct, span: filter.span)
        if let event = names.first(where: { !outputs.contains($0.value) }) {
          if let output = names.first(where: { outputs.contains($0.value) }) {
            diagnostics.append(
              Diagnostic(
                .error, "mixed-filter",
                "condition mixes '\(event.value)' of the events with '\(output.value)' of 'stats'",
                at: conjunct.span,
                help: ["write two filters, the one on '\(event.value)' before 'stats'"]))
          } else {
            before.append(part)
          }
        } else {
          after.append(part)
        }
      }
    }
    commands = commands[..<stats[0]] + before + [command] + after
    return diagnostics
  }

  private static func moveLimitBehindSort(_ commands: inout [any Command]) {
    let start = commands.lastIndex { $0 is StatsCommand } ?? commands.startIndex
    let sorts = commands.indices.filter { $0 >= start && commands[$0] is SortCommand }
    let limits = commands.indices.filter { $0 >= start && commands[$0] is LimitCommand }
    guard sorts.count == 1, limits.count == 1, limits[0] < sorts[0],
      !commands[start...].contains(where: { $0 is DedupCommand })
    else { return }
    let limit = commands.remove(at: limits[0])
    commands.insert(limit, at: sorts[0])
  }
}
