public import InsightsSegments
internal import InsightsScan
public import InsightsModel
public import InsightsSQLite
internal import InsightsText

/// Finds events in the segments of a store, and changes the few that may change.
///
/// Decoded segments are cached, since events are mostly looked up in order.
public final class StoredEvents {
  /// The maximum number of decoded segments, some megabytes each.
  private static let cacheCount = 16

  let writer: SegmentWriter
  let blocks: SegmentBlocks
  let encoder: SegmentEncoder
  private let compressor = BlockCompressor()
  let streams: StreamTable
  /// Decoded segments, least recently used first.
  private var cache: [DecodedSegment] = []
  private var index = SegmentTimeIndex()

  /// Uses the tables of an open store.
  ///
  /// - Throws: `StoreError`.
  public init(
    connection: Connection, writer: SegmentWriter, encoder: SegmentEncoder, streams: StreamTable
  ) throws(StoreError) {
    self.writer = writer
    self.encoder = encoder
    self.streams = streams
    blocks = try SegmentBlocks(connection: connection)
  }

  // MARK: Duplicates

  /// Whether an event with that id is stored at that time.
  public func contains(
    eventID: UnsafeBufferPointer<UInt8>, timestamp: Int64?
  ) throws(StoreError) -> Bool {
    for directory in directories(at: timestamp) {
      let segment = try decoded(directory)
      for event in segment.events(at: timestamp) {
        guard let id = segment.eventID(of: event) else { continue }
        if id.elementsEqual(eventID) { return true }
      }
    }
    return false
  }

  /// Returns the position of the first event of another source with this time, stream and text,
  /// ignoring trailing newlines.
  ///
  /// Events of the row's own source and those in `excluded` do not count; with `lacksEventID` only
  /// events without an event id do.
  public func copy(
    of row: EventRow, lacksEventID: Bool, excluding excluded: Set<Int64>
  ) throws(StoreError) -> Int64? {
    let text = row.message.withoutTrailingNewlines
    for directory in directories(at: row.timestamp)
    where directory.streamIDs?.contains(row.streamID) ?? true {
      let segment = try decoded(directory)
      for event in segment.events(at: row.timestamp) {
        let position = directory.position(of: event)
        guard segment.streams[event] == row.streamID, segment.sources[event] != row.sourceID,
          !(lacksEventID && segment.eventID(of: event) != nil), !excluded.contains(position)
        else { continue }
        let isEqual = try segment.withMessage(of: event, blocks) { message in
          let stored = message.withoutTrailingNewlines
          return stored.holds(text, in: 0..<stored.count)
        }
        if isEqual { return position }
      }
    }
    return nil
  }

  /// Assigns the id of another input to an event; `flush` writes it.
  public func assign(
    eventID: UnsafeBufferPointer<UInt8>, to position: Int64
  ) throws(StoreError) {
    for directory in writer.directories {
      guard let event = directory.event(at: position) else { continue }
      try decoded(directory).changedEventIDs[event] = Array(eventID)
      return
    }
  }

  /// The result of comparing the last event of a source after the source has grown.
  public enum LastEvent {
    /// Unchanged, or not found.
    case same
    /// Replaced: it had been read before it was written completely.
    ///
    /// `staleStream` is its stream, if something is derived from it.
    case replaced(staleStream: Int64?)
    /// Another event with the same beginning: the source was continued in two ways.
    case another
  }

