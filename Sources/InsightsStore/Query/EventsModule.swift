internal import InsightsFunctions
internal import CSQLite

/// The SQLite callbacks of a virtual table: C functions that call `EventsTable` and its cursors.
enum EventsModule {
  private struct TableMemory {
    var base = sqlite3_vtab()
    var table: Unmanaged<EventsTable>
  }

  private struct CursorMemory {
    var base = sqlite3_vtab_cursor()
    var cursor: Unmanaged<EventsCursor>
  }

  /// Without `xCreate` the table needs no CREATE: its name is the module's.
  nonisolated(unsafe) static let module: UnsafePointer<sqlite3_module> = {
    let module = UnsafeMutablePointer<sqlite3_module>.allocate(capacity: 1)
    module.initialize(to: sqlite3_module())
    module.pointee.iVersion = 1
    module.pointee.xConnect = { database, definition, _, _, result, _ in
      EventsModule.connect(database, definition, result)
    }
    module.pointee.xDisconnect = { EventsModule.disconnect($0) }
    module.pointee.xBestIndex = { _, info in
      // There is only one way to read the rows.
      info?.pointee.estimatedCost = 1_000_000
      info?.pointee.estimatedRows = 1_000_000
      return SQLITE_OK
    }
    module.pointee.xOpen = { EventsModule.open($0, $1) }
    module.pointee.xClose = { EventsModule.close($0) }
    module.pointee.xFilter = { cursor, _, _, _, _ in
      EventsModule.cursor(cursor)?.start() ?? false ? SQLITE_OK : SQLITE_ERROR
    }
    module.pointee.xNext = { cursor in
      EventsModule.cursor(cursor)?.advance() ?? false ? SQLITE_OK : SQLITE_ERROR
    }
    module.pointee.xEof = { EventsModule.cursor($0)?.isAtEnd ?? true ? 1 : 0 }
    module.pointee.xColumn = { cursor, context, column in
      guard let cursor = EventsModule.cursor(cursor) else { return SQLITE_ERROR }
      SQLCall(context, 0, nil).setResult(cursor.cell(at: Int(column)))
      return SQLITE_OK
    }
    module.pointee.xRowid = { cursor, rowID in
      rowID?.pointee = EventsModule.cursor(cursor)?.rowID ?? 0
      return SQLITE_OK
    }
    return UnsafePointer(module)
  }()

  private static func connect(
    _ database: OpaquePointer?, _ definition: UnsafeMutableRawPointer?,
    _ result: UnsafeMutablePointer<UnsafeMutablePointer<sqlite3_vtab>?>?
  ) -> Int32 {
    guard let definition, let result else { return SQLITE_ERROR }
    let table = Unmanaged<EventsTable>.fromOpaque(definition).takeUnretainedValue()
    let code = sqlite3_declare_vtab(database, table.declaration)
    guard code == SQLITE_OK else { return code }
    let memory = UnsafeMutablePointer<TableMemory>.allocate(capacity: 1)
    memory.initialize(to: TableMemory(table: .passRetained(table)))
    result.pointee = UnsafeMutableRawPointer(memory).assumingMemoryBound(to: sqlite3_vtab.self)
    return SQLITE_OK
  }

  private static func disconnect(_ table: UnsafeMutablePointer<sqlite3_vtab>?) -> Int32 {
    guard let table else { return SQLITE_OK }
    let memory = UnsafeMutableRawPointer(table).assumingMemoryBound(to: TableMemory.self)
    memory.pointee.table.release()
    memory.deinitialize(count: 1)
    memory.deallocate()
    return SQLITE_OK
  }

  private static func open(
    _ table: UnsafeMutablePointer<sqlite3_vtab>?,
    _ result: UnsafeMutablePointer<UnsafeMutablePointer<sqlite3_vtab_cursor>?>?
  ) -> Int32 {
    guard let table, let result else { return SQLITE_ERROR }
    let owner = UnsafeMutableRawPointer(table).assumingMemoryBound(to: TableMemory.self)
    let cursor = EventsCursor(table: owner.pointee.table.takeUnretainedValue())
    let memory = UnsafeMutablePointer<CursorMemory>.allocate(capacity: 1)
    memory.initialize(to: CursorMemory(cursor: .passRetained(cursor)))
    result.pointee = UnsafeMutableRawPointer(memory)
      .assumingMemoryBound(to: sqlite3_vtab_cursor.self)
    return SQLITE_OK
  }

  private static func close(_ cursor: UnsafeMutablePointer<sqlite3_vtab_cursor>?) -> Int32 {
    guard let cursor else { return SQLITE_OK }
    let memory = UnsafeMutableRawPointer(cursor).assumingMemoryBound(to: CursorMemory.self)
    memory.pointee.cursor.takeUnretainedValue().end()
    memory.pointee.cursor.release()
    memory.deinitialize(count: 1)
    memory.deallocate()
    return SQLITE_OK
  }

  private static func cursor(
    _ cursor: UnsafeMutablePointer<sqlite3_vtab_cursor>?
  ) -> EventsCursor? {
    guard let cursor else { return nil }
    return UnsafeMutableRawPointer(cursor).assumingMemoryBound(to: CursorMemory.self)
      .pointee.cursor.takeUnretainedValue()
  }
}
