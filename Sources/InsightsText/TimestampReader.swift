/// Parses the parts of a time.
struct TimestampReader {
  let bytes: UnsafeBufferPointer<UInt8>
  var index: Int

  // MARK: Parts

  /// Parses `09:15:00` with an optional fraction, as milliseconds since midnight.
  mutating func timeOfDay() -> Int64? {
    guard index <= bytes.count - 8, bytes[index + 2] == UInt8(ascii: ":"),
      bytes[index + 5] == UInt8(ascii: ":"),
      let hour = Timestamp.twoDigits(bytes, at: index), hour < 24,
      let minute = Timestamp.twoDigits(bytes, at: index + 3), minute < 60,
      let second = Timestamp.twoDigits(bytes, at: index + 6), second <= 60
    else { return nil }
    index += 8
    return Int64((hour * 60 + minute) * 60 + second) * 1000 + fraction()
  }

  /// Parses a dot or comma and 1–9 digits, as milliseconds; 0 if there is no fraction.
  private mutating func fraction() -> Int64 {
    guard index < bytes.count - 1,
      bytes[index] == UInt8(ascii: ".") || bytes[index] == UInt8(ascii: ","),
      bytes[index + 1].decimalDigit < 10
    else { return 0 }
    var milliseconds: Int64 = 0
    var weight: Int64 = 100
    let end = min(bytes.count, index + 10)
    index += 1
    while index < end, bytes[index].decimalDigit < 10 {
      milliseconds += weight * Int64(bytes[index].decimalDigit)
      weight /= 10
      index += 1
    }
    return milliseconds
  }

  /// Parses `Z`, `±hh:mm`, `±hhmm` or `±hh`, as milliseconds east of UTC.
  mutating func zone() -> Int64? {
    guard index < bytes.count else { return nil }
    if bytes[index] == UInt8(ascii: "Z") {
      index += 1
      return 0
    }
    let sign = bytes[index]
    guard sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"),
      let hours = Timestamp.twoDigits(bytes, at: index + 1), hours <= 18
    else { return nil }
    let next = index + 3 < bytes.count ? bytes[index + 3] : 0
    // Postgres omits minutes that are 0.
    if !(next.isOfNumberOrName || next == UInt8(ascii: ":")) {
      index += 3
      return Int64(sign == UInt8(ascii: "-") ? -hours : hours) * 3_600_000
    }
    let colon = next == UInt8(ascii: ":") ? 1 : 0
    guard let minutes = Timestamp.twoDigits(bytes, at: index + 3 + colon), minutes < 60 else {
      return nil
    }
    index += 5 + colon
    let offset = Int64(hours * 60 + minutes) * 60_000
    return sign == UInt8(ascii: "-") ? -offset : offset
  }

  private mutating func skip(_ byte: UInt8) -> Bool {
    guard index < bytes.count, bytes[index] == byte else { return false }
    index += 1
    return true
  }

  private mutating func twoDigits() -> Int? {
    guard let number = Timestamp.twoDigits(bytes, at: index) else { return nil }
    index += 2
    return number
  }

  private mutating func oneOrTwoDigits() -> Int? {
    if let number = twoDigits() { return number }
    guard index < bytes.count, bytes[index].decimalDigit < 10 else { return nil }
    index += 1
    return Int(bytes[index - 1].decimalDigit)
  }

  private mutating func year() -> Int? {
    guard let century = twoDigits(), let year = twoDigits() else { return nil }
    return century * 100 + year
  }

  /// Parses `Jan` … `Dec` as 1 … 12.
  private mutating func monthName() -> Int? {
    let names: StaticString = "JanFebMarAprMayJunJulAugSepOctNovDec"
    guard index <= bytes.count - 3 else { return nil }
    for month in 0..<12 {
      let name = UnsafeBufferPointer(start: names.utf8Start + 3 * month, count: 3)
      if bytes.holds(name, in: index..<index + 3) {
        index += 3
        return month + 1
      }
    }
    return nil
  }

  // MARK: Layouts

  /// Parses `11/Feb/2026:09:15:00 +0000`, `11-Feb-2026 09:15:00 UTC` and `11 Feb 2026
  /// 09:15:00,123`.
  mutating func dayFirst() -> Timestamp.Match? {
    guard let day = twoDigits(), index < bytes.count else { return nil }
    let joint = bytes[index]
    guard
      joint == UInt8(ascii: "/") || joint == UInt8(ascii: " ") || joint == UInt8(ascii: "-"),
      skip(joint), let month = monthName(), skip(joint), let year = year(),
      skip(UInt8(ascii: ":")) || skip(UInt8(ascii: " ")),
      let date = Timestamp.days(fromCivil: year, month, day), let time = timeOfDay()
    else { return nil }
    return (Int64(date) * Timestamp.millisecondsPerDay + time - spacedZone(), index)
  }

