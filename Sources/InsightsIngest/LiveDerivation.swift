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
    var lastFact = FactPlace()

    init(names: StreamTable.Names, history: RequestHistory) {
      self.names = names
      isBySource = names.logStream == nil
      assembler = InvocationAssembler(history: history)
    }

    func key(_ id: Int64) -> RestingDerivations.Key {
      RestingDerivations.Key(streamID: id, sourceID: isBySource ? source ?? 0 : 0)
    }
  }

  private let streamTable: StreamTable
  private let invocations: InvocationTable
  private let errors: ErrorTable
  private var history = RequestHistory()
  /// Those of the runs before; `nil` where this run is the only one.
  var resting: RestingDerivations?
  private var streams: [Int64: Stream] = [:]
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

  /// Begins a run that goes on with what is given, and leaves what the next may go on with.
  func beginRun(_ resting: RestingDerivations? = nil) throws(StoreError) {
    self.resting = resting
    history = resting?.history ?? RequestHistory()
    history.forgetRepeats()
    firstID = try invocations.lastID() + 1
    abandoned = Set(try streamTable.staleStreams())
    counts = (0, 0)
  }

  /// Begins with a stream none of whose facts is stored, or of which nobody knows the name.
  func begin(_ id: Int64, names: StreamTable.Names) throws(StoreError) {
    guard streams[id] == nil, !abandoned.contains(id) else { return }
    let stream = Stream(names: names, history: history)
    streams[id] = stream
    if !stream.isBySource { try wake(stream, id: id) }
    // Until the run has ended: a run that is killed leaves rows that are not whole.
    try streamTable.mark(id, isStale: true)
  }

  func isFollowing(_ id: Int64) -> Bool { streams[id] != nil }

  /// Whether a stream, or where it is unknown a source of it, goes on from an earlier run.
  func mayGoOn(_ id: Int64, sourceID: Int64?) -> Bool {
    resting?.contains(RestingDerivations.Key(streamID: id, sourceID: sourceID ?? 0)) ?? false
  }

  /// Leaves a stream to `StreamDerivation`.
  func abandon(_ id: Int64) throws(StoreError) {
    guard abandoned.insert(id).inserted else { return }
    streams[id] = nil
    resting?.forget(streamID: id)
    try streamTable.mark(id, isStale: true)
  }

  /// Takes in the facts of the next segment.
  func consume(_ facts: SegmentFacts, of events: SegmentEvents) throws(StoreError) {
    for order in facts.orders {
      guard let stream = streams[order.streamID], !stream.isBySource else { continue }
      if order.isAscending, order.first.mayFollow(stream.lastFact) {
        stream.lastFact = order.last.detached
      } else {
        try abandon(order.streamID)
      }
    }
    // The invocations so far, and those of them that are inserted or left out.
    var count = 0
    var doneCount = 0
    func insertInvocations() throws(StoreError) {
      try invocations.insert(facts.invocations, doneCount..<count)
      counts.invocations += count - doneCount
      doneCount = count
    }
    for run in facts.runs {
      guard let stream = streams[run.streamID] else {
        try insertInvocations()
        count += facts.facts[run.facts].count { $0.report != nil }
        doneCount = count
        continue
      }
      if stream.isBySource, stream.source != run.sourceID {
        try insertInvocations()
        try finish(stream, id: run.streamID)
        stream.assembler = InvocationAssembler(history: history)
        stream.source = run.sourceID
        try wake(stream, id: run.streamID)
      }
      for fact in facts.facts[run.facts] {
        guard let report = fact.report else {
          consume(fact.event, of: events, stream)
          continue
        }
        if !stream.assembler.passes(facts.requestKeys[count]) {
          try insertInvocations()
          doneCount += 1
          consume(fact.event, of: events, stream)
          consume(report, of: events, stream)
        }
        count += 1
      }
      if stream.assembler.isIrregular { try abandon(run.streamID) }
    }
    try insertInvocations()
    for order in facts.orders {
      guard let stream = streams[order.streamID] else { continue }
      try write(stream.assembler.takeRowsEarly(), of: stream, id: order.streamID)
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
  }

  /// Whether some request of this run may have been invoked more than once.
  func mayHaveRepeats() throws(StoreError) -> Bool {
    if history.mayRepeat { return true }
    if firstID > 1, resting != nil {
      return try resting?.hasRepeats(from: firstID, in: invocations) ?? false
    }
    guard firstID > 1 else { return false }
    return try invocations.containsRequest(below: firstID) { history.mayContain($0) }
  }

  private func consume(_ event: Int, of events: SegmentEvents, _ stream: Stream) {
    let timestamp = events.events[event].timestamp
    let message = events.events[event].message
    events.bytes.withUnsafeBufferPointer { bytes in
      stream.assembler.consume(
        UnsafeBufferPointer(rebasing: bytes[message]), timestamp: timestamp)
    }
  }

  /// Takes what has come for the whole stream.
  private func finish(_ stream: Stream, id: Int64) throws(StoreError) {
    let mayRest = resting.map { !$0.isFull } ?? false
    guard mayRest, !(stream.isBySource && stream.source == nil) else {
      return try write(stream.assembler.takeLastRows(), of: stream, id: id)
    }
    let assembler = stream.assembler
    let (invocation, error) = (try invocations.lastID() + 1, try errors.lastID() + 1)
    try write(stream.assembler.takeLastRows(), of: stream, id: id)
    let derivation = RestingDerivations.Derivation(
      assembler: assembler, lastFact: stream.lastFact,
      invocationIDs: invocation..<(try invocations.lastID() + 1),
      errorIDs: error..<(try errors.lastID() + 1))
    resting?.keep(derivation, for: stream.key(id))
  }

  /// Goes on where an earlier run took the stream for ended.
  private func wake(_ stream: Stream, id: Int64) throws(StoreError) {
    guard let derivation = resting?.take(stream.key(id)) else { return }
    stream.assembler = derivation.assembler
    stream.lastFact = derivation.lastFact
    try invocations.delete(derivation.invocationIDs)
    try errors.delete(derivation.errorIDs)
    counts.invocations -= derivation.invocationIDs.count
    counts.errors -= derivation.errorIDs.count
  }

  private func write(
    _ rows: InvocationAssembler.SettledRows, of stream: Stream, id: Int64
  ) throws(StoreError) {
    try invocations.insert(rows.invocations, streamID: id)
    try errors.insert(rows.errors, streamID: id, names: stream.names)
    counts.invocations += rows.invocations.count
    counts.errors += rows.errors.count
  }
}
