internal import InsightsSQLite
import InsightsModel
import Testing

@testable import InsightsStore

/// The views show everyone what was inserted, however it is stored.
@Suite("views of facts")
struct FactViewTests {
  private static let id = "7f1c0a52-6a1e-4d0b-9c36-2f60d7a5be10"

  private static func store() throws -> Store {
    let store = try Store(.memory)
    try store.connection.execute(
      """
      INSERT INTO log_groups (id, name) VALUES (1, '/aws/lambda/a');
      INSERT INTO log_streams (id, log_group_id, name) VALUES (1, 1, 'one'), (2, 1, 'two');
      """)
    return store
  }

  private static func rows(_ sql: String, of store: Store) throws -> [[Value]] {
    let statement = try store.connection.prepare(sql)
    var rows: [[Value]] = []
    while try statement.step() {
      rows.append((0..<statement.columnCount).map { statement.value(at: $0) })
    }
    return rows
  }

  private static func count(_ table: String, of store: Store) throws -> [[Value]] {
    try rows("SELECT count(*) FROM \(table)", of: store)
  }

  // MARK: Invocations

  private static func shown(_ row: InvocationTable.Row) -> [Value] {
    [
      Value(row.requestID?.description), .text("one"), Value(row.version), Value(row.start),
      Value(row.end), row.durationMilliseconds.map(Value.real) ?? .null,
      Value(row.billedMilliseconds), Value(row.memoryMegabytes), Value(row.maxMemoryMegabytes),
      row.initMilliseconds.map(Value.real) ?? .null,
      row.restoreMilliseconds.map(Value.real) ?? .null, Value(row.billedRestoreMilliseconds),
      .text(row.status.rawValue), Value(row.errorType), .integer(row.isColdStart ? 1 : 0),
      Value(row.xrayTraceID), .integer(1),
    ]
  }

  /// Every combination of values that are stored in their own way, and of missing ones.
  private static let invocations: [InvocationTable.Row] = {
    var rows: [InvocationTable.Row] = []
    for start in [nil, 0, 1_767_225_600_000, 1_767_225_600_000 + 0x7F_FFFF, 1_767_325_600_000]
      as [Int64?]
    {
      for (duration, billed) in [
        (nil, nil), (44.64, 45), (44, 44), (44, 45), (44.64, nil), (nil, 3), (0, 0),
        (0.1234567, 1), (3000, 3000), (1e300, 7),
      ] as [(Double?, Int64?)] {
        for end in [nil, 0, 130] as [Int64?] {
          var row = InvocationTable.Row(
            requestID: rows.count.isMultiple(of: 3) ? nil : RequestID(id))
          row.start = start
          row.end = end.map { $0 + (start ?? 0) }
          row.durationMilliseconds = duration
          row.billedMilliseconds = billed
          row.status = duration == nil ? .incomplete : .success
          if rows.count.isMultiple(of: 2) {
            row.version = "$LATEST"
            row.memoryMegabytes = 128
            row.maxMemoryMegabytes = 75
          }
          if rows.count.isMultiple(of: 5) {
            row.isColdStart = true
            row.initMilliseconds = 123.45
            row.restoreMilliseconds = 0.1234567
            row.billedRestoreMilliseconds = 9
            row.status = .error
            row.errorType = "KeyError"
            row.xrayTraceID = "1-5759e988-bd862e3fe1be46a994272793"
          }
          rows.append(row)
        }
      }
    }
    return rows
  }()

  @Test("an invocation has the values that it was inserted with, also in parts")
  func invocations() throws {
    let store = try Self.store()
    let table = try InvocationTable(connection: store.connection)
    var prepared = InvocationRows()
    for row in Self.invocations { prepared.append(row, streamID: 1) }
    let placed = try table.place(prepared)
    let middle = prepared.count / 3
    try table.insert(placed, 0..<middle)
    try table.insert(placed, middle..<prepared.count)
    let shown = try Self.rows(
      """
      SELECT request_id, log_stream, version, start_ms, end_ms, duration_ms, billed_ms, memory_mb,
        max_memory_mb, init_ms, restore_ms, billed_restore_ms, status, error_type, cold_start,
        xray_trace_id, attempt
      FROM invocations ORDER BY id
      """, of: store)
    #expect(shown.count == Self.invocations.count)
    for (shown, row) in zip(shown, Self.invocations) { #expect(shown == Self.shown(row)) }

    final class Collector { var samples: [Store.InvocationSample] = [] }
    let samples = try store.forEachInvocation(in: .everything, makeCollector: Collector.init) {
      $0.samples += $1
    }.flatMap(\.samples)
    #expect(samples.count == Self.invocations.count)
    for (sample, row) in zip(samples, Self.invocations) {
      #expect(
        (sample.streamID, sample.start, sample.end) == (1, row.start, row.end)
          && sample.durationMilliseconds == row.durationMilliseconds
          && sample.billedMilliseconds == row.billedMilliseconds
          && sample.memoryMegabytes == row.memoryMegabytes)
    }
  }

  @Test("most invocations have no details, and share their group")
  func commonValues() throws {
    let store = try Self.store()
    let table = try InvocationTable(connection: store.connection)
    let rows = (0..<1000 as Range<Int64>).map { number in
      var row = InvocationTable.Row(requestID: RequestID(Self.id))
      row.start = 1_767_225_600_000 + number
      row.durationMilliseconds = 1.5
      row.billedMilliseconds = 2
      return row
    }
    try table.insert(rows, streamID: 1)
    try table.insert(rows, streamID: 2)
    #expect(try Self.count("invocation_details", of: store) == [[.integer(0)]])
    #expect(try Self.count("invocation_groups", of: store) == [[.integer(2)]])
    try store.connection.execute("UPDATE log_streams SET is_stale = 1 WHERE id = 2")
    #expect(try table.deleteOfStaleStreams() == 1000)
    #expect(try Self.count("invocation_groups", of: store) == [[.integer(1)]])
    try table.insert(rows, streamID: 2)
    #expect(try Self.count("invocations WHERE log_stream = 'two'", of: store) == [[.integer(1000)]])
  }

