/// A `filter` on event fields after the only `stats` applies to the events that are aggregated.
enum FilterBeforeStatsRule: ArrangementRule {
  static func apply(to commands: inout [any Command], of source: SourceText) -> [Diagnostic] {
    let stats = commands.indices.filter { commands[$0].has(.aggregates) }
    guard stats.count == 1, let aggregation = commands[stats[0]].aggregation else { return [] }
    var outputs = Set(aggregation.outputNames)
    var before: [any Command] = []
    var after: [any Command] = []
    var isBehindOtherRows = false
    var diagnostics: [Diagnostic] = []
    for command in commands[(stats[0] + 1)...] {
      outputs.formUnion(command.definedNames)
      if command.has(.replacesRows) { isBehindOtherRows = true }
      guard let condition = command.condition, !isBehindOtherRows else {
        after.append(command)
        continue
      }
      for conjunct in condition.conjuncts {
        let names = conjunct.names.filter { !["true", "false"].contains($0.value.lowercased()) }
        let part = FilterCommand(condition: conjunct, span: command.span)
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
    commands = commands[..<stats[0]] + before + [commands[stats[0]]] + after
    return diagnostics
  }
}
