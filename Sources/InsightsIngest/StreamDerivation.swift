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
  /// With `mayHaveRepeats` attempts are counted again even where no stream is stale.
  func run(mayHaveRepeats: Bool) throws -> (invocations: Int, errors: Int) {
    let stale = try streams.staleStreams()
    guard !stale.isEmpty || mayHaveRepeats else { return (0, 0) }
    return try connection.transaction {
      var added = (
        invocations: -(try invocations.deleteOfStaleStreams()),
        errors: -(try errors.deleteOfStaleStreams())
      )
      for stream in stale {
        let change = try derive(stream)
        added.invocations += change.invocations
        added.errors += change.errors
        try streams.mark(stream, isStale: false)
      }
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
      (source, timestamp, message) throws(StoreError) in
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
}
