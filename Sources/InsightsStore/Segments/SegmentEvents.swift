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
    let messageStart = bytes.count
    bytes.append(contentsOf: row.message)
    let messageEnd = bytes.count
    if let eventID = row.eventID { bytes.append(contentsOf: eventID) }
    events.append(
      Event(
        timestamp: row.timestamp, ingestionTime: row.ingestionTime, streamID: row.streamID,
        sourceID: row.sourceID, eventID: row.eventID == nil ? nil : messageEnd..<bytes.count,
        message: messageStart..<messageEnd, isLambda: row.isLambda, isFact: row.isFact))
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
