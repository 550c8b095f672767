/// Why the store could not do what was asked.
public enum StoreError: Error, Equatable {
  /// There is no file at the path, or it cannot be read or created. `reason` is the system's or SQLite's text.
  case unavailable(path: String, reason: String)
  /// The file is a SQLite database of something else, or no database at all.
  case notAStore(path: String)
  /// The store is not what was written: by a fault, or as another program has changed it. `reason`
  /// says what and where.
  case damaged(path: String, reason: String)
  /// There is nothing in the file yet: the ingest that made it has stored nothing so far.
  case empty(path: String)
  /// A process that was killed left the store with a log, which cannot be worked off, since file or folder must not be written.
  case needsRecovery(path: String, log: String)
  /// The store was written by another version of `insights`.
  case version(found: Int, supported: Int)
  /// The disk is full or the file system failed while writing.
  case writeFailed(reason: String)
  /// The folder for temporary files is full, or cannot be written.
  case temporaryFolder(path: String, reason: String)
  /// A pattern ran away on some event: it hit the limit of matching steps.
  case patternTooExpensive
  /// The groups, sort keys and distinct values of a query take more than so many bytes.
  case memoryLimitExceeded(limit: Int)
  /// The query would do more than one query may.
  case limitReached(QueryLimit)
  /// The work was stopped before its end, by the user.
  case interrupted
  /// The time limit was reached.
  case timedOut
  /// A store on another machine could not do it.
  case remote(RemoteFailure)
  /// Any other failure of SQLite; a bug in `insights` where the SQL is ours.
  case sqlite(code: Int, message: String, sql: String)
}
