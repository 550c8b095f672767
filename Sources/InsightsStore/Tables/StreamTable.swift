public import InsightsModel
public import InsightsSQLite
internal import InsightsText

/// The tables `log_groups` and `log_streams`: the streams of events.
public final class StreamTable {
  /// System fields from the carrier of events, such as `@aws.region`, and their values.
  ///
  /// Events with different attributes come from different places. They are stored as separate
  /// streams with the same name.
  public struct Attributes: Hashable, Sendable {
    /// A JSON object with sorted keys.
    public let json: String

    /// Makes attributes from values by name.
    public init(_ values: [String: String]) {
      var text: [UInt8] = [UInt8(ascii: "{")]
      for (name, value) in values.sorted(by: { $0.key < $1.key }) {
        if text.count > 1 { text.append(UInt8(ascii: ",")) }
        JSONWriter.append(string: name, to: &text)
        text.append(UInt8(ascii: ":"))
        JSONWriter.append(string: value, to: &text)
      }
      text.append(UInt8(ascii: "}"))
      json = String(decoding: text, as: UTF8.self)
    }

    /// Uses the value of a stored `json`; `nil` for `nil`.
    public init?(json: String?) {
      guard let json else { return nil }
      self.json = json
    }
  }

  /// The names of a log stream; `nil` if the input does not contain them.
  public struct Names: Hashable, Sendable {
    /// Twelve digits.
    public var account: String?
    /// The name of the log group.
    public var logGroup: String?
    /// The name of the log stream.
    public var logStream: String?
    /// The attributes from the carrier.
    public var attributes: Attributes?

    /// Makes names.
    public init(
      account: String? = nil, logGroup: String? = nil, logStream: String? = nil,
      attributes: Attributes? = nil
    ) {
      self.account = account
      self.logGroup = logGroup
      self.logStream = logStream
      self.attributes = attributes
    }

    /// Whether the group belongs to a Lambda function, or is unknown: a JSON object may then follow
    /// other text.
    public var mayBeLambda: Bool { logGroup.map { $0.hasPrefix("/aws/lambda") } ?? true }
  }

  private let connection: Connection
  private let findGroup: Statement
  private let addGroup: Statement
  private let findStream: Statement
  private let addStream: Statement
  private let selectNames: Statement
  private let setStale: Statement
  private let selectStale: Statement
  private let renameStream: Statement

  /// Uses a connection to the store.
  ///
  /// - Throws: `StoreError`.
  public init(connection: Connection) throws(StoreError) {
    self.connection = connection
    findGroup = try connection.prepare(
      """
      SELECT id FROM log_groups
      WHERE ifnull(account, '') = ifnull(?1, '') AND ifnull(name, '') = ifnull(?2, '')
      """)
    addGroup = try connection.prepare("INSERT INTO log_groups (account, name) VALUES (?1, ?2)")
    findStream = try connection.prepare(
      """
      SELECT id FROM log_streams
      WHERE log_group_id = ?1 AND ifnull(name, '') = ifnull(?2, '')
        AND ifnull(attributes, '') = ifnull(?3, '')
      """)
    addStream = try connection.prepare(
      "INSERT INTO log_streams (log_group_id, name, attributes) VALUES (?1, ?2, ?3)")
    selectNames = try connection.prepare(
      """
      SELECT g.account, g.name, s.name, s.attributes
      FROM log_streams s JOIN log_groups g ON g.id = s.log_group_id WHERE s.id = ?1
      """)
    setStale = try connection.prepare("UPDATE log_streams SET is_stale = ?2 WHERE id = ?1")
    selectStale = try connection.prepare(
      "SELECT id FROM log_streams WHERE is_stale = 1 ORDER BY id")
    renameStream = try connection.prepare(
      "UPDATE log_streams SET log_group_id = ?2, name = ?3 WHERE id = ?1")
  }

  /// Returns the id of a log stream; adds the stream if it is missing, and then returns `isNew`.
  public func id(of names: Names) throws(StoreError) -> (id: Int64, isNew: Bool) {
    let group = try groupID(of: names)
    return try id(find: findStream, add: addStream) { statement in
      statement.bind(group, at: 1)
      statement.bind(names.logStream, at: 2)
      statement.bind(names.attributes?.json, at: 3)
    }
  }

  private func groupID(of names: Names) throws(StoreError) -> Int64 {
    try id(find: findGroup, add: addGroup) { statement in
      statement.bind(names.account, at: 1)
      statement.bind(names.logGroup, at: 2)
    }.id
  }

  /// Returns the id of a log stream; `nil` if there is none.
  public func knownID(of names: Names) throws(StoreError) -> Int64? {
    findGroup.bind(names.account, at: 1)
    findGroup.bind(names.logGroup, at: 2)
    defer { findGroup.reset() }
    guard try findGroup.step() else { return nil }
    findStream.bind(findGroup.integer(at: 0), at: 1)
    findStream.bind(names.logStream, at: 2)
    findStream.bind(names.attributes?.json, at: 3)
    defer { findStream.reset() }
    return try findStream.step() ? findStream.integer(at: 0) : nil
  }

  /// Renames a log stream to unused names, together with its events, invocations and errors.
  public func rename(_ id: Int64, to names: Names) throws(StoreError) {
    renameStream.bind(id, at: 1)
    renameStream.bind(try groupID(of: names), at: 2)
    renameStream.bind(names.logStream, at: 3)
    try renameStream.run()
  }

  /// Deletes empty log streams, and groups without a stream, except those created over the API.
  public func remove(_ ids: [Int64]) throws(StoreError) {
    let statement = try connection.prepare(
      "DELETE FROM log_streams WHERE id = ?1 AND created_ms IS NULL")
    for id in ids {
      statement.bind(id, at: 1)
      try statement.run()
    }
    try connection.execute(
      """
      DELETE FROM log_groups
      WHERE created_ms IS NULL AND id NOT IN (SELECT log_group_id FROM log_streams)
      """)
  }

  /// Returns the names of a stored log stream; all `nil` for an unknown id.
  public func names(of id: Int64) throws(StoreError) -> Names {
    defer { selectNames.reset() }
    selectNames.bind(id, at: 1)
    guard try selectNames.step() else { return Names() }
    return Names(
      account: selectNames.optionalText(at: 0), logGroup: selectNames.optionalText(at: 1),
      logStream: selectNames.optionalText(at: 2),
      attributes: Attributes(json: selectNames.optionalText(at: 3)))
  }

  /// Marks whether the records of a stream must be derived again.
  public func mark(_ id: Int64, isStale: Bool) throws(StoreError) {
    setStale.bind(id, at: 1)
    setStale.bind(isStale, at: 2)
    try setStale.run()
  }

  /// Returns the streams whose invocations and errors must be derived again.
  public func staleStreams() throws(StoreError) -> [Int64] {
    defer { selectStale.reset() }
    var ids: [Int64] = []
    while try selectStale.step() { ids.append(selectStale.integer(at: 0)) }
    return ids
  }

  private func id(
    find: Statement, add: Statement, bind: (Statement) -> Void
  ) throws(StoreError) -> (id: Int64, isNew: Bool) {
    bind(find)
    defer { find.reset() }
    if try find.step() { return (find.integer(at: 0), false) }
    bind(add)
    try add.run()
    return (connection.lastInsertedID, true)
  }
}
