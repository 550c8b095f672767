internal import InsightsSQLite
internal import CSQLite
internal import InsightsModel

/// Hands the rows of `invocation_rows` to a function of ours, some hundred at a time.
///
/// SQLite calls an aggregate for each row, which takes two thirds of the time that it takes to step from
/// row to row and ask for each column.
final class InvocationReader {
  typealias Sample = Store.InvocationSample

  /// Samples that are handed over at a time.
  private static let capacity = 512

  private let samples = UnsafeMutablePointer<Sample>.allocate(capacity: capacity)
  private var count = 0
  private let receive: (UnsafeBufferPointer<Sample>) -> Void

  init(_ receive: @escaping (UnsafeBufferPointer<Sample>) -> Void) {
    self.receive = receive
  }

  deinit {
    samples.deallocate()
  }

  /// Reads those with these ids that start in a range.
  func read(
    _ ids: ClosedRange<Int64>, in range: TimeRange, of connection: Connection
  ) throws(StoreError) {
    try connection.registerInvocationReader()
    let statement = try connection.prepare(
      """
      SELECT \(Self.functionName)(?1, log_stream_id, outcome, start_ms, end_ms, duration, billed_ms, memory_mb)
      FROM main.invocation_rows
      WHERE id BETWEEN ?2 AND ?3
        \(range.start == nil ? "" : "AND start_ms >= ?4") \(range.end == nil ? "" : "AND start_ms < ?5")
      """)
    statement.bind(pointer: self, as: Self.functionName, at: 1)
    statement.bind(ids.lowerBound, at: 2)
    statement.bind(ids.upperBound, at: 3)
    if let start = range.start { statement.bind(start, at: 4) }
    if let end = range.end { statement.bind(end, at: 5) }
    while try statement.step() {}
    handOver()
  }

  fileprivate static let functionName: StaticString = "insights_read_invocations"

  fileprivate func add(_ sample: Sample) {
    (samples + count).initialize(to: sample)
    count += 1
    if count == Self.capacity { handOver() }
  }

  private func handOver() {
    receive(UnsafeBufferPointer(start: samples, count: count))
    count = 0
  }
}

extension Connection {
  /// Makes the function known, which nothing but `InvocationReader` can call: it wants one as a pointer.
  fileprivate func registerInvocationReader() throws(StoreError) {
    // Once: SQLite replaces no function while statements are at work.
    guard !functionWorkspace.hasInvocationReader else { return }
    let code = sqlite3_create_function_v2(
      handle, "\(InvocationReader.functionName)", 8, SQLITE_UTF8 | SQLITE_DIRECTONLY, nil, nil,
      { _, _, values in
        guard let values,
          let reader = SQLValue(handle: values[0]).object(
            InvocationReader.self, as: InvocationReader.functionName)
        else { return }
        reader.add(Store.InvocationSample(values + 1))
      }, { _ in }, nil)
    guard code == SQLITE_OK else { throw error(code, sql: "") }
    functionWorkspace.hasInvocationReader = true
  }
}

extension Store.InvocationSample {
  /// Stream, outcome, start, end, duration, billed milliseconds and size.
  fileprivate init(_ values: UnsafeMutablePointer<OpaquePointer?>) {
    func integer(_ index: Int) -> Int64? {
      sqlite3_value_type(values[index]) == SQLITE_NULL ? nil : sqlite3_value_int64(values[index])
    }
    let outcome = InvocationRows.Outcome(rawValue: sqlite3_value_int64(values[1]))
    streamID = sqlite3_value_int64(values[0])
    start = integer(2)
    end = integer(3)
    if let start { end = end.map { $0 &+ start } }
    durationMilliseconds =
      switch sqlite3_value_type(values[4]) {
      case SQLITE_INTEGER: Double(sqlite3_value_int64(values[4])) / 1000
      case SQLITE_FLOAT: sqlite3_value_double(values[4])
      default: nil
      }
    billedMilliseconds = integer(5)
    memoryMegabytes = integer(6)
    hasFailed = outcome.hasFailed
    isColdStart = outcome.isColdStart
  }
}
