/// The events for a segment: records over one arena of bytes.
public struct SegmentEvents: Sendable {
  /// An event; ranges are offsets in `bytes`.
  public struct Event: Sendable {
    /// Epoch milliseconds; `nil` if the event has no time.
    public var timestamp: Int64?
    /// Epoch milliseconds; `nil` if unknown.
    public var ingestionTime: Int64?
    /// The id of its log stream.
    public var streamID: Int64
    /// `root_id` of the source.
    public var sourceID: Int64
    /// `nil` if the input has no event ids.
    public var eventID: Range<Int>?
    /// The range of the message.
    public var message: Range<Int>
    /// Whether a JSON object may follow other text in the message.
    public var isLambda: Bool
    /// Whether invocations or errors are derived from the event regardless of its message.
    public var isFact: Bool
  }

  /// The maximum number of events per segment.
  public static let eventLimit = SegmentDirectory.eventLimit

  /// The size of messages in bytes at which a segment is full, unless a single message is larger.
  public static let byteLimit = 1 << 20

  /// The bytes of all messages and event ids.
  public private(set) var bytes: [UInt8] = []
  /// The events, in order.
  public private(set) var events: [Event] = []

  /// Makes an empty segment.
  public init() {}

  /// Whether the limit of events or of bytes is reached.
  public var isFull: Bool {
    events.count >= SegmentDirectory.eventLimit || bytes.count >= SegmentEvents.byteLimit
  }

  /// Reserves capacity for a segment, so that it is not copied while it grows.
  public mutating func reserve() {
    bytes.reserveCapacity(SegmentEvents.byteLimit + 16_384)
    events.reserveCapacity(SegmentDirectory.eventLimit)
  }

  /// Appends an event.
  public mutating func append(_ row: EventRow) {
    withUnsafePointer(to: row) { row in
      _ = append(UnsafeBufferPointer(start: row, count: 1), eventLimit: .max)
    }
  }

  /// Appends rows until the segment is full, or has `eventLimit` events; returns their number.
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

  /// Appends rows with a total of `byteCount` bytes, reserving capacity once.
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

  /// The events' ids, if at least one has one.
  var eventIDs: OptionalTexts {
    var texts = OptionalTexts()
    bytes.withUnsafeBufferPointer { bytes in
      for event in events {
        texts.append(event.eventID.map { UnsafeBufferPointer(rebasing: bytes[$0]) })
      }
    }
    return texts
  }

  /// Reverses the order of the events.
  public mutating func reverse() {
    events.reverse()
  }
}
