internal import InsightsSegments
internal import InsightsModel
internal import InsightsStore
internal import InsightsText

/// Detects events that the store already has.
///
/// Two events with event ids are the same if the ids are equal. Others are the same if group,
/// stream, millisecond and text are equal, with the multiplicity of the input that has most of
/// them: a stored event is the duplicate of at most one event per input, and the events of one
/// input are never duplicates of each other. If group and stream are unknown nothing is compared;
/// `SourceMatcher` recognises such files.
///
/// Events mostly arrive in order of time. So most are outside the time ranges in which there can be
/// duplicates, and need no lookup in the store.
struct Deduplicator {
  private let events: StoredEvents
  /// The time range of everything stored by earlier sources.
  private var earlierTimes: ClosedRange<Int64>?
  /// The time ranges of streams in this run.
  private var timesByStream: [Int64: StreamTimes] = [:]
  private var newStreams: Set<Int64> = []
  /// The time range of the current source.
  private var currentTimes: ClosedRange<Int64>?
  private var sourceNumber: Int32 = 0
  /// The time range of the last event's stream, which `timesByStream` may not have yet.
  private var lastStreamTimes: (stream: Int64, times: ClosedRange<Int64>)?
  /// The rows that have been matched by a duplicate in the current source.
  private var matchedRows: Set<Int64> = []
  /// The time range stored before the run.
  private let timesBeforeRun: ClosedRange<Int64>?

  /// Ids of the latest events of the current source, which may not be stored yet.
  private var recentIDs: Set<EventKey> = []
  /// The generation of ids before `recentIDs`.
  private var olderIDs: Set<EventKey> = []

  /// More events than can be queued for the store.
  private static let recentLimit = 200_000

  /// The hash of an event id, and the time of the event.
  private struct EventKey: Hashable {
    var high: UInt64
    var low: UInt64
    var timestamp: Int64?

    init(_ eventID: UnsafeBufferPointer<UInt8>, _ timestamp: Int64?) {
      self.timestamp = timestamp
      var hash = ContentHash()
      hash.update(eventID)
      (high, low) = hash.value
    }
  }

  /// The time ranges of a stream's events in this run.
  private struct StreamTimes {
    /// The range of earlier sources.
    private var earlier = Seconds()
    /// The range of the source numbered `source`.
    private var latest = Seconds()
    private var source: Int32 = -1

    mutating func insert(_ times: ClosedRange<Int64>, source: Int32) {
      if source != self.source {
        earlier.formUnion(latest)
        latest = Seconds()
        self.source = source
      }
      latest.insert(times)
    }

    mutating func insertEarlier(_ times: ClosedRange<Int64>) {
      earlier.insert(times)
    }

    /// Whether a source before this one may have events in a time range.
    func mayHave(_ times: ClosedRange<Int64>, before source: Int32) -> Bool {
      earlier.mayOverlap(times) || source != self.source && latest.mayOverlap(times)
    }
  }

  /// A range of epoch milliseconds in whole seconds, to save memory: there may be a million
  /// streams.
  private struct Seconds {
    private var first = Int32.max
    private var last = Int32.min

    mutating func insert(_ times: ClosedRange<Int64>) {
      first = min(first, Self.second(of: times.lowerBound))
      last = max(last, Self.second(of: times.upperBound))
    }

    mutating func formUnion(_ other: Seconds) {
      first = min(first, other.first)
      last = max(last, other.last)
    }

    func mayOverlap(_ times: ClosedRange<Int64>) -> Bool {
      Self.second(of: times.lowerBound) <= last && first <= Self.second(of: times.upperBound)
    }

    private static func second(of time: Int64) -> Int32 { Int32(clamping: time / 1000) }
  }

  init(events: StoredEvents, timesBeforeRun: ClosedRange<Int64>?) {
    self.events = events
    self.timesBeforeRun = timesBeforeRun
    earlierTimes = timesBeforeRun
  }

  /// Records that the store had no events of a stream before this run.
  mutating func addNewStream(_ id: Int64) {
    newStreams.insert(id)
  }

  /// Records the time range of events that a stream received and that were stored before.
  mutating func noteStored(_ times: ClosedRange<Int64>, ofStream id: Int64) {
    earlierTimes = union(earlierTimes, times)
    timesByStream[id, default: StreamTimes()].insertEarlier(times)
  }

