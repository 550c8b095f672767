internal import InsightsModel

extension Trap {
  /// Traps (lint rules) about results: missing, truncated or unexpected rows.
  static let results: [Trap] = [
    Trap("empty-bins", "a period without events has no row") { search in
      guard let last = search.stats.last,
        !search.commands.contains(where: { $0.has(.fillsPeriods) })
      else { return [] }
      return last.keys.compactMap { key in
        guard case .call(let function, _, let span) = key.expression,
          function.value.lowercased() == "bin"
        else { return nil }
        return Finding(
          message: "periods without events are left out", span: span,
          help: "to have them add: | fillmissing with 0 for <field>")
      }
    },
    Trap(
      "no-limit", "without a limit, 10,000 rows come back and the status is Complete all the same"
    ) {
      search in
      let isBounded = search.commands.contains { $0.has([.limits, .aggregates, .replacesRows]) }
      guard !isBounded, !search.isSubquery, let last = search.commands.last else { return [] }
      return [
        Finding(
          message: "query does not say how many rows it wants", span: last.span,
          help: "add: | limit 100, or aggregate with 'stats'")
      ]
    },
    Trap(
      "filter-moved", "one 'stats' is planned as a whole: conditions on events come before it",
      explainsNoRows: true
    ) {
      search in
      guard search.stats.count == 1,
        let place = search.commands.firstIndex(where: { $0.has(.aggregates) })
      else { return [] }
      var known = Set(search.stats[0].outputNames)
      var findings: [Finding] = []
      for command in search.commands[(place + 1)...] {
        known.formUnion(command.definedNames)
        guard !command.has(.replacesRows) else { break }
        guard let condition = command.condition else { continue }
        for part in condition.conjuncts {
          guard let event = part.names.first(where: { !known.contains($0.value) }) else { continue }
          let unnamed = search.stats[0].results.first { result in
            guard result.alias == nil, case .call(let function, _, _) = result.expression else {
              return false
            }
            return function.value.lowercased() == event.value.lowercased()
          }
          findings.append(
            Finding(
              message: "'\(event.value)' is of the events: this selects what 'stats' counts",
              span: part.span,
              help: unnamed.map {
                "to mean the result, name it: stats \($0.text) as \(printedName(event.value))"
              } ?? "write it before 'stats'"))
        }
      }
      return findings
    },
    Trap("dedup-keeps-first", "'dedup' keeps the first row in the order that the rows have") {
      search in
      var findings: [Finding] = []
      for (sort, dedup) in zip(search.commands, search.commands.dropFirst()) {
        guard dedup.has(.deduplicates), let key = sort.sortKeys.first,
          key.name.value == "@timestamp", !key.isDescending
        else { continue }
        findings.append(
          Finding(
            message: "'dedup' keeps the oldest event of each value here", span: dedup.span,
            help: "for the newest write: sort @timestamp desc"))
      }
      return findings
    },
    Trap("list-from-split", "a list from split() has been seen not to become rows") { search in
      var lists: Set<String> = []
      var findings: [Finding] = []
      for command in search.commands {
        for projection in command.projections {
          if case .call(let function, _, _) = projection.expression,
            function.value.lowercased() == "split"
          {
            lists.insert(projection.name)
          }
        }
        guard let used = command.unnestedList, lists.contains(used.value) else { continue }
        findings.append(
          Finding(
            message: "'\(used.value)' is a list from split()", span: used.span,
            help: "in CloudWatch use: parse … /(?<part>…)/ multi"))
      }
      return findings
    },
    Trap("source-outside-console", "SOURCE works through the API and the command line only") {
      search in
      guard let source = search.syntax.source, !search.isSubquery else {
        return []
      }
      return [
        Finding(
          message: "the console of CloudWatch does not take SOURCE", span: source.span,
          help: "choose the log groups there, or run it with: aws logs start-query")
      ]
    },
  ]
}
