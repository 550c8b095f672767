internal import InsightsSegments
internal import InsightsModel
internal import InsightsSQLite
internal import InsightsStore
internal import InsightsThreads

/// Collects events into segments, has them encoded and writes them, in input order.
///
/// The progress of the sources is written together with the segment of the last event read, so that
/// every commit is consistent.
struct SegmentAssembly {
  /// The minimum number of events, and bytes, at which a segment is closed at the end of a piece.
  private static let closingEventCount = SegmentEvents.eventLimit / 2
  private static let closingByteCount = SegmentEvents.byteLimit / 2
  /// The number of events after which there is a place for a commit.
  private static let eventsPerRecord = 50_000
  /// The number of positions reserved for an input in descending order, more than it can use.
  private static let descendingRange: Int64 = 1 << 40

  /// A segment that is being encoded.
  private struct Job {
    var firstPosition: Int64
    var eventCount: Int
    var sources: Set<Int64>
    /// The progress of sources to record once it is written.
    var records: [SourceTable.Source]
    /// Whether the segment ends where the progress does, so that a commit may follow.
    var endsAtRecord: Bool
  }

  private let connection: Connection
  private let writer: SegmentWriter
  private let fields: FieldTable
  private let sources: SourceTable
  private let stored: StoredEvents
  private let derivation: LiveDerivation
  private let eventLimit: Int
  private let eventsPerTransaction: Int
  private let pipeline = PreparedSegment.pipeline()
  private var jobs: [Job] = []
  private var events = SegmentEvents()
  private var eventSources: Set<Int64> = []
  private var lastSource: Int64 = 0
  /// The number of events since the last segment that ends where a record does.
  private var eventsSinceRecord = 0
  private var records: [SourceTable.Source] = []
  /// The next position for an input whose newest events come first.
  private var nextDescendingPosition: Int64?
  private var eventsSinceCommit = 0
  /// Whether the recorded progress matches what is written.
  private var mayCommit = true

  init(
    connection: Connection, writer: SegmentWriter, fields: FieldTable, sources: SourceTable,
    stored: StoredEvents, derivation: LiveDerivation, eventLimit: Int, eventsPerTransaction: Int
  ) {
    self.connection = connection
    self.writer = writer
    self.fields = fields
    self.sources = sources
    self.stored = stored
    self.derivation = derivation
    self.eventLimit = eventLimit
    self.eventsPerTransaction = eventsPerTransaction
  }

  /// Whether there are unwritten events of other sources.
  func holdsEvents(ofOthersThan source: Int64) -> Bool {
    eventSources.contains { $0 != source }
      || jobs.contains { job in job.sources.contains { $0 != source } }
  }

  var holdsEvents: Bool { !events.events.isEmpty || !jobs.isEmpty }

  /// The position of the next event; exact if all events are written.
  var nextPosition: Int64 { writer.nextPosition }

  /// Appends events of one source.
  mutating func append(_ rows: UnsafeBufferPointer<EventRow>) throws(StoreError) {
    var rest = rows[...]
    while let source = rest.first?.sourceID {
      if events.events.isEmpty { events.reserve() }
      if eventSources.isEmpty || source != lastSource {
        eventSources.insert(source)
        lastSource = source
      }
      let count = events.append(UnsafeBufferPointer(rebasing: rest), eventLimit: eventLimit)
      eventsSinceRecord += count
      rest = rest.dropFirst(count)
      if events.isFull || events.events.count >= eventLimit { try close(endsAtRecord: false) }
    }
  }

  /// Begins an input whose newest events come first.
  mutating func beginDescending() throws(StoreError) {
    try close(endsAtRecord: false)
    nextDescendingPosition =
      writer.reservePositions(SegmentAssembly.descendingRange) + SegmentAssembly.descendingRange
      - 1
  }

  /// Ends the input.
  mutating func endSource() throws(StoreError) {
    if nextDescendingPosition != nil { try close(endsAtRecord: true) }
    nextDescendingPosition = nil
  }

  /// Records how far a source has been read; all events before that have been appended.
  mutating func reach(_ record: SourceTable.Source) throws(StoreError) {
    records.removeAll { $0.id == record.id }
    records.append(record)
    if events.events.count >= SegmentAssembly.closingEventCount
      || events.bytes.count >= SegmentAssembly.closingByteCount
      || eventsSinceRecord >= SegmentAssembly.eventsPerRecord
    {
      try close(endsAtRecord: true)
    }
    try writeFinished()
    try commitIfDue()
  }

  /// Writes everything.
  mutating func flush() throws(StoreError) {
    try close(endsAtRecord: true)
    while let segment = pipeline.take(waits: true) { try write(segment) }
    try writeRecords(ended(records))
    records = []
    try stored.flush()
    try fields.flush()
  }

  // MARK: Segments

  private mutating func close(endsAtRecord: Bool) throws(StoreError) {
    guard !events.events.isEmpty else { return }
    let count = Int64(events.events.count)
    let firstPosition: Int64
    if let last = nextDescendingPosition {
      events.reverse()
      firstPosition = last - count + 1
      nextDescendingPosition = firstPosition - 1
    } else {
      firstPosition = writer.reservePositions(count)
    }
    while pipeline.isFull, let segment = pipeline.take(waits: true) { try write(segment) }
    jobs.append(
      Job(
        firstPosition: firstPosition, eventCount: Int(count), sources: eventSources,
        records: ended(records), endsAtRecord: endsAtRecord))
    if endsAtRecord { eventsSinceRecord = 0 }
    pipeline.submit(events)
    events = SegmentEvents()
    eventSources = []
    records = []
  }

  private mutating func writeFinished() throws(StoreError) {
    while let segment = pipeline.take(waits: false) { try write(segment) }
  }

  private mutating func write(_ prepared: PreparedSegment) throws(StoreError) {
    let job = jobs.removeFirst()
    try writer.write(prepared.segment, firstPosition: job.firstPosition)
    try derivation.consume(prepared.facts, of: prepared.events)
    try writeRecords(job.records)
    eventsSinceCommit += job.eventCount
    mayCommit = job.endsAtRecord
  }

  /// Returns the records with the end of their events; all events have positions.
  private func ended(_ records: [SourceTable.Source]) -> [SourceTable.Source] {
    records.map { record in
      var record = record
      record.positions = record.positions.lowerBound..<writer.nextPosition
      return record
    }
  }

  private func writeRecords(_ records: [SourceTable.Source]) throws(StoreError) {
    for record in records { try sources.update(record) }
  }

  private mutating func commitIfDue() throws(StoreError) {
    guard mayCommit, eventsSinceCommit >= eventsPerTransaction else { return }
    eventsSinceCommit = 0
    try stored.flush()
    try fields.flush()
    try connection.execute("COMMIT; BEGIN IMMEDIATE")
  }
}
