/// The clock changes of every year, as POSIX spells them: `CET-1CEST,M3.5.0,M10.5.0/3`.
struct TimeZoneRule: Hashable, Sendable {
  /// A day of the year.
  private enum Day: Hashable {
    /// The nth (5: last) weekday of a month; 0 is Sunday.
    case weekday(month: Int, week: Int, weekday: Int)
    /// From 1 to 365; 29 February is never counted.
    case julian(Int)
    /// From 0 to 365.
    case ordinal(Int)
  }

  private struct Change: Hashable {
    var day: Day
    /// Seconds since midnight by the clock before the change.
    var time: Int64
  }

  private struct Summer: Hashable {
    var offset: Int64
    var start: Change
    var end: Change
  }

  /// The distance from UTC in seconds, ahead being positive.
  private var standardOffset: Int64
  private var summer: Summer?

  /// `nil` when the text is none.
  init?(parsing bytes: [UInt8]) {
    var reader = Reader(bytes: bytes)
    guard reader.skipName(), let offset = reader.time() else { return nil }
    // POSIX counts west of Greenwich.
    standardOffset = -offset
    guard !reader.isAtEnd else { return }
    guard reader.skipName() else { return nil }
    let summerOffset = reader.isAtComma ? standardOffset + 3600 : reader.time().map { -$0 }
    guard let summerOffset, let start = reader.change(), let end = reader.change(), reader.isAtEnd
    else { return nil }
    summer = Summer(offset: summerOffset, start: start, end: end)
  }

  /// The distance from UTC in seconds, at a time in seconds.
  func offset(at seconds: Int64) -> Int64 {
    guard let summer else { return standardOffset }
    let (sum, overflow) = seconds.addingReportingOverflow(standardOffset)
    // Milliseconds reach 292 million years; nobody has set their clocks for all of them.
    guard !overflow, sum.magnitude < 86_400 * 365 * 900_000 else { return standardOffset }
    let days = sum >= 0 ? sum / 86_400 : (sum - 86_399) / 86_400
    let year = Timestamp.civil(fromDays: Int(days)).year
    guard let startDay = Self.day(summer.start.day, of: year),
      let endDay = Self.day(summer.end.day, of: year)
    else { return standardOffset }
    let start = Int64(startDay) * 86_400 + summer.start.time - standardOffset
    let end = Int64(endDay) * 86_400 + summer.end.time - summer.offset
    let isSummer =
      start < end ? seconds >= start && seconds < end : seconds >= start || seconds < end
    return isSummer ? summer.offset : standardOffset
  }

  /// The days from 1970-01-01 to a day of a year.
  private static func day(_ day: Day, of year: Int) -> Int? {
    guard let newYear = Timestamp.days(fromCivil: year, 1, 1) else { return nil }
    switch day {
    case .ordinal(let number): return newYear + number
    case .julian(let number):
      let isLeap = Timestamp.days(fromCivil: year, 2, 29) != nil
      return newYear + number - 1 + (isLeap && number >= 60 ? 1 : 0)
    case .weekday(let month, let week, let weekday):
      guard let first = Timestamp.days(fromCivil: year, month, 1) else { return nil }
      // 1970-01-01 was a Thursday.
      let weekdayOfFirst = ((first + 4) % 7 + 7) % 7
      var date = first + (weekday - weekdayOfFirst + 7) % 7 + (week - 1) * 7
      let next =
        month == 12
        ? Timestamp.days(fromCivil: year + 1, 1, 1) : Timestamp.days(fromCivil: year, month + 1, 1)
      if let next, date >= next { date -= 7 }
      return date
    }
  }

  private struct Reader {
    var bytes: [UInt8]
    var index = 0

    var isAtEnd: Bool { index == bytes.count }
    var isAtComma: Bool { next == UInt8(ascii: ",") }
    private var next: UInt8? { index < bytes.count ? bytes[index] : nil }

    private mutating func skip(_ byte: UInt8) -> Bool {
      guard next == byte else { return false }
      index += 1
      return true
    }

    /// Skips letters, or anything between angle brackets.
    mutating func skipName() -> Bool {
      if skip(UInt8(ascii: "<")) {
        while !isAtEnd, next != UInt8(ascii: ">") { index += 1 }
        return skip(UInt8(ascii: ">"))
      }
      let start = index
      while let byte = next, byte | 0x20 >= UInt8(ascii: "a"), byte | 0x20 <= UInt8(ascii: "z") {
        index += 1
      }
      return index > start
    }

    /// Reads `[+-]hh[:mm[:ss]]` as seconds.
    mutating func time() -> Int64? {
      var sign: Int64 = 1
      if skip(UInt8(ascii: "-")) { sign = -1 } else { _ = skip(UInt8(ascii: "+")) }
      guard let hours = number(), hours <= 167 else { return nil }
      var seconds = Int64(hours) * 3600
      for unit: Int64 in [60, 1] where next == UInt8(ascii: ":") {
        index += 1
        guard let part = number(), part < 60 else { return nil }
        seconds += Int64(part) * unit
      }
      return sign * seconds
    }

    /// Reads `,Mm.w.d[/time]` and its like.
    mutating func change() -> Change? {
      guard skip(UInt8(ascii: ",")), let day = day() else { return nil }
      guard skip(UInt8(ascii: "/")) else { return Change(day: day, time: 7200) }
      return time().map { Change(day: day, time: $0) }
    }

    private mutating func day() -> Day? {
      if skip(UInt8(ascii: "M")) {
        guard let month = number(), (1...12).contains(month), skip(UInt8(ascii: ".")),
          let week = number(), (1...5).contains(week), skip(UInt8(ascii: ".")),
          let weekday = number(), weekday <= 6
        else { return nil }
        return .weekday(month: month, week: week, weekday: weekday)
      }
      if skip(UInt8(ascii: "J")) {
        guard let number = number(), (1...365).contains(number) else { return nil }
        return .julian(number)
      }
      guard let number = number(), number <= 365 else { return nil }
      return .ordinal(number)
    }

    private mutating func number() -> Int? {
      var number = 0
      let start = index
      while let byte = next, byte.decimalDigit < 10, number < 10_000 {
        number = number * 10 + Int(byte.decimalDigit)
        index += 1
      }
      return index > start ? number : nil
    }
  }
}
