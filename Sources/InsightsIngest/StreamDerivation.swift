internal import InsightsStore

/// Derives invocations and errors from the stored facts, stream by stream.
///
/// A stream's rows are made anew from all its facts, so that they do not depend on the order and
/// the pieces in which the input came.
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

  /// Derives the rows of every stale stream, and says how many more there are now.
  ///
  /// With `resting` the streams can go on from there. With `mayHaveRepeats` attempts are counted again even where no stream is stale. Those of the
  /// `emptyStreams` that are still without events are removed.
  func run(
    mayHaveRepeats: Bool, emptyStreams: Set<Int64>, resting: inout RestingDerivations?
  ) throws -> (invocations: Int, errors: Int) {
    let stale = try streams.staleStreams()
    guard !stale.isEmpty || mayHaveRepeats else { return (0, 0) }
    return try connection.transaction {
      var added = (
        invocations: -(try invocations.deleteOfStaleStreams()),
        errors: -(try errors.deleteOfStaleStreams())
      )
      for stream in stale {
        let change = try deriveEarly(stream, &resting) ?? derive(stream)
        added.invocations += change.invocations
        added.errors += change.errors
        try streams.mark(stream, isStale: false)
      }
      try streams.remove(emptyStreams.sorted().filter { try !events.hasEvents(ofStream: $0) })
      try invocations.renumberAttempts()
      return added
    }
  }

  private func derive(_ stream: Int64) throws(StoreError) -> (invocations: Int, errors: Int) {
    let names = try streams.names(of: stream)
    var change = (invocations: 0, errors: 0)
    func store(_ rows: InvocationAssembler.SettledRows) throws(StoreError) {
      try invocations.insert(rows.invocations, streamID: stream)
      try errors.insert(rows.errors, streamID: stream, names: names)
      change.invocations += rows.invocations.count
      change.errors += rows.errors.count
    }
    // Where the stream is unknown every source is a timeline of its own.
    let bySource = names.logStream == nil
    var assembler = InvocationAssembler()
    var currentSource: Int64?
    try events.forEachFact(ofStream: stream, bySource: bySource) {
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

  /// Derives a stream as `LiveDerivation` does, so that it can go on; `nil` where its facts need
  /// all of them at once.
  private func deriveEarly(
    _ stream: Int64, _ resting: inout RestingDerivations?
  ) throws(StoreError) -> (invocations: Int, errors: Int)? {
    guard var kept = resting, !kept.isFull else { return nil }
    let names = try streams.names(of: stream)
    let bySource = names.logStream == nil
    var change = (invocations: 0, errors: 0)
    func store(_ rows: InvocationAssembler.SettledRows) throws(StoreError) {
      try invocations.insert(rows.invocations, streamID: stream)
      try errors.insert(rows.errors, streamID: stream, names: names)
      change.invocations += rows.invocations.count
      change.errors += rows.errors.count
    }
    var assembler = InvocationAssembler(history: RequestHistory())
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
    try events.forEachFact(ofStream: stream, bySource: bySource) {
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

  /// Facts after which rows are taken that most likely nothing changes any more.
  private static let factsBetweenRows = 4096
}