  /// Parses `Feb 11, 2026 @ 09:15:00.123`, the format of Kibana and OpenSearch.
  mutating func monthFirst() -> Timestamp.Match? {
    guard let month = monthName(), skip(UInt8(ascii: " ")), let day = oneOrTwoDigits(),
      skip(UInt8(ascii: ",")), skip(UInt8(ascii: " ")), let year = year(),
      skip(UInt8(ascii: " ")), skip(UInt8(ascii: "@")), skip(UInt8(ascii: " ")),
      let date = Timestamp.days(fromCivil: year, month, day), let time = timeOfDay()
    else { return nil }
    return (Int64(date) * Timestamp.millisecondsPerDay + time, index)
  }

  /// Parses `Wed Feb 11 09:15:00 UTC 2026`, and the HTTP form `Wed, 11 Feb 2026 09:15:00 GMT`.
  mutating func weekdayFirst() -> Timestamp.Match? {
    let names: StaticString = "MonTueWedThuFriSatSun"
    guard index <= bytes.count - 3 else { return nil }
    let isWeekday = (0..<7).contains { weekday in
      let name = UnsafeBufferPointer(start: names.utf8Start + 3 * weekday, count: 3)
      return bytes.holds(name, in: index..<index + 3)
    }
    guard isWeekday else { return nil }
    index += 3
    if skip(UInt8(ascii: ",")) { return skip(UInt8(ascii: " ")) ? dayFirst() : nil }
    guard skip(UInt8(ascii: " ")), let month = monthName(), skip(UInt8(ascii: " ")),
      let day = twoDigits(), skip(UInt8(ascii: " ")), let time = timeOfDay()
    else { return nil }
    let zone = spacedZone()
    guard skip(UInt8(ascii: " ")), let year = year(),
      let date = Timestamp.days(fromCivil: year, month, day)
    else { return nil }
    return (Int64(date) * Timestamp.millisecondsPerDay + time - zone, index)
  }

  /// Parses a space and a zone; without one, returns UTC and consumes nothing.
  ///
  /// The zone is `UTC`, `GMT`, a form of `zone` with minutes, optionally in parentheses, or Go's
  /// form `+0000 UTC`.
  mutating func spacedZone() -> Int64 {
    let start = index
    guard skip(UInt8(ascii: " ")) else { return 0 }
    if skipUTC() { return 0 }
    let hasParenthesis = skip(UInt8(ascii: "("))
    let zoneStart = index
    if let offset = zone(), index - zoneStart >= 5,
      !hasParenthesis || skip(UInt8(ascii: ")"))
    {
      let end = index
      if !skip(UInt8(ascii: " ")) || !skipUTC() { index = end }
      return offset
    }
    index = start
    return 0
  }

  private mutating func skipUTC() -> Bool {
    guard bytes.holds("UTC", at: index) || bytes.holds("GMT", at: index),
      index + 3 >= bytes.count || !bytes[index + 3].isOfNumberOrName
    else { return false }
    index += 3
    return true
  }

  /// Parses digits since 1970; their number determines the unit.
  mutating func epoch() -> Timestamp.Match? {
    let start = index
    var number: Int64 = 0
    while index < bytes.count, index - start < 19, bytes[index].decimalDigit < 10 {
      // Nineteen digits can exceed Int64.
      let (scaled, isTooLarge) = number.multipliedReportingOverflow(by: 10)
      let (sum, overflows) = scaled.addingReportingOverflow(Int64(bytes[index].decimalDigit))
      guard !isTooLarge, !overflows else { return nil }
      number = sum
      index += 1
    }
    // A number with more digits is not a time.
    if index < bytes.count, bytes[index].decimalDigit < 10 { return nil }
    switch index - start {
    case 10: return (number * 1000 + fraction(), index)
    case 13: return (number, index)
    case 16: return (number / 1000, index)
    case 19: return (number / 1_000_000, index)
    default: return nil
    }
  }
}

extension UInt8 {
  /// Whether the byte is a digit or a letter.
  fileprivate var isOfNumberOrName: Bool {
    decimalDigit < 10 || (self | 0x20) &- UInt8(ascii: "a") < 26
  }
}
