internal import InsightsStore
internal import InsightsText

/// Stores batches of events: classifies them and leaves out what the store has already.
struct EventWriter {
  /// What an input gave.
  struct Counts {
    var events = 0
    var duplicates = 0
  }

  /// The input that the batches come from.
  struct Source {
    var id: Int64
    /// Events at its start that are stored already.
    var storedEventCount: Int
    /// Events read so far.
    var eventCount = 0
    /// Ids that run down, for an input whose newest events come first.
    var nextDescendingID: Int64?

    init(id: Int64, storedEventCount: Int) {
      self.id = id
      self.storedEventCount = storedEventCount
    }
  }

  /// A newest-first input gets its ids from the end of a range that no input can fill.
  private static let descendingRange: Int64 = 1 << 40

  private let streams: StreamTable
  private let events: EventTable
  private let fields: FieldTable
  private var deduplicator: Deduplicator
  private var discovery = FieldDiscovery()
  private var staleStreams: Set<Int64> = []
  private(set) var counts = Counts()

  /// The streams of the current source, by their index in its batches.
  private var places: [Place] = []

  private struct Place {
    var streamID: Int64
    var isKnown: Bool
    var isLambda: Bool
  }

  init(streams: StreamTable, events: EventTable, fields: FieldTable) throws(StoreError) {
    self.streams = streams
    self.events = events
    self.fields = fields
    deduplicator = try Deduplicator(events: events)
  }

  /// Stores the events of a batch.
  mutating func write(_ batch: LogEventBatch, of source: inout Source) throws(StoreError) {
    for names in batch.streams.dropFirst(places.count) { places.append(try place(names)) }
    if source.eventCount == 0, EventWriter.runsNewestFirst(batch) {
      source.nextDescendingID = try events.lastID() + EventWriter.descendingRange
    }
    let bytes = batch.bytes
    for event in batch.events {
      let place = places[event.stream]
      // The arena is borrowed event by event: a closure around the loop could not throw our type.
      let outcome = bytes.withUnsafeBufferPointer { bytes in
        Result { () throws(StoreError) in
          try write(event, bytes, place, &source)
        }
      }
      try outcome.get()
      source.eventCount += 1
    }
  }

  /// Ends an input.
  mutating func endSource() {
    deduplicator.endSource()
    places = []
  }

  /// Ends a run, after which no stream is stale.
  mutating func endRun() {
    staleStreams.removeAll()
  }

  /// Counts duplicates that were found without reading them.
  mutating func addDuplicates(_ count: Int) {
    counts.duplicates += count
  }

  /// Writes what has been gathered beside the events; before each commit.
  mutating func flush() throws(StoreError) {
    try discovery.flush(to: fields)
  }

  private mutating func write(
    _ event: LogEventBatch.Event, _ bytes: UnsafeBufferPointer<UInt8>, _ place: Place,
    _ source: inout Source
  ) throws(StoreError) {
    let message = UnsafeBufferPointer(rebasing: bytes[event.message])
    var row = EventRow(
      timestamp: event.timestamp ?? Timestamp.parseISO8601(message)?.milliseconds,
      ingestionTime: event.ingestionTime, streamID: place.streamID, sourceID: source.id,
      eventID: event.eventID.isEmpty ? nil : UnsafeBufferPointer(rebasing: bytes[event.eventID]),
      message: message)
    if source.eventCount < source.storedEventCount {
      counts.duplicates += 1
      guard source.eventCount == source.storedEventCount - 1 else { return }
      // The file has grown; its last event may have been read half-written.
      row.columns = EventClassifier.columns(of: message, isLambda: place.isLambda)
      if try events.extendLastEvent(to: row) { try markStale(place.streamID) }
      return
    }
    if try deduplicator.isDuplicate(row, hasKnownPlace: place.isKnown) {
      counts.duplicates += 1
      return
    }
    row.columns = EventClassifier.columns(of: message, isLambda: place.isLambda)
    if event.continuesError { row.columns.isFact = true }
    if let id = source.nextDescendingID {
      row.id = id
      source.nextDescendingID = id - 1
    }
    try events.insert(row)
    counts.events += 1
    if let object = row.columns.jsonOffset { discovery.count(message, objectAt: object) }
    if row.columns.isFact { try markStale(place.streamID) }
  }

  private mutating func markStale(_ stream: Int64) throws(StoreError) {
    if staleStreams.insert(stream).inserted { try streams.mark(stream, isStale: true) }
  }

  private mutating func place(_ names: StreamTable.Names) throws(StoreError) -> Place {
    let (id, isNew) = try streams.id(of: names)
    if isNew { deduplicator.addNewStream(id) }
    return Place(
      streamID: id, isKnown: names.logGroup != nil || names.logStream != nil,
      isLambda: names.logGroup.map { $0.hasPrefix("/aws/lambda") } ?? true)
  }

  /// Whether the times of a batch go down and never up.
  private static func runsNewestFirst(_ batch: LogEventBatch) -> Bool {
    var previous: Int64?
    var goesDown = false
    for event in batch.events {
      guard let timestamp = event.timestamp else { continue }
      if let previous {
        if timestamp > previous { return false }
        if timestamp < previous { goesDown = true }
      }
      previous = timestamp
    }
    return goesDown
  }
}
