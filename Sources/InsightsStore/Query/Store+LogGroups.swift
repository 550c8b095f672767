public import InsightsModel
internal import InsightsSQLite
internal import CSQLite

extension Store {
  /// Returns the names of the log groups, sorted.
  public func logGroupNames() throws(StoreError) -> [String] {
    if let remote {
      return Set(try remote.logGroups(connection.waiting.cancellation).map(\.name)).sorted {
        $0.utf8.lexicographicallyPrecedes($1.utf8)
      }
    }
    let statement = try connection.prepare(
      "SELECT DISTINCT name FROM main.log_groups WHERE name IS NOT NULL ORDER BY name")
    var names: [String] = []
    while try statement.step() { names.append(statement.text(at: 0)) }
    return names
  }

  /// Returns the accounts of the log groups, sorted; zeros for unknown ones.
  public func accounts() throws(StoreError) -> [String] {
    if let remote {
      return Set(try remote.logGroups(connection.waiting.cancellation).map(\.account)).sorted()
    }
    let statement = try connection.prepare(
      """
      SELECT DISTINCT ifnull(account, '\(AccountNumber.unknown)') FROM main.log_groups
      WHERE name IS NOT NULL ORDER BY 1
      """)
    var accounts: [String] = []
    while try statement.step() { accounts.append(statement.text(at: 0)) }
    return accounts
  }

  /// Whether the name of a log group matches the glob.
  public func hasLogGroup(matching glob: String) throws(StoreError) -> Bool {
    if remote != nil {
      return try logGroupNames().contains { sqlite3_strglob(glob, $0) == 0 }
    }
    let statement = try connection.prepare(
      "SELECT 1 FROM main.log_groups WHERE name GLOB ?1 LIMIT 1")
    statement.bind(glob, at: 1)
    return try statement.step()
  }

  /// Returns the named log groups, sorted by the bytes of their names.
  ///
  /// Groups with the same name in several accounts are combined; the one created over the API has
  /// priority, otherwise the first.
  public func logGroups() throws(StoreError) -> [LogGroup] {
    guard let remote else { return try logGroups(where: "name IS NOT NULL") }
    var groups: [LogGroup] = []
    for (name, account) in try remote.logGroups(connection.waiting.cancellation)
    where groups.last?.name != name {
      groups.append(
        LogGroup(
          name: name, account: account == AccountNumber.unknown ? nil : account, created: nil,
          properties: LogGroupProperties()))
    }
    return groups
  }

  /// Returns the log group with a name; `nil` if there is none.
  public func logGroup(named name: String) throws(StoreError) -> LogGroup? {
    if remote != nil { return try logGroups().first { $0.name == name } }
    return try logGroups(where: "name = ?1", name).first
  }

  private func logGroups(
    where condition: String, _ name: String? = nil
  ) throws(StoreError) -> [LogGroup] {
    let statement = try connection.prepare(
      """
      SELECT name, account, created_ms, properties FROM main.log_groups WHERE \(condition)
      ORDER BY name, created_ms IS NULL, id
      """)
    if let name { statement.bind(name, at: 1) }
    var groups: [LogGroup] = []
    while try statement.step() {
      let name = statement.text(at: 0)
      if groups.last?.name == name { continue }
      groups.append(
        LogGroup(
          name: name, account: statement.optionalText(at: 1),
          created: statement.optionalInteger(at: 2),
          properties: statement.optionalText(at: 3).map { LogGroupProperties(json: $0) }
            ?? LogGroupProperties()))
    }
    return groups
  }

  /// Returns the named log streams of a log group, sorted by the bytes of their names.
  public func logStreams(ofGroup name: String) throws(StoreError) -> [LogStream] {
    if let remote {
      return try remote.logStreams(ofGroup: name, connection.waiting.cancellation).map {
        LogStream(name: $0, created: nil, ids: [])
      }
    }
    return try logStreams(where: "", group: name)
  }

  /// Returns the log stream of a group with a name; `nil` if there is none.
  public func logStream(named name: String, ofGroup group: String) throws(StoreError) -> LogStream?
  {
    if remote != nil { return try logStreams(ofGroup: group).first { $0.name == name } }
    return try logStreams(where: "AND ifnull(s.name, '') = ?2", group: group, name).first
  }

  private func logStreams(
    where condition: String, group: String, _ name: String? = nil
  ) throws(StoreError) -> [LogStream] {
    let statement = try connection.prepare(
      """
      SELECT s.name, s.created_ms, s.id
      FROM main.log_streams AS s JOIN main.log_groups AS g ON g.id = s.log_group_id
      WHERE g.name = ?1 AND s.name IS NOT NULL \(condition)
      ORDER BY s.name, s.created_ms IS NULL, s.id
      """)
    statement.bind(group, at: 1)
    if let name { statement.bind(name, at: 2) }
    var streams: [LogStream] = []
    while try statement.step() {
      let name = statement.text(at: 0)
      if streams.last?.name != name {
        streams.append(
          LogStream(name: name, created: statement.optionalInteger(at: 1), ids: []))
      }
      streams[streams.count - 1].ids.append(statement.integer(at: 2))
    }
    return streams
  }
}
