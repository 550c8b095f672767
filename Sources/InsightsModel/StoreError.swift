/// Why an operation of a store failed.
public enum StoreError: Error, Equatable {
  /// There is no file at the path, or it cannot be read or created.
  ///
  /// `reason` is the message of the system or of SQLite.
  case unavailable(path: String, reason: String)
  /// The file is another SQLite database, or not a database.
  case notAStore(path: String)
  /// The store differs from what was written, by a fault or a change of another program.
  ///
  /// `reason` says what and where.
  case damaged(path: String, reason: String)
  /// The file is still empty: the ingest that created it has stored nothing so far.
  case empty(path: String)
  /// A killed process left the store with a log, which cannot be applied because file or folder is
  /// read-only.
  case needsRecovery(path: String, log: String)
  /// The store was written by another version of `insights`.
  case version(found: Int, supported: Int)
  /// The disk is full or the file system failed while writing.
  case writeFailed(reason: String)
  /// The folder for temporary files is full or read-only.
  case temporaryFolder(path: String, reason: String)
  /// A pattern reached the limit of matching steps on an event.
  case patternTooExpensive
  /// The groups, sort keys and distinct values of a query need more memory than `limit` bytes.
  case memoryLimitExceeded(limit: Int)
  /// The query reached a limit.
  case limitReached(QueryLimit)
  /// The user stopped the work.
  case interrupted
  /// The time limit was reached.
  case timedOut
  /// A store on another machine failed.
  case remote(RemoteFailure)
  /// Any other failure of SQLite; a bug in `insights` if the SQL is ours.
  case sqlite(code: Int, message: String, sql: String)
}
