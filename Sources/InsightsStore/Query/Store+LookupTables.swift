internal import InsightsFunctions
internal import InsightsSQLite
public import InsightsModel

extension Store {
  /// Makes a table available to the statements of this connection; it is not stored.
  public func load(_ table: LookupTable) throws(StoreError) {
    let name = (LookupTable.relationPrefix + table.name).quotedIdentifier
    let columns = table.columns.map { ", \($0.quotedIdentifier) TEXT" }.joined()
    try connection.execute(
      """
      DROP TABLE IF EXISTS temp.\(name);
      CREATE TEMP TABLE \(name)(\(LookupTable.rowColumn.quotedIdentifier) INTEGER PRIMARY KEY\(columns));
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
  /// The SELECT for the needed columns of a lookup table; `nil` for any other relation.
  var lookupSelect: String? {
    guard name.hasPrefix(LookupTable.relationPrefix) else { return nil }
    let wanted = columns.map { $0.field.quotedIdentifier }
    return
      "SELECT \(wanted.isEmpty ? "1" : wanted.joined(separator: ", ")) FROM temp.\(name.quotedIdentifier)"
  }
}
