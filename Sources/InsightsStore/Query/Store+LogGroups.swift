extension Store {
  /// The names of the log groups, sorted.
  public func logGroupNames() throws(StoreError) -> [String] {
    let statement = try connection.prepare(
      "SELECT DISTINCT name FROM main.log_groups WHERE name IS NOT NULL ORDER BY name")
    var names: [String] = []
    while try statement.step() { names.append(statement.text(at: 0)) }
    return names
  }

  /// Whether the name of a log group matches the glob.
  public func hasLogGroup(matching glob: String) throws(StoreError) -> Bool {
    let statement = try connection.prepare(
      "SELECT 1 FROM main.log_groups WHERE name GLOB ?1 LIMIT 1")
    statement.bind(glob, at: 1)
    return try statement.step()
  }
}
