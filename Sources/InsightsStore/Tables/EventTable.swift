internal import InsightsText

/// A row of `log_events` on its way into the store; the bytes stay the caller's.
public struct EventRow {
  /// The position in the order of events; `nil`: after all others.
  public var id: Int64?
  public var timestamp: Int64?
  public var ingestionTime: Int64?
  public var streamID: Int64
  public var sourceID: Int64
  public var eventID: UnsafeBufferPointer<UInt8>?
  public var message: UnsafeBufferPointer<UInt8>
  public var columns: EventColumns

  public init(
    id: Int64? = nil, timestamp: Int64?, ingestionTime: Int64? = nil, streamID: Int64,
    sourceID: Int64, eventID: UnsafeBufferPointer<UInt8>? = nil,
    message: UnsafeBufferPointer<UInt8>, columns: EventColumns = EventColumns()
  ) {
    self.id = id
    self.timestamp = timestamp
    self.ingestionTime = ingestionTime
    self.streamID = streamID
    self.sourceID = sourceID
    self.eventID = eventID
    self.message = message
    self.columns = columns
  }
}

/// What was read out of an event's message; ranges are offsets into it.
public struct EventColumns: Equatable, Sendable {
  /// The platform lines that have a value in the column `type`.
  public enum LineType: String, Sendable { case start = "START", end = "END", report = "REPORT" }

  public var type: LineType?
  public var requestID: Range<Int>?
  /// Milliseconds.
  public var duration: Double?
  /// Milliseconds.
  public var billedDuration: Int64?
  /// Bytes, a megabyte being 1,000,000.
  public var memorySize: Int64?
  /// Bytes, a megabyte being 1,000,000.
  public var maxMemoryUsed: Int64?
  /// Milliseconds.
  public var initDuration: Double?
  public var xrayTraceID: Range<Int>?
  public var xraySegmentID: Range<Int>?
  /// Where the JSON object starts whose keys are fields.
  public var jsonOffset: Int?
  /// Whether invocations or errors are derived from the event.
  public var isFact = false

  public init() {}
}

/// The table `log_events`, as writing needs it.
public final class EventTable {
  private let connection: Connection
  private let insertRow: Statement
  private let findEventID: Statement
  private let sameTime: Statement
  private let setEventID: Statement
  private let timeBoundsQuery: Statement
  private let lastOfSource: Statement
  private let deleteRow: Statement
  private let lastRow: Statement
  private let factsByTime: Statement
  private let factsBySource: Statement

  public init(connection: Connection) throws(StoreError) {
    self.connection = connection
    insertRow = try connection.prepare(
      """
      INSERT INTO log_events (id, timestamp, ingestion_time, log_stream_id, source_id, event_id,
        message, type, request_id, duration, billed_duration, memory_size, max_memory_used,
        init_duration, xray_trace_id, xray_segment_id, json_offset, is_fact)
      VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)
      """)
    findEventID = try connection.prepare(
      "SELECT id FROM log_events WHERE timestamp IS ?1 AND event_id = ?2")
    sameTime = try connection.prepare(
      """
      SELECT id, message FROM log_events
      WHERE timestamp = ?1 AND log_stream_id = ?2 AND source_id <> ?3
        AND (?4 = 0 OR event_id IS NULL)
      ORDER BY id
      """)
    setEventID = try connection.prepare("UPDATE log_events SET event_id = ?2 WHERE id = ?1")
    timeBoundsQuery = try connection.prepare(
      """
      SELECT (SELECT min(timestamp) FROM log_events WHERE timestamp IS NOT NULL),
        (SELECT max(timestamp) FROM log_events)
      """)
    lastOfSource = try connection.prepare(
      """
      SELECT id, message FROM log_events WHERE source_id = ?1
      ORDER BY id DESC LIMIT 1
      """)
    deleteRow = try connection.prepare("DELETE FROM log_events WHERE id = ?1")
    lastRow = try connection.prepare("SELECT max(id) FROM log_events")
    factsByTime = try connection.prepare(
      """
      SELECT source_id, timestamp, message FROM log_events
      WHERE log_stream_id = ?1 AND is_fact = 1 ORDER BY timestamp, event_id, id
      """)
    factsBySource = try connection.prepare(
      """
      SELECT source_id, timestamp, message FROM log_events
      WHERE log_stream_id = ?1 AND is_fact = 1 ORDER BY source_id, id
      """)
  }

  public func insert(_ row: EventRow) throws(StoreError) {
    let columns = row.columns
    insertRow.bind(row.id, at: 1)
    insertRow.bind(row.timestamp, at: 2)
    insertRow.bind(row.ingestionTime, at: 3)
    insertRow.bind(row.streamID, at: 4)
    insertRow.bind(row.sourceID, at: 5)
    insertRow.bind(unownedText: row.eventID, at: 6)
    insertRow.bind(unownedText: row.message, at: 7)
    insertRow.bind(columns.type?.rawValue, at: 8)
    insertRow.bind(unownedText: slice(row.message, columns.requestID), at: 9)
    insertRow.bind(columns.duration, at: 10)
    insertRow.bind(columns.billedDuration, at: 11)
    insertRow.bind(columns.memorySize, at: 12)
    insertRow.bind(columns.maxMemoryUsed, at: 13)
    insertRow.bind(columns.initDuration, at: 14)
    insertRow.bind(unownedText: slice(row.message, columns.xrayTraceID), at: 15)
    insertRow.bind(unownedText: slice(row.message, columns.xraySegmentID), at: 16)
    insertRow.bind(columns.jsonOffset.map(Int64.init), at: 17)
    insertRow.bind(columns.isFact, at: 18)
    try insertRow.run()
  }

