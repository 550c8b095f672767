internal import InsightsQuery

/// Groups, and rows for the periods between the first and the last that have none.
struct FillSource {
  let groups: SelectBlock
  let filling: Filling
  /// The SQL of the next period's start, over the column `"start"`.
  let next: SQLFragment

  func rendered() -> SQLFragment {
    let bin = SQLFragment.identifier(groups.output(filling.bin.name))
    let keys = filling.keys.map { SQLFragment.identifier(groups.output($0.name)) }
    let group = SQLFragment(sql: "\"group\".")
    let columns = groups.outputNames.map { output -> SQLFragment in
      let name = SQLFragment.identifier(output.name)
      let isKey = filling.keys.contains { $0.name == output.planName }
      if output.planName == filling.bin.name {
        return SQLFragment(sql: "\"period\".\"start\" AS ") + name
      }
      if isKey { return SQLFragment(sql: "\"key\".") + name + SQLFragment(sql: " AS ") + name }
      guard let index = filling.columns.firstIndex(where: { $0.name == output.planName }) else {
        return group + name + SQLFragment(sql: " AS ") + name
      }
      return SQLFragment(sql: "CASE WHEN \"group\".\"present\" IS NULL THEN ")
        + .literal(filling.values[index]) + SQLFragment(sql: " ELSE ") + group + name
        + SQLFragment(sql: " END AS ") + name
    }
    let agreement =
      [SQLFragment(sql: "\"group\".") + bin + SQLFragment(sql: " IS \"period\".\"start\"")]
      + keys.map { group + $0 + SQLFragment(sql: " IS \"key\".") + $0 }
    var sql = SQLFragment(sql: "(\n  WITH RECURSIVE \"group\" AS MATERIALIZED (\n    ")
    sql +=
      SQLFragment(sql: "SELECT *, 1 AS \"present\" FROM ") + groups.parenthesized.indented(by: 4)
    sql += SQLFragment(sql: "),\n  \"bin\"(\"start\") AS (SELECT min(") + bin
    sql += SQLFragment(sql: ") FROM \"group\"\n    UNION ALL SELECT ") + next
    sql += SQLFragment(sql: " FROM \"bin\" WHERE \"start\" < (SELECT max(") + bin
    sql += SQLFragment(sql: ") FROM \"group\")),\n  \"period\"(\"start\") AS (")
    sql += SQLFragment(
      sql: "SELECT \"start\" FROM \"bin\" WHERE \"start\" IS NOT NULL\n    UNION SELECT ")
    sql += bin + SQLFragment(sql: " FROM \"group\")")
    if !keys.isEmpty {
      sql += SQLFragment(sql: ",\n  \"key\" AS (SELECT DISTINCT ") + keys.joined(", ")
      sql += SQLFragment(sql: " FROM \"group\")")
    }
    sql += SQLFragment(sql: "\n  SELECT ") + columns.joined(", ")
    sql += SQLFragment(sql: "\n  FROM \"period\"")
    if !keys.isEmpty { sql += SQLFragment(sql: " CROSS JOIN \"key\"") }
    sql += SQLFragment(sql: " LEFT JOIN \"group\" ON ") + agreement.joined(" AND ")
    return sql + SQLFragment(sql: "\n)")
  }
}
