internal import InsightsStore
internal import InsightsText

/// Stores batches of events, and leaves out what the store has already.
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
    /// Whether its newest events come first.
    var runsNewestFirst = false

    init(id: Int64, storedEventCount: Int) {
      self.id = id
      self.storedEventCount = storedEventCount
    }
  }

  private let streams: StreamTable
  private let events: StoredEvents
  private var segments: SegmentAssembly
  private var deduplicator: Deduplicator
  private let derivation: LiveDerivation
  private(set) var counts = Counts()

  /// The streams of the current source, by their index in its batches.
  private var places: [Place] = []

  private struct Place {
    var streamID: Int64
    var isKnown: Bool
    var isLambda: Bool
    /// Whether invocations and errors are derived while its events are written.
    var isFollowed: Bool
  }

  init(
    streams: StreamTable, events: StoredEvents, segments: SegmentAssembly,
    derivation: LiveDerivation, storedTimes: ClosedRange<Int64>?
  ) {
    self.streams = streams
    self.events = events
    self.segments = segments
    self.derivation = derivation
    deduplicator = Deduplicator(events: events, timesBeforeRun: storedTimes)
  }

  /// Stores the events of a batch.
  mutating func write(_ batch: LogEventBatch, of source: inout Source) throws(StoreError) {
    for names in batch.streams.dropFirst(places.count) {
      places.append(try place(names, source))
    }
    if source.eventCount == 0, EventWriter.runsNewestFirst(batch) {
      try segments.beginDescending()
      source.runsNewestFirst = true
      for index in places.indices { places[index].isFollowed = false }
    }
    let bytes = batch.bytes
    let outcome = bytes.withUnsafeBufferPointer { bytes in
      Result { () throws(StoreError) in
        for event in batch.events {
          try write(event, bytes, places[event.stream], &source)
          source.eventCount += 1
        }
      }
    }
    try outcome.get()
  }

  /// Notes how far the input has been read, with all events before that.
  mutating func reach(_ record: SourceTable.Source) throws(StoreError) {
    try segments.reach(record)
  }

  /// Ends an input.
  mutating func endSource() throws(StoreError) {
    try segments.endSource()
    deduplicator.endSource()
    places = []
  }

  /// Counts duplicates that were found without reading them.
  mutating func addDuplicates(_ count: Int) {
    counts.duplicates += count
  }

  /// Writes all that is still being put together; before the last commit.
  mutating func flush() throws(StoreError) {
    try segments.flush()
  }

  private mutating func write(
    _ event: LogEventBatch.Event, _ bytes: UnsafeBufferPointer<UInt8>, _ place: Place,
    _ source: inout Source
  ) throws(StoreError) {
    let message = UnsafeBufferPointer(rebasing: bytes[event.message])
    let row = EventRow(
      timestamp: event.timestamp ?? Timestamp.parseISO8601(message)?.milliseconds,
      ingestionTime: event.ingestionTime, streamID: place.streamID, sourceID: source.id,
      eventID: event.eventID.isEmpty ? nil : UnsafeBufferPointer(rebasing: bytes[event.eventID]),
      message: message, isLambda: place.isLambda,
      isFact: event.continuesError)
    if source.eventCount < source.storedEventCount {
      counts.duplicates += 1
      guard source.eventCount == source.storedEventCount - 1 else { return }
      // The file has grown; its last event may have been read half-written.
      try segments.flush()
      if try events.extendLastEvent(to: row) { try derivation.abandon(place.streamID) }
      return
    }
    if deduplicator.needsStored(row, hasKnownPlace: place.isKnown, segments) {
      try segments.flush()
    }
    if try deduplicator.isDuplicate(row, hasKnownPlace: place.isKnown) {
      counts.duplicates += 1
      return
    }
    try segments.append(row)
    counts.events += 1
    if !place.isFollowed { try derivation.abandon(place.streamID) }
  }

  private mutating func place(
    _ names: StreamTable.Names, _ source: Source
  ) throws(StoreError) -> Place {
    let (id, isNew) = try streams.id(of: names)
    if isNew { deduplicator.addNewStream(id) }
    // Where the stream is unknown every source is a timeline of its own.
    let beginsTimeline =
      names.logStream == nil ? source.storedEventCount == 0 : isNew || derivation.isFollowing(id)
    let isFollowed = beginsTimeline && !source.runsNewestFirst
    if isFollowed { try derivation.begin(id, names: names) }
    return Place(
      streamID: id, isKnown: names.logGroup != nil || names.logStream != nil,
      isLambda: names.mayBeLambda, isFollowed: isFollowed)
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
