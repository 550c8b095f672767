/// A segment ready to be written.
public struct EncodedSegment: Sendable {
  /// A compressed block.
  struct Block: Sendable {
    var column: SegmentColumn
    var bytes: [UInt8]
  }

  /// A discovered field: its name, and the number of events that have it.
  public struct Field: Sendable {
    /// The name in UTF-8.
    public var name: [UInt8]
    /// The number of events of the segment that have it.
    public var eventCount: Int
  }

  /// The directory, without id, position and the ids of fields, which are filled in later.
  var directory: SegmentDirectory
  var blocks: [Block]
  /// `nil` if no message contains a UUID.
  var uuidFilter: UUIDFilter?
  /// The fields with a column, in the order of the directory, followed by the others.
  public var fields: [Field]
  /// The names, in UTF-8, of values that are not fields because they exceed the limit on fields per
  /// event.
  var namesBehindLimit: [[UInt8]] = []
  /// The events that invocations or errors are derived from, ascending.
  public var facts: [UInt16]
  var initReports = InitReports()

  /// The number of events.
  public var eventCount: Int { directory.eventCount }
}
