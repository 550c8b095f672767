internal import CSQLite
internal import Glibc

/// A connection to one SQLite database file.
///
/// Not thread-safe: one connection belongs to one thread at a time. Statements must not outlive it.
public final class Connection {
  /// How a database is opened.
  public enum Mode: Sendable {
    case readOnly
    /// Creates the file where it does not exist.
    case readWrite
    /// A private database in memory; the path is ignored.
    case inMemory
  }

  /// Longest value and row that SQLite holds; functions of the language give shorter ones.
  private static let valueByteLimit: Int32 = 512 << 20

  public let path: String
  let handle: OpaquePointer
  /// What the functions of this connection share.
  let functionWorkspace = FunctionWorkspace()

  /// Opens a database and sets what every connection of ours needs.
  ///
  /// - Throws: `StoreError.unavailable` when the file cannot be opened.
  public init(path: String, mode: Mode) throws(StoreError) {
    self.path = path
    var flags = SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE
    switch mode {
    case .readOnly: flags |= SQLITE_OPEN_READONLY
    case .readWrite: flags |= SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
    case .inMemory: flags |= SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_MEMORY
    }
    var opened: OpaquePointer?
    let code = sqlite3_open_v2(
      mode == .inMemory ? ":memory:" : path, &opened, flags, ChecksumVFS.name)
    guard code == SQLITE_OK, let opened else {
      let reason = String(cString: sqlite3_errstr(code))
      sqlite3_close_v2(opened)
      throw .unavailable(path: path, reason: reason)
    }
    handle = opened
    sqlite3_busy_timeout(handle, 10_000)
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

  /// Has writes go to a log beside the file; waits up to ten seconds for others to let go of it.
  ///
  /// SQLite itself does not wait at this, whatever its timeout.
  func enterWALMode() throws(StoreError) {
    let sql = "PRAGMA journal_mode = WAL"
    for _ in 0..<1000 {
      let code = sqlite3_exec(handle, sql, nil, nil, nil)
      if code == SQLITE_OK { return }
      guard code & 0xFF == SQLITE_BUSY else { throw error(code, sql: sql) }
      usleep(10_000)
    }
    throw error(SQLITE_BUSY, sql: sql)
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

  /// The error that `code` stands for, with the connection's own words.
  func error(_ code: Int32, sql: String) -> StoreError {
    let message = String(cString: sqlite3_errmsg(handle))
    switch code & 0xFF {
    case SQLITE_ERROR where functionWorkspace.failure != nil:
      return functionWorkspace.failure ?? .interrupted
    case SQLITE_TOOBIG:
      return .limitReached(
        .valueBytes(function: "", limit: Int(sqlite3_limit(handle, SQLITE_LIMIT_LENGTH, -1))))
    case SQLITE_INTERRUPT: return .interrupted
    case SQLITE_NOTADB: return .notAStore(path: path)
    case SQLITE_CORRUPT: return .damaged(path: path, reason: message)
    case SQLITE_IOERR where code == ChecksumVFS.checksumFailure: return checksumError
    case SQLITE_IOERR
    where code == insights_SQLITE_IOERR_READ || code == insights_SQLITE_IOERR_SHORT_READ:
      return .unavailable(path: path, reason: message)
    case SQLITE_FULL, SQLITE_IOERR, SQLITE_READONLY: return .writeFailed(reason: message)
    case SQLITE_CANTOPEN, SQLITE_PERM, SQLITE_AUTH, SQLITE_BUSY, SQLITE_LOCKED:
      return .unavailable(path: path, reason: message)
    default: return .sqlite(code: Int(code), message: message, sql: sql)
    }
  }
}
