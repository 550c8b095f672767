internal import InsightsModel

extension Plan: CustomStringConvertible {
  /// The plan in the form of `explain --stage plan`: one node per line, in the order of the rows'
  /// flow.
  public var description: String {
    let lines = input.map { [$0.description] } ?? []
    return (lines + [line]).joined(separator: "\n")
  }

  /// The plan on one line.
  var inlineDescription: String {
    ((input.map { [$0.inlineDescription] } ?? []) + [line]).joined(separator: " | ")
  }

  private var line: String {
    switch self {
    case .scan(let scan): scan.description
    case .filter(_, let condition): "filter \(condition)"
    case .extend(_, let columns): "extend " + list(columns)
    case .aggregate(_, let keys, let aggregates):
      "aggregate " + list(aggregates) + (keys.isEmpty ? "" : " by " + list(keys))
    case .sort(_, let keys): "sort " + keys.map(\.description).joined(separator: ", ")
    case .limit(_, let count): "limit \(count)"
    case .deduplicate(_, let columns):
      "deduplicate " + names(columns)
    case .window(_, let columns):
      "window " + columns.map(\.description).joined(separator: ", ")
    case .unnest(_, let unnesting):
      "unnest \(unnesting.list) into \(printedName(unnesting.element.name))"
        + (unnesting.keepsEmpty ? " keeping rows without" : "")
    case .total(_, let columns): "total " + list(columns)
    case .fill(_, let filling):
      "fill \(printedName(filling.bin.name))"
        + zip(filling.columns, filling.values).map {
          " with \(printedLiteral($1)) for \(printedName($0.name))"
        }.joined(separator: ",")
        + (filling.keys.isEmpty ? "" : " by " + names(filling.keys))
    case .join(_, let join): join.description
    case .project(_, let columns):
      "project " + columns.map { "\(printedName($0.name)): \($0.type)" }.joined(separator: ", ")
    }
  }

  private func list(_ columns: [NamedExpression]) -> String {
    columns.map { "\(printedName($0.column.name)) = \($0.expression)" }.joined(separator: ", ")
  }
}

private func names(_ columns: [PlanColumn]) -> String {
  columns.map { printedName($0.name) }.joined(separator: ", ")
}

extension SortKey: CustomStringConvertible {
  public var description: String {
    "\(printedName(column.name)) \(isDescending ? "desc" : "asc")"
  }
}

extension WindowColumn: CustomStringConvertible {
  public var description: String {
    var text = "\(printedName(column.name)) = \(call)"
    if !partition.isEmpty { text += " per " + names(partition) }
    switch order {
    case .none: break
    case .ofRows: text += " up to the row"
    case .by(let keys):
      text += " up to the row by " + keys.map(\.description).joined(separator: ", ")
    }
    return text
  }
}

extension Join: CustomStringConvertible {
  public var description: String {
    var text = "join \(isOuter ? "left" : "inner") (\(right.inlineDescription))"
    text += " on " + keys.map { "\($0.left) = \($0.right)" }.joined(separator: " and ")
    switch naming {
    case .qualified(let left, let right): text += " as \(left), \(right)"
    case .added(let columns):
      text += " as " + columns.map { printedName($0.column.name) }.joined(separator: ", ")
    }
    return text
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
