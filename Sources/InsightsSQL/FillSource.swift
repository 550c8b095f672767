internal import InsightsQuery

/// The groups, and additional rows for the periods without groups between the first and the last.
struct FillSource {
  let groups: SelectBlock
  let filling: Filling
  /// The SQL of the start of the next period, from the column `"start"`.
  let next: SQLFragment
  /// The SQL of the start of the previous period.
  let previous: SQLFragment
  /// The number of rows and their order, if only the first rows by period are needed.
  var wanted: (count: Int, isDescending: Bool)?

  /// Returns the FROM clause; `step` is the step with the groups.
  func rendered(over step: SQLFragment) -> SQLFragment {
    let bin = SQLFragment.identifier(groups.output(filling.bin.name))
    let keys = filling.keys.map { SQLFragment.identifier(groups.output($0.name)) }
    let group = SQLFragment(sql: "\"group\".")
    let agreement =
      [group + bin + SQLFragment(sql: " IS \"period\".\"start\"")]
      + keys.map { group + $0 + SQLFragment(sql: " IS \"key\".") + $0 }
    var sql = SQLFragment(sql: "(\n  WITH RECURSIVE \"group\" AS MATERIALIZED (\n    ")
    sql += SQLFragment(sql: "SELECT *, 1 AS \"present\" FROM ") + step + SQLFragment(sql: ")")
    if !keys.isEmpty {
      sql += SQLFragment(sql: ",\n  \"key\" AS (SELECT DISTINCT ") + keys.joined(", ")
      sql += SQLFragment(sql: " FROM \"group\")")
    }
    sql += SQLFragment(sql: ",\n  \"bin\"(\"start\") AS (") + periods(bin)
    sql += SQLFragment(sql: "),\n  \"period\"(\"start\") AS (")
    sql += SQLFragment(
      sql: "SELECT \"start\" FROM \"bin\" WHERE \"start\" IS NOT NULL\n    UNION SELECT ")
    sql += bin + SQLFragment(sql: " FROM \"group\")")
    sql += SQLFragment(sql: "\n  SELECT ") + columns.joined(", ")
    sql += SQLFragment(sql: "\n  FROM \"period\"")
    if !keys.isEmpty { sql += SQLFragment(sql: " CROSS JOIN \"key\"") }
    sql += SQLFragment(sql: " LEFT JOIN \"group\" ON ") + agreement.joined(" AND ")
    return sql + SQLFragment(sql: "\n)")
  }

  /// Returns all periods from the first to the last, or as many as needed.
  ///
  /// Each period has a row for every combination of keys. So the number of periods needed is the
  /// number of rows divided by the number of combinations.
  private func periods(_ bin: SQLFragment) -> SQLFragment {
    let keyCount =
      filling.keys.isEmpty
      ? SQLFragment(sql: "1") : SQLFragment(sql: "(SELECT count(*) FROM \"key\")")
    guard let wanted else {
      return .spelling(
        """
        SELECT ql_periods(min({0}), min({0}), max({0}), {1}, {2}) FROM "group"
            UNION ALL SELECT {3} FROM "bin" WHERE "start" < (SELECT max({0}) FROM "group")
        """, [bin, .number(filling.leastLength), keyCount, next])
    }
    return .spelling(
      wanted.isDescending
        ? """
        SELECT max({0}) FROM "group"
            UNION ALL SELECT {1} FROM "bin" WHERE "start" > (SELECT min({0}) FROM "group")
            LIMIT {2} / max({3}, 1) + 1
        """
        : """
        SELECT min({0}) FROM "group"
            UNION ALL SELECT {1} FROM "bin" WHERE "start" < (SELECT max({0}) FROM "group")
            LIMIT {2} / max({3}, 1) + 1
        """,
      [bin, wanted.isDescending ? previous : next, .number(Int64(wanted.count)), keyCount])
  }

  private var columns: [SQLFragment] {
    let group = SQLFragment(sql: "\"group\".")
    return groups.outputNames.map { output in
      let name = SQLFragment.identifier(output.name)
      if output.planName == filling.bin.name {
        return SQLFragment(sql: "\"period\".\"start\" AS ") + name
      }
      if filling.keys.contains(where: { $0.name == output.planName }) {
        return SQLFragment(sql: "\"key\".") + name + SQLFragment(sql: " AS ") + name
      }
      guard let index = filling.columns.firstIndex(where: { $0.name == output.planName }) else {
        return group + name + SQLFragment(sql: " AS ") + name
      }
      return SQLFragment(sql: "CASE WHEN \"group\".\"present\" IS NULL THEN ")
        + .literal(filling.values[index]) + SQLFragment(sql: " ELSE ") + group + name
        + SQLFragment(sql: " END AS ") + name
    }
  }
}
