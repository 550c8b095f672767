/// Why the store could not do what was asked.
public enum StoreError: Error, Equatable {
  /// There is no file at the path, or it cannot be read or created. `reason` is the system's or SQLite's text.
  case unavailable(path: String, reason: String)
  /// The file is a SQLite database of something else, or no database at all.
  case notAStore(path: String)
  /// The store is not what was written: by a fault, or as another program has changed it. `reason`
  /// says what and where.
  case damaged(path: String, reason: String)
  /// The store was written by another version of `insights`.
  case version(found: Int, supported: Int)
  /// The disk is full or the file system failed while writing.
  case writeFailed(reason: String)
  /// A pattern ran away on some event: it hit the limit of matching steps.
  case patternTooExpensive
  /// The groups, sort keys and distinct values of a query take more than so many bytes.
  case memoryLimitExceeded(limit: Int)
  /// The query would do more than one query may.
  case limitReached(QueryLimit)
  /// The query was stopped before its end, by a time limit or the user.
  case interrupted
  /// Any other failure of SQLite; a bug in `insights` where the SQL is ours.
  case sqlite(code: Int, message: String, sql: String)
}
