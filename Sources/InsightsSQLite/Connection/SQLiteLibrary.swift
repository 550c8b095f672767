internal import CSQLite

/// What is set for SQLite as a whole, before its first use in the process.
package enum SQLiteLibrary {
  package static func setUp() { _ = isSetUp }

  private static let isSetUp: Void = {
    SQLiteMemory.install()
    // Sorts would map their temporary files into memory, however large these are.
    _ = insights_sqlite3_config_mmap_size(0, 0)
  }()
}
