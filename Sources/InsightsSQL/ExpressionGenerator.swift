internal import InsightsModel
internal import InsightsQuery

/// Turns bound expressions into SQL over the columns of a block.
struct ExpressionGenerator {
  let dialect: any Dialect
  let block: SelectBlock
  let aliases: RelationAliases
  /// What stands for columns that have another name at this place.
  var substitutes: [String: SQLFragment] = [:]

  func sql(for expression: BoundExpression) -> SQLFragment {
    switch expression {
    case .literal(let value): return .literal(value)
    case .column(let column): return substitutes[column.name] ?? block.resolve(column.name)
    case .call(let callee, let arguments):
      return .spelling(
        dialect.spelling(ofFunction: callee.name) ?? callee.sql, arguments.map { sql(for: $0) })
    case .membership(let operand, let values): return membership(sql(for: operand), values)
    case .subquery(let operand, let plan): return subquery(sql(for: operand), plan)
    case .lookup(let lookup, let values): return self.lookup(lookup, values.map { sql(for: $0) })
    }
  }

  /// As `membership`, in what another query gives; its missing values are in no list.
  private func subquery(_ operand: SQLFragment, _ plan: Plan) -> SQLFragment {
    let (inner, column) = SQLGenerator.subquery(plan, for: dialect, aliases: aliases)
    _ = inner.addOutput(.spelling(dialect.comparableSpelling, [column]), like: "value")
    inner.conditions.append(column + SQLFragment(sql: " IS NOT NULL"))
    block.note(subquery: inner)
    return SQLFragment(sql: "CASE WHEN ") + operand + SQLFragment(sql: " IS NOT NULL THEN ")
      + .spelling(dialect.comparableSpelling, [operand]) + SQLFragment(sql: " IN ")
      + inner.parenthesized + SQLFragment(sql: " END")
  }

  private func lookup(_ lookup: TableLookup, _ values: [SQLFragment]) -> SQLFragment {
    block.note(lookupTable: lookup.table)
    let conditions = zip(lookup.keys, values).map { key, value in
      let column = SQLFragment(sql: "\"table\".") + .identifier(key)
      return lookup.isByNetwork
        ? .spelling(dialect.networkSpelling, [value, column])
        : column + SQLFragment(sql: " = ") + .spelling(dialect.textSpelling, [value])
    }
    var sql = SQLFragment(sql: "(SELECT \"table\".") + .identifier(lookup.result)
    sql += SQLFragment(sql: " FROM temp.") + .identifier("lookup:\(lookup.table)")
    sql += SQLFragment(sql: " AS \"table\" WHERE ") + conditions.joined(" AND ")
    if lookup.isByNetwork, let key = lookup.keys.first {
      sql +=
        SQLFragment(sql: " ORDER BY ")
        + .spelling(dialect.prefixLengthSpelling, [SQLFragment(sql: "\"table\".") + .identifier(key)])
        + SQLFragment(sql: " DESC, \"table\".rowid")
    } else {
      sql += SQLFragment(sql: " ORDER BY \"table\".rowid")
    }
    return sql + SQLFragment(sql: " LIMIT 1)")
  }

  /// A value is in the list when it is the same text as a text, or the same number as a number or
  /// numeric text.
  ///
  /// A missing value is neither in the list nor outside it.
  private func membership(_ operand: SQLFragment, _ values: [Value]) -> SQLFragment {
    var texts: [SQLFragment] = []
    var numbers: [SQLFragment] = []
    for value in values {
      let numeric = BoundExpression.literal(value).numericLiteral
      if let numeric { numbers.append(.literal(numeric)) } else { texts.append(.literal(value)) }
    }
    var alternatives: [SQLFragment] = []
    // SQLite keeps an empty IN list false even for NULL; a text list is there always.
    alternatives.append(
      operand + SQLFragment(sql: " IN (")
        + (texts.isEmpty ? SQLFragment(sql: "''''") : texts.joined(", "))
        + SQLFragment(sql: ")"))
    if !numbers.isEmpty {
      alternatives.append(
        SQLFragment(sql: "ifnull(") + .spelling(dialect.numberSpelling, [operand])
          + SQLFragment(sql: " IN (") + numbers.joined(", ") + SQLFragment(sql: "), 0)"))
    }
    return SQLFragment(sql: "(") + alternatives.joined(" OR ") + SQLFragment(sql: ")")
  }
}
