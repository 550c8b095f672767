internal import InsightsModel

/// The statement that gives the rows of a scan on the server.
///
/// ```sql
/// WITH nullIf(fields[{p1:String}], '') AS v1
/// SELECT v1, message FROM events WHERE timestamp_ms >= … AND ifNull(v1 = concat('t', {p2:String}), 0)
/// ORDER BY … LIMIT 20
/// ```
struct RemoteStatement {
  private(set) var text = ""
  private(set) var parameters: [String: String] = [:]
  /// What comes back in each column.
  private(set) var kinds: [RemoteValue.Kind] = []

  /// `columns` are names of fields, or of what the request defines.
  ///
  /// - Throws: why some of it cannot be done on the server.
  init(_ request: ScanRequest, of relation: String, columns: [String]) throws(Refusal) {
    guard let relation = RemoteRelation.named(relation) else {
      throw Refusal("'\(relation)' is not on the server")
    }
    let expressions = RemoteExpressions(over: relation)
    var conditions = try Self.conditions(of: request, expressions)
    var selected: [RemoteValue] = []
    var ending = ""
    switch request.output {
    case .rows(let order, let limit):
      for name in columns {
        let computed = request.computed.first { $0.name == name }
        selected.append(try expressions.value(of: computed?.expression ?? .field(name)))
      }
      // All that is computed has to be possible, whether it is asked for now or not.
      for column in request.computed { _ = try expressions.value(of: column.expression) }
      let keys = try order.map { key throws(Refusal) in try Self.order(key, expressions) }
      ending =
        "\nORDER BY "
        + (keys.isEmpty ? [relation.position] : keys).joined(separator: ", ")
      if let limit { ending += "\nLIMIT \(limit)" }
    case .groups(let keys, let aggregates, let leastRowCount):
      var results: [String: RemoteValue] = [:]
      var groups: [String] = []
      for key in keys {
        let value = try expressions.value(of: key.expression)
        let group = try expressions.named(expressions.key(value))
        groups.append(group)
        // What stands for a number in a group is that by which it was grouped.
        results[key.name] = RemoteValue(group, value.kind == .numeral ? .tagged : value.kind)
      }
      for aggregate in aggregates {
        let argument = try aggregate.argument.map { argument throws(Refusal) in
          try expressions.value(of: argument)
        }
        guard case .aggregate(let spell) = ClickHouseDialect.spelling(of: aggregate.function)
        else { throw Refusal("'\(aggregate.function.rawValue)' is no aggregate there") }
        results[aggregate.name] = try spell(expressions, argument, aggregate)
      }
      for name in columns {
        // Where a column was computed here below the groups, the statement names what it was computed of.
        selected.append(results[name] ?? RemoteValue("CAST(NULL, 'Nullable(String)')", .text))
      }
      if !groups.isEmpty { ending = "\nGROUP BY " + groups.joined(separator: ", ") }
      // Without rows there is no group, not even one without keys.
      ending += "\nHAVING count() >= \(max(leastRowCount, 1))"
    }
    conditions = conditions.filter { !$0.isEmpty }
    kinds = selected.map(\.kind)
    // A scan without columns says how many rows there are.
    let list = selected.isEmpty ? "1" : selected.map(\.sql).joined(separator: ", ")
    let named = expressions.definitions.map { "\($0.sql) AS \($0.name)" }
    text =
      (named.isEmpty ? "" : "WITH \(named.joined(separator: ",\n  "))\n")
      + "SELECT \(list)\nFROM \(relation.name)"
      + (conditions.isEmpty ? "" : "\nWHERE \(conditions.joined(separator: "\n  AND "))")
      + ending
    parameters = expressions.parameters
  }

  private static func conditions(
    of request: ScanRequest, _ expressions: RemoteExpressions
  ) throws(Refusal) -> [String] {
    let relation = expressions.relation
    var conditions: [String] = []
    if let start = request.timeRange.start {
      conditions.append("\(relation.time) >= toInt64('\(start)')")
    }
    if let end = request.timeRange.end {
      conditions.append("\(relation.time) < toInt64('\(end)')")
      // What stands for a missing time lies before all others.
      if request.timeRange.start == nil, let missing = relation.missingTime {
        conditions.append("\(relation.time) != toInt64('\(missing)')")
      }
    }
    if !request.logGroups.isEmpty {
      let globs = try request.logGroups.map { glob throws(Refusal) in
        glob.contains(where: { "*?[".contains($0) })
          ? "match(log_group, \(expressions.parameter(try RemotePattern.glob(glob))))"
          : "log_group = \(expressions.parameter(glob))"
      }
      conditions.append("log_group != '' AND (\(globs.joined(separator: " OR ")))")
    }
    for condition in request.conditions {
      conditions.append(try expressions.truth(expressions.value(of: condition)))
    }
    return conditions
  }

  private static func order(
    _ key: ScanRequest.OrderKey, _ expressions: RemoteExpressions
  ) throws(Refusal) -> String {
    let value = try expressions.value(of: key.expression)
    switch value.kind {
    case .integer, .real, .truth: break
    case .text where !key.isNatural: break
    case .text, .tagged, .numeral: throw Refusal("texts have an order of their own")
    }
    // Missing values are the least.
    return "\(value.sql) \(key.isDescending ? "DESC NULLS LAST" : "ASC NULLS FIRST")"
  }
}
