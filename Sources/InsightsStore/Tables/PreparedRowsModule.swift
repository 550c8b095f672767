internal import InsightsModel
internal import InsightsSQLite
internal import CSQLite

/// The current rows of a virtual table.
final class PreparedRowsSource {
  let view: UnsafeMutablePointer<PreparedRows.View>

  init() {
    view = .allocate(capacity: 1)
    view.initialize(to: PreparedRows.View())
  }

  deinit {
    view.deinitialize(count: 1)
    view.deallocate()
  }
}

/// A virtual table over the rows of a batch, for statements that insert them.
enum PreparedRowsModule {
  /// A module registered with SQLite, which calls its destructor after all its tables are gone.
  private final class Definition {
    let source: PreparedRowsSource
    let declaration: String

    init(source: PreparedRowsSource, declaration: String) {
      self.source = source
      self.declaration = declaration
    }
  }

  private struct TableMemory {
    var base = sqlite3_vtab()
    var view: UnsafeMutablePointer<PreparedRows.View>
  }

  private struct CursorMemory {
    var base = sqlite3_vtab_cursor()
    var view: UnsafeMutablePointer<PreparedRows.View>
    var row = 0
  }

  /// Registers a table on a connection; it replaces one with that name.
  static func install(
    _ source: PreparedRowsSource, as name: String, columns: [String], _ connection: Connection
  ) throws(StoreError) {
    let names = columns.map(\.quotedIdentifier).joined(separator: ", ")
    let definition = Definition(source: source, declaration: "CREATE TABLE batch(\(names))")
    let code = sqlite3_create_module_v2(
      connection.handle, name, module, Unmanaged.passRetained(definition).toOpaque()
    ) { memory in
      guard let memory else { return }
      Unmanaged<Definition>.fromOpaque(memory).release()
    }
    guard code == SQLITE_OK else { throw connection.error(code, sql: "") }
  }

  /// Without `xCreate` the table needs no CREATE: its name is the module's.
  nonisolated(unsafe) private static let module: UnsafePointer<sqlite3_module> = {
    let module = UnsafeMutablePointer<sqlite3_module>.allocate(capacity: 1)
    module.initialize(to: sqlite3_module())
    module.pointee.iVersion = 1
    module.pointee.xConnect = { database, definition, _, _, result, _ in
      PreparedRowsModule.connect(database, definition, result)
    }
    module.pointee.xDisconnect = { PreparedRowsModule.disconnect($0) }
    module.pointee.xBestIndex = { _, _ in SQLITE_OK }
    module.pointee.xOpen = { PreparedRowsModule.open($0, $1) }
    module.pointee.xClose = { PreparedRowsModule.close($0) }
    module.pointee.xFilter = { cursor, _, _, _, _ in
      guard let cursor = PreparedRowsModule.cursor(cursor) else { return SQLITE_ERROR }
      cursor.pointee.row = cursor.pointee.view.pointee.rows.lowerBound
      return SQLITE_OK
    }
    module.pointee.xNext = { cursor in
      PreparedRowsModule.cursor(cursor)?.pointee.row += 1
      return SQLITE_OK
    }
    module.pointee.xEof = { cursor in
      guard let cursor = PreparedRowsModule.cursor(cursor)?.pointee else { return 1 }
      return cursor.row >= cursor.view.pointee.rows.upperBound ? 1 : 0
    }
    module.pointee.xColumn = { cursor, context, column in
      guard let cursor = PreparedRowsModule.cursor(cursor) else { return SQLITE_ERROR }
      cursor.pointee.view.pointee.setResult(
        row: cursor.pointee.row, column: Int(column), to: context)
      return SQLITE_OK
    }
    module.pointee.xRowid = { cursor, rowID in
      rowID?.pointee = Int64(PreparedRowsModule.cursor(cursor)?.pointee.row ?? 0)
      return SQLITE_OK
    }
    return UnsafePointer(module)
  }()

  private static func connect(
    _ database: OpaquePointer?, _ definition: UnsafeMutableRawPointer?,
    _ result: UnsafeMutablePointer<UnsafeMutablePointer<sqlite3_vtab>?>?
  ) -> Int32 {
    guard let definition, let result else { return SQLITE_ERROR }
    let owner = Unmanaged<Definition>.fromOpaque(definition).takeUnretainedValue()
    let code = sqlite3_declare_vtab(database, owner.declaration)
    guard code == SQLITE_OK else { return code }
    let memory = UnsafeMutablePointer<TableMemory>.allocate(capacity: 1)
    memory.initialize(to: TableMemory(view: owner.source.view))
    result.pointee = UnsafeMutableRawPointer(memory).assumingMemoryBound(to: sqlite3_vtab.self)
    return SQLITE_OK
  }

  private static func disconnect(_ table: UnsafeMutablePointer<sqlite3_vtab>?) -> Int32 {
    guard let table else { return SQLITE_OK }
    UnsafeMutableRawPointer(table).assumingMemoryBound(to: TableMemory.self).deallocate()
    return SQLITE_OK
  }

  private static func open(
    _ table: UnsafeMutablePointer<sqlite3_vtab>?,
    _ result: UnsafeMutablePointer<UnsafeMutablePointer<sqlite3_vtab_cursor>?>?
  ) -> Int32 {
    guard let table, let result else { return SQLITE_ERROR }
    let owner = UnsafeMutableRawPointer(table).assumingMemoryBound(to: TableMemory.self)
    let memory = UnsafeMutablePointer<CursorMemory>.allocate(capacity: 1)
    memory.initialize(to: CursorMemory(view: owner.pointee.view))
    result.pointee = UnsafeMutableRawPointer(memory)
      .assumingMemoryBound(to: sqlite3_vtab_cursor.self)
    return SQLITE_OK
  }

  private static func close(_ cursor: UnsafeMutablePointer<sqlite3_vtab_cursor>?) -> Int32 {
    PreparedRowsModule.cursor(cursor)?.deallocate()
    return SQLITE_OK
  }

  private static func cursor(
    _ cursor: UnsafeMutablePointer<sqlite3_vtab_cursor>?
  ) -> UnsafeMutablePointer<CursorMemory>? {
    guard let cursor else { return nil }
    return UnsafeMutableRawPointer(cursor).assumingMemoryBound(to: CursorMemory.self)
  }
}
