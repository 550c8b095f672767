internal import Glibc

/// Converts times between text and epoch milliseconds.
///
/// A text without a zone is UTC. All arithmetic is on the proleptic Gregorian calendar, with days
/// counted from 1970-01-01.
public enum Timestamp {
  /// A parsed time, and the offset after its last byte.
  public typealias Match = (milliseconds: Int64, end: Int)

  /// The wall clock, in epoch milliseconds.
  public static var now: Int64 {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
  }

  /// Parses a text that is an ISO 8601 time as a whole; otherwise `nil`.
  public static func parseISO8601(_ text: String) -> Int64? {
    var text = text
    return text.withUTF8 { bytes in
      guard let parsed = parseISO8601(bytes, at: 0), parsed.end == bytes.count else { return nil }
      return parsed.milliseconds
    }
  }

  /// Parses a time that begins with a year: `2026-02-11T09:15:00.123Z` and its variants.
  ///
  /// The date may be separated by `-` or `/`; a `T` or a space follows; the fraction (1–9 digits,
  /// truncated to milliseconds) follows a dot or comma; the zone is `Z`, `±hh:mm`, `±hhmm`, `±hh`
  /// or missing, and may follow a space: ` UTC`, ` +0100`, ` (+01:00)`, ` +0000 UTC`. Second 60 is
  /// the first second of the next minute.
  ///
  /// - Returns: `nil` if there is no such time at `start`.
  public static func parseISO8601(
    _ bytes: UnsafeBufferPointer<UInt8>, at start: Int = 0
  ) -> Match? {
    if let milliseconds = exactISO8601(bytes, at: start) { return (milliseconds, start + 24) }
    // The second digit of the seconds is the last byte that every form has.
    guard start >= 0, start <= bytes.count - 19 else { return nil }
    let joint = bytes[start + 4]
    guard joint == UInt8(ascii: "-") || joint == UInt8(ascii: "/"), bytes[start + 7] == joint,
      bytes[start + 10] == UInt8(ascii: "T") || bytes[start + 10] == UInt8(ascii: " "),
      let century = twoDigits(bytes, at: start),
      let yearOfCentury = twoDigits(bytes, at: start + 2),
      let month = twoDigits(bytes, at: start + 5), let day = twoDigits(bytes, at: start + 8)
    else { return nil }
    var reader = TimestampReader(bytes: bytes, index: start + 11)
    guard let date = days(fromCivil: century * 100 + yearOfCentury, month, day),
      let time = reader.timeOfDay()
    else { return nil }
    let zone = reader.zone() ?? reader.spacedZone()
    return (Int64(date) * millisecondsPerDay + time - zone, reader.index)
  }

  /// Parses the most common form only: `2026-02-11T09:15:00.123Z`.
  static func exactISO8601(_ bytes: UnsafeBufferPointer<UInt8>, at start: Int) -> Int64? {
    guard start >= 0, start <= bytes.count - 24, bytes[start + 23] == UInt8(ascii: "Z") else {
      return nil
    }
    let raw = UnsafeRawBufferPointer(bytes)
    guard
      // `2026-02-` and `11T09:15`, the first byte in the lowest bits.
      let date = digits(
        raw, at: start, without: 0x2D30_302D_3030_3030, places: 0x0001_0100_0101_0101),
      let middle = digits(
        raw, at: start + 8, without: 0x3030_3A30_3054_3030, places: 0x0101_0001_0100_0101),
      let days = days(
        fromCivil: number(date, 0) * 100 + number(date, 2), number(date, 5), number(middle, 0)),
      let rest = exactSeconds(raw, at: start + 16)
    else { return nil }
    let (hour, minute) = (number(middle, 3), number(middle, 6))
    guard hour < 24, minute < 60 else { return nil }
    return Int64(days) * millisecondsPerDay + Int64(hour * 60 + minute) * 60_000 + rest
  }

