internal import InsightsModel

extension Engine {
  /// The log lines of one request from all logs that have some, in order of time.
  ///
  /// Beside the lines that name the request these are the ones that stand between its START and its
  /// REPORT in their stream, as most of what a handler prints names no request.
  ///
  /// `near` is a time at which the request was under way, for requests without an invocation.
  func requestLines(
    of id: String, invocations: [InvocationFact], gatewayIDs: Set<String>, near time: Int64? = nil
  ) throws -> [RequestLine] {
    var collector = LineCollector()
    for invocation in invocations {
      collector.add(try streamLines(of: invocation))
    }
    let times =
      invocations.flatMap { [$0.start, $0.lastMoment] }.compactMap { $0 }
      + [time]
      .compactMap { $0 }
    // A request waits 15 minutes for its function at most.
    let range =
      times.min().flatMap { first in
        times.max().map { TimeRange(start: first - 900_000, end: $0 + 900_000) }
      } ?? .everything
    for gatewayID in gatewayIDs.sorted() where gatewayID.isIdentifier {
      let lines = try rows(
        of: """
          filter @message like /^\\(\(gatewayID)\\) / or (@message like /^[^(]/
              and strcontains(@message, "\(gatewayID)"))
          | fields @timestamp, @message, @log, @ptr | sort @timestamp asc | limit 1000
          """, in: range)
      collector.add(lines)
    }
    if invocations.isEmpty, id.isIdentifier {
      let named = try rows(
        of: """
          filter @requestId = "\(id)" or strcontains(@message, "\(id)")
          | fields @timestamp, @message, @log, @ptr | sort @timestamp asc | limit 1000
          """, in: range)
      collector.add(named)
    }
    return collector.lines
  }

  /// The lines of an invocation's stream from its START, or from the init before it, to its end.
  private func streamLines(of invocation: InvocationFact) throws -> [ResultRow] {
    guard let id = invocation.requestID, id.isIdentifier else { return [] }
    var range = TimeRange.everything
    var condition = "strcontains(@message, \"\(id)\")"
    if let start = invocation.start, let end = invocation.lastMoment {
      range = TimeRange(start: start - 60_000, end: end + 2000)
      condition = "ispresent(@timestamp)"
    }
    if let stream = invocation.logStream {
      condition += " and @logStream = \"\(stream.escapedForQuery)\""
    } else {
      condition += " and not ispresent(@logStream)"
    }
    let rows = try rows(
      of: """
        filter \(condition)
        | fields @timestamp, @message, @log, @ptr, @requestId, @type
        | sort @timestamp asc | limit 100000
        """, in: range)
    let own = rows.filter { $0.text("@log")?.logGroupOfLog == invocation.logGroup }
    guard let start = invocation.start else { return InvocationLines.ordered(own) }
    return InvocationLines.select(own, of: id, from: start)
  }
}

extension String {
  /// As it stands between double quotes in a query.
  var escapedForQuery: String {
    var text = ""
    for character in self {
      if character == "\"" || character == "\\" { text.append("\\") }
      text.append(character)
    }
    return text
  }
}

/// Chooses the lines of one invocation out of those of its stream.
enum InvocationLines {
  /// `rows` are in order, with `@message`, `@timestamp`, `@requestId` and `@type`; of several
  /// attempts that of `start`, in epoch milliseconds.
  static func select(_ rows: [ResultRow], of id: String, from start: Int64) -> [ResultRow] {
    func names(_ row: ResultRow) -> Bool {
      row.text("@requestId") == id || row.text("@message")?.includes(id) == true
    }
    func isStart(_ row: ResultRow) -> Bool {
      row.isLine("START", "platform.start") && names(row) && row.time("@timestamp") == start
    }
    guard let first = rows.firstIndex(where: isStart) else { return rows.filter(names) }
    var selected = Array(rows[initStart(before: first, in: rows)..<first])
    var hasEnded = false
    for row in rows[first...] {
      if hasEnded {
        // Older sandboxes tell of timeouts and crashes behind the REPORT.
        if names(row), !row.isLine("START", "platform.start") { selected.append(row) }
        if row.isLine("START", "platform.start") { break }
      } else if row.text("@requestId").map({ $0 == id }) ?? true {
        selected.append(row)
        hasEnded = row.isLine("REPORT", "platform.report") && names(row)
      }
    }
    return selected
  }

  /// The lines of an invocation whose START has no time, in their likely order.
  ///
  /// Sorting puts lines without a time first, also END and REPORT.
  static func ordered(_ rows: [ResultRow]) -> [ResultRow] {
    let ends = rows.filter { $0.time("@timestamp") == nil && !$0.isLine("START", "platform.start") }
    let starts = rows.filter { $0.isLine("START", "platform.start") }
    let timed = rows.filter { $0.time("@timestamp") != nil }
    return starts + timed + ends
  }

  /// Where the init of a sandbox begins whose first request starts at `index`.
  private static func initStart(before index: Int, in rows: [ResultRow]) -> Int {
    var begin = index
    var candidate = index
    while candidate > 0 {
      candidate -= 1
      let row = rows[candidate]
      if row.isLine("REPORT", "platform.report") || row.isLine("END", "platform.end")
        || row.isLine("START", "platform.start")
      {
        break
      }
      let message = row.text("@message") ?? ""
      if ["INIT_START", "INIT_REPORT", "RESTORE_START", "RESTORE_REPORT"].contains(
        where: message.hasPrefix) || message.includes("\"platform.initStart\"")
        || message.includes("\"platform.restoreStart\"")
      {
        begin = candidate
      }
    }
    return begin
  }
}

extension ResultRow {
  /// Whether it is a platform line of this kind, in the text or in the JSON log format.
  fileprivate func isLine(_ type: String, _ jsonType: String) -> Bool {
    if text("@type") == type { return true }
    guard let message = text("@message") else { return false }
    return message.hasPrefix("{") && message.includes("\"\(jsonType)\"")
  }
}

/// Merges lines of several streams.
struct LineCollector {
  private var entries: [(line: RequestLine, order: Int)] = []
  private var seen: Set<String> = []

  mutating func add(_ rows: [ResultRow]) {
    for row in rows {
      if let pointer = row.text("@ptr"), !seen.insert(pointer).inserted { continue }
      let line = RequestLine(
        timestamp: row.time("@timestamp"), logGroup: row.text("@log")?.logGroupOfLog,
        text: (row.text("@message") ?? "").withoutTrailingSpace)
      entries.append((line, entries.count))
    }
  }

  /// All lines by time; where some have none, all in the order in which they were added.
  var lines: [RequestLine] {
    guard entries.allSatisfy({ $0.line.timestamp != nil }) else { return entries.map(\.line) }
    return entries.sorted { left, right in
      (left.line.timestamp ?? .min, left.order) < (right.line.timestamp ?? .min, right.order)
    }.map(\.line)
  }
}