  /// Ends the current source; its events count as stored for the next one.
  mutating func endSource() {
    endStream()
    if let currentTimes { earlierTimes = union(earlierTimes, currentTimes) }
    currentTimes = nil
    sourceNumber += 1
    matchedRows.removeAll()
    recentIDs.removeAll()
    olderIDs.removeAll()
  }

  /// Whether the time range of rows of one stream proves that all are new; if so, they count as
  /// about to be stored.
  mutating func areNew(_ rows: [EventRow], hasKnownPlace: Bool) -> Bool {
    guard let stream = rows.first?.streamID else { return true }
    var first = Int64.max
    var last = Int64.min
    for row in rows {
      guard row.eventID == nil else { return false }
      guard let timestamp = row.timestamp else { continue }
      first = min(first, timestamp)
      last = max(last, timestamp)
    }
    guard first <= last else { return true }
    if hasKnownPlace, mayHaveCopies(at: first...last, ofStream: stream) { return false }
    note(first...last, of: stream)
    return true
  }

  /// Whether the check needs events that are still being encoded to be stored first.
  func needsStored(
    _ row: EventRow, hasKnownPlace: Bool, _ segments: borrowing SegmentAssembly
  ) -> Bool {
    ((row.eventID != nil && mayBeStored(row.timestamp)) || (hasKnownPlace && mayHaveCopy(row)))
      && segments.holdsEvents(ofOthersThan: row.sourceID)
  }

  /// Whether the store has the event; if not, it counts as about to be stored.
  ///
  /// `hasKnownPlace`: its group or stream is known.
  mutating func isDuplicate(_ row: EventRow, hasKnownPlace: Bool) throws(StoreError) -> Bool {
    let key = row.eventID.map { EventKey($0, row.timestamp) }
    if let eventID = row.eventID, let key, mayBeStored(row.timestamp) {
      if recentIDs.contains(key) || olderIDs.contains(key) { return true }
      if try events.contains(eventID: eventID, timestamp: row.timestamp) { return true }
    }
    if hasKnownPlace, mayHaveCopy(row),
      let copy = try events.copy(
        of: row, lacksEventID: row.eventID != nil, excluding: matchedRows)
    {
      matchedRows.insert(copy)
      if let eventID = row.eventID { try events.assign(eventID: eventID, to: copy) }
      return true
    }
    if let key { remember(key) }
    if let timestamp = row.timestamp { note(timestamp...timestamp, of: row.streamID) }
    return false
  }

  private mutating func note(_ times: ClosedRange<Int64>, of stream: Int64) {
    currentTimes = union(currentTimes, times)
    // Consecutive events mostly have the same stream.
    if let last = lastStreamTimes, last.stream == stream {
      lastStreamTimes = (stream, union(last.times, times))
      return
    }
    endStream()
    lastStreamTimes = (stream, times)
  }

  private mutating func endStream() {
    if let last = lastStreamTimes {
      timesByStream[last.stream, default: StreamTimes()].insert(last.times, source: sourceNumber)
    }
    lastStreamTimes = nil
  }

  private mutating func remember(_ key: EventKey) {
    if recentIDs.count >= Deduplicator.recentLimit {
      swap(&recentIDs, &olderIDs)
      recentIDs.removeAll(keepingCapacity: true)
    }
    recentIDs.insert(key)
  }

  private func mayBeStored(_ timestamp: Int64?) -> Bool {
    guard let timestamp else { return true }
    return earlierTimes?.contains(timestamp) == true || currentTimes?.contains(timestamp) == true
  }

  private func mayHaveCopy(_ row: EventRow) -> Bool {
    guard let timestamp = row.timestamp else { return false }
    return mayHaveCopies(at: timestamp...timestamp, ofStream: row.streamID)
  }

  private func mayHaveCopies(at times: ClosedRange<Int64>, ofStream stream: Int64) -> Bool {
    guard earlierTimes?.overlaps(times) == true else { return false }
    if timesByStream[stream]?.mayHave(times, before: sourceNumber) == true { return true }
    return !newStreams.contains(stream) && timesBeforeRun?.overlaps(times) == true
  }

  private func union(
    _ one: ClosedRange<Int64>?, _ other: ClosedRange<Int64>
  ) -> ClosedRange<Int64> {
    guard let one else { return other }
    return min(one.lowerBound, other.lowerBound)...max(one.upperBound, other.upperBound)
  }
}
