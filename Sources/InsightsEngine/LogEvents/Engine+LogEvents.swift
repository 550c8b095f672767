internal import InsightsIngest
public import InsightsModel
public import InsightsQuery
public import InsightsStore

extension Engine {
  /// A page of a list of log events.
  public struct LogEventPage: Sendable {
    /// In the order of the list.
    public var events: [LogEventRecord]
    /// Whether more may follow.
    public var hasMore: Bool
  }

  /// The bytes that AWS counts per event in addition to its message.
  private static var eventOverhead: Int64 { 26 }

  /// Returns the events of a selection after a key, at most `limit` events and `byteLimit` bytes,
  /// but at least one event.
  ///
  /// They are ordered by time, then by input order; with `newestFirst` the order is reversed, and
  /// `key` is the end. Only the messages of the page are held in memory.
  ///
  /// - Throws: `StoreError`.
  public func logEvents(
    _ selection: LogEventSelection, after key: LogEventKey? = nil, newestFirst: Bool = false,
    limit: Int, byteLimit: Int = 1 << 20
  ) throws -> LogEventPage {
    var selection = selection
    var conditions: [BoundExpression] = []
    if let key {
      conditions = [key.condition(isAfter: !newestFirst)]
      // The range lets scans skip segments.
      if newestFirst {
        selection.end = min(selection.end ?? .max, key.timestamp)
      } else {
        selection.start = max(selection.start ?? .min, key.timestamp)
      }
    }
    if let start = selection.start, let end = selection.end, start > end {
      return LogEventPage(events: [], hasMore: false)
    }
    let (keys, hasMore) = try keys(
      selection.plan(conditions), newestFirst: newestFirst, limit: limit, byteLimit: byteLimit)
    guard let last = keys.last else { return LogEventPage(events: [], hasMore: false) }
    conditions.append(last.condition(isAfter: newestFirst, inclusive: true))
    if newestFirst {
      selection.start = last.timestamp
    } else {
      selection.end = last.timestamp
    }
    let events = try records(
      of: selection.plan(conditions), by: Self.order(newestFirst: newestFirst),
      limit: keys.count)
    // Events that arrived in between may have displaced some.
    return LogEventPage(events: events, hasMore: hasMore || events.last?.key != last)
  }

  /// Returns the keys of the events of a page.
  private func keys(
    _ plan: Plan, newestFirst: Bool, limit: Int, byteLimit: Int
  ) throws -> (keys: [LogEventKey], hasMore: Bool) {
    let length = PlanColumn("length", .number, isComputed: true)
    let message = BoundExpression.column(PlanColumn("@message", .text))
    let measured = Plan.extend(
      plan,
      [
        NamedExpression(
          column: length, expression: .call(.byteCount, [message], type: .number))
      ])
    // One more than requested, to detect whether there is a next page.
    let rows = try rows(
      of: measured, by: Self.order(newestFirst: newestFirst), limit: limit + 1,
      [LogEventSelection.timestamp, LogEventSelection.position, length])
    var byteCount: Int64 = 0
    var keys: [LogEventKey] = []
    for row in rows.prefix(limit) {
      guard let timestamp = row[0].wholeNumber, let position = row[1].wholeNumber else { continue }
      byteCount += (row[2].wholeNumber ?? 0) + Self.eventOverhead
      if byteCount > Int64(byteLimit), !keys.isEmpty { break }
      keys.append(LogEventKey(timestamp: timestamp, position: position))
    }
    return (keys, keys.count < rows.count)
  }

  private static func order(newestFirst: Bool) -> [SortKey] {
    [LogEventSelection.timestamp, LogEventSelection.position].map {
      SortKey(column: $0, isDescending: newestFirst)
    }
  }

  /// Returns the first rows of a plan in an order, with some of the columns.
  private func rows(
    of plan: Plan, by keys: [SortKey], limit: Int, _ columns: [PlanColumn]
  ) throws -> [[Value]] {
    try backend.table(
      of: .project(.limit(.sort(plan, keys), limit), columns), context: context
    ).rows
  }

  private func records(
    of plan: Plan, by keys: [SortKey], limit: Int
  ) throws -> [LogEventRecord] {
    let columns = [
      LogEventSelection.timestamp, LogEventSelection.position,
      PlanColumn(.ingestionTime), PlanColumn(.logGroup), PlanColumn(.logStream),
      PlanColumn(.message),
    ]
    return try rows(of: plan, by: keys, limit: limit, columns).compactMap(LogEventRecord.init)
  }

  /// Returns the position of the newest event in input order; 0 if there is none.
  public func lastPosition() throws(StoreError) -> Int64 { try store.lastPosition() }

  /// Returns the log group with a name, with or without events; `nil` if there is none.
  public func logGroup(named name: String) throws(StoreError) -> LogGroup? {
    try store.logGroup(named: name)
  }

  /// Whether a group has a log stream with a name, with or without events.
  public func hasLogStream(
    _ name: String, ofGroup group: String
  ) throws(StoreError) -> Bool {
    try store.logStream(named: name, ofGroup: group) != nil
  }

  /// Returns the events of a selection with positions after `position`, up to and including `last`,
  /// in input order, at most `limit`.
  ///
  /// - Throws: `StoreError`.
  public func newLogEvents(
    _ selection: LogEventSelection, after position: Int64, through last: Int64, limit: Int
  ) throws -> [LogEventRecord] {
    func compare(_ id: FunctionID, _ position: Int64) -> BoundExpression {
      .call(
        id, [.column(LogEventSelection.position), .literal(.integer(position))], type: .boolean)
    }
    let plan = selection.plan([compare(.greater, position), compare(.lessOrEqual, last)])
    return try records(
      of: plan, by: [SortKey(column: LogEventSelection.position, isDescending: false)],
      limit: limit)
  }
}

extension Engine {
  /// Returns the indexes of the messages that a filter pattern matches.
  ///
  /// - Throws: `StoreError`.
  public static func indexes(
    of messages: [String], matching pattern: FilterPattern
  ) throws -> [Int] {
    let store = try Store(.memory)
    // The times are the indexes.
    var events = NewEvents(logGroup: "/", logStream: "messages", ingestionTime: 0)
    for (number, message) in messages.enumerated() {
      events.append(timestamp: Int64(number), message: message.utf8)
    }
    try Importer(store: store).store(events)
    var selection = LogEventSelection(logGroups: [])
    selection.pattern = pattern
    let page = try Engine(store: store).logEvents(
      selection, limit: max(messages.count, 1), byteLimit: .max)
    return page.events.map { Int($0.key.timestamp) }
  }
}

extension LogEventRecord {
  fileprivate init?(_ row: [Value]) {
    guard row.count == 6, let timestamp = row[0].wholeNumber, let position = row[1].wholeNumber
    else { return nil }
    self.init(
      key: LogEventKey(timestamp: timestamp, position: position),
      ingestionTime: row[2].wholeNumber ?? timestamp, logGroup: row[3].shownText,
      logStream: row[4].shownText, message: row[5].shownText)
  }
}

extension Value {
  fileprivate var wholeNumber: Int64? {
    switch self {
    case .integer(let number): number
    case .real(let number): Int64(exactly: number)
    case .null, .text, .wide: nil
    }
  }

  fileprivate var shownText: String {
    if case .text(let text) = self { text } else { "" }
  }
}
