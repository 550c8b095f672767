/// A segment ready to be written.
public struct EncodedSegment: Sendable {
  /// A compressed block.
  package struct Block: Sendable {
    package var column: SegmentColumn
    package var bytes: [UInt8]

    package init(column: SegmentColumn, bytes: [UInt8]) {
      self.column = column
      self.bytes = bytes
    }
  }

  /// A discovered field: its name, and the number of events that have it.
  public struct Field: Sendable {
    /// The name in UTF-8.
    public var name: [UInt8]
    /// The number of events of the segment that have it.
    public var eventCount: Int
  }

  /// The directory, without id, position and the ids of fields, which are filled in later.
  package var directory: SegmentDirectory
  package var blocks: [Block]
  /// `nil` if no message contains a UUID.
  package var uuidFilter: UUIDFilter?
  /// The fields with a column, in the order of the directory, followed by the others.
  public var fields: [Field]
  /// The names, in UTF-8, of values that are not fields because they exceed the limit on fields per
  /// event.
  package var namesBehindLimit: [[UInt8]] = []
  /// The events that invocations or errors are derived from, ascending.
  public var facts: [UInt16]
  package var initReports = InitReports()

  /// The number of events.
  public var eventCount: Int { directory.eventCount }
}
