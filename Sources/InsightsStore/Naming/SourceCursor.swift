internal import InsightsSegments
public import InsightsModel

/// Iterates over the stored events of one source, in input order.
///
/// The store must not change meanwhile.
public final class SourceCursor {
  /// A stored event; the message is valid during the call that receives it.
  public struct Event {
    /// The position in input order.
    public var position: Int64
    /// The names of its stream.
    public var names: StreamTable.Names
    /// Epoch milliseconds; `nil` if the event has no time.
    public var timestamp: Int64?
    /// The bytes of the message.
    public var message: UnsafeBufferPointer<UInt8>
  }

  private let events: StoredEvents
  private let streams: StreamTable
  private let rootID: Int64
  private let positions: [Range<Int64>]
  /// The remaining segments, the next one last.
  private var segments: [SegmentDirectory]
  private var current: (directory: SegmentDirectory, columns: NamingSurvey.Columns, next: Int)?
  private var names: [Int64: StreamTable.Names] = [:]

  /// Iterates over the events at some positions of the source with this root.
  public init(
    of rootID: Int64, at positions: [Range<Int64>], in events: StoredEvents, streams: StreamTable
  ) {
    self.events = events
    self.streams = streams
    self.rootID = rootID
    self.positions = positions
    segments = events.segments.filter { directory in
      positions.contains { $0.overlaps(directory.positionRange) }
    }.reversed()
  }

  /// Calls `body` with the next event and returns its result; `nil` if there is none.
  public func next<Answer>(_ body: (Event) -> Answer) throws(StoreError) -> Answer? {
    while true {
      if current == nil {
        guard let directory = segments.popLast() else { return nil }
        current = (directory, try events.places(in: directory), 0)
      }
      guard let (directory, columns, next) = current else { return nil }
      guard
        let event = (next..<directory.eventCount).first(where: { isWanted($0, directory, columns) })
      else {
        current = nil
        continue
      }
      current?.next = event + 1
      let streamID = columns.streamIDs[event]
      if names[streamID] == nil { names[streamID] = try streams.names(of: streamID) }
      let time = columns.times[event]
      var answer: Answer?
      try events.withMessage(of: event, in: directory) { message in
        answer = body(
          Event(
            position: directory.position(of: event),
            names: names[streamID] ?? StreamTable.Names(),
            timestamp: time == SegmentReader.missing ? nil : time, message: message))
      }
      return answer
    }
  }

  private func isWanted(
    _ event: Int, _ directory: SegmentDirectory, _ columns: NamingSurvey.Columns
  ) -> Bool {
    let position = directory.position(of: event)
    return columns.sourceIDs[event] == rootID && positions.contains { $0.contains(position) }
  }
}
