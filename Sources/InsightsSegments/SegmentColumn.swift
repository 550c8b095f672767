/// The columns of a segment and the numbers of their blocks.
///
/// A block's id in `segment_blocks` is `segment * 65,536 + column`. A column that is missing for
/// all events has no block.
package struct SegmentColumn: RawRepresentable, Hashable, Sendable {
  package let rawValue: Int

  package init(rawValue: Int) {
    self.rawValue = rawValue
  }

  /// The shape of each event, with its type and other properties; see `EventShape`.
  static let shapes = SegmentColumn(rawValue: 1)
  /// The size in bytes of each message of plain text.
  static let lengths = SegmentColumn(rawValue: 2)
  static let timestamps = SegmentColumn(rawValue: 3)
  package static let streams = SegmentColumn(rawValue: 4)
  static let sources = SegmentColumn(rawValue: 5)
  static let ingestionTimes = SegmentColumn(rawValue: 6)
  static let eventIDs = SegmentColumn(rawValue: 7)
  static let requestIDs = SegmentColumn(rawValue: 8)
  static let reports = SegmentColumn(rawValue: 9)

  /// A part of the messages as templates and variables.
  static func messages(_ part: TemplatePart) -> SegmentColumn {
    switch part {
    case .templates: SegmentColumn(rawValue: 16)
    case .indexes: SegmentColumn(rawValue: 17)
    case .dictionary: SegmentColumn(rawValue: 18)
    case .uuids: SegmentColumn(rawValue: 19)
    case .fields: SegmentColumn(rawValue: 31)
    case .variables(let stream): SegmentColumn(rawValue: 20 + stream.rawValue)
    case .objectVariables(let stream): SegmentColumn(rawValue: 40 + stream.rawValue)
    }
  }

  /// The messages as plain text, concatenated.
  static let text = SegmentColumn(rawValue: 32)
  /// The token filter over the messages of plain text.
  static let filter = SegmentColumn(rawValue: 33)

  /// A discovered field, by its index in the segment's directory.
  static func field(_ index: Int) -> SegmentColumn { SegmentColumn(rawValue: 64 + index) }

  /// The maximum number of discovered fields with a column in one segment; others are only in
  /// messages.
  static let fieldLimit = 512

  /// Returns the id of the column's block.
  package func blockID(ofSegment segment: Int64) -> Int64 {
    segment &* 65_536 &+ Int64(rawValue)
  }
}
