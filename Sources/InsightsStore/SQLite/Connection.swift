internal import CSQLite
internal import Glibc
internal import InsightsText
internal import InsightsThreads

/// A connection to one SQLite database file.
///
/// Not thread-safe: one connection belongs to one thread at a time. Statements must not outlive it.
public final class Connection {
  /// How a database is opened.
  public enum Mode: Sendable {
    case readOnly
    /// Creates the file where it does not exist.
    case readWrite
    /// Does not create it.
    case existing
    /// A private database in a temporary file without a name; the path is ignored.
    case temporary
    /// A private database in memory; the path is ignored.
    case inMemory
  }

  /// Longest value and row that SQLite holds; functions of the language give shorter ones.
  private static let valueByteLimit: Int32 = 512 << 20

  public let path: String
  let handle: OpaquePointer
  /// What the functions of this connection share.
  let functionWorkspace = FunctionWorkspace()
  /// How long other processes are waited for.
  public var waiting: Waiting
  /// The wait for others that is going on.
  private var wait: Wait?
  private let mode: Mode
  /// Held as long as the database is open, or until it is let go of.
  private var writerLock: WriterLock?

  /// Opens a database and sets what every connection of ours needs.
  ///
  /// - Throws: `StoreError.unavailable` when the file cannot be opened.
  public convenience init(
    path: String, mode: Mode, waiting: Waiting = Waiting()
  ) throws(StoreError) {
    try self.init(path: path, mode: mode, waiting: waiting, holding: nil)
  }

  /// The same with a lock that is let go only after the database is closed.
  init(
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
      // Some names mean something to SQLite; with a folder before them they do not.
      case .readOnly, .existing, .readWrite: path.hasPrefix("/") ? path : "./" + path
      }
    if let kind = mode == .temporary ? nil : FileStatus(name)?.kind, kind != .file, kind != .folder
    {
      // Opening a pipe would wait for somebody to write to it.
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
    // SQLite reads an unknown "name" as the text 'name' unless told otherwise; a misspelt column
    // must be an error.
    _ = insights_sqlite3_db_config(handle, SQLITE_DBCONFIG_DQS_DML, 0)
    _ = insights_sqlite3_db_config(handle, SQLITE_DBCONFIG_DQS_DDL, 0)
    _ = sqlite3_limit(handle, SQLITE_LIMIT_LENGTH, Self.valueByteLimit)
    // A store from a stranger must not run functions or open virtual tables through its schema.
    _ = insights_sqlite3_db_config(handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0)
    _ = insights_sqlite3_db_config(handle, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0)
  }

  deinit {
    sqlite3_close_v2(handle)
  }

  /// Lets others write, until the lock is taken again.
  func releaseWriterLock() { writerLock = nil }

  /// Takes the lock that was let go of, when others have let go of it.
  func takeWriterLock() throws(StoreError) {
    if writerLock == nil { writerLock = try WriterLock(ofStoreAt: path, waiting: waiting) }
  }

  /// From now on statements end when `waiting` says that the work has to stop.
  func watchCancellation() {
    sqlite3_progress_handler(
      handle, Self.stepsBetweenChecks,
      { connection in
        guard let connection else { return 0 }
        return Unmanaged<Connection>.fromOpaque(connection).takeUnretainedValue()
          .waiting.cancellation.check() ? 1 : 0
      }, Unmanaged.passUnretained(self).toOpaque())
  }

  /// Instructions of SQLite's between two looks; some of them call functions that take long.
  private static let stepsBetweenChecks: Int32 = 1000

  /// Has SQLite fail at once where others hold a lock.
  func stopWaiting() {
    sqlite3_busy_handler(handle, nil, nil)
  }

  /// SQLite has found the database locked, for the `count`th time in a row.
  private func waitsAgain(after count: Int32) -> Bool {
    if count == 0 || wait == nil { wait = Wait(waiting) }
    return (try? wait?.pause()) != nil
  }

