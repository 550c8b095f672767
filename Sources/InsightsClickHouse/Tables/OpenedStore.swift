public import InsightsModel
public import InsightsThreads

/// The properties of a store that one request returns before it is read; the request also checks
/// that the store is readable.
public struct OpenedStore: Sendable {
  /// The number of events.
  public let eventCount: Int
  /// A text that changes whenever events are added or removed.
  public let contentVersion: String

  /// Checks that the tables have the version that this code reads, and that the user may read them.
  ///
  /// - Throws: `StoreError.version`; `.remote` if the server is too old, if the user lacks
  ///   permissions, or if there are no tables.
  public init(
    _ client: ClickHouseClient, cancellation: Cancellation
  ) throws(StoreError) {
    // The statement is sent without settings, so that it also works for a user who may not send
    // any. The server computes these statistics of the events without reading them.
    let sql = """
      SELECT s.version, version(), toInt64(getSetting('readonly')), e.n, e.earliest, e.latest
      FROM \(ClickHouseSchema.versionView) AS s
      CROSS JOIN (SELECT count() AS n, min(timestamp_ms) AS earliest, max(timestamp_ms) AS latest FROM events) AS e
      """
    let row: ClickHouseRows.Row?
    do throws(StoreError) {
      row = try client.row(sql, cancellation: cancellation)
    } catch .remote(let failure) where failure.kind == .unexpected || failure.code != nil {
      // Tables of another version may have other columns, but always have a version number.
      _ = try ClickHouseSchema.layout(client, cancellation)
      throw .remote(failure)
    }
    guard let row else {
      throw .remote(RemoteFailure(.unexpected, "the server does not say the version of the store"))
    }
    try ClickHouseSchema.require(version: row.integer(0))
    let check = (server: row.text(1), readonly: Int(row.integer(2)))
    if let problem = ServerCheck.problem(ofServer: check.server)
      ?? ServerCheck.problem(ofReadonly: check.readonly, user: client.address.user)
    {
      throw .remote(RemoteFailure(.unavailable, problem.message, help: [problem.help]))
    }
    eventCount = Int(clamping: row.integer(3))
    contentVersion = (3...5).map { "\(row.integer($0))" }.joined(separator: " ")
  }
}
