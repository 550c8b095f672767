/// Recognises times by their shape; values such as the day of the month are not validated.
enum TimeShape {
  /// Returns the end of a date, a date with a time, or a time of day that starts with a digit.
  static func end(in line: UnsafeBufferPointer<UInt8>, at start: Int) -> Int? {
    guard let end = endOfDate(in: line, at: start) ?? endOfTimeOfDay(in: line, at: start) else {
      return nil
    }
    return end < line.count && ByteClass(line[end]).isAlphanumeric ? nil : end
  }

  /// Returns the end of `Wed Feb 11 09:15:00 2026`; the day of the week and the year are optional.
  static func endOfNamedDate(in line: UnsafeBufferPointer<UInt8>, at start: Int) -> Int? {
    var index = start
    guard isName(in: line, at: index, among: weekdays) || isName(in: line, at: index, among: months)
    else { return nil }
    if isName(in: line, at: index, among: weekdays) {
      index += 3
      if index < line.count, line[index] == UInt8(ascii: ",") { index += 1 }
      guard index < line.count, line[index] == UInt8(ascii: " ") else { return nil }
      index += 1
    }
    guard isName(in: line, at: index, among: months) else { return nil }
    index += 3
    let blanks = index
    while index < line.count, line[index] == UInt8(ascii: " "), index - blanks < 3 { index += 1 }
    let day = index
    while isDigit(line, index), index - day < 2 { index += 1 }
    guard blanks < day, day < index, index < line.count, line[index] == UInt8(ascii: " "),
      let end = endOfTimeOfDay(in: line, at: index + 1)
    else { return nil }
    if end < line.count, line[end] == UInt8(ascii: " "), areDigits(line, end + 1, 4),
      !isDigit(line, end + 5)
    {
      return end + 5
    }
    return end
  }

  /// Matches `2026-02-11`, `2026/02/11`, `11/Feb/2026`, and the time after it.
  private static func endOfDate(in line: UnsafeBufferPointer<UInt8>, at start: Int) -> Int? {
    if areDigits(line, start, 4), start + 10 <= line.count {
      let separator = line[start + 4]
      guard
        separator == UInt8(ascii: "-") || separator == UInt8(ascii: "/")
          || separator == UInt8(ascii: "."),
        areDigits(line, start + 5, 2), line[start + 7] == separator, areDigits(line, start + 8, 2)
      else { return nil }
      let end = start + 10
      guard end < line.count else { return end }
      switch line[end] {
      case UInt8(ascii: "T"), UInt8(ascii: "t"), UInt8(ascii: " "), UInt8(ascii: "-"),
        UInt8(ascii: "."):
        return endOfTimeOfDay(in: line, at: end + 1) ?? end
      default: return end
      }
    }
    if areDigits(line, start, 2), start + 20 <= line.count, line[start + 2] == UInt8(ascii: "/"),
      isName(in: line, at: start + 3, among: months), line[start + 6] == UInt8(ascii: "/"),
      areDigits(line, start + 7, 4), line[start + 11] == UInt8(ascii: ":")
    {
      return endOfTimeOfDay(in: line, at: start + 12)
    }
    return nil
  }

  /// Matches `09:15:00` or `09.15.00`, with an optional fraction and zone.
  private static func endOfTimeOfDay(in line: UnsafeBufferPointer<UInt8>, at start: Int) -> Int? {
    guard areDigits(line, start, 2), start + 8 <= line.count else { return nil }
    let separator = line[start + 2]
    guard separator == UInt8(ascii: ":") || separator == UInt8(ascii: "."),
      areDigits(line, start + 3, 2), line[start + 5] == separator, areDigits(line, start + 6, 2)
    else { return nil }
    var index = start + 8
    if index < line.count, line[index] == UInt8(ascii: ".") || line[index] == UInt8(ascii: ","),
      isDigit(line, index + 1)
    {
      index += 1
      while isDigit(line, index) { index += 1 }
    }
    // `09.15.00` alone may be a version number.
    if separator == UInt8(ascii: "."), index == start + 8, start == 0 || line[start - 1] == 0x20 {
      return nil
    }
    return endOfZone(in: line, at: index)
  }

  private static func endOfZone(in line: UnsafeBufferPointer<UInt8>, at start: Int) -> Int {
    guard start < line.count else { return start }
    if line[start] == UInt8(ascii: "Z") { return start + 1 }
    let sign = line[start] == UInt8(ascii: " ") ? start + 1 : start
    guard sign < line.count,
      line[sign] == UInt8(ascii: "+") || line[sign] == UInt8(ascii: "-"),
      areDigits(line, sign + 1, 2)
    else { return start }
    let minutes = sign + 3 < line.count && line[sign + 3] == UInt8(ascii: ":") ? sign + 4 : sign + 3
    guard areDigits(line, minutes, 2), !isDigit(line, minutes + 2) else { return start }
    return minutes + 2
  }

  private static let weekdays: StaticString = "MonTueWedThuFriSatSun"
  private static let months: StaticString = "JanFebMarAprMayJunJulAugSepOctNovDec"

  private static func isName(
    in line: UnsafeBufferPointer<UInt8>, at start: Int, among names: StaticString
  ) -> Bool {
    guard start + 3 <= line.count, line[start] &- UInt8(ascii: "A") < 26 else { return false }
    let bytes = UnsafeBufferPointer(start: names.utf8Start, count: names.utf8CodeUnitCount)
    var name = 0
    while name < bytes.count {
      if bytes[name] == line[start], bytes[name + 1] == line[start + 1],
        bytes[name + 2] == line[start + 2]
      {
        return true
      }
      name += 3
    }
    return false
  }

  @inline(__always)
  private static func isDigit(_ line: UnsafeBufferPointer<UInt8>, _ index: Int) -> Bool {
    index < line.count && line[index].decimalDigit < 10
  }

  private static func areDigits(_ line: UnsafeBufferPointer<UInt8>, _ start: Int, _ count: Int)
    -> Bool
  {
    guard start + count <= line.count else { return false }
    for index in start..<start + count where line[index].decimalDigit >= 10 { return false }
    return true
  }
}
