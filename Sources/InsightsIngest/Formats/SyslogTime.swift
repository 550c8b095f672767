internal import Glibc
internal import InsightsText

/// Times such as `Mar  4 10:00:00`, without a year.
enum SyslogTime {
  /// Parses a time; returns its epoch milliseconds, in the latest year in which it is not later
  /// than tomorrow.
  static func read(_ text: UnsafeBufferPointer<UInt8>, at index: inout Int) -> Int64? {
    read(text, at: &index, now: Int64(Glibc.time(nil)) * 1000)
  }

  static func read(
    _ text: UnsafeBufferPointer<UInt8>, at index: inout Int, now: Int64
  ) -> Int64? {
    let names: StaticString = "JanFebMarAprMayJunJulAugSepOctNovDec"
    let start = index
    guard start + 15 <= text.count, text[start + 3] == 0x20, text[start + 6] == 0x20,
      text[start + 9] == UInt8(ascii: ":"), text[start + 12] == UInt8(ascii: ":"),
      let month = (0..<12).first(where: { month in
        text.holds(
          UnsafeBufferPointer(start: names.utf8Start + 3 * month, count: 3), in: start..<start + 3)
      }),
      let day = number(text, start + 4), let hour = number(text, start + 7), hour < 24,
      let minute = number(text, start + 10), minute < 60,
      let second = number(text, start + 13), second <= 60
    else { return nil }
    index = start + 15
    let day0 = Int64(86_400_000)
    let thisYear = Timestamp.civil(fromDays: Int(now / day0)).year
    // A 29th of February may be up to eight years ago.
    for year in stride(from: thisYear + 1, to: thisYear - 9, by: -1) {
      guard let days = Timestamp.days(fromCivil: year, month + 1, day) else { continue }
      let time = Int64(days) * day0 + Int64((hour * 60 + minute) * 60 + second) * 1000
      if time <= now + day0 { return time }
    }
    return nil
  }

  /// Parses two digits, the first of which may be a space.
  private static func number(_ text: UnsafeBufferPointer<UInt8>, _ start: Int) -> Int? {
    let ones = text[start + 1] &- 48
    let tens = text[start] == 0x20 ? 0 : text[start] &- 48
    return tens < 10 && ones < 10 ? Int(tens) * 10 + Int(ones) : nil
  }
}