  /// Compares the stored form of a source's last event with its current form after the source has
  /// grown; replaces it if it has changed.
  ///
  /// It may have become longer, if it was a line that was still being written, or shorter, if it
  /// included the beginning of the next line. It keeps its stream. The events of the source are
  /// those of its root before the position `end`.
  public func replaceLastEvent(
    by row: EventRow, before end: Int64
  ) throws(StoreError) -> LastEvent {
    var isLastOfRoot = true
    for directory in writer.directories.sorted(by: { $0.firstPosition > $1.firstPosition }) {
      let segment = try decoded(directory)
      for event in (0..<directory.eventCount).reversed()
      where segment.sources[event] == row.sourceID {
        guard directory.position(of: event) < end else {
          isLastOfRoot = false
          continue
        }
        let time = segment.timestamps[event]
        let (isAlike, isLonger) = try segment.withMessage(of: event, blocks) { message in
          let stored = message.withoutTrailingNewlines
          // A truncated time may have been read as no time, or as another one.
          guard
            time == row.timestamp || time == SegmentReader.missing || row.timestamp == nil
              || stored.isEmpty
          else { return (false, false) }
          let now = row.message.withoutTrailingNewlines
          let length = min(stored.count, now.count)
          let isAlike =
            stored.count != now.count
            && UnsafeBufferPointer(rebasing: stored[..<length]).holds(
              UnsafeBufferPointer(rebasing: now[..<length]), in: 0..<length)
          return (isAlike, now.count > stored.count)
        }
        guard isAlike else { return .same }
        guard isLastOfRoot else { return isLonger ? .another : .same }
        let streamID = segment.streams[event]
        let isFact = try write(segment, replacing: event, by: row)
        return .replaced(staleStream: isFact ? streamID : nil)
      }
    }
    return .same
  }

  /// Writes the segments that were changed; call it before each commit.
  public func flush() throws(StoreError) {
    for segment in cache where !segment.changedEventIDs.isEmpty { try write(segment) }
  }

  /// Encodes a segment again with its changes, and with one event replaced; returns whether that
  /// event is or was a fact.
  @discardableResult
  private func write(
    _ segment: DecodedSegment, replacing event: Int? = nil, by row: EventRow? = nil
  ) throws(StoreError) -> Bool {
    var assignments: [Assignment] = []
    for index in 0..<segment.directory.eventCount {
      let streamID = segment.streams[index]
      let isLambda = try streams.names(of: streamID).mayBeLambda
      assignments.append(
        Assignment(streamID: streamID, wasLambda: isLambda, isLambda: isLambda))
    }
    return try write(segment, assignments, replacing: event, by: row)
  }

  @discardableResult
  private func write(
    _ segment: DecodedSegment, _ assignments: [Assignment], replacing event: Int? = nil,
    by row: EventRow? = nil
  ) throws(StoreError) -> Bool {
    var events = SegmentEvents()
    for (index, assignment) in assignments.enumerated() {
      try segment.append(
        index, eventID: segment.storedEventID(of: index), streamID: segment.streams[index],
        isLambda: assignment.wasLambda, to: &events, blocks)
    }
    let old = encoder.encode(events)
    // Facts that their message does not show stay facts.
    let others = segment.facts.subtracting(old.facts)
    events = SegmentEvents()
    for (index, assignment) in assignments.enumerated() where !assignment.isCopy {
      if index == event, var row {
        row.streamID = assignment.streamID
        row.isLambda = assignment.isLambda
        events.append(row)
      } else {
        try segment.append(
          index, eventID: segment.eventID(of: index), streamID: assignment.streamID,
          isLambda: assignment.isLambda,
          isFact: others.contains(UInt16(truncatingIfNeeded: index)), to: &events, blocks)
      }
    }
    let new = events.events.isEmpty ? nil : encoder.encode(events)
    let kept = assignments.indices.filter { !assignments[$0].isCopy }
    try writer.replace(segment.directory, by: new, of: kept, insteadOf: old)
    forget(segment)
    return event.map { event in
      segment.facts.contains { Int($0) == event }
        || new?.facts.contains { Int($0) == event } ?? false
    } ?? false
  }

  private func forget(_ segment: DecodedSegment) { forget(segment.directory) }

  /// Removes a segment that has changed from the cache.
  func forget(_ directory: SegmentDirectory) {
    cache.removeAll { $0.directory.id == directory.id }
    index = SegmentTimeIndex()
  }

  // MARK: Other streams

