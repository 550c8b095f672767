public import InsightsModel
public import InsightsStore
public import InsightsThreads

/// The properties of a store that one request returns before it is read; the request also checks
/// that the store is readable.
public struct OpenedStore: Sendable {
  /// The state of the events.
  public let state: RemoteState

  /// The statement is sent without settings, so that it also works for a user who may not send any.
  ///
  /// The server computes these statistics of the events without reading them.
  private static let statement = """
    SELECT (SELECT version FROM \(ClickHouseSchema.versionView)), version(),
      toInt64(getSetting('readonly')), \(RemoteState.columns)
    FROM events
    """

  /// Checks that the tables have the version that this code reads, and that the user may read them.
  ///
  /// - Throws: `StoreError.version`; `.remote` if the server is too old, if the user lacks
  ///   permissions, or if there are no tables.
  public init(
    _ client: ClickHouseClient, cancellation: Cancellation
  ) throws(StoreError) {
    do throws(StoreError) {
      try self.init(
        client.row(Self.statement, cancellation: cancellation), user: client.address.user)
    } catch .remote(let failure) where failure.kind == .unexpected || failure.code != nil {
      // Tables of another version may have other columns, but always have a version number.
      _ = try ClickHouseSchema.layout(client, cancellation)
      throw .remote(failure)
    }
  }

  private init(_ row: ClickHouseRows.Row?, user: String) throws(StoreError) {
    guard let row else {
      throw .remote(RemoteFailure(.unexpected, "the server does not say the version of the store"))
    }
    try ClickHouseSchema.require(version: row.integer(0))
    let check = (server: row.text(1), readonly: Int(row.integer(2)))
    if let problem = ServerCheck.problem(ofServer: check.server)
      ?? ServerCheck.problem(ofReadonly: check.readonly, user: user)
    {
      throw .remote(RemoteFailure(.unavailable, problem.message, help: [problem.help]))
    }
    state = RemoteState(row, at: 3)
  }
}

extension RemoteState {
  fileprivate static let columns = "count(), min(timestamp_ms), max(timestamp_ms)"

  /// Reads the state from a row, whose columns from `column` on are `columns`.
  fileprivate init(_ row: ClickHouseRows.Row, at column: Int) {
    let count = Int(clamping: row.integer(column))
    self.init(
      eventCount: count,
      timestamps: count == 0 ? nil : row.integer(column + 1)...row.integer(column + 2))
  }
}

/// The request for the state of a store whose version and rights are known, sent while other work
/// goes on.
final class BegunCheck {
  private let answer: ClickHouseAnswer

  /// Sends the request; returns `nil` if it cannot be sent.
  init?(_ client: ClickHouseClient, _ cancellation: Cancellation) {
    let statement = "SELECT \(RemoteState.columns) FROM events"
    guard let answer = try? client.send(statement, cancellation: cancellation) else { return nil }
    self.answer = answer
  }

  /// Waits for the reply; returns `nil` on any failure, which the request for all of the store's
  /// properties would report.
  func state() -> RemoteState? {
    do throws(StoreError) {
      try answer.begin()
      let rows = try ClickHouseRows(answer)
      let row = try rows.next()
      while try rows.next() != nil {}
      return row.map { RemoteState($0, at: 0) }
    } catch {
      return nil
    }
  }
}
