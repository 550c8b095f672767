package import InsightsModel
internal import CSQLite

extension Connection {
  /// Whether a transaction has begun and not ended.
  package var isInTransaction: Bool { sqlite3_get_autocommit(handle) == 0 }

  /// Calls `body` in a transaction, with up to `count` other connections in transactions that see
  /// the same state of the file; for work on several threads.
  ///
  /// There are fewer, or none, if the database is in memory, this connection is already in a
  /// transaction, or a writer is active.
  package func withSiblings<Result>(
    _ count: Int, _ body: ([Connection]) throws -> Result
  ) throws -> Result {
    guard !isInTransaction else { return try body([]) }
    let opened = isFile ? (0..<max(count, 0)).compactMap { _ in try? sibling() } : []
    try execute("BEGIN")
    // Nothing was written.
    defer { try? execute("COMMIT") }
    // This read begins the transaction and fixes the state that it sees.
    _ = try dataVersion()
    var siblings: [Connection] = []
    for (sibling, version) in opened {
      try? sibling.execute("BEGIN")
      // Equal before and after the sibling's transaction began, so nothing was committed in
      // between.
      if (try? sibling.dataVersion()) == version { siblings.append(sibling) }
    }
    return try body(siblings)
  }

  /// Opens another connection for reading; returns the version of the state that it sees.
  private func sibling() throws(StoreError) -> (connection: Connection, version: Int64) {
    let sibling = try Connection(path: path, mode: .readOnly, waiting: waiting)
    // Must not wait for a writer that waits for this connection.
    sibling.stopWaiting()
    sibling.watchCancellation()
    return (sibling, try sibling.dataVersion())
  }

  /// Returns a number that changes when another connection commits; within a transaction, one that
  /// belongs to what it sees.
  package func dataVersion() throws(StoreError) -> Int64 {
    let statement = try prepare("PRAGMA data_version")
    return try statement.step() ? statement.integer(at: 0) : 0
  }
}
