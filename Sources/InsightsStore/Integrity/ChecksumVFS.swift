internal import CSQLite

/// SQLite's way to the file system, with the checksums of `PageChecksum` between.
///
/// What a store writes gets its checksums, in the database and in its write-ahead log; what it
/// reads is compared with them. A page that does not match ends the statement with
/// `checksumFailure`, wherever it belongs: to events, rows, indexes or the schema. Databases
/// without room for checksums are read and written as ever.
///
/// The pages of the log have their checksums already, so that also another program may fold the
/// log in.
enum ChecksumVFS {
  /// The name under which SQLite knows it, registered with the first use.
  static var name: String {
    _ = registration
    return String(cString: registeredName.utf8Start)
  }

  /// The extended result code of a page that is not what was written.
  static let checksumFailure = insights_SQLITE_IOERR_DATA

  private static let registeredName: StaticString = "insights"
  nonisolated(unsafe) private static let system = sqlite3_vfs_find(nil)

  private static let registration: Int32 = {
    guard let system else { return SQLITE_ERROR }
    // SQLite keeps the address as long as the process lives.
    let vfs = UnsafeMutablePointer<sqlite3_vfs>.allocate(capacity: 1)
    vfs.initialize(to: system.pointee)
    vfs.pointee.pNext = nil
    vfs.pointee.zName = UnsafeRawPointer(registeredName.utf8Start)
      .assumingMemoryBound(to: CChar.self)
    vfs.pointee.szOsFile = Int32(fileOffset + MemoryLayout<CheckedFile>.stride)
    vfs.pointee.xOpen = open
    return sqlite3_vfs_register(vfs, 0)
  }()

  /// Where our part of an open file is, behind the system's.
  private static let fileOffset: Int = {
    let alignment = MemoryLayout<CheckedFile>.alignment
    return (Int(system?.pointee.szOsFile ?? 0) + alignment - 1) / alignment * alignment
  }()

  /// Our part of a file that `open` has opened.
  static func checkedFile(
    of file: UnsafeMutablePointer<sqlite3_file>
  ) -> UnsafeMutablePointer<CheckedFile> {
    (UnsafeMutableRawPointer(file) + fileOffset).assumingMemoryBound(to: CheckedFile.self)
  }

  /// The same of the file of a connection; `nil` where it has none.
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
      // Without the third version SQLite maps no pages into memory: they would not pass by here.
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

/// What we keep of an open file: a database or its write-ahead log.
///
/// It lies in memory that SQLite allocates and frees, so it owns nothing.
struct CheckedFile {
  /// What SQLite calls.
  var methods: sqlite3_io_methods
  /// The system's own.
  let system: UnsafePointer<sqlite3_io_methods>
  /// The file itself, or the database that it is the log of.
  let database: UnsafeMutablePointer<CheckedFile>
  /// Of a database: whether its pages have checksums.
  var hasChecksums = false
  /// Of a database: where it, or its log, was first found to be damaged.
  var damage: Damage?
  /// Of a database: the end of the page that was written last.
  var writtenEnd: Int64 = 0
  /// Of a log: the header of a frame that was written last, and where.
  var frameHeader: (offset: Int64, bytes: (UInt64, UInt64, UInt64)) = (-1, (0, 0, 0))
  /// Of a log: how far it has been read after a writer left it.
  var recovery: LogRecovery?

  enum Damage {
    /// The number of a page of the database.
    case page(Int64)
    /// A byte of the log.
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

/// A file as SQLite hands it to us, with the system's reading and writing.
struct SystemFile {
  let file: UnsafeMutablePointer<sqlite3_file>
  let checked: UnsafeMutablePointer<CheckedFile>

  init?(_ file: UnsafeMutablePointer<sqlite3_file>?) {
    guard let file else { return nil }
    self.file = file
    checked = ChecksumVFS.checkedFile(of: file)
  }

  /// Bytes behind the end of the file are read as zeros, with `SQLITE_IOERR_SHORT_READ`.
  func read(_ buffer: UnsafeMutableRawPointer, _ count: Int, at offset: Int64) -> Int32 {
    checked.pointee.system.pointee.xRead?(file, buffer, Int32(count), offset) ?? SQLITE_IOERR
  }

  func write(_ bytes: UnsafeRawPointer, _ count: Int, at offset: Int64) -> Int32 {
    checked.pointee.system.pointee.xWrite?(file, bytes, Int32(count), offset) ?? SQLITE_IOERR
  }

  /// Bytes in the file; 0 where the system does not say.
  var size: Int64 {
    var size: Int64 = 0
    _ = checked.pointee.system.pointee.xFileSize?(file, &size)
    return size
  }

  /// Notes the first damage, and gives the code that ends the statement.
  func damaged(_ damage: CheckedFile.Damage) -> Int32 {
    if checked.pointee.database.pointee.damage == nil {
      checked.pointee.database.pointee.damage = damage
    }
    return ChecksumVFS.checksumFailure
  }
}
