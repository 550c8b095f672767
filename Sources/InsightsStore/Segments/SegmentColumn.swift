/// The columns of a segment and the numbers of their blocks.
///
/// A block's id in `segment_blocks` is `segment * 65,536 + column`. A column that is missing for
/// all events has no block.
struct SegmentColumn: RawRepresentable, Hashable, Sendable {
  let rawValue: Int

  init(rawValue: Int) {
    self.rawValue = rawValue
  }

  /// The group, the type and the like of each event; see `EventShape`.
  static let shapes = SegmentColumn(rawValue: 1)
  /// Byte count of each message.
  static let lengths = SegmentColumn(rawValue: 2)
  static let timestamps = SegmentColumn(rawValue: 3)
  static let streams = SegmentColumn(rawValue: 4)
  static let sources = SegmentColumn(rawValue: 5)
  static let ingestionTimes = SegmentColumn(rawValue: 6)
  static let eventIDs = SegmentColumn(rawValue: 7)
  static let requestIDs = SegmentColumn(rawValue: 8)
  static let reports = SegmentColumn(rawValue: 9)

  /// The messages of a group, without what was left out.
  static func text(_ group: TextGroup) -> SegmentColumn {
    SegmentColumn(rawValue: 16 + Int(group.rawValue))
  }

  /// The token filter over the messages of a group.
  static func filter(_ group: TextGroup) -> SegmentColumn {
    SegmentColumn(rawValue: 32 + Int(group.rawValue))
  }

  /// A discovered field, by its place in the segment's directory.
  static func field(_ index: Int) -> SegmentColumn { SegmentColumn(rawValue: 64 + index) }

  /// The maximum number of discovered fields with a column in one segment; others are only in
  /// messages.
  static let fieldLimit = 512

  /// Returns the id of the column's block.
  func blockID(ofSegment segment: Int64) -> Int64 {
    segment &* 65_536 &+ Int64(rawValue)
  }
}

/// Messages that look alike are kept together: they compress better and are skipped together.
enum TextGroup: UInt8, CaseIterable, Sendable {
  /// START, END and REPORT lines, those with a type.
  case platform
  /// Messages that begin with their JSON object.
  case json
  case other
  /// Those of the two that are about trouble, as their level says: most searches look for them.
  case jsonTrouble, otherTrouble
}
