internal import InsightsStore

/// Derives invocations and errors while events are written, where a stream's facts come in order.
///
/// Rows are written as soon as nothing that may follow changes them, so that memory stays flat. A
/// stream whose facts turn out to need another order, or refer to rows that are written already,
/// is given up: it stays marked as stale, and `StreamDerivation` makes its rows anew.
final class LiveDerivation {
  /// A stream on its way.
  private final class Stream {
    let names: StreamTable.Names
    /// Where the stream is unknown every source is a timeline of its own.
    let isBySource: Bool
    var source: Int64?
    var assembler: InvocationAssembler
    var lastTimestamp = Int64.min
    var lastEventID: [UInt8]?

    init(names: StreamTable.Names, history: RequestHistory) {
      self.names = names
      isBySource = names.logStream == nil
      assembler = InvocationAssembler(history: history)
    }
  }

  private let streamTable: StreamTable
  private let invocations: InvocationTable
  private let errors: ErrorTable
  private var history = RequestHistory()
  private var streams: [Int64: Stream] = [:]
  /// Neighbouring facts mostly share their stream.
  private var lastStream: (id: Int64, stream: Stream)?
  private var abandoned: Set<Int64> = []
  /// The id of the first row of this run.
  private var firstID: Int64 = 1
  /// Rows written in this run.
  private(set) var counts = (invocations: 0, errors: 0)

  init(streams: StreamTable, invocations: InvocationTable, errors: ErrorTable) {
    streamTable = streams
    self.invocations = invocations
    self.errors = errors
  }

  /// Begins a run.
  func beginRun() throws(StoreError) {
    history = RequestHistory()
    firstID = try invocations.lastID() + 1
    abandoned = Set(try streamTable.staleStreams())
    counts = (0, 0)
  }

  /// Begins with a stream none of whose facts is stored, or of which nobody knows the name.
  func begin(_ id: Int64, names: StreamTable.Names) throws(StoreError) {
    guard streams[id] == nil, !abandoned.contains(id) else { return }
    streams[id] = Stream(names: names, history: history)
    // Until the run has ended: a run that is killed leaves rows that are not whole.
    try streamTable.mark(id, isStale: true)
  }

  func isFollowing(_ id: Int64) -> Bool { streams[id] != nil }

  /// Leaves a stream to `StreamDerivation`.
  func abandon(_ id: Int64) throws(StoreError) {
    guard abandoned.insert(id).inserted else { return }
    streams[id] = nil
    lastStream = nil
    try streamTable.mark(id, isStale: true)
  }

  /// Takes in the facts of the next segment.
  func consume(_ facts: SegmentFacts, of events: SegmentEvents) throws(StoreError) {
    var touched: Set<Int64> = []
    var lastTouched: Int64?
    for fact in facts.facts {
      let event = events.events[fact.event]
      guard let stream = stream(event.streamID) else { continue }
      if lastTouched != event.streamID {
        touched.insert(event.streamID)
        lastTouched = event.streamID
      }
      if stream.isBySource, stream.source != event.sourceID {
        try finish(stream, id: event.streamID)
        stream.assembler = InvocationAssembler(history: history)
        stream.source = event.sourceID
      }
      var isOrdered = isNext(event, in: events, stream)
      switch fact {
      case .event:
        consume([event], of: events, stream)
      case .invocation(let row, _, let report):
        isOrdered = isNext(events.events[report], in: events, stream) && isOrdered
        if stream.assembler.passes(row) {
          try invocations.insert(row, streamID: event.streamID)
          counts.invocations += 1
        } else {
          consume([event, events.events[report]], of: events, stream)
        }
      }
      if !isOrdered || stream.assembler.isIrregular { try abandon(event.streamID) }
    }
    for id in touched {
      guard let stream = streams[id] else { continue }
      try write(stream.assembler.takeRowsEarly(), of: stream, id: id)
    }
  }

  /// Ends a run: what is left is written, and the streams are stale no more.
  func endRun() throws(StoreError) {
    for (id, stream) in streams.sorted(by: { $0.key < $1.key }) {
      try finish(stream, id: id)
      if stream.assembler.isIrregular {
        try abandon(id)
      } else {
        try streamTable.mark(id, isStale: false)
      }
    }
    streams = [:]
    lastStream = nil
  }

  /// Whether some request of this run may have been invoked more than once.
  func mayHaveRepeats() throws(StoreError) -> Bool {
    if history.mayRepeat { return true }
    guard firstID > 1 else { return false }
    return try invocations.containsRequest(below: firstID) { history.mayContain($0) }
  }

  private func stream(_ id: Int64) -> Stream? {
    if let last = lastStream, last.id == id { return last.stream }
    guard let stream = streams[id] else { return nil }
    lastStream = (id, stream)
    return stream
  }

  private func consume(
    _ facts: [SegmentEvents.Event], of events: SegmentEvents, _ stream: Stream
  ) {
    events.bytes.withUnsafeBufferPointer { bytes in
      for fact in facts {
        stream.assembler.consume(
          UnsafeBufferPointer(rebasing: bytes[fact.message]), timestamp: fact.timestamp)
      }
    }
  }

  /// Whether a fact stands after the one before in the order of its stream.
  private func isNext(
    _ event: SegmentEvents.Event, in events: SegmentEvents, _ stream: Stream
  ) -> Bool {
    if stream.isBySource { return true }
    let timestamp = event.timestamp ?? .min
    let eventID = event.eventID.map { Array(events.bytes[$0]) }
    defer {
      stream.lastTimestamp = timestamp
      stream.lastEventID = eventID
    }
    guard timestamp == stream.lastTimestamp else { return timestamp > stream.lastTimestamp }
    guard let lastEventID = stream.lastEventID else { return true }
    guard let eventID else { return false }
    return !eventID.lexicographicallyPrecedes(lastEventID)
  }

  private func finish(_ stream: Stream, id: Int64) throws(StoreError) {
    try write(stream.assembler.takeLastRows(), of: stream, id: id)
  }

  private func write(
    _ rows: InvocationAssembler.SettledRows, of stream: Stream, id: Int64
  ) throws(StoreError) {
    for row in rows.invocations {
      try invocations.insert(row, streamID: id)
    }
    for row in rows.errors { try errors.insert(row, streamID: id, names: stream.names) }
    counts.invocations += rows.invocations.count
    counts.errors += rows.errors.count
  }
}
