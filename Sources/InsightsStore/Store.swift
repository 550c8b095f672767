internal import Glibc

/// A store: one SQLite file with the schema of `Schema`, open for questions or for new events.
///
/// Not thread-safe, like its connection. `close` it after writing, so that it is one file again.
public final class Store {
  /// What the store is opened for.
  public enum Access: Sendable { case readOnly, readWrite }

  public let path: String
  public let connection: Connection
  private let access: Access
  /// What the scans of the last statement read, each relation of events by itself.
  public internal(set) var lastScans: [ScanFigures] = []
  /// Bytes that the groups, sort keys and distinct values of a scan may take, and those that SQL
  /// functions keep.
  public var scanMemoryLimit = Store.defaultScanMemoryLimit
  private static let defaultScanMemoryLimit = 512 << 20
  /// Rows that one command may make of others, and steps that regexes may take in all; `nil`: as
  /// `QueryBudget` says.
  public var rowBudget: Int?
  public var stepBudget: Int?

  /// Opens the store at `path`; with `.readWrite` it is created where there is none.
  ///
  /// - Throws: `StoreError.unavailable`, `.notAStore` for a file of something else, `.damaged` also
  ///   for a schema that is not ours to the letter, `.version` for a store of another version of
  ///   `insights`, `.writeFailed`.
  public init(path: String, access: Access) throws(StoreError) {
    self.path = path
    self.access = access
    if access == .readOnly { Store.foldLeftoverLog(path: path) }
    connection = try Connection(path: path, mode: access == .readOnly ? .readOnly : .readWrite)
    // Temporary tables stay in files, so that a sort that does not fit in the cache spills.
    try connection.execute("PRAGMA cache_size = \(access == .readOnly ? -65536 : -32768)")
    try prepareSchema()
  }

  /// Folds the write-ahead log into the file and removes it, unless another process writes.
  ///
  /// The store may still be read afterwards.
  public func close() throws(StoreError) {
    guard access == .readWrite else { return }
    try connection.execute(
      """
      PRAGMA wal_checkpoint(TRUNCATE);
      PRAGMA journal_mode = DELETE;
      """)
  }

  private func prepareSchema() throws(StoreError) {
    let applicationID = try integer("PRAGMA application_id")
    if applicationID == 0, access == .readWrite,
      try integer("SELECT count(*) FROM sqlite_schema") == 0
    {
      // Larger pages would leave more of their space unused by the blocks of segments.
      try connection.execute("PRAGMA page_size = \(PageChecksum.pageSize)")
      try connection.reserveChecksums()
      // An empty database of another program makes room for checksums only so.
      if try integer("PRAGMA page_count") > 0, !connection.hasChecksums {
        try connection.execute("VACUUM")
      }
      try connection.enterWALMode()
      guard connection.hasChecksums else { throw .notAStore(path: path) }
      try connection.execute(
        """
        BEGIN IMMEDIATE;
        PRAGMA application_id = \(Schema.applicationID);
        PRAGMA user_version = \(Schema.version);
        \(Schema.statements)
        COMMIT;
        """)
    } else {
      guard applicationID == Schema.applicationID else { throw .notAStore(path: path) }
      try checkVersion()
      try Schema.check(connection)
    }
    guard access == .readWrite else { return }
    // Debian's SQLite overwrites deleted content with zeros; logs are no secrets from their owner.
    try connection.enterWALMode()
    try connection.execute(
      """
      PRAGMA synchronous = NORMAL;
      PRAGMA secure_delete = OFF;
      PRAGMA wal_autocheckpoint = 4096;
      """)
  }

  /// Checks that the store is of this version; of another one only a store is said to be that is
  /// whole as far as its first page tells.
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

  /// Folds the log that a writer left, so that reading makes no files beside the store.
  ///
  /// A writer leaves one where it is killed, or where others are reading.
  ///
  /// Best effort: it fails where a writer is at work or the folder is read-only, and reading works
  /// then all the same.
  public static func foldLeftoverLog(path: String) {
    guard Glibc.access(path, F_OK) == 0, Glibc.access(path + "-wal", F_OK) == 0,
      let connection = try? Connection(path: path, mode: .readWrite)
    else { return }
    try? connection.execute("PRAGMA busy_timeout = 0; PRAGMA journal_mode = DELETE;")
  }
}
