internal import InsightsFunctions
internal import InsightsSQLite
internal import CSQLite
internal import InsightsModel

/// Reads invocations through an SQL function, and passes them on in batches of some hundred.
///
/// SQLite calls a function once per row. That takes two thirds of the time of stepping from row to
/// row and reading each column.
final class InvocationReader {
  typealias Sample = Store.InvocationSample

  /// The maximum number of samples per batch.
  private static let capacity = 512

  private let samples = UnsafeMutablePointer<Sample>.allocate(capacity: capacity)
  private var count = 0
  private let receive: (UnsafeBufferPointer<Sample>) -> Void
  private let range: TimeRange
  private let groups: InvocationGroupReader
  private var failure: StoreError?

  /// Reads invocations that start in a range.
  init(
    of connection: Connection, in range: TimeRange,
    _ receive: @escaping (UnsafeBufferPointer<Sample>) -> Void
  ) throws(StoreError) {
    self.receive = receive
    self.range = range
    groups = try InvocationGroupReader(connection: connection)
  }

  deinit {
    samples.deallocate()
  }

  /// Reads the invocations with these ids.
  func read(_ ids: ClosedRange<Int64>, of connection: Connection) throws(StoreError) {
    try connection.registerInvocationReader()
    let statement = try connection.prepare(
      """
      SELECT \(Self.functionName)(?1, group_id, outcome, start_ms, end_ms, duration,
        CASE WHEN outcome & 64 THEN
          (SELECT d.billed_ms FROM main.invocation_details AS d WHERE d.id = r.id) END)
      FROM main.invocation_rows AS r WHERE id BETWEEN ?2 AND ?3
      """)
    statement.bind(pointer: self, as: Self.functionName, at: 1)
    statement.bind(ids.lowerBound, at: 2)
    statement.bind(ids.upperBound, at: 3)
    while try statement.step() {}
    if let failure { throw failure }
    handOver()
  }

  fileprivate static let functionName: StaticString = "insights_read_invocations"

  /// Adds an invocation: its group, outcome, start, end, duration and billed milliseconds, as stored.
  fileprivate func add(_ values: UnsafeMutablePointer<OpaquePointer?>) {
    guard failure == nil else { return }
    let group: InvocationGroupReader.Group
    do throws(StoreError) { group = try groups.group(sqlite3_value_int64(values[0])) } catch {
      failure = error
      return
    }
    let sample = Sample(values, of: group)
    if range.start != nil || range.end != nil {
      guard let start = sample.start, start >= range.start ?? .min,
        range.end.map({ start < $0 }) ?? true
      else { return }
    }
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
  /// Registers the SQL function, which only `InvocationReader` can call, as it requires a pointer
  /// argument.
  fileprivate func registerInvocationReader() throws(StoreError) {
    // Only once: SQLite cannot replace a function while statements are running.
    guard !functionWorkspace.hasInvocationReader else { return }
    let code = sqlite3_create_function_v2(
      handle, "\(InvocationReader.functionName)", 7, SQLITE_UTF8 | SQLITE_DIRECTONLY, nil, nil,
      { _, _, values in
        guard let values,
          let reader = SQLValue(handle: values[0]).object(
            InvocationReader.self, as: InvocationReader.functionName)
        else { return }
        reader.add(values + 1)
      }, { _ in }, nil)
    guard code == SQLITE_OK else { throw error(code, sql: "") }
    functionWorkspace.hasInvocationReader = true
  }
}

extension Store.InvocationSample {
  /// Reads the arguments of `InvocationReader.add`; `InvocationColumns` defines how values are
  /// stored.
  fileprivate init(
    _ values: UnsafeMutablePointer<OpaquePointer?>, of group: InvocationGroupReader.Group
  ) {
    func integer(_ index: Int) -> Int64? {
      sqlite3_value_type(values[index]) == SQLITE_NULL ? nil : sqlite3_value_int64(values[index])
    }
    let outcome = InvocationRows.Outcome(rawValue: sqlite3_value_int64(values[1]))
    streamID = group.streamID
    memoryMegabytes = group.memory
    start = integer(2).map { $0 &+ group.base }
    end = integer(3)
    durationMilliseconds = nil
    billedMilliseconds = outcome.isBilledApart ? integer(5) : nil
    var wholeMilliseconds: Int64 = 0
    switch sqlite3_value_type(values[4]) {
    case SQLITE_INTEGER:
      let microseconds = sqlite3_value_int64(values[4])
      durationMilliseconds = Double(microseconds) / 1000
      wholeMilliseconds = microseconds / 1000
      if !outcome.isBilledApart {
        billedMilliseconds = InvocationColumns.billedMilliseconds(ofMicroseconds: microseconds)
      }
    case SQLITE_FLOAT: durationMilliseconds = sqlite3_value_double(values[4])
    default: break
    }
    if let start { end = end.map { $0 &+ start &+ wholeMilliseconds } }
    hasFailed = outcome.hasFailed
    isColdStart = outcome.isColdStart
  }
}

/// Reads the groups of invocations, with a cache: consecutive invocations have few groups.
private final class InvocationGroupReader {
  struct Group {
    var id: Int64 = -1
    var streamID: Int64 = 0
    var memory: Int64?
    var base: Int64 = 0
  }

  private let selection: Statement
  /// A cache of the groups used last, indexed by the low bits of the id.
  private var latest = [Group](repeating: Group(), count: 256)

  init(connection: Connection) throws(StoreError) {
    selection = try connection.prepare(
      "SELECT log_stream_id, memory_mb, base_ms FROM main.invocation_groups WHERE id = ?1")
  }

  func group(_ id: Int64) throws(StoreError) -> Group {
    let place = Int(truncatingIfNeeded: id & 255)
    if latest[place].id == id { return latest[place] }
    defer { selection.reset() }
    selection.bind(id, at: 1)
    guard try selection.step() else { return Group() }
    latest[place] = Group(
      id: id, streamID: selection.integer(at: 0), memory: selection.optionalInteger(at: 1),
      base: selection.integer(at: 2))
    return latest[place]
  }
}
