/// An event to be stored; the bytes stay the caller's.
public struct EventRow {
  /// Epoch milliseconds; `nil` if the event has no time.
  public var timestamp: Int64?
  /// Epoch milliseconds; `nil` if unknown.
  public var ingestionTime: Int64?
  /// The id of its log stream.
  public var streamID: Int64
  /// `root_id` of the source.
  public var sourceID: Int64
  /// `nil` if the input has no event ids.
  public var eventID: UnsafeBufferPointer<UInt8>?
  /// The bytes of the message.
  public var message: UnsafeBufferPointer<UInt8>
  /// Whether a JSON object may follow other text in the message.
  public var isLambda: Bool
  /// Whether invocations or errors are derived from the event regardless of its message.
  public var isFact: Bool

  /// Makes a row.
  public init(
    timestamp: Int64?, ingestionTime: Int64? = nil, streamID: Int64, sourceID: Int64,
    eventID: UnsafeBufferPointer<UInt8>? = nil, message: UnsafeBufferPointer<UInt8>,
    isLambda: Bool = true, isFact: Bool = false
  ) {
    self.timestamp = timestamp
    self.ingestionTime = ingestionTime
    self.streamID = streamID
    self.sourceID = sourceID
    self.eventID = eventID
    self.message = message
    self.isLambda = isLambda
    self.isFact = isFact
  }
}
