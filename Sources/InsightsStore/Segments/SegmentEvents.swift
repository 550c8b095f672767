/// Events on their way into a segment: records over one arena of bytes.
public struct SegmentEvents: Sendable {
  /// An event; ranges are offsets into `bytes`.
  public struct Event: Sendable {
    /// Epoch milliseconds.
    public var timestamp: Int64?
    /// Epoch milliseconds.
    public var ingestionTime: Int64?
    public var streamID: Int64
    /// `root_id` of the source.
    public var sourceID: Int64
    /// `nil` where the input has no event ids.
    public var eventID: Range<Int>?
    public var message: Range<Int>
    /// Whether text before a JSON object in the message is looked through.
    public var isLambda: Bool
    /// Whether invocations or errors are derived from the event, whatever its message says.
    public var isFact: Bool
  }

  /// Events of one segment, at most.
  public static let eventLimit = SegmentDirectory.eventLimit

  /// Byte count of messages at which a segment is full, unless one message has more.
  public static let byteLimit = 1 << 20

  public private(set) var bytes: [UInt8] = []
  public private(set) var events: [Event] = []

  public init() {}

  public var isFull: Bool {
    events.count >= SegmentDirectory.eventLimit || bytes.count >= SegmentEvents.byteLimit
  }

  /// Makes room for a segment, so that it is not copied while it grows.
  public mutating func reserve() {
    bytes.reserveCapacity(SegmentEvents.byteLimit + 16_384)
    events.reserveCapacity(SegmentDirectory.eventLimit)
  }

  public mutating func append(_ row: EventRow) {
    withUnsafePointer(to: row) { row in
      _ = append(UnsafeBufferPointer(start: row, count: 1), eventLimit: .max)
    }
  }

  /// Appends rows until the segment is full, or has `eventLimit` events, and gives their number.
  public mutating func append(
    _ rows: UnsafeBufferPointer<EventRow>, eventLimit: Int
  ) -> Int {
    let eventLimit = min(eventLimit, SegmentEvents.eventLimit)
    var count = 0
    var byteCount = bytes.count
    repeat {
      guard count < rows.count else { break }
      byteCount += rows[count].message.count + (rows[count].eventID?.count ?? 0)
      count += 1
    } while byteCount < SegmentEvents.byteLimit && events.count + count < eventLimit
    SegmentEvents.append(
      UnsafeBufferPointer(rebasing: rows[..<count]), byteCount: byteCount - bytes.count,
      to: &events, &bytes)
    return count
  }

  /// Appends rows that have `byteCount` bytes, with room made once for all of them.
  private static func append(
    _ rows: UnsafeBufferPointer<EventRow>, byteCount: Int, to events: inout [Event],
    _ bytes: inout [UInt8]
  ) {
    var end = bytes.count
    bytes.append(addingCapacity: byteCount) { bytes in
      bytes.withUnsafeMutableBufferPointer { room, used in
        func place(_ text: UnsafeBufferPointer<UInt8>) -> Range<Int> {
          used += UnsafeMutableBufferPointer(rebasing: room[used...]).update(fromContentsOf: text)
          end += text.count
          return end - text.count..<end
        }
        events.append(addingCapacity: rows.count) { events in
          for row in rows {
            let message = place(row.message)
            events.append(
              Event(
                timestamp: row.timestamp, ingestionTime: row.ingestionTime,
                streamID: row.streamID, sourceID: row.sourceID, eventID: row.eventID.map(place),
                message: message, isLambda: row.isLambda, isFact: row.isFact))
          }
        }
      }
    }
  }

  /// The events' ids, where at least one has one.
  var eventIDs: OptionalTexts {
    var texts = OptionalTexts()
    bytes.withUnsafeBufferPointer { bytes in
      for event in events {
        texts.append(event.eventID.map { UnsafeBufferPointer(rebasing: bytes[$0]) })
      }
    }
    return texts
  }

  /// Turns the order of the events round.
  public mutating func reverse() {
    events.reverse()
  }
}
