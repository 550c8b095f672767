public import InsightsModel
internal import CSQLite
internal import Glibc
internal import InsightsText
internal import InsightsThreads

/// The state that the functions on a connection share.
package protocol FunctionState: AnyObject {
  /// The error with which a function has stopped the statement.
  var failure: StoreError? { get }
}

/// A connection to one SQLite database file.
///
/// Not thread-safe: one connection belongs to one thread at a time. Statements must not outlive it.
public final class Connection {
  /// The mode of opening a database.
  public enum Mode: Sendable {
    case readOnly
    /// Creates the file if it does not exist.
    case readWrite
    /// Fails if the file does not exist.
    case existing
    /// A private database in an unlinked temporary file; the path is ignored.
    case temporary
    /// A private database in memory; the path is ignored.
    case inMemory
  }

  /// SQLite's maximum size of a value or row; functions of the language return smaller ones.
  private static let valueByteLimit: Int32 = 512 << 20

  /// The path of the file.
  public let path: String
  package let handle: OpaquePointer
  /// The state that the functions registered on this connection share.
  package var functionState: (any FunctionState)?
  /// The maximum time to wait for other processes, and the cancellation of statements.
  public var waiting: Waiting
  /// The current wait for other processes.
  private var wait: Wait?
  private let mode: Mode
  /// Held while the database is open, unless released earlier.
  private var writerLock: WriterLock?

  /// Opens a database and configures the connection.
  ///
  /// - Throws: `StoreError.unavailable` if the file cannot be opened.
  public convenience init(
    path: String, mode: Mode, waiting: Waiting = Waiting()
  ) throws(StoreError) {
    try self.init(path: path, mode: mode, waiting: waiting, holding: nil)
  }

