/// An event on its way into the store; the bytes stay the caller's.
public struct EventRow {
  /// Epoch milliseconds.
  public var timestamp: Int64?
  /// Epoch milliseconds.
  public var ingestionTime: Int64?
  public var streamID: Int64
  /// `root_id` of the source.
  public var sourceID: Int64
  /// `nil` where the input has no event ids.
  public var eventID: UnsafeBufferPointer<UInt8>?
  public var message: UnsafeBufferPointer<UInt8>
  /// Whether text before a JSON object in the message is looked through.
  public var isLambda: Bool
  /// Whether invocations or errors are derived from the event, whatever its message says.
  public var isFact: Bool

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