  @Test("attempts count again when invocations come or go")
  func attempts() throws {
    let store = try Self.store()
    let table = try InvocationTable(connection: store.connection)
    func row(start: Int64) -> InvocationTable.Row {
      var row = InvocationTable.Row(requestID: RequestID(Self.id))
      row.start = start
      return row
    }
    func attempts() throws -> [[Value]] {
      try table.renumberAttempts()
      return try Self.rows("SELECT attempt FROM invocations ORDER BY start_ms", of: store)
    }
    try table.insert([row(start: 30), row(start: 20)], streamID: 1)
    #expect(try attempts() == [[.integer(1)], [.integer(2)]])
    try table.insert([row(start: 10)], streamID: 2)
    #expect(try attempts() == [[.integer(1)], [.integer(2)], [.integer(3)]])
    try table.delete(2..<4)
    try table.insert([row(start: 40)], streamID: 2)
    #expect(try attempts() == [[.integer(1)], [.integer(2)]])
  }

  // MARK: Errors

  private static func error(_ change: (inout ErrorTable.Row) -> Void = { _ in }) -> ErrorTable.Row {
    var row = ErrorTable.Row(kind: .unhandled)
    row.timestamp = 5
    row.requestID = RequestID(id)
    row.runtime = "python"
    row.type = "KeyError"
    row.message = "'é'"
    row.topFrame = "a.py:1 f"
    row.fingerprint = "90171cb9318b458d"
    row.traceback = "ä [ERROR] KeyError: 'é'\n  at 'é'"
    row.frames = [.init(file: "a.py", line: 1, function: "f", code: "x"), .init(file: "b.py")]
    change(&row)
    return row
  }

  private static func shown(_ row: ErrorTable.Row) -> [Value] {
    [
      Value(row.timestamp), .text("/aws/lambda/a"), .text("one"), Value(row.requestID?.description),
      .text(row.kind.rawValue), Value(row.runtime), Value(row.type), Value(row.message),
      Value(row.topFrame), Value(row.fingerprint), Value(row.httpStatus),
      Value(row.gatewayRequestID), Value(row.traceback),
    ]
  }

  @Test("an error has the values that it was inserted with, and its frames")
  func errors() throws {
    let store = try Self.store()
    let table = try ErrorTable(connection: store.connection)
    let rows = [
      Self.error(), Self.error { $0.message = "other" }, Self.error { $0.message = "" },
      Self.error { $0.message = nil }, Self.error { $0.traceback = nil },
      Self.error { $0.traceback = "nul \u{0} 'é'" }, Self.error { $0.frames = [] },
      Self.error { $0.requestID = RequestID("none") },
      Self.error {
        $0.gatewayRequestID = Self.id
        $0.httpStatus = 502
      },
      Self.error { $0.gatewayRequestID = "JKJaXmPLvHcESHA=" }, ErrorTable.Row(kind: .gateway),
    ]
    try table.insert(rows, streamID: 1)
    let shown = try Self.rows(
      """
      SELECT timestamp_ms, log_group, log_stream, request_id, kind, runtime, type, message, top_frame,
        fingerprint, http_status, gateway_request_id, traceback
      FROM errors ORDER BY id
      """, of: store)
    #expect(shown == rows.map(Self.shown))
    let frames = try Self.rows(
      "SELECT error_id, position, file, line, function, code FROM frames ORDER BY 1, 2", of: store)
    #expect(
      frames
        == rows.enumerated().flatMap { index, row in
          row.frames.enumerated().map { position, frame in
            [
              .integer(Int64(index + 1)), .integer(Int64(position)), Value(frame.file),
              Value(frame.line), Value(frame.function), Value(frame.code),
            ]
          }
        })
  }

  @Test(
    "what errors have in common is kept once, also by a later connection, for as long as it is used"
  )
  func sharing() throws {
    let store = try Self.store()
    for stream in 1...2 as ClosedRange<Int64> {
      let table = try ErrorTable(connection: store.connection)
      let rows = (0..<100).map { number in
        Self.error {
          $0.message = "'key \(number % 10)'"
          $0.traceback = "[ERROR] KeyError: 'key \(number % 10)'\n  at f"
        }
      }
      try table.insert(rows, streamID: stream)
    }
    #expect(try Self.count("errors", of: store) == [[.integer(200)]])
    #expect(try Self.count("error_groups", of: store) == [[.integer(1)]])
    #expect(try Self.count("error_frames", of: store) == [[.integer(2)]])
    #expect(try Self.count("error_messages", of: store) == [[.integer(10)]])
    let table = try ErrorTable(connection: store.connection)
    try table.insert([Self.error { $0.frames = [] }], streamID: 1)
    #expect(try Self.count("error_groups", of: store) == [[.integer(2)]])

    try store.connection.execute("UPDATE log_streams SET is_stale = 1")
    #expect(try table.deleteOfStaleStreams() == 201)
    try table.insert([Self.error()], streamID: 1)
    try table.removeUnused()
    #expect(try Self.count("error_groups", of: store) == [[.integer(1)]])
    #expect(try Self.count("error_messages", of: store) == [[.integer(1)]])
    #expect(try Self.count("frames", of: store) == [[.integer(2)]])
  }
}