  /// Runs statements that give no rows, separated by semicolons.
  public func execute(_ sql: String) throws(StoreError) {
    let code = sqlite3_exec(handle, sql, nil, nil, nil)
    guard code == SQLITE_OK else { throw error(code, sql: sql) }
  }

  public func prepare(_ sql: String) throws(StoreError) -> Statement {
    var statement: OpaquePointer?
    let code = sqlite3_prepare_v3(
      handle, sql, Int32(sql.utf8.count), UInt32(SQLITE_PREPARE_PERSISTENT), &statement, nil)
    guard code == SQLITE_OK, let statement else { throw error(code, sql: sql) }
    return Statement(handle: statement, connection: self)
  }

  /// Runs `body` in a transaction that writes; rolls back when it throws.
  public func transaction<Result>(_ body: () throws -> Result) throws -> Result {
    try execute("BEGIN IMMEDIATE")
    do {
      let result = try body()
      try execute("COMMIT")
      return result
    } catch {
      // The failure that brought us here is the one to report.
      try? execute("ROLLBACK")
      throw error
    }
  }

  func isInWALMode() throws(StoreError) -> Bool {
    let statement = try prepare("PRAGMA journal_mode")
    return try statement.step() && statement.text(at: 0) == "wal"
  }

  /// Has writes go to a log beside the file; waits for those who read it to let go of it.
  ///
  /// SQLite itself does not wait at this.
  func enterWALMode() throws(StoreError) {
    var wait = Wait(waiting)
    while try !changeJournal(to: "WAL") { try wait.pause() }
  }

  /// Folds the log into the file and removes it; false where others still read the file.
  ///
  /// Waits a second for those at most.
  func leaveWALMode() throws(StoreError) -> Bool {
    // They may read for long, and nobody has to wait for them.
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

  /// False where others hold the file.
  private func changeJournal(to mode: String) throws(StoreError) -> Bool {
    let sql = "PRAGMA journal_mode = \(mode)"
    let code = sqlite3_exec(handle, sql, nil, nil, nil)
    guard code == SQLITE_OK || code & 0xFF == SQLITE_BUSY else { throw error(code, sql: sql) }
    return code == SQLITE_OK
  }

  /// Has the pages of a database that is still empty leave room for checksums.
  func reserveChecksums() throws(StoreError) {
    var count = Int32(PageChecksum.reservedByteCount)
    let code = sqlite3_file_control(handle, "main", SQLITE_FCNTL_RESERVE_BYTES, &count)
    guard code == SQLITE_OK else { throw error(code, sql: "") }
  }

  /// Whether the pages of the database have checksums, as those of a store have; those of a
  /// temporary one need none.
  var hasChecksums: Bool {
    ChecksumVFS.checkedFile(ofDatabase: handle)?.pointee.hasChecksums ?? !isFile
  }

  /// Says which page is not what was written.
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

  public var lastInsertedID: Int64 { sqlite3_last_insert_rowid(handle) }

  /// Rows changed by the last statement.
  public var changeCount: Int { Int(sqlite3_changes64(handle)) }

  /// How SQLite's messages begin about a statement that is larger than it takes: it has no code of
  /// its own for that.
  private static let sizeMessages = [
    "Expression tree is too large", "at most 64 tables in a join", "parser stack overflow",
    "too many SQL variables", "too many columns", "too many references", "too many terms",
  ]

  /// The error that `code` stands for, with the connection's own words.
  func error(_ code: Int32, sql: String) -> StoreError {
    let message = String(cString: sqlite3_errmsg(handle))
    switch code & 0xFF {
    case SQLITE_ERROR where functionWorkspace.failure != nil:
      return functionWorkspace.failure ?? .interrupted
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

  /// Whether what cannot be written must be a temporary file.
  private var writesTemporaryFilesOnly: Bool {
    switch mode {
    case .temporary, .inMemory, .readOnly: true
    case .existing, .readWrite: TemporaryFiles.isFull && !TemporaryFiles.isFull(at: path)
    }
  }
}
