public import InsightsModel
internal import InsightsStore
public import InsightsThreads

/// The properties of a ClickHouse server, and the permissions of its user for a store.
public struct ServerCheck: Sendable {
  /// The oldest version that supports all required features.
  static let oldestVersion = "25.8"

  public let address: ClickHouseAddress
  /// The server's version, such as `26.9.2.1`.
  public let version: String
  /// The setting `readonly`: 0 for no restriction, 1 if no settings may be changed, 2 if only
  /// settings may be.
  public let readonly: Int
  public let state: ClickHouseSchema.State
  /// The number of events; `nil` if there are no tables.
  public let eventCount: Int64?
  /// Whether the user may read the tables, write to them, and create them.
  public let mayRead: Bool
  public let mayWrite: Bool
  public let mayCreate: Bool

  /// Queries a server.
  ///
  /// - Throws: `StoreError.remote` if it cannot be queried, `.version` for a store of another
  ///   version.
  public init(
    of address: ClickHouseAddress, cancellation: Cancellation
  ) throws(StoreError) {
    self.address = address
    let client = ClickHouseClient(address)
    version = try client.version(cancellation: cancellation)
    func number(_ sql: String) throws(StoreError) -> Int64? {
      try client.row(sql, cancellation: cancellation).map { $0.integer(0) }
    }
    readonly = Int(try number("SELECT toInt64(getSetting('readonly'))") ?? 0)
    let mayChange = readonly == 0
    let database = address.database.clickHouseIdentifier
    mayRead = try number("CHECK GRANT SELECT ON \(database).*") == 1
    let writes = try number("CHECK GRANT INSERT, ALTER DELETE, ALTER UPDATE ON \(database).*")
    mayWrite = mayChange && writes == 1
    let creates = try number("CHECK GRANT CREATE TABLE, CREATE VIEW ON \(database).*")
    mayCreate = mayChange && creates == 1
    state = try ClickHouseSchema.state(client, cancellation: cancellation)
    if case .ready = state {
      eventCount = try number("SELECT count() FROM events")
    } else {
      eventCount = nil
    }
  }

  /// The reason why a store cannot be read, and the remedy.
  typealias Problem = (message: String, help: String)

  /// Returns the problem with a server that is too old; `nil` if it is not.
  static func problem(ofServer version: String) -> Problem? {
    func parts(_ version: String) -> [Int] {
      version.split(separator: ".").prefix(2).map { Int($0) ?? 0 }
    }
    guard parts(version).lexicographicallyPrecedes(parts(oldestVersion)) else { return nil }
    return (
      "the server has the version \(version)",
      "use ClickHouse \(oldestVersion) or newer; 26.9 is the one that was tried"
    )
  }

  /// Returns the problem with a user who may not send settings; `nil` if there is none.
  static func problem(ofReadonly level: Int, user: String) -> Problem? {
    guard level == 1 else { return nil }
    return (
      "the user '\(user)' may not change any setting, and queries need some",
      "have an administrator run: CREATE SETTINGS PROFILE insights SETTINGS readonly = 2 TO \(user.clickHouseIdentifier)"
    )
  }

  /// The result as named statistics.
  public var figures: [(name: String, value: Value)] {
    let tables =
      switch state {
      case .missing: "none"
      case .unfinished: "unfinished"
      case .ready(let layout): layout.cluster.map { "on the cluster \($0)" } ?? "complete"
      }
    func word(_ isSo: Bool) -> Value { .text(isSo ? "yes" : "no") }
    return [
      ("server", .text("\(address.host):\(address.port)")), ("version", .text(version)),
      ("user", .text(address.user)), ("database", .text(address.database)),
      ("may_read", word(mayRead)), ("may_write", word(mayWrite)),
      ("may_create", word(mayCreate)), ("tables", .text(tables)),
      ("events", eventCount.map(Value.integer) ?? .null),
    ]
  }

  /// The problems that prevent the use of the store, with next steps; empty if there are none.
  public var problems: [(message: String, help: String)] {
    var problems: [(message: String, help: String)] = []
    let user = address.user.clickHouseIdentifier
    let database = address.database.clickHouseIdentifier
    problems += [
      Self.problem(ofServer: version), Self.problem(ofReadonly: readonly, user: address.user),
    ].compactMap { $0 }
    if !mayRead {
      problems.append(
        (
          "the user '\(address.user)' may not read the database '\(address.database)'",
          "have an administrator run: GRANT SELECT ON \(database).* TO \(user)"
        ))
    }
    switch state {
    case .ready: break
    case .missing, .unfinished:
      let rights =
        "have an administrator run: GRANT SELECT, INSERT, ALTER DELETE, ALTER UPDATE, CREATE TABLE, CREATE VIEW ON \(database).* TO \(user)"
      problems.append(
        (
          state == .missing
            ? "there are no tables in the database '\(address.database)'"
            : "the tables in the database '\(address.database)' are not complete",
          mayCreate && mayWrite
            ? "the first ingest makes them: insights ingest <path> --db \(address)" : rights
        ))
    }
    return problems
  }
}
