/// The columns parsed from an event's message; ranges are offsets in it.
public struct EventColumns: Sendable {
  /// The platform lines that have a value in the column `type`.
  public enum LineType: Sendable { case start, end, report }

  /// The contents of a REPORT line.
  public struct Report: Sendable {
    /// Milliseconds.
    public var duration: Double?
    /// Milliseconds.
    public var billedDuration: Int64?
    /// Bytes, a megabyte being 1,000,000.
    public var memorySize: Int64?
    /// Bytes, a megabyte being 1,000,000.
    public var maxMemoryUsed: Int64?
    /// Milliseconds.
    public var initDuration: Double?
    /// The id of the X-Ray trace.
    public var xrayTraceID: Range<Int>?
    /// The id of the X-Ray segment.
    public var xraySegmentID: Range<Int>?

    /// A report without values.
    public init() {}
  }

  /// The type of a platform line; `nil` for any other message.
  public var type: LineType?
  /// The request id; `nil` if the message contains none.
  public var requestID: Range<Int>?
  /// Offset of the JSON object whose keys become fields.
  public var jsonOffset: Int?
  /// Whether invocations or errors are derived from the event.
  public var isFact = false
  /// Valid only if `type` is `report`.
  public var report = Report()

  /// Empty columns.
  public init() {}

  /// Resets all columns.
  public mutating func clear() {
    type = nil
    requestID = nil
    jsonOffset = nil
    isFact = false
  }
}
