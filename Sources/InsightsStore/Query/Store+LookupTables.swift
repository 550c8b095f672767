public import InsightsModel

extension Store {
  /// Makes a table known to the statements of this connection; nothing of it is kept in the store.
  public func load(_ table: LookupTable) throws(StoreError) {
    let name = quoted(LookupTable.relationPrefix + table.name)
    let columns = table.columns.map { ", \(quoted($0)) TEXT" }.joined()
    try connection.execute(
      """
      DROP TABLE IF EXISTS temp.\(name);
      CREATE TEMP TABLE \(name)(\(quoted(LookupTable.rowColumn)) INTEGER PRIMARY KEY\(columns));
      BEGIN;
      """)
    let places = table.columns.indices.map { ", ?\($0 + 1)" }.joined()
    let statement = try connection.prepare("INSERT INTO temp.\(name) VALUES (NULL\(places))")
    for row in table.rows {
      for (index, cell) in zip(table.columns.indices, row) { statement.bind(cell, at: index + 1) }
      try statement.run()
    }
    try connection.execute("COMMIT")
    connection.functionWorkspace.lookupTables[table.name] = table
  }
}

extension SQLRelation {
  /// The SELECT that gives the wanted columns of a lookup table; `nil` for any other relation.
  var lookupSelect: String? {
    guard name.hasPrefix(LookupTable.relationPrefix) else { return nil }
    let wanted = columns.map { quoted($0.field) }
    return
      "SELECT \(wanted.isEmpty ? "1" : wanted.joined(separator: ", ")) FROM temp.\(quoted(name))"
  }
}

/// A name as SQL takes it.
///
/// Scalar by scalar: to `Character` a quote with an accent behind it is no quote.
func quoted(_ name: String) -> String {
  let parts = name.unicodeScalars.split(separator: "\"", omittingEmptySubsequences: false)
  return "\"" + parts.map { String($0) }.joined(separator: "\"\"") + "\""
}
