internal import InsightsScan
internal import InsightsSQLite
internal import CSQLite
internal import InsightsModel

/// An event relation as a virtual table for one statement: its columns and its scan request.
///
/// While it is installed, its name after FROM in SQL of its connection scans the segments. SQLite
/// creates the table when it prepares a statement; it is not in the schema.
final class EventsTable {
  /// The content of event relations.
  static let content = "events"

  /// Returns the name of the virtual table of a relation; it differs if a table of the schema has
  /// the relation's name.
  static func name(of relation: SQLRelation) -> String {
    relation.content == content ? relation.name : "scan of \(relation.name)"
  }

  private let relation: SQLRelation
  private let request: ScanRequest
  private let scanner: any EventScanner
  private let context: ExecutionContext
  private let connection: Connection
  /// A scan that was started before the statement, together with others.
  private var begunScan: (any EventScan)?
  /// The error of the last scan.
  private(set) var failure: StoreError?
  /// The statistics of completed scans.
  private(set) var statistics = ScanStatistics()

  /// A relation that `scanner` reads, for a statement over `connection`.
  init(
    _ relation: SQLRelation, request: ScanRequest, scanner: any EventScanner,
    context: ExecutionContext, connection: Connection
  ) {
    self.relation = relation
    self.request = request
    self.scanner = scanner
    self.context = context
    self.connection = connection
  }

  /// Installs the table on its connection; it replaces one with the same name.
  func install() throws(StoreError) {
    let code = sqlite3_create_module_v2(
      connection.handle, Self.name(of: relation), EventsModule.module,
      Unmanaged.passRetained(self).toOpaque()
    ) { memory in
      guard let memory else { return }
      Unmanaged<EventsTable>.fromOpaque(memory).release()
    }
    guard code == SQLITE_OK else { throw connection.error(code, sql: "") }
  }

  /// Removes the table from its connection.
  func remove() {
    sqlite3_create_module_v2(connection.handle, Self.name(of: relation), nil, nil, nil)
    // SQLite releases a removed table when it prepares the next statement. Until then the table
    // references its connection, which would stay open if there is no next one.
    var statement: OpaquePointer?
    sqlite3_prepare_v2(connection.handle, "", 0, &statement, nil)
    sqlite3_finalize(statement)
  }

  /// The declaration of the columns for SQLite.
  ///
  /// They have no type, so values keep theirs.
  var declaration: String {
    let names = relation.columns.isEmpty ? ["row"] : relation.columns.map(\.name)
    return "CREATE TABLE events(\(names.map(\.quotedIdentifier).joined(separator: ", ")))"
  }

  /// Starts a scan; `nil`, with `failure` set, if it cannot be started.
  func makeScan() -> (any EventScan)? {
    if let begunScan {
      self.begunScan = nil
      return begunScan
    }
    do throws(StoreError) {
      return try scanner.scan(
        request, of: relation.content, columns: relation.columns.map(\.field), context: context)
    } catch {
      failure = error
      return nil
    }
  }

  /// Starts the scans of several tables together, so that they read each segment once.
  ///
  /// A scan that needs too much memory beside the others is left to its own statement. If one
  /// fails, all are left to their statements, and its statement reports the error. Remote scans
  /// begin with their statements.
  static func beginScans(of tables: [EventsTable]) {
    let tables = tables.filter { $0.scanner is SegmentScanner }
    guard tables.count > 1 else { return }
    let scans = tables.map { $0.makeScan() as? SegmentScan }
    do throws(ScanFailure) {
      try Scan.collect(scans.compactMap { $0?.scan })
      for (table, begun) in zip(tables, scans) where begun?.scan.isDropped == false {
        table.begunScan = begun
      }
    } catch {}
    for table in tables { table.failure = nil }
  }

  /// Drops a scan that was started with others.
  func dropBegunScan() { begunScan = nil }

  /// Records what a scan has read.
  func end(_ scan: any EventScan) { statistics += scan.statistics }

  /// Records a failure.
  func fail(_ failure: StoreError) { self.failure = failure }
}

/// The position of SQLite in a scan.
final class EventsCursor {
  let table: EventsTable
  private var scan: (any EventScan)?
  private var batch: RowBatch?
  private var row = 0
  private(set) var rowID: Int64 = 0

  init(table: EventsTable) {
    self.table = table
  }

  var isAtEnd: Bool { batch == nil }

  /// Begins from the start; returns false on failure.
  func start() -> Bool {
    end()
    scan = table.makeScan()
    guard scan != nil else { return false }
    rowID = 0
    return advanceBatch()
  }

  /// Ends the scan, at any position.
  func end() {
    if let scan { table.end(scan) }
    scan = nil
    batch = nil
  }

  /// Advances to the next row; returns false on failure.
  func advance() -> Bool {
    row += 1
    rowID += 1
    guard let batch, row >= batch.count else { return true }
    return advanceBatch()
  }

  private func advanceBatch() -> Bool {
    row = 0
    do throws(StoreError) {
      repeat { batch = try scan?.nextBatch() } while batch.map { $0.count == 0 } ?? false
      // Its memory is no longer needed, and SQLite may only now begin to return rows.
      if batch == nil { end() }
      return true
    } catch {
      table.fail(error)
      batch = nil
      return false
    }
  }

  /// Returns the value of a column in the current row.
  func cell(at column: Int) -> Cell {
    guard let batch, batch.vectors.indices.contains(column) else { return .null }
    return batch.vectors[column].cell(at: row)
  }
}