  /// Parses the end of that form, `:00.123Z`, as milliseconds of the minute; the range must be in
  /// the buffer.
  static func exactSeconds(_ bytes: UnsafeRawBufferPointer, at start: Int) -> Int64? {
    guard
      let end = digits(
        bytes, at: start, without: 0x5A30_3030_2E30_303A, places: 0x0001_0101_0001_0100)
    else { return nil }
    let second = number(end, 1)
    guard second <= 60 else { return nil }
    return Int64(second * 1000 + number(end, 4) * 10 + Int(end >> 48 & 15))
  }

  /// Returns the values of the digits in eight bytes, or `nil` unless there are digits at `places`
  /// and the bytes of `pattern` elsewhere.
  ///
  /// `pattern` has zeros at the places of the digits.
  @inline(__always)
  private static func digits(
    _ bytes: UnsafeRawBufferPointer, at start: Int, without pattern: UInt64, places: UInt64
  ) -> UInt64? {
    let word = bytes.loadUnaligned(fromByteOffset: start, as: UInt64.self)
    // Leaves the values of digits, and zeros for matching separators. Adding six carries values
    // above nine, and fifteen any other mismatch, into the upper half of the byte.
    let rest = UInt64(littleEndian: word) ^ pattern
    let excess = rest &+ 0x0F0F_0F0F_0F0F_0F0F &- places &* 9
    return (rest | excess) & 0xF0F0_F0F0_F0F0_F0F0 == 0 ? rest : nil
  }

  /// The two-digit number at byte `index`.
  @inline(__always)
  private static func number(_ digits: UInt64, _ index: UInt64) -> Int {
    Int(digits >> (8 * index) & 15) * 10 + Int(digits >> (8 * index + 8) & 15)
  }

  /// Parses a time in any layout that occurs in logs.
  ///
  /// The layouts are those of `parseISO8601`, `11/Feb/2026:09:15:00 +0000`, `11 Feb 2026
  /// 09:15:00,123`, `Wed Feb 11 09:15:00 UTC 2026`, `Wed, 11 Feb 2026 09:15:00 GMT`, `Feb 11, 2026
  /// @ 09:15:00.123`, and the seconds (also with a fraction), milli-, micro- or nanoseconds since
  /// 1970, distinguished by their 10, 13, 16 or 19 digits.
  public static func parseAny(_ bytes: UnsafeBufferPointer<UInt8>, at start: Int = 0) -> Match? {
    if let match = parseISO8601(bytes, at: start) { return match }
    guard start >= 0, start < bytes.count else { return nil }
    var reader = TimestampReader(bytes: bytes, index: start)
    if let match = reader.dayFirst() { return match }
    reader.index = start
    if let match = reader.weekdayFirst() { return match }
    reader.index = start
    if let match = reader.monthFirst() { return match }
    reader.index = start
    return reader.epoch()
  }

  /// Appends a time in the format of results: `2026-02-11 09:15:00.123`.
  ///
  /// Years beyond 9999 or before 0 are written in full.
  public static func append(_ milliseconds: Int64, to output: inout [UInt8]) {
    let (days, time) = floorDivision(milliseconds, millisecondsPerDay)
    let date = civil(fromDays: Int(days))
    if (0...9999).contains(date.year) {
      append(date.year, digits: 4, to: &output)
    } else {
      output.append(contentsOf: String(date.year).utf8)
    }
    output.append(UInt8(ascii: "-"))
    append(date.month, digits: 2, to: &output)
    output.append(UInt8(ascii: "-"))
    append(date.day, digits: 2, to: &output)
    output.append(UInt8(ascii: " "))
    append(Int(time / 3_600_000), digits: 2, to: &output)
    output.append(UInt8(ascii: ":"))
    append(Int(time / 60_000 % 60), digits: 2, to: &output)
    output.append(UInt8(ascii: ":"))
    append(Int(time / 1000 % 60), digits: 2, to: &output)
    output.append(UInt8(ascii: "."))
    append(Int(time % 1000), digits: 3, to: &output)
  }

