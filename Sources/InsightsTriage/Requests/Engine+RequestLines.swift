internal import InsightsEngine
internal import InsightsModel
internal import InsightsSQLite
internal import InsightsText

extension Engine {
  /// Returns the log lines of one request from all logs, in order of time.
  ///
  /// They are the lines with the request id, and those between its START and its REPORT in their
  /// stream, as most output of a handler contains no id.
  ///
  /// `near` is a time during the request, for requests without an invocation.
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
    // A request waits for its function at most as long as an invocation may take.
    let margin = AWSMessages.Limit.invocation
    let range =
      times.min().flatMap { first in
        times.max().map { TimeRange(start: first - margin, end: $0 + margin) }
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

  /// Returns the lines of an invocation's stream from its START, or from the init before it, to its
  /// end.
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
    let columns = ["@timestamp", "@message", "@log", "@ptr", "@requestId", "@type"]
    var lines = InvocationLines(of: id, from: invocation.start)
    try forEachRow(
      of: """
        filter \(condition)
        | filter not ispresent(@requestId) or @requestId = "\(id)" or ispresent(@type)
            or strcontains(@message, "\\"platform.")
        | display \(columns.joined(separator: ", ")) | sort @timestamp asc
        """, in: range
    ) { row in
      guard row.optionalText(at: 2)?.logGroupOfLog == invocation.logGroup else { return }
      lines.add(ResultRow(row, columns: columns))
    }
    return lines.selected
  }

  /// The maximum number of lines per request.
  static let lineLimit = 100_000
}

/// Selects the lines of one invocation from those of its stream, one by one.
struct InvocationLines {
  private let id: String
  /// The start of the attempt, which distinguishes attempts; `nil` if the log has no times.
  private let start: Int64?
  /// The lines of a sandbox's init, until its first request begins.
  private var initLines: [ResultRow] = []
  /// The lines since START; before it, all lines with the request id.
  private var lines: [ResultRow] = []
  private var hasBegun = false
  private var hasEnded = false
  private var isOver = false

  init(of id: String, from start: Int64?) {
    self.id = id
    self.start = start
  }

  /// Adds a line with `@message`, `@timestamp`, `@requestId` and `@type`, in order of time.
  mutating func add(_ row: ResultRow) {
    guard !isOver, lines.count < Engine.lineLimit else { return }
    let isStart = row.isLine("START", "platform.start")
    guard let start else {
      lines.append(row)
      return
    }
    if hasEnded {
      // Older sandboxes report timeouts and crashes after the REPORT.
      if isStart { isOver = true } else if names(row) { lines.append(row) }
    } else if hasBegun {
      guard row.text("@requestId").map({ $0 == id }) ?? true else { return }
      lines.append(row)
      hasEnded = row.isLine("REPORT", "platform.report") && names(row)
    } else if isStart, names(row), row.time("@timestamp") == start {
      hasBegun = true
      lines = initLines + [row]
    } else {
      if names(row) { lines.append(row) }
      if isStart || row.isLine("REPORT", "platform.report") || row.isLine("END", "platform.end") {
        initLines = []
      } else if !initLines.isEmpty || row.isInit {
        initLines.append(row)
      }
    }
  }

  private func names(_ row: ResultRow) -> Bool {
    row.text("@requestId") == id || row.text("@message")?.includes(id) == true
  }

  /// The lines of the invocation; if its START has no time, in their likely order.
  var selected: [ResultRow] {
    guard start == nil else { return lines }
    // Sorting puts lines without a time first, even END and REPORT.
    let isStart = { (row: ResultRow) in row.isLine("START", "platform.start") }
    let ends = lines.filter { $0.time("@timestamp") == nil && !isStart($0) }
    let timed = lines.filter { $0.time("@timestamp") != nil }
    return lines.filter(isStart) + timed + ends
  }
}

extension ResultRow {
  /// Whether it is a platform line of this kind, in the text or the JSON log format.
  fileprivate func isLine(_ type: String, _ jsonType: String) -> Bool {
    if text("@type") == type { return true }
    guard let message = text("@message") else { return false }
    return message.hasPrefix("{") && message.includes("\"\(jsonType)\"")
  }

  /// Whether it is about the init of a sandbox.
  fileprivate var isInit: Bool {
    let message = text("@message") ?? ""
    return ["INIT_START", "INIT_REPORT", "RESTORE_START", "RESTORE_REPORT"].contains(
      where: message.hasPrefix) || message.includes("\"platform.initStart\"")
      || message.includes("\"platform.restoreStart\"")
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

  /// All lines by time; if some have none, in the order in which they were added.
  var lines: [RequestLine] {
    guard entries.allSatisfy({ $0.line.timestamp != nil }) else { return entries.map(\.line) }
    return entries.sorted { left, right in
      (left.line.timestamp ?? .min, left.order) < (right.line.timestamp ?? .min, right.order)
    }.map(\.line)
  }
}
