internal import InsightsModel
public import InsightsQuery

/// Selects log events of groups.
public struct LogEventSelection: Sendable {
  /// The names of log groups; the events of all of them form one list.
  var logGroups: [String]
  /// The names of log streams; empty for all.
  public var logStreams: [String] = []
  /// Prefixes of log stream names, of which one must match; empty for all.
  public var logStreamPrefixes: [String] = []
  /// The start in epoch milliseconds, inclusive; `nil` for no limit.
  public var start: Int64?
  /// The end in epoch milliseconds, inclusive; `nil` for no limit.
  public var end: Int64?
  /// The filter pattern; `nil` for all events.
  public var pattern: FilterPattern?

  /// Selects all events of the groups.
  public init(logGroups: [String]) {
    self.logGroups = logGroups
  }

  static let timestamp = PlanColumn("@timestamp", .timestamp)
  static let position = PlanColumn("@position", .number)

  /// Returns a plan for the events, unordered, that also meet the conditions `extra`.
  func plan(_ extra: [BoundExpression]) -> Plan {
    // Events without a time are not in these lists.
    var conditions: [BoundExpression] = [
      .call(.isPresent, [.column(Self.timestamp)], type: .boolean)
    ]
    let stream = BoundExpression.column(PlanColumn("@logStream", .text))
    if !logStreams.isEmpty {
      conditions.append(.membership(stream, logStreams.map { .text($0) }))
    }
    let prefixes = logStreamPrefixes.map { prefix in
      BoundExpression.call(.startsWith, [stream, .literal(.text(prefix))], type: .boolean)
    }
    if let first = prefixes.first {
      conditions.append(
        prefixes.dropFirst().reduce(first) { .call(.or, [$0, $1], type: .boolean) })
    }
    conditions += extra
    if let condition = pattern?.condition(on: .column(PlanColumn("@message", .text))) {
      conditions.append(condition)
    }
    let range = TimeRange(start: start, end: end.map { $0 == .max ? $0 : $0 + 1 })
    let scan = Plan.scan(
      // Names contain no glob characters, but a request may.
      Scan(relation: .events, timeRange: range, logGroups: logGroups.map(Self.glob)))
    return conditions.reduce(scan) { .filter($0, $1) }
  }

  private static func glob(_ name: String) -> String {
    name.map { "*?[".contains($0) ? "[\($0)]" : "\($0)" }.joined()
  }
}

/// A log event of a list.
public struct LogEventRecord: Sendable {
  /// Its key in the list.
  public var key: LogEventKey
  /// Epoch milliseconds; the event's own time if the input has none.
  public var ingestionTime: Int64
  /// The name of the log group.
  public var logGroup: String
  /// The name of the log stream; empty if unknown.
  public var logStream: String
  /// The text of the event.
  public var message: String
}

/// The key of an event in a list: by time, then in input order.
public struct LogEventKey: Hashable, Comparable, Sendable {
  /// Epoch milliseconds.
  public var timestamp: Int64
  /// The position in input order.
  public var position: Int64

  /// Makes a key.
  public init(timestamp: Int64, position: Int64) {
    self.timestamp = timestamp
    self.position = position
  }

  /// Compares by time, then by position.
  public static func < (one: LogEventKey, other: LogEventKey) -> Bool {
    (one.timestamp, one.position) < (other.timestamp, other.position)
  }

  /// The key as 56 digits, the form of AWS's event ids; ids increase in the order of the list.
  public var eventID: String {
    let time = String(max(timestamp, 0))
    let position = String(position)
    func zeros(_ count: Int) -> String { String(repeating: "0", count: max(count, 0)) }
    return "3" + zeros(19 - time.count) + time + zeros(36 - position.count) + position
  }

  /// Parses an event id; `nil` if it does not have the form of `eventID`.
  public init?(eventID: String) {
    let digits = Array(eventID.utf8)
    guard digits.count == 56, digits[0] == UInt8(ascii: "3"),
      digits.allSatisfy({ $0 &- UInt8(ascii: "0") < 10 }),
      let timestamp = Int64(String(decoding: digits[1..<20], as: UTF8.self)),
      let position = Int64(String(decoding: digits[20...], as: UTF8.self))
    else { return nil }
    self.init(timestamp: timestamp, position: position)
  }

  /// Returns a comparison of a column with a constant.
  private func compare(_ id: FunctionID, _ column: PlanColumn, _ value: Int64) -> BoundExpression {
    .call(id, [.column(column), .literal(.integer(value))], type: .boolean)
  }

  /// Returns the condition that an event is after this key, or before it.
  func condition(isAfter: Bool, inclusive: Bool = false) -> BoundExpression {
    let position: FunctionID =
      isAfter ? (inclusive ? .greaterOrEqual : .greater) : (inclusive ? .lessOrEqual : .less)
    let sameTime = BoundExpression.call(
      .and,
      [
        compare(.equal, LogEventSelection.timestamp, timestamp),
        compare(position, LogEventSelection.position, self.position),
      ], type: .boolean)
    return .call(
      .or,
      [compare(isAfter ? .greater : .less, LogEventSelection.timestamp, timestamp), sameTime],
      type: .boolean)
  }
}
