public import InsightsModel
public import InsightsSQLite

/// Creates, changes and deletes log groups and streams as the API does, with or without events.
public struct LogGroupTable {
  private let connection: Connection

  /// Uses a connection to the store.
  public init(connection: Connection) {
    self.connection = connection
  }

  /// Returns the names for events of a stream; `nil` if there is no such stream.
  public func streamNames(
    _ stream: String, ofGroup group: String
  ) throws(StoreError) -> StreamTable.Names? {
    let statement = try connection.prepare(
      """
      SELECT g.account FROM log_streams AS s JOIN log_groups AS g ON g.id = s.log_group_id
      WHERE g.name = ?1 AND ifnull(s.name, '') = ?2
      ORDER BY s.created_ms IS NULL, s.id LIMIT 1
      """)
    statement.bind(group, at: 1)
    statement.bind(stream, at: 2)
    guard try statement.step() else { return nil }
    return StreamTable.Names(
      account: statement.optionalText(at: 0), logGroup: group, logStream: stream)
  }

  /// Returns the group with a name to which events and streams are added; `nil` if there is none.
  private func id(ofGroup name: String) throws(StoreError) -> Int64? {
    let statement = try connection.prepare(
      "SELECT id FROM log_groups WHERE name = ?1 ORDER BY created_ms IS NULL, id LIMIT 1")
    statement.bind(name, at: 1)
    return try statement.step() ? statement.integer(at: 0) : nil
  }

  /// Creates a log group; returns false if one with that name exists.
  public func addGroup(
    _ name: String, properties: LogGroupProperties, at time: Int64
  ) throws(StoreError) -> Bool {
    guard try id(ofGroup: name) == nil else { return false }
    let statement = try connection.prepare(
      "INSERT INTO log_groups (name, created_ms, properties) VALUES (?1, ?2, ?3)")
    statement.bind(name, at: 1)
    statement.bind(time, at: 2)
    statement.bind(properties.json, at: 3)
    try statement.run()
    return true
  }

  /// Saves the properties of a log group; returns false if there is none with that name.
  public func setProperties(
    _ properties: LogGroupProperties, ofGroup name: String
  ) throws(StoreError) -> Bool {
    guard let id = try id(ofGroup: name) else { return false }
    let statement = try connection.prepare("UPDATE log_groups SET properties = ?2 WHERE id = ?1")
    statement.bind(id, at: 1)
    statement.bind(properties.json, at: 2)
    try statement.run()
    return true
  }

  /// Keeps a group even without streams, as if created over the API at a time.
  public func keepGroup(_ name: String, at time: Int64) throws(StoreError) {
    let statement = try connection.prepare(
      "UPDATE log_groups SET created_ms = ?2 WHERE name = ?1 AND created_ms IS NULL")
    statement.bind(name, at: 1)
    statement.bind(time, at: 2)
    try statement.run()
  }

  /// Creates a log stream in an existing group; returns its id, or `nil` if one with that name
  /// exists.
  public func addStream(
    _ name: String, toGroup group: String, at time: Int64
  ) throws(StoreError) -> Int64? {
    guard let groupID = try id(ofGroup: group), try streamNames(name, ofGroup: group) == nil else {
      return nil
    }
    let statement = try connection.prepare(
      "INSERT INTO log_streams (log_group_id, name, created_ms) VALUES (?1, ?2, ?3)")
    statement.bind(groupID, at: 1)
    statement.bind(name, at: 2)
    statement.bind(time, at: 3)
    try statement.run()
    return connection.lastInsertedID
  }

  /// Returns the ids of a group's streams, including unnamed ones, or of one of its streams.
  public func streamIDs(
    ofGroup group: String, named stream: String? = nil
  ) throws(StoreError) -> Set<Int64> {
    let statement = try connection.prepare(
      """
      SELECT s.id FROM log_streams AS s JOIN log_groups AS g ON g.id = s.log_group_id
      WHERE g.name = ?1 AND (?2 IS NULL OR s.name = ?2)
      """)
    statement.bind(group, at: 1)
    statement.bind(stream, at: 2)
    var ids: Set<Int64> = []
    while try statement.step() { ids.insert(statement.integer(at: 0)) }
    return ids
  }

  /// Makes streams that were created over the API like others, which are deleted with their last
  /// event.
  public func forgetMaking(ofStreams ids: Set<Int64>) throws(StoreError) {
    let statement = try connection.prepare(
      "UPDATE log_streams SET created_ms = NULL WHERE id = ?1")
    for id in ids.sorted() {
      statement.bind(id, at: 1)
      try statement.run()
    }
  }

  /// Deletes groups with a name that have no streams any more.
  public func removeGroup(_ name: String) throws(StoreError) {
    let statement = try connection.prepare(
      """
      DELETE FROM log_groups
      WHERE name = ?1 AND id NOT IN (SELECT log_group_id FROM log_streams)
      """)
    statement.bind(name, at: 1)
    try statement.run()
  }
}
