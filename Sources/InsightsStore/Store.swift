internal import InsightsFunctions
internal import InsightsScan
public import InsightsSQLite
internal import Glibc
public import InsightsModel
internal import InsightsText
public import InsightsThreads

/// A store: one SQLite file with the schema of `Schema`, open for queries or for new events.
///
/// Not thread-safe, like its connection. `close` it after writing, so that it is a single file
/// again.
public final class Store {
  /// The purpose for which a store is opened.
  public enum Access: Sendable {
    case readOnly
    /// Reading and writing; only one process at a time may write, until it releases its lock.
    case readWrite
    /// Like `readWrite`, but for a single ingest.
    ///
    /// A newly created store has no write-ahead log, so that pages are written only once. Readers
    /// then wait while a transaction is written, and the ingest waits for readers.
    case ingest
  }

  /// The location of a private store, which is deleted with its process.
  public enum Place: Sendable { case temporaryFile, memory }

  /// The path of the file.
  public let path: String
  /// The connection to the file.
  public let connection: Connection
  /// The events if they are on another machine; `nil` for a store with its own events.
  public let remote: (any RemoteEvents)?
  /// The selection of remote facts that were copied to the local tables; `nil` if there are none.
  var copiedFacts: FactSelection?
  let access: Access
  /// The segments, for scans.
  private(set) lazy var segmentList = SegmentList(connection: connection)
  /// Whether the store was created when it was opened.
  public private(set) var isNew = false
  /// Whether pages are written without a write-ahead log; each transaction is then on disk at its
  /// end, which is slower.
  public var isWrittenOnce: Bool { isNew && access == .ingest }

  /// Opens the store at `path`; with `.readWrite` a missing one is created.
  ///
  /// It waits for other processes according to `waiting`: for writing, until no other process
  /// writes; for the first write, also until no other process reads.
  ///
  /// - Throws: `StoreError.unavailable`, `.notAStore` for any other file, `.damaged` also for a
  ///   schema that differs from this version's, `.empty`, `.needsRecovery`, `.version` for a store
  ///   of another version of `insights`, `.writeFailed`, `.timedOut`, `.interrupted`.
  public convenience init(
    path: String, access: Access, waiting: Waiting = Waiting()
  ) throws(StoreError) {
    switch access {
    case .readOnly:
      Store.recover(path: path)
      do throws(StoreError) {
        try self.init(Store.connectionForReading(path: path, waiting), access)
      } catch {
        switch error {
        case .unavailable, .writeFailed:
          throw Store.log(thatBlocks: path).map { .needsRecovery(path: path, log: $0) } ?? error
        default: throw error
        }
      }
    case .readWrite, .ingest:
      let lock = try WriterLock(ofStoreAt: path, waiting: waiting)
      try self.init(
        Connection(path: path, mode: .readWrite, waiting: waiting, holding: lock), access)
    }
  }

  /// Creates an empty private store.
  public convenience init(_ place: Place, waiting: Waiting = Waiting()) throws(StoreError) {
    try self.init(
      Connection(path: "", mode: place == .memory ? .inMemory : .temporary, waiting: waiting),
      .readWrite)
  }

  /// Creates a store without events of its own; its statements read the events on another machine.
  public convenience init(over remote: any RemoteEvents, waiting: Waiting) throws(StoreError) {
    try self.init(Connection(path: "", mode: .inMemory, waiting: waiting), .readWrite, remote)
    try prepareForQueries()
  }

  private init(
    _ connection: Connection, _ access: Access, _ remote: (any RemoteEvents)? = nil
  ) throws(StoreError) {
    path = remote?.address ?? connection.path
    self.connection = connection
    self.access = access
    self.remote = remote
    // Temporary tables stay in files, so that a sort that does not fit in the cache spills.
    if access == .readOnly {
      try prepareForQueries()
    } else {
      try connection.execute("PRAGMA cache_size = -32768")
    }
    try prepareSchema()
  }

