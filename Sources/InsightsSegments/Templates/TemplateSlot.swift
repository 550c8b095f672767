/// The type of the variable at a position in a template.
enum TemplateSlot: UInt8, Sendable {
  /// An integer of at most 18 digits, without leading zeros: `0`, `42`, `-7`.
  case integer
  /// A number with a decimal point, of at most 17 digits: `0.5`, `-12.250`.
  case decimal
  /// A UUID in its canonical lower-case form.
  case uuid
  /// A text of the segment's dictionary.
  case text
  /// A time with milliseconds: `2026-01-01T00:00:00.123`.
  case time
  /// A time with milliseconds and a space instead of the `T`.
  case spacedTime
  /// A time with milliseconds, a space and a comma, as in Python's `logging`.
  case spacedCommaTime
  /// A time with seconds: `2026-01-01T00:00:00`.
  case second
  /// A time with seconds and a space instead of the `T`.
  case spacedSecond

  /// The stream that contains the values.
  var stream: VariableStream {
    switch self {
    case .integer: .integers
    case .decimal: .decimals
    case .uuid: .uuids
    case .text: .texts
    case .time, .spacedTime, .spacedCommaTime, .second, .spacedSecond: .times
    }
  }

  /// Returns the slot together with its offset in the template's static text as one number.
  @inline(__always)
  func packed(at offset: Int) -> UInt64 { UInt64(offset) << 8 | UInt64(rawValue) }

  /// The maximum number of slots in a template; the rest of a message is static text.
  static let limit = 1024
}

/// A set of types of variables.
struct SlotTypes: OptionSet, Sendable {
  let rawValue: UInt16

  static let text = SlotTypes(.text)

  init(rawValue: UInt16) {
    self.rawValue = rawValue
  }

  init(_ type: TemplateSlot) { rawValue = 1 << UInt16(type.rawValue) }

  mutating func insert(_ type: TemplateSlot) { formUnion(SlotTypes(type)) }
}

/// The variables of all templates of a segment that are stored together, column by column.
enum VariableStream: Int, CaseIterable, Sendable {
  /// Times, relative to the event's time.
  case times
  case integers
  /// The digits and the number of digits after the decimal point; see `DecimalValue`.
  case decimals
  /// Indexes in the list of UUIDs.
  case uuids
  /// Indexes in the dictionary.
  case texts
}

/// A number with a decimal point as one integer: its digits, and the number of digits after the
/// point.
struct DecimalValue {
  /// All digits as an integer; negative with a minus sign.
  var digits: Int64
  /// The number of digits after the point, 1 to 15.
  var scale: Int

  static let scaleLimit = 15
  /// The maximum number of digits.
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
