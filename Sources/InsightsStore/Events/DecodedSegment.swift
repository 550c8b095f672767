internal import InsightsSegments
internal import InsightsScan
internal import InsightsModel

/// The decoded columns of a segment that are needed for finding events.
final class DecodedSegment {
  let directory: SegmentDirectory
  let timestamps: [Int64]
  let streams: IndexedIntegers
  let sources: IndexedIntegers
  /// Event ids assigned since encoding, by event.
  var changedEventIDs: [Int: [UInt8]] = [:]
  private let eventIDs: OptionalTexts?
  private let ingestionTimes: [Int64]?
  /// The events that invocations or errors are derived from.
  let facts: Set<UInt16>
  private let reader: SegmentReader
  /// The events sorted by time; empty if they already are in that order.
  private let order: [UInt16]

  init(_ directory: SegmentDirectory, _ blocks: SegmentBlocks) throws(StoreError) {
    self.directory = directory
    reader = SegmentReader(directory: directory, blocks: blocks)
    let timestamps = try reader.timestamps()
    self.timestamps = timestamps
    streams = try reader.streams()
    sources = try reader.sources()
    eventIDs = try reader.eventIDs()
    ingestionTimes = try reader.ingestionTimes()
    facts = directory.hasFacts ? Set(try reader.facts()) : []
    var order = (0..<directory.eventCount).map { UInt16(truncatingIfNeeded: $0) }
    if !directory.isOrderedByTime {
      order.sort { (timestamps[Int($0)], $0) < (timestamps[Int($1)], $1) }
    }
    self.order = order
  }

  /// Returns the events with a time, ascending; those without a time for `nil`.
  func events(at timestamp: Int64?) -> [Int] {
    let timestamp = timestamp ?? SegmentReader.missing
    var low = 0
    var high = order.count
    while low < high {
      let middle = (low + high) / 2
      if timestamps[Int(order[middle])] < timestamp { low = middle + 1 } else { high = middle }
    }
    var events: [Int] = []
    while low < order.count, timestamps[Int(order[low])] == timestamp {
      events.append(Int(order[low]))
      low += 1
    }
    return events
  }

  func eventID(of event: Int) -> [UInt8]? {
    changedEventIDs[event] ?? storedEventID(of: event)
  }

  /// Calls `body` with the message of an event, which is valid during the call.
  func withMessage<Outcome>(
    of event: Int, _ blocks: SegmentBlocks,
    body: (UnsafeBufferPointer<UInt8>) throws(StoreError) -> Outcome
  ) throws(StoreError) -> Outcome {
    let text = try reader.messages()
    let range = text.range(of: event)
    let outcome = text.bytes.withUnsafeBufferPointer { bytes in
      Result { () throws(StoreError) in
        try body(UnsafeBufferPointer(rebasing: bytes[range]))
      }
    }
    return try outcome.get()
  }

  /// Appends an event in its original form, for encoding it again.
  ///
  /// `eventID` and `streamID` replace its own. With `isFact` it is a fact regardless of its
  /// message.
  func append(
    _ event: Int, eventID: [UInt8]?, streamID: Int64, isLambda: Bool, isFact: Bool = false,
    to events: inout SegmentEvents, _ blocks: SegmentBlocks
  ) throws(StoreError) {
    let ingestionTime = ingestionTimes?[event] ?? SegmentReader.missing
    let row = { (message: UnsafeBufferPointer<UInt8>, eventID: UnsafeBufferPointer<UInt8>?) in
      EventRow(
        timestamp: self.timestamps[event] == SegmentReader.missing ? nil : self.timestamps[event],
        ingestionTime: ingestionTime == SegmentReader.missing ? nil : ingestionTime,
        streamID: streamID, sourceID: self.sources[event], eventID: eventID,
        message: message, isLambda: isLambda,
        isFact: isFact)
    }
    try withMessage(of: event, blocks) { message in
      if let eventID {
        eventID.withUnsafeBufferPointer { events.append(row(message, $0)) }
      } else {
        events.append(row(message, nil))
      }
    }
  }

  /// Appends all events in their original form, in order.
  ///
  /// `areLambda` is a cache of `StreamTable.Names.mayBeLambda` by stream id, which can be used for
  /// further segments.
  func appendAll(
    to events: inout SegmentEvents, areLambda: inout [Int64: Bool], _ names: StreamTable,
    _ blocks: SegmentBlocks
  ) throws(StoreError) {
    for event in 0..<directory.eventCount {
      let streamID = streams[event]
      if areLambda[streamID] == nil {
        areLambda[streamID] = try names.names(of: streamID).mayBeLambda
      }
      try append(
        event, eventID: eventID(of: event), streamID: streamID,
        isLambda: areLambda[streamID] ?? true,
        isFact: facts.contains(UInt16(truncatingIfNeeded: event)), to: &events, blocks)
    }
  }

  /// Returns the event id that was encoded; `nil` if the event has none.
  func storedEventID(of event: Int) -> [UInt8]? {
    eventIDs?[event].map(Array.init)
  }
}