  /// Opens the same store over the connection of another thread.
  ///
  /// - Throws: `StoreError.unavailable` if there are tables that only the other connection has.
  init(readingBeside other: Store, _ connection: Connection) throws(StoreError) {
    guard other.connection.functionWorkspace.lookupTables.isEmpty else {
      throw .unavailable(path: other.path, reason: "its lookup tables are elsewhere")
    }
    path = other.path
    self.connection = connection
    access = .readOnly
    remote = other.remote
    try prepareForQueries()
    try connection.registerFunctions()
  }

  /// Makes the functions of queries available to the store's statements.
  ///
  /// - Throws: `StoreError` if there is not enough memory.
  public func registerFunctions() throws(StoreError) { try connection.registerFunctions() }

  /// The requests that the scans of statements can evaluate.
  public var scanCapabilities: ScanCapabilities {
    remote?.capabilities ?? Self.scanCapabilities
  }

  /// The relations that are scanned, rather than tables of the connection.
  var scannedRelations: Set<String> { scanCapabilities.relations }

  /// Makes statements end from now on when `cancellation` is cancelled.
  ///
  /// It has no effect on a store that is open for writing, since the writer decides when to stop.
  public func obey(_ cancellation: Cancellation) {
    connection.waiting.cancellation = cancellation
    connection.watchCancellation()
  }

  /// Limits the size of SQLite's sorts from now on, as for a store that is opened for reading.
  ///
  /// SQLite sorts the content of its cache at once without interruption: 64 MB took a second, 1 MB
  /// takes some 20 ms, and the total time is the same.
  public func prepareForQueries() throws(StoreError) {
    try connection.execute("PRAGMA cache_size = -1024")
  }

  /// Frees the pages that SQLite keeps, up to the 32 MB of its cache; those that are needed are read
  /// again.
  public func emptyCache() { connection.emptyCache() }

  /// Makes every commit wait until it is on disk, even if the machine fails.
  public func makeCommitsDurable() throws(StoreError) {
    try connection.execute("PRAGMA synchronous = FULL")
  }

  /// Releases the lock between two writes of a store that stays open.
  public func letOthersWrite() { connection.releaseWriterLock() }

  /// Locks the store again after `letOthersWrite`, waiting for other writers.
  ///
  /// - Returns: a number that changes if another process has written since.
  public func goOnWriting() throws(StoreError) -> Int {
    try connection.takeWriterLock()
    return try integer("PRAGMA data_version")
  }

  /// Checkpoints the write-ahead log into the file and removes it; returns false if another process
  /// reads the store, so that the log is left to the next command.
  ///
  /// The store may still be read afterwards.
  @discardableResult
  public func close() throws(StoreError) -> Bool {
    guard access != .readOnly else { return true }
    return try connection.leaveWALMode()
  }

  /// Deletes a store that was created by opening it and is still empty.
  ///
  /// Returns true if it was deleted; the store is unusable then.
  public func removeIfNothingIsStored() throws(StoreError) -> Bool {
    guard isNew, !path.isEmpty, try integer("SELECT count(*) FROM main.segments") == 0 else {
      return false
    }
    // Not closed first: on a full disk the log cannot be checkpointed.
    for suffix in ["", "-wal", "-shm", "-journal"] {
      _ = (path + suffix).withSystemPath { unlink($0) }
    }
    return true
  }

