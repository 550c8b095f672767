internal import InsightsStore
internal import InsightsText

/// Stores batches of events, and leaves out what the store has already.
struct EventWriter {
  /// What an input gave.
  struct Counts {
    var events = 0
    /// Of these, those of an unknown log group.
    var unnamed = 0
    var duplicates = 0
  }

  /// The input that the batches come from.
  struct Source {
    var id: Int64
    /// Events that are stored already, by their number; ascending.
    private let storedEvents: [Range<Int>]
    /// The last of them, and all that come before.
    let storedEventCount: Int
    /// They are those of the root before this position.
    let storedEnd: Int64
    /// Events read so far.
    var eventCount = 0
    /// Whether its newest events come first.
    var runsNewestFirst = false
    /// Whether all of its events are stored, whatever is stored already.
    var keepsCopies = false

    init(
      id: Int64, storedEvents: [Range<Int>], storedEnd: Int64 = .max, eventCount: Int = 0
    ) {
      self.id = id
      self.storedEvents = storedEvents
      self.storedEnd = storedEnd
      self.eventCount = eventCount
      storedEventCount = storedEvents.last?.upperBound ?? 0
    }

    /// Whether the next event is stored already.
    var hasNextStored: Bool { storedEvents.contains { $0.contains(eventCount) } }
  }

  private let streams: StreamTable
  private let events: StoredEvents
  private var segments: SegmentAssembly
  private var deduplicator: Deduplicator
  private let derivation: LiveDerivation
  private(set) var counts = Counts()
  /// Events on their way from a batch; kept for its memory.
  private var rows: [EventRow] = []
  /// Rows that stay in the processor's nearest cache.
  private static let rowLimit = 128

  /// The streams of the current source, by their index in its batches; `nil` for those that no
  /// event was of yet.
  private var places: [Place?] = []
  private var placeGeneration = 0
  /// Streams that were made without events, and have none yet.
  private var emptyStreams: Set<Int64> = []

  private struct Place {
    var streamID: Int64
    var isKnown: Bool
    var hasGroup: Bool
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
    if batch.streamGeneration != placeGeneration {
      places.removeAll(keepingCapacity: true)
      placeGeneration = batch.streamGeneration
    }
    for _ in batch.streams.dropFirst(places.count) { places.append(nil) }
    if source.eventCount == 0, !source.keepsCopies, EventWriter.runsNewestFirst(batch) {
      try segments.beginDescending()
      source.runsNewestFirst = true
    }
    try batch.withTexts { texts throws(StoreError) in
      var rest = batch.events[...]
      while let stream = rest.first?.stream {
        // Neighbours mostly share a stream.
        let place = try usePlace(stream, of: batch, source)
        rows.removeAll(keepingCapacity: true)
        for event in rest.prefix(EventWriter.rowLimit) {
          guard event.stream == stream else { break }
          rows.append(row(of: event, texts, place, source))
        }
        try writeRows(of: place, &source)
        rest = rest.dropFirst(rows.count)
      }
    }
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

  /// The position of the next event that is put together.
  var nextPosition: Int64 { segments.nextPosition }

  /// Takes note of a stream that was made and has no events yet.
  mutating func noteEmpty(_ stream: Int64) {
    emptyStreams.insert(stream)
  }

  /// Takes note that events came to streams by a name, after all were written.
  mutating func noteNamed(_ times: [Int64: ClosedRange<Int64>]) {
    for (stream, times) in times { deduplicator.noteStored(times, ofStream: stream) }
  }

  /// Writes all that is still being put together; before the last commit.
  mutating func flush() throws(StoreError) {
    try segments.flush()
  }

  private func row(
    of event: LogEventBatch.Event, _ texts: LogEventBatch.Texts, _ place: Place, _ source: Source
  ) -> EventRow {
    let message = texts[event.message]
    return EventRow(
      timestamp: event.timestamp ?? Timestamp.parseISO8601(message)?.milliseconds,
      ingestionTime: event.ingestionTime, streamID: place.streamID, sourceID: source.id,
      eventID: event.eventID.isEmpty ? nil : texts[event.eventID],
      message: message, isLambda: place.isLambda, isFact: event.continuesError)
  }

  /// Writes the rows, which are of one stream.
  private mutating func writeRows(of place: Place, _ source: inout Source) throws(StoreError) {
    if source.keepsCopies
      || source.eventCount >= source.storedEventCount
        && deduplicator.areNew(rows, hasKnownPlace: place.isKnown)
    {
      try append(0..<rows.count, of: place)
      source.eventCount += rows.count
      return
    }
    var start = 0
    for index in rows.indices {
      if try !needsStoring(rows[index], place, source) {
        try append(start..<index, of: place)
        start = index + 1
      }
      source.eventCount += 1
    }
    try append(start..<rows.count, of: place)
  }

  /// Looks for an event in the store, and counts it if it is there.
  private mutating func needsStoring(
    _ row: EventRow, _ place: Place, _ source: Source
  ) throws(StoreError) -> Bool {
    if source.hasNextStored {
      if source.eventCount == source.storedEventCount - 1 {
        // The file has grown; its last event may have been read half-written.
        try segments.flush()
        switch try events.replaceLastEvent(by: row, before: source.storedEnd) {
        case .same: break
        case .replaced(let staleStream):
          if let staleStream { try derivation.abandon(staleStream) }
        case .another: return true
        }
      }
      counts.duplicates += 1
      return false
    }
    if deduplicator.needsStored(row, hasKnownPlace: place.isKnown, segments) {
      try segments.flush()
    }
    guard try deduplicator.isDuplicate(row, hasKnownPlace: place.isKnown) else { return true }
    counts.duplicates += 1
    return false
  }

  private mutating func append(_ range: Range<Int>, of place: Place) throws(StoreError) {
    guard !range.isEmpty else { return }
    try rows.withUnsafeBufferPointer { rows throws(StoreError) in
      try segments.append(UnsafeBufferPointer(rebasing: rows[range]))
    }
    counts.events += range.count
    if !place.hasGroup { counts.unnamed += range.count }
    if !place.isFollowed { try derivation.abandon(place.streamID) }
  }

  private mutating func usePlace(
    _ stream: Int, of batch: LogEventBatch, _ source: Source
  ) throws(StoreError) -> Place {
    if let place = places[stream] { return place }
    let place = try place(batch.streams[stream], source)
    places[stream] = place
    return place
  }

  private mutating func place(
    _ names: StreamTable.Names, _ source: Source
  ) throws(StoreError) -> Place {
    let (id, isNew) = try streams.id(of: names)
    if isNew { deduplicator.addNewStream(id) }
    // Where the stream is unknown every source is a timeline of its own.
    let beginsTimeline =
      if names.logStream == nil {
        source.storedEventCount == 0 || derivation.mayGoOn(id, sourceID: source.id)
      } else {
        isNew || emptyStreams.remove(id) != nil || derivation.isFollowing(id)
          || derivation.mayGoOn(id, sourceID: nil)
      }
    let isFollowed = beginsTimeline && !source.runsNewestFirst
    if isFollowed { try derivation.begin(id, names: names) }
    return Place(
      streamID: id, isKnown: names.logGroup != nil || names.logStream != nil,
      hasGroup: names.logGroup != nil, isLambda: names.mayBeLambda, isFollowed: isFollowed)
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
