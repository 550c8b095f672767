public import InsightsModel

extension Store {
  /// What is measured of an invocation.
  public struct InvocationSample: Sendable {
    /// The number of its log stream, see `forEachStream`.
    public var streamID: Int64
    /// Epoch milliseconds; `nil` where the log has no times.
    public var start: Int64?
    /// Epoch milliseconds; `nil` without a REPORT, or without times.
    public var end: Int64?
    public var durationMilliseconds: Double?
    public var billedMilliseconds: Int64?
    public var memoryMegabytes: Int64?
    /// Whether it ended with an error or a timeout.
    public var hasFailed: Bool
    public var isColdStart: Bool
  }

  /// Calls `body` with the number of each log stream and the names of its group and itself, where
  /// the name of the group matches one of `logGroups`, or these are none.
  public func forEachStream(
    ofGroups logGroups: [String] = [],
    _ body: (_ id: Int64, _ logGroup: String?, _ logStream: String?) -> Void
  ) throws(StoreError) {
    let conditions = logGroups.indices.map { "g.name GLOB ?\($0 + 1)" }
    let statement = try connection.prepare(
      """
      SELECT s.id, g.name, s.name
      FROM main.log_streams AS s JOIN main.log_groups AS g ON g.id = s.log_group_id
      \(conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: " OR "))
      """)
    for (index, glob) in logGroups.enumerated() { statement.bind(glob, at: index + 1) }
    while try statement.step() {
      body(statement.integer(at: 0), statement.optionalText(at: 1), statement.optionalText(at: 2))
    }
  }

  /// Calls `body` with each invocation that starts in the range, in the order of the table; without
  /// bounds also with those that have no start.
  ///
  /// Nothing is kept: any number of them takes no memory.
  public func forEachInvocation(
    in range: TimeRange, _ body: (InvocationSample) -> Void
  ) throws(StoreError) {
    let statement = try connection.prepare(
      """
      SELECT log_stream_id, outcome, start_ms, end_ms, duration, billed_ms, memory_mb
      FROM main.invocation_rows
      WHERE (?1 IS NULL OR start_ms >= ?1) AND (?2 IS NULL OR start_ms < ?2)
      """)
    statement.bind(range.start, at: 1)
    statement.bind(range.end, at: 2)
    while try statement.step() {
      let outcome = InvocationRows.Outcome(rawValue: statement.integer(at: 1))
      let start = statement.optionalInteger(at: 2)
      let duration: Double? =
        switch statement.type(at: 4) {
        case .integer: Double(statement.integer(at: 4)) / 1000
        case .real: statement.real(at: 4)
        case .null, .text, .blob: nil
        }
      body(
        InvocationSample(
          streamID: statement.integer(at: 0), start: start,
          end: statement.optionalInteger(at: 3).map { $0 &+ (start ?? 0) },
          durationMilliseconds: duration, billedMilliseconds: statement.optionalInteger(at: 5),
          memoryMegabytes: statement.optionalInteger(at: 6), hasFailed: outcome.hasFailed,
          isColdStart: outcome.isColdStart))
    }
  }
}