  private func prepareSchema() throws(StoreError) {
    let applicationID = try integer("PRAGMA application_id")
    if applicationID == 0, try integer("SELECT count(*) FROM sqlite_schema") == 0 {
      guard access != .readOnly else {
        throw FileStatus(path)?.size == 0 ? .empty(path: path) : .notAStore(path: path)
      }
      isNew = true
      // Larger pages would leave more of their space unused by the blocks of segments.
      try connection.execute("PRAGMA page_size = \(PageChecksum.pageSize)")
      try connection.reserveChecksums()
      // This is the only way to reserve room for checksums in an empty database of another program.
      if try integer("PRAGMA page_count") > 0, !connection.hasChecksums {
        try connection.execute("VACUUM")
      }
      try connection.execute(
        """
        BEGIN EXCLUSIVE;
        PRAGMA application_id = \(Schema.applicationID);
        PRAGMA user_version = \(Schema.version);
        \(Schema.statements)
        COMMIT;
        """)
      guard connection.hasChecksums else { throw .notAStore(path: path) }
    } else {
      guard applicationID == Schema.applicationID else { throw .notAStore(path: path) }
      try checkVersion()
      try Schema.check(connection)
    }
    guard access != .readOnly else { return }
    if !isWrittenOnce { try connection.enterWALMode() }
    // Debian's SQLite overwrites deleted content with zeros; logs are not secret from their owner.
    try connection.execute(
      """
      PRAGMA synchronous = NORMAL;
      PRAGMA secure_delete = OFF;
      PRAGMA wal_autocheckpoint = 4096;
      """)
  }

  /// Checks the version of the store; another version is reported only if its first page is intact.
  private func checkVersion() throws(StoreError) {
    let version = try integer("PRAGMA user_version")
    let shouldHaveChecksums = !(1..<Schema.firstVersionWithChecksums).contains(version)
    guard connection.hasChecksums == shouldHaveChecksums else {
      throw .damaged(path: path, reason: "its header is not what was written")
    }
    guard version == Schema.version else {
      throw .version(found: version, supported: Schema.version)
    }
  }

  private func integer(_ sql: String) throws(StoreError) -> Int {
    let statement = try connection.prepare(sql)
    return try statement.step() ? Int(statement.integer(at: 0)) : 0
  }

  /// Applies the logs that a writer left, so that reading creates no files beside the store.
  ///
  /// A writer leaves one when it is killed, or when others are reading. Failure is ignored: a
  /// writer may be active or the folder read-only, and reading usually works anyway.
  public static func recover(path: String) {
    guard FileStatus(path)?.kind == .file, logs.contains(where: { FileStatus(path + $0) != nil })
    else { return }
    leaveWALMode(path: path)
  }

  private static func connectionForReading(
    path: String, _ waiting: Waiting
  ) throws(StoreError) -> Connection {
    func open() throws(StoreError) -> Connection {
      try Connection(path: path, mode: .readOnly, waiting: waiting)
    }
    var connection: Connection? = try open()
    if let connection, try !connection.isInWALMode() { return connection }
    connection = nil
    // Another tool has left it like this, or a writer is active; reading would leave a log.
    leaveWALMode(path: path)
    return try open()
  }

  private static func leaveWALMode(path: String) {
    guard let lock = WriterLock(ofStoreIfFree: path),
      let connection = try? Connection(
        path: path, mode: .existing, waiting: Waiting(), holding: lock)
    else { return }
    connection.stopWaiting()
    // The first read of the file rolls back what was not committed. The journal mode of another
    // program's database must not be changed.
    guard let statement = try? connection.prepare("PRAGMA application_id"),
      (try? statement.step()) == true, statement.integer(at: 0) == Int64(Schema.applicationID)
    else { return }
    statement.reset()
    try? connection.execute("PRAGMA journal_mode = DELETE")
  }

  /// SQLite's suffixes for the logs of a database.
  private static let logs = ["-wal", "-journal"]

  /// Returns the log without which the store cannot be read, and which cannot be applied because
  /// nothing may be written.
  private static func log(thatBlocks path: String) -> String? {
    let folder = path.lastIndex(of: "/").map { String(path[...$0]) } ?? "."
    let mayWrite = [path, folder].allSatisfy { $0.withSystemPath { Glibc.access($0, W_OK) == 0 } }
    return mayWrite ? nil : logs.map { path + $0 }.first { FileStatus($0) != nil }
  }
}
