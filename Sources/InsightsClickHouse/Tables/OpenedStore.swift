public import InsightsModel
public import InsightsThreads

/// What one request tells of a store before it is read: that it can be, and what it has.
public struct OpenedStore: Sendable {
  /// How many events there are.
  public let eventCount: Int
  /// A text that differs when events have come or gone.
  public let contentVersion: String

  /// Makes sure that the tables are of the version that this code reads, and that the user may read them.
  ///
  /// - Throws: `StoreError.version`, and `.remote` for a server or a user that cannot be worked with, and
  ///   where there are no tables.
  public init(
    _ client: ClickHouseClient, cancellation: Cancellation
  ) throws(StoreError) {
    // It is sent without settings, so that it also answers a user who may send none. The server knows the figures
    // of the events without reading them.
    let sql = """
      SELECT s.version, version(), toInt64(getSetting('readonly')), e.n, e.earliest, e.latest
      FROM \(ClickHouseSchema.versionView) AS s
      CROSS JOIN (SELECT count() AS n, min(timestamp_ms) AS earliest, max(timestamp_ms) AS latest FROM events) AS e
      """
    let row: ClickHouseRows.Row?
    do throws(StoreError) {
      row = try client.row(sql, cancellation: cancellation)
    } catch .remote(let failure) where failure.kind == .unexpected || failure.code != nil {
      // Tables of another version may have other columns; their number is always there.
      _ = try ClickHouseSchema.layout(client, cancellation)
      throw .remote(failure)
    }
    guard let row else {
      throw .remote(RemoteFailure(.unexpected, "the version of the store is not told"))
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
