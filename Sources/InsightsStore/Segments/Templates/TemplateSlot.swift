/// A place in a template where a variable stands, by what its values are.
enum TemplateSlot: UInt8, Sendable {
  /// A whole number of at most 18 digits, without leading zeros: `0`, `42`, `-7`.
  case integer
  /// A number with a point, of at most 17 digits: `0.5`, `-12.250`.
  case decimal
  /// A UUID in its canonical lower-case form.
  case uuid
  /// A text of the segment's dictionary.
  case text
  /// A time to the millisecond: `2026-01-01T00:00:00.123`.
  case time
  /// The same with a blank in its midst.
  case spacedTime
  /// The same with a blank and a comma: Python's `logging`.
  case spacedCommaTime
  /// A time to the second: `2026-01-01T00:00:00`.
  case second
  /// The same with a blank.
  case spacedSecond

  /// The stream that has the values.
  var stream: VariableStream {
    switch self {
    case .integer: .integers
    case .decimal: .decimals
    case .uuid: .uuids
    case .text: .texts
    case .time, .spacedTime, .spacedCommaTime, .second, .spacedSecond: .times
    }
  }

  /// The slot as one number with its offset in the template's static text.
  @inline(__always)
  func packed(at offset: Int) -> UInt64 { UInt64(offset) << 8 | UInt64(rawValue) }

  /// Texts of more slots keep the rest of their text as it is.
  static let limit = 1024
}

/// The variables of all templates of a segment that are kept together, column after column.
enum VariableStream: Int, CaseIterable, Sendable {
  /// Less the event's time.
  case times
  case integers
  /// Digits and how many of them stand behind the point; see `DecimalValue`.
  case decimals
  /// Places in the list of UUIDs.
  case uuids
  /// Places in the dictionary.
  case texts
}

/// A number with a point as one integer: its digits without the point, and how many are behind it.
struct DecimalValue {
  /// All digits as a number, negative with a minus sign.
  var digits: Int64
  /// Digits behind the point, 1 to 15.
  var scale: Int

  static let scaleLimit = 15
  /// Digits in all.
  static let digitLimit = 17

  @inline(__always)
  init(digits: Int64, scale: Int) {
    self.digits = digits
    self.scale = scale
  }

  @inline(__always)
  init(packed: Int64) {
    digits = packed >> 4
    scale = Int(packed & 15)
  }

  @inline(__always)
  var packed: Int64 { digits &<< 4 | Int64(scale) }
}
