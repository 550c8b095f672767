internal import InsightsModel
public import InsightsQuery

/// Which log events of a group are wanted.
public struct LogEventSelection: Sendable {
  /// The names of log groups; events of all of them are one list.
  public var logGroups: [String]
  /// The names of log streams; empty for all.
  public var logStreams: [String] = []
  /// What the names of log streams begin with, with one of these; empty for all.
  public var logStreamPrefixes: [String] = []
  /// Epoch milliseconds, both inclusive; `nil` without a limit.
  public var start: Int64?
  public var end: Int64?
  public var pattern: FilterPattern?

  public init(logGroups: [String]) {
    self.logGroups = logGroups
  }

  static let timestamp = PlanColumn("@timestamp", .timestamp)
  static let position = PlanColumn("@position", .number)

  /// The events, in no order, of which the conditions of `extra` are true as well.
  func plan(_ extra: [BoundExpression]) -> Plan {
    // Events without a time have no place in these lists.
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
      // Names have no signs of globs, but somebody may ask for one that does.
      Scan(relation: .events, timeRange: range, logGroups: logGroups.map(Self.glob)))
    return conditions.reduce(scan) { .filter($0, $1) }
  }

  private static func glob(_ name: String) -> String {
    name.map { "*?[".contains($0) ? "[\($0)]" : "\($0)" }.joined()
  }
}

/// A log event of a list.
public struct LogEventRecord: Sendable {
  public var place: LogEventPlace
  /// Epoch milliseconds; that of the event where the input does not say.
  public var ingestionTime: Int64
  public var logGroup: String
  /// Empty where the input does not say.
  public var logStream: String
  public var message: String
}

/// Where an event stands in a list: by its time, then in the order of input.
public struct LogEventPlace: Hashable, Comparable, Sendable {
  /// Epoch milliseconds.
  public var timestamp: Int64
  public var position: Int64

  public init(timestamp: Int64, position: Int64) {
    self.timestamp = timestamp
    self.position = position
  }

  public static func < (one: LogEventPlace, other: LogEventPlace) -> Bool {
    (one.timestamp, one.position) < (other.timestamp, other.position)
  }

  /// 56 digits, as AWS's event ids are, which grow with the place.
  public var eventID: String {
    let time = String(max(timestamp, 0))
    let position = String(position)
    func zeros(_ count: Int) -> String { String(repeating: "0", count: max(count, 0)) }
    return "3" + zeros(19 - time.count) + time + zeros(36 - position.count) + position
  }

  /// The place that an event id says; `nil` for what is none of ours.
  public init?(eventID: String) {
    let digits = Array(eventID.utf8)
    guard digits.count == 56, digits[0] == UInt8(ascii: "3"),
      digits.allSatisfy({ $0 &- UInt8(ascii: "0") < 10 }),
      let timestamp = Int64(String(decoding: digits[1..<20], as: UTF8.self)),
      let position = Int64(String(decoding: digits[20...], as: UTF8.self))
    else { return nil }
    self.init(timestamp: timestamp, position: position)
  }

  /// A column of which this place has `value`, compared with it.
  private func compare(_ id: FunctionID, _ column: PlanColumn, _ value: Int64) -> BoundExpression {
    .call(id, [.column(column), .literal(.integer(value))], type: .boolean)
  }

  /// The condition that an event stands behind this place, or before it.
  func condition(isBehind: Bool, inclusive: Bool = false) -> BoundExpression {
    let position: FunctionID =
      isBehind ? (inclusive ? .greaterOrEqual : .greater) : (inclusive ? .lessOrEqual : .less)
    let sameTime = BoundExpression.call(
      .and,
      [
        compare(.equal, LogEventSelection.timestamp, timestamp),
        compare(position, LogEventSelection.position, self.position),
      ], type: .boolean)
    return .call(
      .or,
      [compare(isBehind ? .greater : .less, LogEventSelection.timestamp, timestamp), sameTime],
      type: .boolean)
  }
}