  /// Appends the local time in a zone with its offset: `2026-02-11 10:15:00.123+01:00`.
  ///
  /// For UTC the offset is omitted, as in `append(_:to:)`.
  public static func append(_ milliseconds: Int64, in zone: TimeZone, to output: inout [UInt8]) {
    guard zone !== TimeZone.utc else { return append(milliseconds, to: &output) }
    let offset = zone.offset(atMilliseconds: milliseconds)
    append(milliseconds.addingReportingOverflow(offset).partialValue, to: &output)
    TimeZone.appendOffset(Int(offset / 1000), separator: ":", to: &output)
  }

  // MARK: Calendar

  static let millisecondsPerDay: Int64 = 86_400_000

  /// Returns the date `days` after 1970-01-01; valid for every 64-bit count of milliseconds.
  public static func civil(fromDays days: Int) -> (year: Int, month: Int, day: Int) {
    // Years begin in March, so that the leap day is the last day; an era is 400 years.
    let (era, dayOfEra) = floorDivision(days + 719_468, 146_097)
    let yearOfEra =
      (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let monthFromMarch = (5 * dayOfYear + 2) / 153
    let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
    let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
    return (era * 400 + yearOfEra + (month <= 2 ? 1 : 0), month, day)
  }

  /// Returns the days from 1970-01-01 to a date; `nil` for a date that does not exist.
  ///
  /// Years from -1,000,000 to 1,000,000 are accepted.
  public static func days(fromCivil year: Int, _ month: Int, _ day: Int) -> Int? {
    guard (-1_000_000...1_000_000).contains(year), (1...12).contains(month), day >= 1,
      day <= lengthOfMonth(month, year: year)
    else { return nil }
    let (era, yearOfEra) = floorDivision(month <= 2 ? year - 1 : year, 400)
    let monthFromMarch = month > 2 ? month - 3 : month + 9
    let dayOfYear = (153 * monthFromMarch + 2) / 5 + day - 1
    return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
  }

  /// Returns the time `months` calendar months later, or earlier if negative.
  ///
  /// A day that the month lacks becomes its last day.
  ///
  /// - Returns: `nil` beyond the years of the calendar.
  public static func adding(months: Int64, to milliseconds: Int64) -> Int64? {
    let (days, time) = floorDivision(milliseconds, millisecondsPerDay)
    let date = civil(fromDays: Int(days))
    let (sum, overflows) = months.addingReportingOverflow(
      Int64(date.year) * 12 + Int64(date.month - 1))
    guard !overflows, sum.magnitude < 12_000_000 else { return nil }
    let (year, month) = floorDivision(Int(sum), 12)
    let day = min(date.day, lengthOfMonth(month + 1, year: year))
    return Timestamp.days(fromCivil: year, month + 1, day).map {
      Int64($0) * millisecondsPerDay + time
    }
  }

  private static func lengthOfMonth(_ month: Int, year: Int) -> Int {
    switch month {
    case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
    case 4, 6, 9, 11: 30
    default: 31
    }
  }

  // MARK: Digits

  static func twoDigits(_ bytes: UnsafeBufferPointer<UInt8>, at offset: Int) -> Int? {
    guard offset >= 0, offset <= bytes.count - 2 else { return nil }
    let tens = bytes[offset].decimalDigit
    let ones = bytes[offset + 1].decimalDigit
    guard tens < 10, ones < 10 else { return nil }
    return Int(tens) * 10 + Int(ones)
  }

  private static func append(_ number: Int, digits: Int, to output: inout [UInt8]) {
    var divisor = 1
    for _ in 1..<digits { divisor *= 10 }
    while divisor > 0 {
      output.append(UInt8(ascii: "0") + UInt8(number / divisor % 10))
      divisor /= 10
    }
  }

  private static func floorDivision<Number: SignedInteger>(
    _ number: Number, _ divisor: Number
  ) -> (quotient: Number, remainder: Number) {
    let (quotient, remainder) = number.quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
  }
}