  /// The change of an event when streams get names.
  struct Assignment {
    var streamID: Int64
    /// Whether a JSON object may follow other text, before and now.
    var wasLambda: Bool
    var isLambda: Bool
    /// Whether it duplicates another event of its stream and is removed.
    var isCopy = false
  }

  /// The segments in the order of their positions.
  var segments: [SegmentDirectory] {
    writer.directories.sorted { $0.firstPosition < $1.firstPosition }
  }

  /// Returns the columns of a segment that identify stream and source.
  func places(in directory: SegmentDirectory) throws(StoreError) -> NamingSurvey.Columns {
    let reader = SegmentReader(directory: directory, blocks: blocks)
    return NamingSurvey.Columns(
      streamIDs: try reader.streams(), sourceIDs: try reader.sources(),
      times: try reader.timestamps())
  }

  /// Whether any event belongs to a stream.
  public func hasEvents(ofStream id: Int64) throws(StoreError) -> Bool {
    for directory in writer.directories {
      if let ids = directory.streamIDs {
        if ids.contains(id) { return true }
      } else if try places(in: directory).streamIDs.values.contains(id) {
        return true
      }
    }
    return false
  }

  /// Calls `body` with events of a segment: the message without trailing newlines, and whether the
  /// event has an id.
  func forEachText(
    of events: [Int], in directory: SegmentDirectory,
    body: (_ event: Int, _ text: UnsafeBufferPointer<UInt8>, _ hasEventID: Bool) -> Void
  ) throws(StoreError) {
    let segment = try decoded(directory)
    for event in events {
      let hasEventID = segment.eventID(of: event) != nil
      try segment.withMessage(of: event, blocks) { message in
        body(event, message.withoutTrailingNewlines, hasEventID)
      }
    }
  }

  /// Calls `body` with the message of an event, which is valid during the call.
  func withMessage(
    of event: Int, in directory: SegmentDirectory, body: (UnsafeBufferPointer<UInt8>) -> Void
  ) throws(StoreError) {
    try decoded(directory).withMessage(of: event, blocks, body: body)
  }

  /// Changes the streams of a segment's events; `assignments` has one for each event.
  func assign(
    _ assignments: [Assignment], in directory: SegmentDirectory
  ) throws(StoreError) {
    let segment = try decoded(directory)
    let isEncodedAlike =
      segment.changedEventIDs.isEmpty
      && assignments.allSatisfy { !$0.isCopy && $0.wasLambda == $0.isLambda }
    if isEncodedAlike {
      let isAlike = assignments.indices.allSatisfy {
        assignments[$0].streamID == segment.streams[$0]
      }
      // Even then a stream may have been renamed.
      guard !isAlike else { return try writer.forgetIndexes(of: directory) }
      try writer.change(streams: assignments.map(\.streamID), of: directory, compressor)
    } else {
      try write(segment, assignments)
    }
    forget(segment)
  }

  // MARK: Facts

  /// Returns the number of facts of each of some streams.
  public func factCounts(ofStreams streamIDs: Set<Int64>) throws(StoreError) -> [Int64: Int] {
    var counts: [Int64: Int] = [:]
    for directory in writer.directories where directory.mayHaveFacts(ofStreams: streamIDs) {
      let reader = SegmentReader(directory: directory, blocks: blocks)
      let streams = try reader.streams()
      for event in try reader.facts().map(Int.init) where streamIDs.contains(streams[event]) {
        counts[streams[event], default: 0] += 1
      }
    }
    return counts
  }

  /// The locations of the facts of some streams.
  public struct FactPlaces {
    fileprivate let segments: [SegmentDirectory]
    fileprivate var facts: [Int64: [Fact]] = [:]
  }

