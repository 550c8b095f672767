internal import CSQLite

/// An SQLite VFS that adds the checksums of `PageChecksum` to the system's files.
///
/// Pages that a store writes get checksums, in the database and in its write-ahead log; pages that
/// it reads are verified. A page that does not match ends the statement with `checksumFailure`,
/// whether it belongs to events, rows, indexes or the schema. Databases without room for checksums
/// are read and written as usual.
///
/// The pages in the log have their checksums too, so that other programs can checkpoint it.
enum ChecksumVFS {
  /// The name of the VFS in SQLite; the first use registers it.
  static var name: String {
    _ = registration
    return String(cString: registeredName.utf8Start)
  }

  /// The extended result code for a page that does not match its checksum.
  static let checksumFailure = insights_SQLITE_IOERR_DATA

  private static let registeredName: StaticString = "insights"
  nonisolated(unsafe) private static let system = {
    SQLiteLibrary.setUp()
    return sqlite3_vfs_find(nil)
  }()

  private static let registration: Int32 = {
    guard let system else { return SQLITE_ERROR }
    // SQLite keeps the address for the lifetime of the process.
    let vfs = UnsafeMutablePointer<sqlite3_vfs>.allocate(capacity: 1)
    vfs.initialize(to: system.pointee)
    vfs.pointee.pNext = nil
    vfs.pointee.zName = UnsafeRawPointer(registeredName.utf8Start)
      .assumingMemoryBound(to: CChar.self)
    vfs.pointee.szOsFile = Int32(fileOffset + MemoryLayout<CheckedFile>.stride)
    vfs.pointee.xOpen = open
    return sqlite3_vfs_register(vfs, 0)
  }()

  /// The offset of `CheckedFile` in an open file, after the system's part.
  private static let fileOffset: Int = {
    let alignment = MemoryLayout<CheckedFile>.alignment
    return (Int(system?.pointee.szOsFile ?? 0) + alignment - 1) / alignment * alignment
  }()

  /// Returns the `CheckedFile` of a file that `open` has opened.
  static func checkedFile(
    of file: UnsafeMutablePointer<sqlite3_file>
  ) -> UnsafeMutablePointer<CheckedFile> {
    (UnsafeMutableRawPointer(file) + fileOffset).assumingMemoryBound(to: CheckedFile.self)
  }

  /// The same for the file of a connection; `nil` if it has none.
  static func checkedFile(ofDatabase handle: OpaquePointer) -> UnsafeMutablePointer<CheckedFile>? {
    var file: UnsafeMutablePointer<sqlite3_file>?
    let code = sqlite3_file_control(handle, "main", SQLITE_FCNTL_FILE_POINTER, &file)
    guard code == SQLITE_OK, let file else { return nil }
    // Temporary databases have no file, or one of the system's.
    let checked = checkedFile(of: file)
    return file.pointee.pMethods == ownMethods(of: checked) ? checked : nil
  }

  private static func ownMethods(
    of file: UnsafeMutablePointer<CheckedFile>
  ) -> UnsafePointer<sqlite3_io_methods>? {
    file.pointer(to: \.methods).map { UnsafePointer($0) }
  }

  private static let open:
    @convention(c) (
      UnsafeMutablePointer<sqlite3_vfs>?, UnsafePointer<CChar>?,
      UnsafeMutablePointer<sqlite3_file>?, Int32, UnsafeMutablePointer<Int32>?
    ) -> Int32 = { _, name, file, flags, outFlags in
      guard let system, let file, let xOpen = system.pointee.xOpen else { return SQLITE_CANTOPEN }
      let code = xOpen(system, name, file, flags, outFlags)
      guard code == SQLITE_OK, let methods = file.pointee.pMethods else { return code }
      let checked = checkedFile(of: file)
      var own = methods.pointee
      // Without the third version SQLite does not map pages into memory, which would bypass this
      // code.
      own.iVersion = min(own.iVersion, 2)
      if flags & SQLITE_OPEN_MAIN_DB != 0 {
        own.xRead = { DatabasePages.read($0, $1, $2, $3) }
        own.xWrite = { DatabasePages.write($0, $1, $2, $3) }
        checked.initialize(to: CheckedFile(methods: own, system: methods, database: checked))
      } else if flags & SQLITE_OPEN_WAL != 0, let name,
        let database = sqlite3_database_file_object(name)
      {
        own.xRead = { LogPages.read($0, $1, $2, $3) }
        own.xWrite = { LogPages.write($0, $1, $2, $3) }
        checked.initialize(
          to: CheckedFile(methods: own, system: methods, database: checkedFile(of: database)))
      } else {
        return code
      }
      file.pointee.pMethods = ownMethods(of: checked)
      return code
    }
}

/// The additional part of an open file: a database or its write-ahead log.
///
/// SQLite allocates and frees its memory, so it owns nothing.
struct CheckedFile {
  /// The methods that SQLite calls.
  var methods: sqlite3_io_methods
  /// The system's methods.
  let system: UnsafePointer<sqlite3_io_methods>
  /// The file itself, or the database of the log.
  let database: UnsafeMutablePointer<CheckedFile>
  /// For a database: whether its pages have checksums.
  var hasChecksums = false
  /// For a database: where damage was first found in it or in its log.
  var damage: Damage?
  /// For a database: the end of the last page written.
  var writtenEnd: Int64 = 0
  /// For a log: the offset and header of the last frame written.
  var frameHeader: (offset: Int64, bytes: (UInt64, UInt64, UInt64)) = (-1, (0, 0, 0))
  /// For a log: the progress of reading it after its writer ended.
  var recovery: LogRecovery?

  enum Damage {
    /// The number of a page in the database.
    case page(Int64)
    /// The offset of a byte in the log.
    case log(Int64)
  }

  init(
    methods: sqlite3_io_methods, system: UnsafePointer<sqlite3_io_methods>,
    database: UnsafeMutablePointer<CheckedFile>
  ) {
    self.methods = methods
    self.system = system
    self.database = database
  }
}

/// A file passed by SQLite, with the system's methods.
struct SystemFile {
  let file: UnsafeMutablePointer<sqlite3_file>
  let checked: UnsafeMutablePointer<CheckedFile>

  init?(_ file: UnsafeMutablePointer<sqlite3_file>?) {
    guard let file else { return nil }
    self.file = file
    checked = ChecksumVFS.checkedFile(of: file)
  }

  /// Bytes after the end of the file are read as zeros, with `SQLITE_IOERR_SHORT_READ`.
  func read(_ buffer: UnsafeMutableRawPointer, _ count: Int, at offset: Int64) -> Int32 {
    checked.pointee.system.pointee.xRead?(file, buffer, Int32(count), offset) ?? SQLITE_IOERR
  }

  func write(_ bytes: UnsafeRawPointer, _ count: Int, at offset: Int64) -> Int32 {
    checked.pointee.system.pointee.xWrite?(file, bytes, Int32(count), offset) ?? SQLITE_IOERR
  }

  /// The size of the file in bytes; 0 if it is unknown.
  var size: Int64 {
    var size: Int64 = 0
    _ = checked.pointee.system.pointee.xFileSize?(file, &size)
    return size
  }

  /// Records the first damage, and returns the code that ends the statement.
  func damaged(_ damage: CheckedFile.Damage) -> Int32 {
    if checked.pointee.database.pointee.damage == nil {
      checked.pointee.database.pointee.damage = damage
    }
    return ChecksumVFS.checksumFailure
  }
}
