internal import CSQLite

/// The global configuration of SQLite, which is set before its first use in the process.
package enum SQLiteLibrary {
  package static func setUp() { _ = isSetUp }

  private static let isSetUp: Void = {
    SQLiteMemory.install()
    // Otherwise sorts would map their temporary files into memory, whatever their size.
    _ = insights_sqlite3_config_mmap_size(0, 0)
  }()
}
