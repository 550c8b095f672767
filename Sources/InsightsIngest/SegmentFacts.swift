internal import InsightsStore
internal import InsightsText

/// The facts of a segment, in the order of its events, with what could be read ahead.
struct SegmentFacts: Sendable {
  /// A fact, or two that are one invocation.
  enum Fact: Sendable {
    /// The event's message has to be looked at.
    case event(Int)
    /// A START followed, among the facts of its stream, by its plain REPORT.
    case invocation(InvocationTable.Row, start: Int, report: Int)

    /// The event that comes first.
    var event: Int {
      switch self {
      case .event(let event), .invocation(_, let event, _): event
      }
    }
  }

  private(set) var facts: [Fact] = []

  /// Reads the facts that `events` has at `indexes`; `lines` are Lambda's own lines among them, in
  /// the order of their events.
  init(
    _ indexes: [UInt16], of events: SegmentEvents, lines: [EventClassifier.FactLine]
  ) {
    facts.reserveCapacity(indexes.count)
    events.bytes.withUnsafeBufferPointer { bytes in
      var starts: [Int64: Start] = [:]
      var last: (stream: Int64, start: Start?)?
      var nextLine = 0
      for event in indexes.map(Int.init) {
        let source = events.events[event]
        let message = UnsafeBufferPointer(rebasing: bytes[source.message])
        if last?.stream != source.streamID {
          // The start that the other stream waits with is set aside.
          if let last { starts[last.stream] = last.start }
          last = (source.streamID, starts[source.streamID])
        }
        while nextLine < lines.count, lines[nextLine].event < event { nextLine += 1 }
        let line =
          nextLine < lines.count && lines[nextLine].event == event ? lines[nextLine] : nil
        if let start = last?.start, let line, let report = line.report,
          let row = row(start, line.line, report, message, source.timestamp)
        {
          facts[start.fact] = .invocation(row, start: start.event, report: event)
          last?.start = nil
          continue
        }
        facts.append(.event(event))
        var start: Start?
        if let line = line?.line, case .start = line.kind, let id = line.requestID {
          start = Start(
            event: event, fact: facts.count - 1, line: line, timestamp: source.timestamp,
            message: message, requestID: UnsafeBufferPointer(rebasing: message[id]))
        }
        last = (source.streamID, start)
      }
    }
  }

  /// A START of which no other fact of its stream has followed yet.
  private struct Start {
    var event: Int
    var fact: Int
    var line: LambdaLine
    var timestamp: Int64?
    var message: UnsafeBufferPointer<UInt8>
    var requestID: UnsafeBufferPointer<UInt8>
  }

  /// The invocation of a start and a report that says nothing but numbers.
  private func row(
    _ start: Start, _ line: LambdaLine, _ values: ReportLine,
    _ message: UnsafeBufferPointer<UInt8>, _ end: Int64?
  ) -> InvocationTable.Row? {
    guard let id = line.requestID, values.status == nil, values.errorType == nil,
      start.requestID.holds(UnsafeBufferPointer(rebasing: message[id]), in: 0..<id.count)
    else { return nil }
    var row = InvocationTable.Row(requestID: String(decoding: start.requestID, as: UTF8.self))
    row.version = start.line.version(in: start.message)
    row.start = start.timestamp
    row.end = end
    InvocationReport(values, message).fill(&row)
    row.status = .success
    return row
  }
}
