internal import InsightsSegments
internal import InsightsModel
internal import InsightsStore

/// Derives invocations and errors while events are written, for streams whose facts arrive in
/// order.
///
/// Rows are written as soon as no later fact can change them, so that memory stays bounded. If the
/// facts of a stream turn out to need another order, or affect rows that are already written, the
/// stream is abandoned: it stays marked as stale, and `StreamDerivation` derives its rows again.
final class LiveDerivation {
  /// A stream that is being derived.
  private final class Stream {
    /// If the stream is unknown every source is its own timeline.
    let isBySource: Bool
    var source: Int64?
    var assembler: InvocationAssembler
    var lastFact = FactPlace()
    /// The number of the latest segment with facts of the stream.
    var lastSegment = 0

    init(isBySource: Bool, history: RequestHistory) {
      self.isBySource = isBySource
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
  /// The derivations of earlier runs; `nil` if this is the only run.
  var resting: RestingDerivations?
  /// Streams that are followed and have no facts yet.
  private var waiting: Set<Int64> = []
  /// Those of them whose stream is unknown, so that every source is its own timeline.
  private var waitingBySource: Set<Int64> = []
  /// Streams that are followed and have facts; a few kilobytes each.
  private var streams: [Int64: Stream] = [:]
  /// Streams that were followed, and treated as ended when there were too many others.
  private var ended: Set<Int64> = []
  private var abandoned: Set<Int64> = []
  private let openStreamLimit: Int
  private var segmentNumber = 0
  /// The id of the first row of this run.
  private var firstID: Int64 = 1
  /// The number of rows written in this run.
  private(set) var counts = (invocations: 0, errors: 0)

  /// Makes a derivation with at most `openStreamLimit` open streams.
  init(
    streams: StreamTable, invocations: InvocationTable, errors: ErrorTable, openStreamLimit: Int
  ) {
    self.openStreamLimit = openStreamLimit
    streamTable = streams
    self.invocations = invocations
    self.errors = errors
  }

  /// Begins a run that continues from `resting`, and saves state for the next run.
  func beginRun(_ resting: RestingDerivations? = nil) throws(StoreError) {
    self.resting = resting
    history = resting?.history ?? RequestHistory()
    history.forgetRepeats()
    firstID = try invocations.lastID() + 1
    abandoned = Set(try streamTable.staleStreams())
    counts = (0, 0)
  }

  /// Begins a stream without stored facts, or with an unknown name.
  func begin(_ id: Int64, names: StreamTable.Names) throws(StoreError) {
    guard !isFollowing(id), !abandoned.contains(id) else { return }
    waiting.insert(id)
    if names.logStream == nil { waitingBySource.insert(id) }
    // Stale until the run has ended, since a killed run leaves incomplete rows.
    try streamTable.mark(id, isStale: true)
  }

  func isFollowing(_ id: Int64) -> Bool {
    streams[id] != nil || waiting.contains(id) || ended.contains(id)
  }

  /// Whether a stream, or one of its sources if the stream is unknown, continues from an earlier
  /// run.
  func mayContinue(_ id: Int64, sourceID: Int64?) -> Bool {
    resting?.contains(RestingDerivations.Key(streamID: id, sourceID: sourceID ?? 0)) ?? false
  }

  /// Leaves a stream to `StreamDerivation`.
  func abandon(_ id: Int64) throws(StoreError) {
    guard abandoned.insert(id).inserted else { return }
    streams[id] = nil
    waiting.remove(id)
    ended.remove(id)
    resting?.forget(streamID: id)
    try streamTable.mark(id, isStale: true)
  }

  /// Processes the facts of the next segment.
  func consume(_ facts: SegmentFacts, of events: SegmentEvents) throws(StoreError) {
    segmentNumber += 1
    for order in facts.orders {
      guard let stream = try stream(order.streamID), !stream.isBySource else { continue }
      if order.isAscending, order.first.mayFollow(stream.lastFact) {
        stream.lastFact = order.last.detached
      } else {
        try abandon(order.streamID)
      }
    }
    // The number of invocations so far, and of those that were inserted or skipped.
    var count = 0
    var doneCount = 0
    let rows = try invocations.place(facts.invocations)
    func insertInvocations() throws(StoreError) {
      try invocations.insert(rows, doneCount..<count)
      counts.invocations += count - doneCount
      doneCount = count
    }
    for run in facts.runs {
      guard let stream = try stream(run.streamID) else {
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

  /// Ends a run: writes the remaining rows, and marks the streams as no longer stale.
  func endRun() throws(StoreError) {
    for (id, stream) in streams.sorted(by: { $0.key < $1.key }) { try end(stream, id: id) }
    for id in waiting { try streamTable.mark(id, isStale: false) }
    streams = [:]
    waiting = []
    waitingBySource = []
    ended = []
  }

  /// Returns the stream with this id, which now has facts; `nil` if it is not followed.
  private func stream(_ id: Int64) throws(StoreError) -> Stream? {
    if let stream = streams[id] {
      stream.lastSegment = segmentNumber
      return stream
    }
    if ended.contains(id) { try abandon(id) }
    guard waiting.remove(id) != nil else { return nil }
    if streams.count >= openStreamLimit { try endOldest() }
    let stream = Stream(isBySource: waitingBySource.remove(id) != nil, history: history)
    stream.lastSegment = segmentNumber
    streams[id] = stream
    if !stream.isBySource { try wake(stream, id: id) }
    return stream
  }

  /// Treats the streams that were idle for longest as ended.
  private func endOldest() throws(StoreError) {
    let oldest = streams.sorted { ($0.value.lastSegment, $0.key) < ($1.value.lastSegment, $1.key) }
    for (id, stream) in oldest.prefix((openStreamLimit + 1) / 2) {
      streams[id] = nil
      try end(stream, id: id)
      if !abandoned.contains(id) { ended.insert(id) }
    }
  }

  /// Writes the remaining rows of a stream, and marks it as no longer stale.
  private func end(_ stream: Stream, id: Int64) throws(StoreError) {
    try finish(stream, id: id)
    if stream.assembler.isIrregular {
      try abandon(id)
    } else {
      try streamTable.mark(id, isStale: false)
    }
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

  /// Ends a stream, as if all its facts had arrived.
  private func finish(_ stream: Stream, id: Int64) throws(StoreError) {
    guard resting != nil, !(stream.isBySource && stream.source == nil) else {
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

  /// Resumes a stream that an earlier run had treated as ended.
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
    try stream.assembler.store(rows, in: invocations, errors, streamID: id)
    counts.invocations += rows.invocations.count
    counts.errors += rows.errors.count
  }
}
