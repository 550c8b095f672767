internal import InsightsText

/// Reads and writes the times that are variables of messages.
struct TimeLayout {
  /// The text of the last day; neighbouring times usually share it.
  private var dayText: (UInt64, UInt16) = (0, 0)
  private var dayStart: Int64?

  private static let dayLength: Int64 = 86_400_000
  /// The size of `2026-01-01T00:00:00` in bytes.
  static let secondByteCount = 19
  static let millisecondByteCount = 23

  /// Parses the time at an offset: returns its type, its size in bytes, and epoch milliseconds.
  ///
  /// Only times that `write` reproduces byte by byte are accepted.
  @inline(__always)
  mutating func time(
    in bytes: UnsafePointer<UInt8>, at start: Int, end: Int
  ) -> (slot: TemplateSlot, byteCount: Int, milliseconds: Int64)? {
    guard end &- start >= Self.secondByteCount else { return nil }
    let text = bytes + start
    guard text[4] == UInt8(ascii: "-"), text[7] == UInt8(ascii: "-"),
      text[13] == UInt8(ascii: ":"), text[16] == UInt8(ascii: ":"),
      text[10] == UInt8(ascii: "T") || text[10] == UInt8(ascii: " ")
    else { return nil }
    return read(text, byteCount: end &- start)
  }

  private mutating func read(
    _ text: UnsafePointer<UInt8>, byteCount: Int
  ) -> (slot: TemplateSlot, byteCount: Int, milliseconds: Int64)? {
    guard let day = start(ofDay: text) else { return nil }
    let hour = DecimalDigits.pair(text + 11)
    let minute = DecimalDigits.pair(text + 14)
    let second = DecimalDigits.pair(text + 17)
    guard hour >= 0, hour < 24, minute >= 0, minute < 60, second >= 0, second < 60 else {
      return nil
    }
    let time = day + Int64((hour * 60 + minute) * 60 + second) * 1000
    let isSpaced = text[10] == UInt8(ascii: " ")
    if byteCount >= Self.millisecondByteCount {
      let point = text[19]
      let tens = DecimalDigits.pair(text + 20)
      let last = text[22] &- UInt8(ascii: "0")
      if tens >= 0, last < 10, point == UInt8(ascii: ".") || point == UInt8(ascii: ",") && isSpaced
      {
        let slot: TemplateSlot =
          point == UInt8(ascii: ",") ? .spacedCommaTime : isSpaced ? .spacedTime : .time
        return (slot, Self.millisecondByteCount, time + Int64(tens * 10) + Int64(last))
      }
    }
    return (isSpaced ? .spacedSecond : .second, Self.secondByteCount, time)
  }

  @inline(__always)
  private mutating func start(ofDay text: UnsafePointer<UInt8>) -> Int64? {
    let raw = UnsafeRawPointer(text)
    let head = raw.loadUnaligned(as: UInt64.self)
    let tail = raw.loadUnaligned(fromByteOffset: 8, as: UInt16.self)
    if let dayStart, dayText == (head, tail) { return dayStart }
    guard let start = Self.start(ofDay: text) else { return nil }
    dayText = (head, tail)
    dayStart = start
    return start
  }

  /// Returns the start of a day in epoch milliseconds; `nil` for a day that does not exist.
  private static func start(ofDay text: UnsafePointer<UInt8>) -> Int64? {
    let century = DecimalDigits.pair(text)
    let yearOfCentury = DecimalDigits.pair(text + 2)
    let month = DecimalDigits.pair(text + 5)
    let day = DecimalDigits.pair(text + 8)
    guard century >= 0, yearOfCentury >= 0, month >= 1, month <= 12, day >= 1 else { return nil }
    let year = century * 100 + yearOfCentury
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    let lengths = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    guard day <= lengths[month - 1] else { return nil }
    return dayNumber(year, month, day) * dayLength
  }

  /// Returns the days since 1970 in the Gregorian calendar; years begin in March.
  private static func dayNumber(_ year: Int, _ month: Int, _ day: Int) -> Int64 {
    let year = year - (month <= 2 ? 1 : 0)
    let era = (year >= 0 ? year : year - 399) / 400
    let yearOfEra = year - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return Int64(era * 146_097 + dayOfEra - 719_468)
  }

  // MARK: Values

  /// Returns the stored form of a time: relative to the time of its event.
  @inline(__always)
  static func value(of milliseconds: Int64, _ slot: TemplateSlot, event: Int64) -> Int64 {
    switch slot {
    case .second, .spacedSecond: (milliseconds &- wholeSecond(event)) / 1000
    default: milliseconds &- event
    }
  }

  /// Inverts `value`.
  @inline(__always)
  static func milliseconds(of value: Int64, _ slot: TemplateSlot, event: Int64) -> Int64 {
    switch slot {
    case .second, .spacedSecond: wholeSecond(event) &+ value &* 1000
    default: event &+ value
    }
  }

  /// Returns a time rounded down to its second, limited so that sums do not overflow.
  private static func wholeSecond(_ time: Int64) -> Int64 {
    let time = min(max(time, -(1 << 60)), 1 << 60)
    let remainder = time % 1000
    return time - (remainder < 0 ? remainder + 1000 : remainder)
  }
}

extension TimeText {
  /// Writes a time in the form of a slot; returns its size in bytes, or `nil` for a time without
  /// such a form.
  @inline(__always)
  func write(
    _ milliseconds: Int64, as slot: TemplateSlot, to output: UnsafeMutablePointer<UInt8>
  ) -> Int? {
    guard write(milliseconds), let text = bytes.baseAddress else { return nil }
    let count: Int
    switch slot {
    case .second, .spacedSecond: count = TimeLayout.secondByteCount
    default: count = TimeLayout.millisecondByteCount
    }
    output.update(from: text, count: count)
    switch slot {
    case .spacedTime, .spacedSecond: output[10] = UInt8(ascii: " ")
    case .spacedCommaTime:
      output[10] = UInt8(ascii: " ")
      output[19] = UInt8(ascii: ",")
    default: break
    }
    return count
  }
}
