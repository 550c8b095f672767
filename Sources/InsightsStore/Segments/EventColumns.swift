/// What was read out of an event's message; ranges are offsets into it.
public struct EventColumns: Sendable {
  /// The platform lines that have a value in the column `type`.
  public enum LineType: Sendable { case start, end, report }

  /// What a REPORT line says.
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
    public var xrayTraceID: Range<Int>?
    public var xraySegmentID: Range<Int>?

    public init() {}
  }

  public var type: LineType?
  public var requestID: Range<Int>?
  /// Where the JSON object starts whose keys are fields.
  public var jsonOffset: Int?
  /// Whether invocations or errors are derived from the event.
  public var isFact = false
  /// Of no use but where `type` is `report`.
  public var report = Report()

  public init() {}

  /// Makes it that of a message that says nothing.
  public mutating func clear() {
    type = nil
    requestID = nil
    jsonOffset = nil
    isFact = false
  }
}
