internal import CSQLite

extension Connection {
  /// Calls `body` in a transaction, with up to `count` other connections to the same file that are in
  /// transactions which see the same state of it; for work on several threads.
  ///
  /// There are fewer, or none, where the database is in memory, where this connection is in a
  /// transaction already, and where a writer is at work.
  func withSiblings<Result>(
    _ count: Int, _ body: ([Connection]) throws -> Result
  ) throws -> Result {
    guard sqlite3_get_autocommit(handle) != 0 else { return try body([]) }
    let opened = isFile ? (0..<max(count, 0)).compactMap { _ in try? sibling() } : []
    try execute("BEGIN")
    // Nothing was written.
    defer { try? execute("COMMIT") }
    // Makes the transaction begin: from now on this state is seen.
    _ = try dataVersion()
    var siblings: [Connection] = []
    for (sibling, version) in opened {
      try? sibling.execute("BEGIN")
      // The same before and after this transaction began: nothing was committed in between.
      if (try? sibling.dataVersion()) == version { siblings.append(sibling) }
    }
    return try body(siblings)
  }

  /// Another connection for reading, and the version of what it sees.
  private func sibling() throws(StoreError) -> (connection: Connection, version: Int64) {
    let sibling = try Connection(path: path, mode: .readOnly, waiting: waiting)
    // A writer that waits for this connection must not be waited for.
    sibling.stopWaiting()
    sibling.watchCancellation()
    return (sibling, try sibling.dataVersion())
  }

  /// A number that changes for this connection when another one has committed something.
  private func dataVersion() throws(StoreError) -> Int64 {
    let statement = try prepare("PRAGMA data_version")
    return try statement.step() ? statement.integer(at: 0) : 0
  }
}
