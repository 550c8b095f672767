internal import InsightsSegments
internal import InsightsStore
internal import InsightsText

/// The facts of a segment, in the order of its events, with the parts that have already been
/// parsed.
struct SegmentFacts: Sendable {
  /// A fact, or a START and REPORT pair that is an invocation.
  struct Fact: Sendable {
    /// The event; of a pair, the first.
    var event: Int
    /// The plain REPORT that follows a START among the facts of its stream.
    ///
    /// If set, the invocation is the next one in `invocations`; otherwise the event's message must
    /// be parsed.
    var report: Int?
  }

  /// Consecutive facts of one stream and source.
  struct Run: Sendable {
    var streamID: Int64
    var sourceID: Int64
    var facts: Range<Int>
  }

  /// The order of a stream's facts.
  struct Order: Sendable {
    var streamID: Int64
    var first: FactPlace
    var last: FactPlace
    /// Whether each comes after the previous one.
    var isAscending = true
  }

  private(set) var facts: [Fact] = []
  private(set) var runs: [Run] = []
  /// One entry for every stream of the segment that has facts.
  private(set) var orders: [Order] = []
  private(set) var invocations = InvocationRows()
  /// The key of each invocation's request in the history.
  private(set) var requestKeys: [UInt64] = []

  /// Reads the facts of `events` at `indexes`; `lines` are the START and REPORT lines among them,
  /// in the order of their events.
  init(
    _ indexes: [UInt16], of events: SegmentEvents, lines: EventClassifier.FactLines
  ) {
    events.bytes.withUnsafeBufferPointer { bytes in
      let pairs = arrange(indexes, events, lines.lines, bytes)
      invocations.reserve(rowCount: pairs.count)
      requestKeys.reserveCapacity(pairs.count)
      for pair in pairs { append(pair, events, lines, bytes) }
    }
  }

  /// Appends the invocation of a START and its REPORT.
  private mutating func append(
    _ pair: Pair, _ events: SegmentEvents, _ lines: EventClassifier.FactLines,
    _ bytes: UnsafeBufferPointer<UInt8>
  ) {
    let start = lines.lines[pair.start.line]
    let end = lines.lines[pair.report]
    guard case .start(let version) = start.content, case .plainReport(let report) = end.content
    else { return }
    func message(_ line: EventClassifier.FactLine) -> UnsafeBufferPointer<UInt8> {
      UnsafeBufferPointer(rebasing: bytes[events.events[line.event].message])
    }
    let startMessage = message(start)
    let requestID = RequestID(UnsafeBufferPointer(rebasing: startMessage[start.requestID]))
    var row = InvocationTable.Row(requestID: requestID)
    lines.reports[report].fill(&row, message(end))
    row.status = .success
    row.version = version.map { String(decoding: startMessage[$0], as: UTF8.self) }
    row.start = pair.start.timestamp
    row.end = pair.end
    invocations.append(row, streamID: pair.streamID)
    requestKeys.append(RequestHistory.key(of: requestID))
  }

  /// A START that no other fact of its stream has followed yet.
  private struct Start {
    var fact: Int
    var sourceID: Int64
    var timestamp: Int64?
    /// The index of the line.
    var line: Int
    /// The range of its request id.
    var requestID: Range<Int>
  }

  /// A START and the plain REPORT that follows it.
  private struct Pair {
    var start: Start
    var streamID: Int64
    var end: Int64?
    /// The index of the line.
    var report: Int
  }

  /// Orders the facts, and returns the invocations in the order of their START.
  private mutating func arrange(
    _ indexes: [UInt16], _ events: SegmentEvents, _ lines: [EventClassifier.FactLine],
    _ bytes: UnsafeBufferPointer<UInt8>
  ) -> [Pair] {
    facts.reserveCapacity(indexes.count)
    var pairs: [Pair] = []
    pairs.reserveCapacity(indexes.count / 2)
    var isInterleaved = false
    var places: [Int64: Int] = [:]
    var starts: [Start?] = []
    var place = 0
    var nextLine = 0
    for event in indexes.map(Int.init) {
      let streamID = events.events[event].streamID
      let sourceID = events.events[event].sourceID
      if orders.isEmpty || orders[place].streamID != streamID {
        place = places[streamID, default: orders.count]
        if place == orders.count {
          places[streamID] = place
          let first = FactPlace(of: event, in: events)
          orders.append(Order(streamID: streamID, first: first, last: first))
          starts.append(nil)
        }
      }
      let factPlace = FactPlace(of: event, in: events)
      if !factPlace.mayFollow(orders[place].last) { orders[place].isAscending = false }
      orders[place].last = factPlace
      while nextLine < lines.count, lines[nextLine].event < event { nextLine += 1 }
      var start: Start?
      if nextLine < lines.count, lines[nextLine].event == event {
        let message = events.events[event].message.lowerBound
        let id = lines[nextLine].requestID
        let requestID = message + id.lowerBound..<message + id.upperBound
        let timestamp = events.events[event].timestamp
        switch lines[nextLine].content {
        case .start:
          start = Start(
            fact: facts.count, sourceID: sourceID, timestamp: timestamp, line: nextLine,
            requestID: requestID)
        case .plainReport:
          guard let waiting = starts[place], waiting.sourceID == sourceID,
            waiting.requestID.count == requestID.count,
            bytes.holds(UnsafeBufferPointer(rebasing: bytes[requestID]), in: waiting.requestID)
          else { break }
          facts[waiting.fact].report = event
          if let last = pairs.last, last.start.fact > waiting.fact { isInterleaved = true }
          pairs.append(
            Pair(start: waiting, streamID: streamID, end: timestamp, report: nextLine))
          starts[place] = nil
          continue
        case .otherReport: break
        }
      }
      starts[place] = start
      if let last = runs.last, last.streamID == streamID, last.sourceID == sourceID {
        runs[runs.count - 1].facts = last.facts.lowerBound..<facts.count + 1
      } else {
        runs.append(
          Run(streamID: streamID, sourceID: sourceID, facts: facts.count..<facts.count + 1))
      }
      facts.append(Fact(event: event))
    }
    if isInterleaved { pairs.sort { $0.start.fact < $1.start.fact } }
    return pairs
  }
}
