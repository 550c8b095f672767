/// A segment ready to be written.
public struct EncodedSegment: Sendable {
  /// A compressed block.
  struct Block: Sendable {
    var column: SegmentColumn
    var bytes: [UInt8]
  }

  /// A discovered field: its name, and how many events have it.
  public struct Field: Sendable {
    public var name: [UInt8]
    public var eventCount: Int
  }

  /// With neither id nor position, and the fields' ids yet to be filled in.
  var directory: SegmentDirectory
  var blocks: [Block]
  /// `nil` where no message has a UUID.
  var uuidFilter: UUIDFilter?
  /// The fields with a column, in the order of the directory's, then those without.
  public var fields: [Field]
  /// The events that invocations or errors are derived from, ascending.
  public var facts: [UInt16]
  var initReports = InitReports()

  public var eventCount: Int { directory.eventCount }
}
