@testable import InsightsSegments
@testable import InsightsScan
import Testing
import InsightsSQLite
@testable import InsightsStore

/// Makes a plain table of the events in a store's segments.
enum EventListing {
  static func fill(_ connection: Connection) throws {
    try connection.execute(
      """
      CREATE TEMP TABLE log_events (
        id INTEGER PRIMARY KEY, timestamp, ingestion_time, log_stream_id, source_id, event_id,
        message, type, request_id, duration, billed_duration, memory_size, max_memory_used,
        init_duration, xray_trace_id, xray_segment_id, json_offset, is_fact)
      """)
    let insert = try connection.prepare(
      "INSERT INTO log_events VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)")
    let blocks = try SegmentBlocks(connection: connection)
    for directory in try SegmentTable(connection: connection).directories() {
      let reader = SegmentReader(directory: directory, blocks: blocks)
      for event in 0..<directory.eventCount {
        try bind(event, of: reader, to: insert)
        // As bytes: they need not be UTF-8.
        try message(of: event, reader).withUnsafeBufferPointer { message in
          insert.bind(unownedText: message, at: 7)
          try insert.run()
        }
      }
    }
  }

  private static func bind(_ event: Int, of reader: SegmentReader, to row: Statement) throws {
    row.bind(reader.directory.firstPosition + Int64(event), at: 1)
    row.bind(integer(try reader.timestamps()[event]), at: 2)
    row.bind(integer(try reader.ingestionTimes()?[event]), at: 3)
    row.bind(try reader.streams()[event], at: 4)
    row.bind(try reader.sources()[event], at: 5)
    row.bind(text(try reader.eventIDs()?[event]), at: 6)
    let types = try reader.types()
    let type = types.map { $0.types[Int($0.indexes[event])] } ?? 0
    row.bind([nil, "START", "END", "REPORT"][Int(type)], at: 8)
    var requestID: [UInt8]?
    if let column = try reader.requestIDs(), column.indexes[event] != SegmentReader.noIndex {
      var id: [UInt8] = []
      column.append(Int(column.indexes[event]), to: &id)
      requestID = id
    }
    row.bind(text(requestID?[...]), at: 9)
    let reports = try reader.reports()
    let line = reports?.events.firstIndex(of: UInt16(event))
    func number<Value>(_ column: KeyPath<ReportColumns, [Value]>) -> Value? {
      line.flatMap { reports?[keyPath: column][$0] }
    }
    row.bind(real(number(\.duration)), at: 10)
    row.bind(integer(number(\.billedDuration)), at: 11)
    row.bind(integer(number(\.memorySize)), at: 12)
    row.bind(integer(number(\.maxMemoryUsed)), at: 13)
    row.bind(real(number(\.initDuration)), at: 14)
    row.bind(text(line.flatMap { reports?.xrayTraceIDs?[$0] }), at: 15)
    row.bind(text(line.flatMap { reports?.xraySegmentIDs?[$0] }), at: 16)
    row.bind(integer(try reader.jsonOffsets()?[event]), at: 17)
    row.bind(try reader.facts().contains(UInt16(event)), at: 18)
  }

  private static func message(of event: Int, _ reader: SegmentReader) throws -> [UInt8] {
    let text = try reader.messages()
    return Array(text.bytes[text.range(of: event)])
  }

  private static func integer(_ value: Int64?) -> Int64? {
    value == SegmentReader.missing ? nil : value
  }

  private static func real(_ value: Double?) -> Double? {
    value.flatMap { $0.isNaN ? nil : $0 }
  }

  private static func text(_ bytes: ArraySlice<UInt8>?) -> String? {
    bytes.map { String(decoding: $0, as: UTF8.self) }
  }
}
