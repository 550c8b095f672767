internal import InsightsModel
internal import InsightsSQLite
internal import InsightsStore

/// Derives invocations and errors from the stored facts, stream by stream.
///
/// All rows of a stream are derived from all its facts, so that they do not depend on the order and
/// division of the input.
struct StreamDerivation {
  private let connection: Connection
  private let streams: StreamTable
  private let events: StoredEvents
  private let invocations: InvocationTable
  private let errors: ErrorTable

  init(
    connection: Connection, streams: StreamTable, events: StoredEvents,
    invocations: InvocationTable, errors: ErrorTable
  ) {
    self.connection = connection
    self.streams = streams
    self.events = events
    self.invocations = invocations
    self.errors = errors
  }

  /// Derives the rows of every stale stream; returns how many more there are now.
  ///
  /// With `resting` the streams can continue from there. With `mayHaveRepeats` attempts are counted
  /// again even if no stream is stale. Streams in `emptyStreams` that are still without events are
  /// removed.
  func run(
    mayHaveRepeats: Bool, emptyStreams: Set<Int64>, resting: inout RestingDerivations?
  ) throws -> (invocations: Int, errors: Int) {
    let stale = try streams.staleStreams()
    guard !stale.isEmpty || mayHaveRepeats else { return (0, 0) }
    return try connection.transaction {
      let deleted = (
        invocations: try invocations.deleteOfStaleStreams(),
        errors: try errors.deleteOfStaleStreams()
      )
      var added = (invocations: -deleted.invocations, errors: -deleted.errors)
      for group in try groups(of: stale) {
        let places = try factPlaces(ofStreams: group)
        for stream in group {
          let change = try deriveEarly(stream, places, &resting) ?? derive(stream, places)
          added.invocations += change.invocations
          added.errors += change.errors
          try streams.mark(stream, isStale: false)
        }
      }
      if deleted.errors > 0 { try errors.removeUnused() }
      try streams.remove(emptyStreams.sorted().filter { try !events.hasEvents(ofStream: $0) })
      try invocations.renumberAttempts()
      return added
    }
  }

  /// The maximum number of facts whose places are kept at once, unless a single stream has more.
  private static let factLimit = 500_000

  /// Groups streams whose facts are found in one pass.
  private func groups(of stale: [Int64]) throws(StoreError) -> [ArraySlice<Int64>] {
    guard stale.count > 1 else { return [stale[...]] }
    let counts = try events.factCounts(ofStreams: Set(stale))
    var groups: [ArraySlice<Int64>] = []
    var start = 0
    var factCount = 0
    for (index, stream) in stale.enumerated() {
      let count = counts[stream] ?? 0
      if factCount + count > Self.factLimit, start < index {
        groups.append(stale[start..<index])
        (start, factCount) = (index, 0)
      }
      factCount += count
    }
    return groups + [stale[start...]]
  }

  private func factPlaces(
    ofStreams group: ArraySlice<Int64>
  ) throws(StoreError) -> StoredEvents.FactPlaces {
    var bySource: Set<Int64> = []
    for stream in group where try streams.names(of: stream).logStream == nil {
      bySource.insert(stream)
    }
    return try events.factPlaces(ofStreams: Set(group), bySource: bySource)
  }

  private func derive(
    _ stream: Int64, _ places: StoredEvents.FactPlaces
  ) throws(StoreError) -> (invocations: Int, errors: Int) {
    let names = try streams.names(of: stream)
    var change = (invocations: 0, errors: 0)
    var assembler = InvocationAssembler()
    func store(_ rows: InvocationAssembler.SettledRows) throws(StoreError) {
      try assembler.store(rows, in: invocations, errors, streamID: stream)
      change.invocations += rows.invocations.count
      change.errors += rows.errors.count
    }
    // If the stream is unknown every source is its own timeline.
    let bySource = names.logStream == nil
    var currentSource: Int64?
    try events.forEachFact(ofStream: stream, in: places) {
      (source, timestamp, _, message) throws(StoreError) in
      if bySource, let current = currentSource, current != source {
        try store(assembler.takeLastRows())
        assembler = InvocationAssembler()
      }
      currentSource = source
      assembler.consume(message, timestamp: timestamp)
      if let settled = assembler.takeSettledRows() { try store(settled) }
    }
    try store(assembler.takeLastRows())
    return change
  }

  /// Derives a stream like `LiveDerivation`, so that it can continue; `nil` if all its facts are
  /// needed at once.
  private func deriveEarly(
    _ stream: Int64, _ places: StoredEvents.FactPlaces, _ resting: inout RestingDerivations?
  ) throws(StoreError) -> (invocations: Int, errors: Int)? {
    guard var kept = resting else { return nil }
    let names = try streams.names(of: stream)
    let bySource = names.logStream == nil
    var change = (invocations: 0, errors: 0)
    var assembler = InvocationAssembler(history: RequestHistory())
    func store(_ rows: InvocationAssembler.SettledRows) throws(StoreError) {
      try assembler.store(rows, in: invocations, errors, streamID: stream)
      change.invocations += rows.invocations.count
      change.errors += rows.errors.count
    }
    var currentSource: Int64?
    var lastFact = FactPlace()
    var isIrregular = false
    var factCount = 0
    func rest() throws(StoreError) {
      isIrregular = isIrregular || assembler.isIrregular
      let atRest = assembler
      let (invocation, error) = (try invocations.lastID() + 1, try errors.lastID() + 1)
      try store(assembler.takeLastRows())
      kept.keep(
        RestingDerivations.Derivation(
          assembler: atRest, lastFact: lastFact,
          invocationIDs: invocation..<(try invocations.lastID() + 1),
          errorIDs: error..<(try errors.lastID() + 1)),
        for: RestingDerivations.Key(
          streamID: stream, sourceID: bySource ? currentSource ?? 0 : 0))
    }
    try events.forEachFact(ofStream: stream, in: places) {
      (source, timestamp, eventID, message) throws(StoreError) in
      if bySource, let current = currentSource, current != source {
        try rest()
        assembler = InvocationAssembler(history: RequestHistory())
        lastFact = FactPlace()
      }
      currentSource = source
      lastFact = FactPlace(timestamp: timestamp, eventID: eventID)
      assembler.consume(message, timestamp: timestamp)
      factCount += 1
      if factCount.isMultiple(of: Self.factsBetweenRows) { try store(assembler.takeRowsEarly()) }
    }
    if currentSource != nil { try rest() }
    guard !isIrregular else {
      // The streams that are still stale have no other rows.
      _ = try invocations.deleteOfStaleStreams()
      _ = try errors.deleteOfStaleStreams()
      return nil
    }
    resting = kept
    return change
  }

  /// The number of facts after which rows are taken early.
  private static let factsBetweenRows = 4096
}