  /// The same with a lock that is released only after the database is closed.
  package init(
    path: String, mode: Mode, waiting: Waiting, holding lock: WriterLock?
  ) throws(StoreError) {
    self.path = path
    self.mode = mode
    self.waiting = waiting
    writerLock = lock
    var flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE
    switch mode {
    case .readOnly: flags |= SQLITE_OPEN_READONLY
    case .existing: flags |= SQLITE_OPEN_READWRITE
    case .readWrite, .temporary: flags |= SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
    case .inMemory: flags |= SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_MEMORY
    }
    let name =
      switch mode {
      case .inMemory: ":memory:"
      case .temporary: ""
      // Some names have a special meaning in SQLite, but not after a folder.
      case .readOnly, .existing, .readWrite: path.hasPrefix("/") ? path : "./" + path
      }
    if let kind = mode == .temporary ? nil : FileStatus(name)?.kind, kind != .file, kind != .folder
    {
      // Opening a pipe would block until another process writes to it.
      throw .unavailable(path: path, reason: "it is a \(kind.rawValue), not a file")
    }
    var opened: OpaquePointer?
    let code = name.withSystemPath { sqlite3_open_v2($0, &opened, flags, ChecksumVFS.name) }
    guard code == SQLITE_OK, let opened else {
      let reason = String(cString: sqlite3_errstr(code))
      sqlite3_close_v2(opened)
      throw .unavailable(path: path, reason: reason)
    }
    handle = opened
    sqlite3_busy_handler(
      handle,
      { connection, count in
        guard let connection else { return 0 }
        return Unmanaged<Connection>.fromOpaque(connection).takeUnretainedValue()
          .waitsAgain(after: count) ? 1 : 0
      }, Unmanaged.passUnretained(self).toOpaque())
    // By default SQLite treats an unknown "name" as the text 'name'; a misspelt column must be an
    // error.
    _ = insights_sqlite3_db_config(handle, SQLITE_DBCONFIG_DQS_DML, 0)
    _ = insights_sqlite3_db_config(handle, SQLITE_DBCONFIG_DQS_DDL, 0)
    _ = sqlite3_limit(handle, SQLITE_LIMIT_LENGTH, Self.valueByteLimit)
    // The schema of a foreign store must not call functions or use virtual tables.
    _ = insights_sqlite3_db_config(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0)
    _ = insights_sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0)
  }

  deinit {
    sqlite3_close_v2(handle)
  }

  /// Releases the lock, so that others can write.
  package func releaseWriterLock() { writerLock = nil }

  /// Acquires the released lock again, waiting for others.
  package func takeWriterLock() throws(StoreError) {
    if writerLock == nil { writerLock = try WriterLock(ofStoreAt: path, waiting: waiting) }
  }

  /// Ends statements from now on when `waiting` is cancelled or over its deadline.
  package func watchCancellation() {
    sqlite3_progress_handler(
      handle, Self.stepsBetweenChecks,
      { connection in
        guard let connection else { return 0 }
        return Unmanaged<Connection>.fromOpaque(connection).takeUnretainedValue()
          .waiting.cancellation.check() ? 1 : 0
      }, Unmanaged.passUnretained(self).toOpaque())
  }

  /// The number of SQLite instructions between two checks; some of them call slow functions.
  private static let stepsBetweenChecks: Int32 = 1000

  /// Makes SQLite fail immediately if others hold a lock.
  package func stopWaiting() {
    sqlite3_busy_handler(handle, nil, nil)
  }

  /// Whether to try again, after SQLite has found the database locked `count` times in a row.
  private func waitsAgain(after count: Int32) -> Bool {
    if count == 0 || wait == nil { wait = Wait(waiting) }
    return (try? wait?.pause()) != nil
  }

  /// Runs statements without results, separated by semicolons.
  public func execute(_ sql: String) throws(StoreError) {
    let code = sqlite3_exec(handle, sql, nil, nil, nil)
    guard code == SQLITE_OK else { throw error(code, sql: sql) }
  }

  /// Prepares a statement.
  ///
  /// - Throws: `StoreError`.
  public func prepare(_ sql: String) throws(StoreError) -> Statement {
    var statement: OpaquePointer?
    let code = sqlite3_prepare_v3(
      handle, sql, Int32(sql.utf8.count), UInt32(SQLITE_PREPARE_PERSISTENT), &statement, nil)
    guard code == SQLITE_OK, let statement else { throw error(code, sql: sql) }
    return Statement(handle: statement, connection: self)
  }

  /// Frees the pages in memory that no statement uses.
  public func emptyCache() { sqlite3_db_release_memory(handle) }

  /// Runs `body` in a write transaction; rolls back if it throws.
  public func transaction<Result>(_ body: () throws -> Result) throws -> Result {
    try execute("BEGIN IMMEDIATE")
    do {
      let result = try body()
      try execute("COMMIT")
      return result
    } catch {
      // Report the original error, not one of the rollback.
      try? execute("ROLLBACK")
      throw error
    }
  }

  package func isInWALMode() throws(StoreError) -> Bool {
    let statement = try prepare("PRAGMA journal_mode")
    return try statement.step() && statement.text(at: 0) == "wal"
  }

  /// Switches to a write-ahead log; waits until readers release the file.
  ///
  /// SQLite itself does not wait here.
  package func enterWALMode() throws(StoreError) {
    var wait = Wait(waiting)
    while try !changeJournal(to: "WAL") { try wait.pause() }
  }

  /// Checkpoints the log into the file and removes it; returns false if there are still readers.
  ///
  /// It waits for them for at most a second.
  package func leaveWALMode() throws(StoreError) -> Bool {
    // Readers may take long, and nothing depends on the result.
    var wait = Wait(Waiting())
    while try !changeJournal(to: "DELETE") {
      guard wait.duration < .seconds(1) else {
        try execute("PRAGMA wal_checkpoint(PASSIVE)")
        return false
      }
      try wait.pause()
    }
    return true
  }

  /// Changes the journal mode; returns false if other connections use the file.
  private func changeJournal(to mode: String) throws(StoreError) -> Bool {
    let sql = "PRAGMA journal_mode = \(mode)"
    let code = sqlite3_exec(handle, sql, nil, nil, nil)
    guard code == SQLITE_OK || code & 0xFF == SQLITE_BUSY else { throw error(code, sql: sql) }
    return code == SQLITE_OK
  }

  /// Reserves room for checksums in the pages of a database that is still empty.
  package func reserveChecksums() throws(StoreError) {
    var count = Int32(PageChecksum.reservedByteCount)
    let code = sqlite3_file_control(handle, "main", SQLITE_FCNTL_RESERVE_BYTES, &count)
    guard code == SQLITE_OK else { throw error(code, sql: "") }
  }

  /// Whether another connection can be opened to the same database.
  package var isFile: Bool {
    guard let name = sqlite3_db_filename(handle, "main") else { return false }
    return name.pointee != 0
  }

  /// Whether the pages of the database have checksums, like those of stores; temporary databases
  /// have none.
  package var hasChecksums: Bool {
    ChecksumVFS.checkedFile(ofDatabase: handle)?.pointee.hasChecksums ?? !isFile
  }

  /// The error that names the page with the mismatch.
  private var checksumError: StoreError {
    let reason =
      switch ChecksumVFS.checkedFile(ofDatabase: handle)?.pointee.damage {
      case .page(let number):
        "page \(number), at byte \((number - 1) * Int64(PageChecksum.pageSize)), "
          + "is not what was written"
      case .log(let offset):
        "its write-ahead log '\(path)-wal' is, at byte \(offset), not what was written"
      case nil: "a page is not what was written"
      }
    return .damaged(path: path, reason: reason)
  }

  /// The id of the last inserted row.
  public var lastInsertedID: Int64 { sqlite3_last_insert_rowid(handle) }

  /// The number of rows changed by the last statement.
  public var changeCount: Int { Int(sqlite3_changes64(handle)) }

  /// The beginnings of SQLite's messages about an oversized statement, for which it has no result
  /// code.
  private static let sizeMessages = [
    "Expression tree is too large", "at most 64 tables in a join", "parser stack overflow",
    "too many SQL variables", "too many columns", "too many references", "too many terms",
  ]

  /// Returns the error for `code`, with SQLite's message.
  package func error(_ code: Int32, sql: String) -> StoreError {
    let message = String(cString: sqlite3_errmsg(handle))
    switch code & 0xFF {
    case SQLITE_ERROR where functionState?.failure != nil:
      return functionState?.failure ?? .interrupted
    case SQLITE_TOOBIG:
      return .limitReached(
        .valueBytes(function: "", limit: Int(sqlite3_limit(handle, SQLITE_LIMIT_LENGTH, -1))))
    case SQLITE_ERROR where Self.sizeMessages.contains(where: message.hasPrefix):
      return .limitReached(.statement(reason: message))
    case SQLITE_NOTADB: return .notAStore(path: path)
    case SQLITE_CORRUPT: return .damaged(path: path, reason: message)
    case SQLITE_IOERR where code == ChecksumVFS.checksumFailure: return checksumError
    case SQLITE_IOERR
    where code == insights_SQLITE_IOERR_READ || code == insights_SQLITE_IOERR_SHORT_READ:
      return .unavailable(path: path, reason: message)
    case SQLITE_INTERRUPT, SQLITE_BUSY:
      if waiting.cancellation.check(), let reason = waiting.cancellation.reason {
        return StoreError(reason)
      }
      if code & 0xFF == SQLITE_INTERRUPT { return .interrupted }
      return .unavailable(path: path, reason: message)
    case SQLITE_FULL where writesTemporaryFilesOnly:
      return .temporaryFolder(path: TemporaryFiles.folder, reason: message)
    case SQLITE_FULL, SQLITE_IOERR, SQLITE_READONLY: return .writeFailed(reason: message)
    case SQLITE_CANTOPEN, SQLITE_PERM, SQLITE_AUTH, SQLITE_LOCKED:
      return .unavailable(path: path, reason: message)
    default: return .sqlite(code: Int(code), message: message, sql: sql)
    }
  }

  /// Whether only a temporary file can have caused a failed write.
  private var writesTemporaryFilesOnly: Bool {
    switch mode {
    case .temporary, .inMemory, .readOnly: true
    case .existing, .readWrite: TemporaryFiles.isFull && !TemporaryFiles.isFull(at: path)
    }
  }
}
