internal import InsightsSQLite
internal import InsightsModel

/// Provides the derived relations of statements, from the tables of a store.
///
/// A relation becomes a common table expression before the statement, with only the columns that
/// the statement needs; the raw events are a virtual table, see `EventsTable`.
///
/// ```sql
/// WITH "errors"("@timestamp", "type") AS (
///   SELECT r.timestamp_ms, r.type FROM main.errors AS r)
/// ```
struct RelationProvider {
  /// Returns a statement preceded by its relations; relations in `scanned` are virtual tables.
  func text(
    of statement: String, reading relations: [SQLRelation], scanned: Set<String>
  ) -> String {
    let expressions = relations.compactMap { relation in
      scanned.contains(relation.content)
        ? scannedExpression(for: relation) : expression(for: relation)
    }
    guard !expressions.isEmpty else { return statement }
    // A statement of several steps has a WITH clause itself.
    let clause = "WITH "
    let rest =
      statement.hasPrefix(clause)
      ? ",\n" + statement.dropFirst(clause.count) : "\n" + statement
    return clause + expressions.joined(separator: ",\n") + rest
  }

  /// Returns the expression for a virtual table whose name hides a table of the store.
  private func scannedExpression(for relation: SQLRelation) -> String? {
    let table = EventsTable.name(of: relation)
    guard table != relation.name else { return nil }
    return
      "\(relation.name.quotedIdentifier) AS NOT MATERIALIZED (SELECT * FROM \(table.quotedIdentifier))"
  }

  private func expression(for relation: SQLRelation) -> String? {
    // A statement that only counts rows needs no column.
    let names = relation.columns.isEmpty ? ["row"] : relation.columns.map(\.name)
    let head =
      "\(relation.name.quotedIdentifier)(\(names.map(\.quotedIdentifier).joined(separator: ", ")))"
    if let select = relation.lookupSelect { return "\(head) AS (\n  \(select))" }
    let known: [String: String]
    switch relation.content {
    case "invocations": known = Self.invocationColumns
    case "errors": known = Self.errorColumns
    default: return nil
    }
    // Derived records lack some of CloudWatch's system fields; these are NULL.
    let columns = relation.columns.map { known[$0.field] ?? "NULL" }
    let values = columns.isEmpty ? ["1"] : columns
    var from = "main.\(relation.content) AS r"
    if relation.columns.contains(where: { Self.streamFields.contains($0.field) }) {
      from += """

          JOIN main.log_streams AS s ON s.id = r.log_stream_id
          JOIN main.log_groups AS g ON g.id = s.log_group_id
        """
    }
    return """
      \(head) AS NOT MATERIALIZED (
        SELECT \(values.joined(separator: ", "))
        FROM \(from))
      """
  }

  /// The fields that are stored with the stream or its group.
  private static let streamFields: Set = ["@logStream", "@logGroup", "@log"]

  /// `account:group`, as CloudWatch shows it; missing without a group.
  private static let log = "ifnull(g.account, '\(AccountNumber.unknown)') || ':' || g.name"

  private static let invocationColumns = columns(of: .invocations)
  private static let errorColumns = columns(of: .errors)

  private static func columns(of table: FactTable) -> [String: String] {
    var columns = Dictionary(
      uniqueKeysWithValues: (["id"] + table.columns.map(\.name)).map { ($0, "r.\($0)") })
    columns["@timestamp"] = "r.\(table.time)"
    columns["@requestId"] = "r.request_id"
    columns["@logStream"] = "r.log_stream"
    columns["@logGroup"] = "r.log_group"
    columns["@log"] = log
    return columns
  }
}