  // MARK: Duplicates

  /// The earliest and the latest time of all events; `nil` where no event has a time.
  public func timeBounds() throws(StoreError) -> ClosedRange<Int64>? {
    defer { timeBoundsQuery.reset() }
    guard try timeBoundsQuery.step(), let first = timeBoundsQuery.optionalInteger(at: 0),
      let last = timeBoundsQuery.optionalInteger(at: 1)
    else { return nil }
    return first...last
  }

  /// Whether an event of that id is stored at that time.
  public func contains(
    eventID: UnsafeBufferPointer<UInt8>, timestamp: Int64?
  ) throws(StoreError) -> Bool {
    defer { findEventID.reset() }
    findEventID.bind(timestamp, at: 1)
    findEventID.bind(unownedText: eventID, at: 2)
    return try findEventID.step()
  }

  /// The first event of another source with this time, stream and text, trailing newlines aside.
  ///
  /// Events of the row's own source and those in `excluded` do not count; with `lacksEventID` only
  /// events without an event id do.
  public func copy(
    of row: EventRow, lacksEventID: Bool, excluding excluded: Set<Int64>
  ) throws(StoreError) -> Int64? {
    defer { sameTime.reset() }
    sameTime.bind(row.timestamp, at: 1)
    sameTime.bind(row.streamID, at: 2)
    sameTime.bind(row.sourceID, at: 3)
    sameTime.bind(lacksEventID, at: 4)
    let text = withoutTrailingNewlines(row.message)
    while try sameTime.step() {
      let id = sameTime.integer(at: 0)
      if !excluded.contains(id), equal(withoutTrailingNewlines(sameTime.bytes(at: 1)), text) {
        return id
      }
    }
    return nil
  }

  /// Gives an event the id that another input knows it by.
  public func assign(eventID: UnsafeBufferPointer<UInt8>, to id: Int64) throws(StoreError) {
    setEventID.bind(id, at: 1)
    setEventID.bind(unownedText: eventID, at: 2)
    try setEventID.run()
  }

  /// Replaces the last event of a source by a longer one that begins with it, as a line does that
  /// was still being written when it was read first.
  ///
  /// The row's `id` is not looked at. False where it does not go on with the last event.
  public func extendLastEvent(to row: EventRow) throws(StoreError) -> Bool {
    lastOfSource.bind(row.sourceID, at: 1)
    guard let id = try idOfBeginning(of: row) else { return false }
    deleteRow.bind(id, at: 1)
    try deleteRow.run()
    var row = row
    row.id = id
    try insert(row)
    return true
  }

  private func idOfBeginning(of row: EventRow) throws(StoreError) -> Int64? {
    defer { lastOfSource.reset() }
    guard try lastOfSource.step() else { return nil }
    let stored = lastOfSource.bytes(at: 1)
    let text = withoutTrailingNewlines(stored)
    guard stored.count < row.message.count,
      equal(UnsafeBufferPointer(rebasing: row.message[..<text.count]), text)
    else { return nil }
    return lastOfSource.integer(at: 0)
  }

  /// The greatest id of an event; 0 in an empty table.
  public func lastID() throws(StoreError) -> Int64 {
    defer { lastRow.reset() }
    return try lastRow.step() ? lastRow.integer(at: 0) : 0
  }

  // MARK: Facts

  /// Calls `body` with every event of a stream that invocations or errors are derived from.
  ///
  /// In order of time, event id and position; `bySource` in the order of input, source by source,
  /// for events of which nobody knows the stream. The message is valid during the call.
  public func forEachFact(
    ofStream streamID: Int64, bySource: Bool,
    body: (_ sourceID: Int64, _ timestamp: Int64?, _ message: UnsafeBufferPointer<UInt8>)
      throws(StoreError) -> Void
  ) throws(StoreError) {
    let statement = bySource ? factsBySource : factsByTime
    defer { statement.reset() }
    statement.bind(streamID, at: 1)
    while try statement.step() {
      try body(
        statement.integer(at: 0), statement.optionalInteger(at: 1), statement.bytes(at: 2))
    }
  }

  // MARK: Bytes

  private func slice(
    _ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>?
  ) -> UnsafeBufferPointer<UInt8>? {
    range.map { UnsafeBufferPointer(rebasing: bytes[$0.clamped(to: 0..<bytes.count)]) }
  }

  private func withoutTrailingNewlines(
    _ bytes: UnsafeBufferPointer<UInt8>
  ) -> UnsafeBufferPointer<UInt8> {
    var end = bytes.count
    while end > 0, bytes[end - 1] == 0x0A || bytes[end - 1] == 0x0D { end -= 1 }
    return UnsafeBufferPointer(rebasing: bytes[..<end])
  }

  private func equal(
    _ one: UnsafeBufferPointer<UInt8>, _ other: UnsafeBufferPointer<UInt8>
  ) -> Bool {
    one.holds(other, in: 0..<one.count)
  }
}
