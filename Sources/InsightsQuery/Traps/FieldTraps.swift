internal import InsightsModel

extension Trap {
  /// Fields that CloudWatch indexes by default.
  private static let indexedFields: Set = [
    "@logStream", "@aws.region", "@aws.account", "@source.log", "@data_source_name",
    "@data_source_type", "@data_format", "traceId", "severityText", "attributes.session.id",
  ]

  /// Traps (lint rules) about fields: names with another meaning, and what discovery does not see.
  static let fields: [Trap] = [
    Trap("hyphenated-name", "'-' in a bare name subtracts", explainsNoRows: true) { search in
      search.operations.compactMap { op, left, right, whole in
        guard op == .minus, case .name(let first, false, let firstSpan) = left,
          case .name(let second, false, let secondSpan) = right,
          firstSpan.upperBound + 1 == secondSpan.lowerBound
        else { return nil }
        let name = "\(first)-\(second)"
        if let catalog = search.catalog, !catalog.discoveredFields.contains(name),
          catalog.discoveredFields.contains(first), catalog.discoveredFields.contains(second)
        {
          return nil
        }
        return Finding(
          message: "'\(name)' is '\(first)' minus '\(second)'", span: whole.span,
          help: "a field of that name stands in backticks: `\(name)`")
      }
    },
    Trap(
      "alias-hides-field", "a name that the events' JSON has already is refused as defined twice"
    ) {
      search in
      guard let catalog = search.catalog else { return [] }
      var findings: [Finding] = []
      for command in search.commands {
        // After `stats` only its results remain.
        guard !command.has(.aggregates) else { break }
        for name in command.definedNames
        where catalog.discoveredFields.contains(name) && !isOwnName(name, of: command) {
          findings.append(
            Finding(
              message: "'\(name)' is a field of the events already", span: command.span,
              help: "choose another name"))
        }
      }
      return findings
    },
    Trap("path-into-text", "JSON inside a JSON string stays text", explainsNoRows: true) { search in
      guard let catalog = search.catalog else { return [] }
      let known = catalog.discoveredFields
      return search.expressions.compactMap { expression in
        guard case .name(let name, _, let span) = expression, !known.contains(name) else {
          return nil
        }
        let keys = FieldPath(name).keys
        let prefixes = (1..<max(keys.count, 1)).map { keys[..<$0].joined(separator: ".") }
        guard let text = prefixes.last(where: { known.contains($0) }) else { return nil }
        return Finding(
          message: "'\(text)' is a text, of which '\(name)' cannot be a part", span: span,
          help:
            "take it apart: fields jsonParse(\(text)) as parsed | fields parsed.\(keys[keys.count - 1])"
        )
      }
    },
    Trap(
      "json-report", "REPORT lines of the JSON log format have no @type, @duration and so on",
      explainsNoRows: true
    ) {
      search in
      guard let catalog = search.catalog,
        catalog.discoveredFields.contains("record.metrics.durationMs")
      else { return [] }
      return search.expressions.compactMap { expression in
        guard case .name(let name, _, let span) = expression,
          let field = SystemField(rawValue: name), field == .type || field.isReportNumber
        else { return nil }
        return Finding(
          message: "these logs have reports in JSON, without '\(name)' in CloudWatch", span: span,
          help: "use there: filter type = \"platform.report\", and record.metrics.durationMs")
      }
    },
    Trap(
      "unindexed-field",
      "events of log groups without an index, and those older than the index, are not found"
    ) { search in
      search.commands.compactMap { command in
        guard let field = command.indexedField, !indexedFields.contains(field)
        else { return nil }
        return Finding(
          message: "CloudWatch finds only what is indexed by '\(field)'", span: command.span,
          help: "give the log groups a field index policy, or write 'filter'")
      }
    },
  ]

  /// Whether a command only reads or shows the field under its own name.
  private static func isOwnName(_ name: String, of command: any Command) -> Bool {
    command.has(.replacesFields)
      || command.expressions.contains { expression in
        if case .name(let read, _, _) = expression { read == name } else { false }
      }
  }
}
