import InsightsSegments
import Foundation
import InsightsClickHouse
import InsightsIngest
import InsightsStore
import InsightsTestSupport
import InsightsThreads

/// A store on a ClickHouse server, in a database of its own.
struct RemoteStore {
  let address: ClickHouseAddress
  let client: ClickHouseClient
  let cancellation = Cancellation()

  private static let server = Result {
    let server = try ClickHouseServer()
    running.withLock { $0 = server }
    // No test knows that it is the last.
    atexit { RemoteStore.running.withLock { $0?.stop() } }
    return server
  }

  private static let running = Locked<ClickHouseServer?>(nil)

  init() throws {
    let server = try Self.server.get()
    let database = "t" + UUID().uuidString.replacing("-", with: "")
    try ClickHouseClient(ClickHouseAddress(host: "127.0.0.1", port: server.port)).execute(
      "CREATE DATABASE \(database)", cancellation: cancellation)
    address = ClickHouseAddress(host: "127.0.0.1", port: server.port, database: database)
    client = ClickHouseClient(address)
  }

  @discardableResult
  func ingest(
    _ paths: [String], options: ImportOptions = ImportOptions()
  ) throws -> ImportSummary {
    try ClickHouseIngest(into: address, options: options).run(paths: paths)
  }

  func execute(_ sql: String) throws { try client.execute(sql, cancellation: cancellation) }

  /// The rows of a statement, whose columns are shown by `toString`, with tabs between.
  func rows(_ sql: String) throws -> [String] {
    let answer = try client.query(sql, format: "TabSeparated", cancellation: cancellation)
    var bytes: [UInt8] = []
    while let chunk = try answer.next() { bytes += chunk }
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map(String.init)
  }

  /// All that the tables say, but for what differs from run to run.
  func contents() throws -> [String] {
    try rows(
      """
      SELECT account, log_group, log_stream, attributes, timestamp_ms, event_id,
        ingestion_time_ms, type, request_id, duration, billed_duration, memory_size,
        max_memory_used, init_duration, xray_trace_id, xray_segment_id, is_fact, message,
        mapSort(fields)
      FROM events ORDER BY ALL
      """)
      + rows("SELECT * EXCEPT (id, number, ingest) FROM invocations ORDER BY ALL")
      + rows("SELECT * EXCEPT (id, number, ingest) FROM errors ORDER BY ALL")
  }

  /// Rows that say what others say, by the columns that tell them apart.
  func copies() throws -> [String] {
    try rows("SELECT id FROM invocations GROUP BY id HAVING count() > 1")
      + rows("SELECT id FROM errors GROUP BY id HAVING count() > 1")
      + rows(
        """
        SELECT any(message) FROM events
        GROUP BY account, log_group, log_stream, attributes, timestamp_ms, event_id, message, number,
          if(chain = 0, 0, source)
        HAVING count() > 1
        """)
  }
}
