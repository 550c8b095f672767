internal import InsightsSegments
internal import InsightsModel
internal import InsightsStore
internal import InsightsText

/// Stores batches of events, without duplicates.
struct EventWriter {
  /// The counts of events of an input.
  struct Counts {
    var events = 0
    /// The number of stored events with an unknown log group.
    var unnamed = 0
    var duplicates = 0
  }

  /// The input of the batches.
  struct Source {
    var id: Int64
    /// The numbers of events that are already stored; ascending.
    private let storedEvents: [Range<Int>]
    /// The end of `storedEvents`.
    let storedEventCount: Int
    /// Those events have the root source and positions below this one.
    let storedEnd: Int64
    /// The number of events read so far.
    var eventCount = 0
    /// Whether its newest events come first.
    var runsNewestFirst = false
    /// Whether all of its events are stored, even duplicates.
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

    /// Whether the end of the input may be held back: nothing of it is stored yet, and the input is
    /// kept.
    var mayHoldEnd: Bool { eventCount >= storedEventCount && !runsNewestFirst }

    /// Whether the next event is already stored.
    var hasNextStored: Bool { storedEvents.contains { $0.contains(eventCount) } }
  }

  private let streams: StreamTable
  private let events: StoredEvents
  private var segments: SegmentAssembly
  private var deduplicator: Deduplicator
  private let derivation: LiveDerivation
  private(set) var counts = Counts()
  /// The events of a batch that are being processed; kept to reuse its memory.
  private var rows: [EventRow] = []
  /// A number of rows that fits in the processor's first-level cache.
  private static let rowLimit = 128

  /// The streams of the current source, by their index in its batches; `nil` until there is an
  /// event of the stream.
  private var places: [Place?] = []
  private var placeGeneration = 0
  /// Streams that were created without events, and still have none.
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
        // Consecutive events mostly have the same stream.
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

  /// Records how far the input has been read; all events before that have been written.
  mutating func reach(_ record: SourceTable.Source) throws(StoreError) {
    try segments.reach(record)
  }

  /// Ends an input.
  mutating func endSource() throws(StoreError) {
    try segments.endSource()
    deduplicator.endSource()
    places = []
  }

  /// Counts duplicates that were detected without reading them.
  mutating func addDuplicates(_ count: Int) {
    counts.duplicates += count
  }

  /// The position of the next event.
  var nextPosition: Int64 { segments.nextPosition }

  /// Records a new stream that has no events yet.
  mutating func noteEmpty(_ stream: Int64) {
    emptyStreams.insert(stream)
  }

  /// Records that streams received events by naming, after all were written.
  mutating func noteNamed(_ times: [Int64: ClosedRange<Int64>]) {
    for (stream, times) in times { deduplicator.noteStored(times, ofStream: stream) }
  }

  /// Writes everything that is still buffered; call it before the last commit.
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

  /// Writes the buffered rows, which belong to one stream.
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

  /// Whether an event has to be stored; otherwise counts it as a duplicate.
  private mutating func needsStoring(
    _ row: EventRow, _ place: Place, _ source: Source
  ) throws(StoreError) -> Bool {
    if source.hasNextStored {
      if source.eventCount == source.storedEventCount - 1 {
        // The file has grown; its last event may have been read incompletely.
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
    // If the stream is unknown every source is its own timeline.
    let beginsTimeline =
      if names.logStream == nil {
        source.storedEventCount == 0 || derivation.mayContinue(id, sourceID: source.id)
      } else {
        isNew || emptyStreams.remove(id) != nil || derivation.isFollowing(id)
          || derivation.mayContinue(id, sourceID: nil)
      }
    let isFollowed = beginsTimeline && !source.runsNewestFirst
    if isFollowed { try derivation.begin(id, names: names) }
    return Place(
      streamID: id, isKnown: names.logGroup != nil || names.logStream != nil,
      hasGroup: names.logGroup != nil, isLambda: names.mayBeLambda, isFollowed: isFollowed)
  }

  /// Whether the times of a batch only decrease.
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
