internal import InsightsModel

extension Plan: CustomStringConvertible {
  /// The plan as `explain --stage plan` shows it: one node a line, in the order in which rows flow.
  public var description: String {
    ((input.map { [$0.description] } ?? []) + [line]).joined(separator: "\n")
  }

  private var line: String {
    switch self {
    case .scan(let scan): scan.description
    case .filter(_, let condition): "filter \(condition)"
    case .extend(_, let columns): "extend " + list(columns)
    case .aggregate(_, let keys, let aggregates):
      "aggregate " + list(aggregates) + (keys.isEmpty ? "" : " by " + list(keys))
    case .sort(_, let keys):
      "sort "
        + keys.map { "\(printedName($0.column.name)) \($0.isDescending ? "desc" : "asc")" }
        .joined(separator: ", ")
    case .limit(_, let count): "limit \(count)"
    case .deduplicate(_, let columns):
      "deduplicate " + columns.map { printedName($0.name) }.joined(separator: ", ")
    case .unnest(_, let unnesting):
      "unnest \(unnesting.list) into \(printedName(unnesting.element.name))"
    case .project(_, let columns):
      "project " + columns.map { "\(printedName($0.name)): \($0.type)" }.joined(separator: ", ")
    }
  }

  private func list(_ columns: [NamedExpression]) -> String {
    columns.map { "\(printedName($0.column.name)) = \($0.expression)" }.joined(separator: ", ")
  }
}

extension Scan: CustomStringConvertible {
  public var description: String {
    var text = "scan \(relation.name)"
    if let start = timeRange.start { text += " from \(start)" }
    if let end = timeRange.end { text += " until \(end)" }
    if !logGroups.isEmpty { text += " of " + logGroups.map(quoted).joined(separator: ", ") }
    return text
  }
}
