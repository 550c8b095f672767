/// What is known of a segment without decoding any of its blocks: a row of `segments`.
struct SegmentDirectory: Sendable {
  /// A discovered field that occurs in the segment.
  struct Field: Sendable {
    /// `fields.id`.
    var id: Int64
    var kind: FieldColumn.Kind
    /// Bounds of the values that are numbers, text that is only a number included.
    ///
    /// Both `nil`: none is a number.
    var minimum: Double?
    var maximum: Double?
    /// Whether some value is text that is no number.
    var hasText: Bool
  }

  var id: Int64
  /// The position in the order of input of its first event; those of the others follow one by one.
  ///
  /// Order segments by it, not by `id`: the segments of an input that runs newest first are
  /// written in the reverse order of their positions.
  var firstPosition: Int64
  /// 1 to 65,535.
  var eventCount: Int
  /// Bounds of the times; `nil` when no event has a time.
  var timestamps: ClosedRange<Int64>?
  /// Whether some event has no time.
  var hasMissingTimestamps: Bool
  /// Whether the times never go down with the position; false where one is missing.
  var isOrderedByTime: Bool
  /// Byte count of all messages.
  var textByteCount: Int
  /// Events of each `TextGroup`.
  var groupCounts: [Int]
  /// Whether `fields` lists every field that occurs.
  ///
  /// Where not, a field that is not listed has to be looked for in the messages.
  var listsAllFields: Bool
  /// In the order of their blocks: that of `fields[i]` is `SegmentColumn.field(i)`.
  var fields: [Field]

  /// The place in `fields` of the field with an id.
  func index(ofField id: Int64) -> Int? {
    fields.firstIndex { $0.id == id }
  }
}