  /// Returns the facts of some streams, in order of time, event id and position.
  ///
  /// Those of streams in `bySource`, whose names are unknown, are in input order, source by source.
  /// It needs some 30 bytes per fact, plus its event id.
  public func factPlaces(
    ofStreams streamIDs: Set<Int64>, bySource: Set<Int64>
  ) throws(StoreError) -> FactPlaces {
    var places = FactPlaces(
      segments: writer.directories.sorted { $0.firstPosition < $1.firstPosition })
    for (number, directory) in places.segments.enumerated()
    where directory.mayHaveFacts(ofStreams: streamIDs) {
      let reader = SegmentReader(directory: directory, blocks: blocks)
      let streams = try reader.streams()
      let sources = try reader.sources()
      let timestamps = try reader.timestamps()
      let eventIDs = try reader.eventIDs()
      for event in try reader.facts().map(Int.init) {
        let streamID = streams[event]
        guard streamIDs.contains(streamID) else { continue }
        let isBySource = bySource.contains(streamID)
        places.facts[streamID, default: []].append(
          Fact(
            source: isBySource ? sources[event] : 0,
            timestamp: isBySource ? 0 : timestamps[event],
            eventID: isBySource ? nil : eventIDs?[event].map(Array.init), segment: Int32(number),
            event: Int32(event)))
      }
    }
    for streamID in places.facts.keys { places.facts[streamID]?.sort() }
    return places
  }

  /// Calls `body` with every fact of a stream, in the order of `places`.
  ///
  /// The message is valid during the call.
  public func forEachFact(
    ofStream streamID: Int64, in places: FactPlaces,
    body: (
      _ sourceID: Int64, _ timestamp: Int64?, _ eventID: [UInt8]?,
      _ message: UnsafeBufferPointer<UInt8>
    ) throws(StoreError) -> Void
  ) throws(StoreError) {
    for fact in places.facts[streamID] ?? [] {
      let segment = try decoded(places.segments[Int(fact.segment)])
      let event = Int(fact.event)
      let timestamp = segment.timestamps[event]
      let source = segment.sources[event]
      try segment.withMessage(of: event, blocks) { message throws(StoreError) in
        try body(
          source, timestamp == SegmentReader.missing ? nil : timestamp, fact.eventID, message)
      }
    }
  }

  /// The place of a fact in the order of a stream.
  fileprivate struct Fact: Comparable {
    var source: Int64
    /// `SegmentReader.missing` sorts first.
    var timestamp: Int64
    var eventID: [UInt8]?
    var segment: Int32
    var event: Int32

    static func < (one: Fact, other: Fact) -> Bool {
      if one.source != other.source { return one.source < other.source }
      if one.timestamp != other.timestamp { return one.timestamp < other.timestamp }
      if one.eventID != other.eventID {
        guard let id = one.eventID else { return true }
        guard let otherID = other.eventID else { return false }
        return id.lexicographicallyPrecedes(otherID)
      }
      if one.segment != other.segment { return one.segment < other.segment }
      return one.event < other.event
    }
  }

  // MARK: Segments

  private func directories(at timestamp: Int64?) -> [SegmentDirectory] {
    guard let timestamp else { return writer.directories.filter(\.hasMissingTimestamps) }
    if index.count != writer.directories.count {
      index = SegmentTimeIndex(writer.directories)
    }
    return index.segments(at: timestamp).map { writer.directories[$0] }.sorted {
      $0.firstPosition < $1.firstPosition
    }
  }

  func decoded(_ directory: SegmentDirectory) throws(StoreError) -> DecodedSegment {
    if let place = cache.lastIndex(where: { $0.directory.id == directory.id }) {
      if place == cache.count - 1 { return cache[place] }
      let segment = cache.remove(at: place)
      cache.append(segment)
      return segment
    }
    if cache.count >= StoredEvents.cacheCount {
      let oldest = cache.removeFirst()
      if !oldest.changedEventIDs.isEmpty { try write(oldest) }
    }
    let segment = try DecodedSegment(directory, blocks)
    cache.append(segment)
    return segment
  }
}

extension SegmentDirectory {
  fileprivate func mayHaveFacts(ofStreams ids: Set<Int64>) -> Bool {
    hasFacts && streamIDs?.contains(where: ids.contains) ?? true
  }
}
