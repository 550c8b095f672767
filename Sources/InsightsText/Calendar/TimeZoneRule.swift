/// The rule of a zone for all later years, as POSIX writes it: `CET-1CEST,M3.5.0,M10.5.0/3`.
struct TimeZoneRule: Sendable {
  /// A yearly transition: the day and the local time.
  private struct Change: Sendable {
    enum Day: Sendable {
      /// Week 1 … 5 of a month, 5 being the last; weekday 0 is Sunday.
      case weekday(month: Int, week: Int, weekday: Int)
      /// 1 … 365; 29 February is never counted.
      case julian(Int)
      /// 0 … 365.
      case zeroBased(Int)
    }

    var day: Day
    var seconds: Int
  }

  private let standard: TimeZone.Offset
  private let daylight: (offset: TimeZone.Offset, start: Change, end: Change)?

  /// Parses a rule; `nil` if the text is not one.
  init?(_ text: String) {
    var reader = Reader(rest: Substring(text))
    guard let name = reader.name(), let seconds = reader.time() else { return nil }
    standard = TimeZone.Offset(seconds: -seconds, abbreviation: name)
    guard !reader.rest.isEmpty else {
      daylight = nil
      return
    }
    guard let daylightName = reader.name() else { return nil }
    let daylightSeconds =
      reader.rest.first == "," ? standard.seconds + 3600 : reader.time().map { -$0 }
    guard let daylightSeconds, let start = reader.change(), let end = reader.change(),
      reader.rest.isEmpty
    else { return nil }
    daylight = (
      TimeZone.Offset(seconds: daylightSeconds, abbreviation: daylightName), start, end
    )
  }

  /// Returns the offset at a time, in epoch seconds.
  func offset(at time: Int64) -> TimeZone.Offset {
    guard let daylight else { return standard }
    let days = LocalTime.floorDivide(time &+ Int64(standard.seconds), 86_400)
    let year = Timestamp.civil(fromDays: Int(days)).year
    guard let start = TimeZoneRule.time(of: daylight.start, year: year),
      let end = TimeZoneRule.time(of: daylight.end, year: year)
    else { return standard }
    let startTime = start - Int64(standard.seconds)
    let endTime = end - Int64(daylight.offset.seconds)
    // In the southern hemisphere daylight saving time spans the turn of the year.
    let isDaylight =
      startTime < endTime
      ? time >= startTime && time < endTime : time >= startTime || time < endTime
    return isDaylight ? daylight.offset : standard
  }

  /// The local time of a transition, in seconds since 1970.
  private static func time(of change: Change, year: Int) -> Int64? {
    guard let newYear = Timestamp.days(fromCivil: year, 1, 1),
      let march = Timestamp.days(fromCivil: year, 3, 1)
    else { return nil }
    let days: Int
    switch change.day {
    case .zeroBased(let day): days = newYear + day
    case .julian(let day): days = newYear + day - 1 + (day > 59 && march - newYear == 60 ? 1 : 0)
    case .weekday(let month, let week, let weekday):
      guard let first = Timestamp.days(fromCivil: year, month, 1) else { return nil }
      // 1970-01-01 was a Thursday, day 4 of the week.
      let firstWeekday = ((first + 4) % 7 + 7) % 7
      var day = first + (weekday - firstWeekday + 7) % 7 + (week - 1) * 7
      let next = Timestamp.days(fromCivil: month == 12 ? year + 1 : year, month % 12 + 1, 1)
      if let next, day >= next { day -= 7 }
      days = day
    }
    return Int64(days) * 86_400 + Int64(change.seconds)
  }

  /// Parses the parts of a rule.
  private struct Reader {
    var rest: Substring

    private mutating func skip(_ character: Character) -> Bool {
      guard rest.first == character else { return false }
      rest.removeFirst()
      return true
    }

    mutating func name() -> String? {
      let name: Substring
      if skip("<") {
        name = rest.prefix { $0 != ">" }
        rest = rest.dropFirst(name.count)
        guard skip(">") else { return nil }
      } else {
        name = rest.prefix(while: \.isLetter)
        rest = rest.dropFirst(name.count)
      }
      return name.isEmpty ? nil : String(name)
    }

    private mutating func number() -> Int? {
      let digits = rest.prefix { $0.isASCII && $0.isNumber }
      rest = rest.dropFirst(digits.count)
      return digits.count <= 4 ? Int(digits) : nil
    }

    /// Parses `hh[:mm[:ss]]` with an optional sign; in seconds.
    mutating func time() -> Int? {
      let isNegative = rest.first == "-"
      if isNegative || rest.first == "+" { rest.removeFirst() }
      guard var seconds = number().map({ $0 * 3600 }) else { return nil }
      for unit in [60, 1] where skip(":") {
        guard let part = number() else { return nil }
        seconds += part * unit
      }
      return isNegative ? -seconds : seconds
    }

    /// Parses a transition such as `,M3.5.0/2`.
    mutating func change() -> Change? {
      guard skip(","), let day = day() else { return nil }
      guard skip("/") else { return Change(day: day, seconds: 7200) }
      return time().map { Change(day: day, seconds: $0) }
    }

    private mutating func day() -> Change.Day? {
      if skip("M") {
        guard let month = number(), (1...12).contains(month), skip("."), let week = number(),
          (1...5).contains(week), skip("."), let weekday = number(), (0...6).contains(weekday)
        else { return nil }
        return .weekday(month: month, week: week, weekday: weekday)
      }
      let isJulian = skip("J")
      guard let day = number(), day <= 365 else { return nil }
      return isJulian ? .julian(day) : .zeroBased(day)
    }
  }
}
