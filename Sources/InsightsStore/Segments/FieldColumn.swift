/// The values of one discovered field in a segment, as `ql_field` gives them.
///
/// Strings are text, `true` and `false` the integers 1 and 0, numbers integers or reals. An event
/// without the field, or with `null`, has no value.
enum FieldColumn: Sendable {
  enum Kind: UInt8, Sendable { case dictionary, integers, reals, inMessages }

  /// A distinct value.
  enum Value: Hashable, Sendable {
    case integer(Int64)
    case real(Double)
    /// The bytes at this place of the column's `texts`.
    case text(Int)
  }

  /// The distinct values, and which event has which (`SegmentReader.noIndex`: none).
  case dictionary(values: [Value], texts: Texts, indexes: [UInt16])
  /// Integers of every event, `SegmentReader.missing` where there is none.
  case integers([Int64])
  /// Numbers of every event, NaN where there is none; all that occur are reals.
  case reals([Double])
  /// Not kept: to be read from the messages.
  case inMessages
}
