/// The local date and time in a zone.
struct LocalTime {
  var year: Int
  var month: Int
  var day: Int
  /// 1 is 1 January.
  var dayOfYear: Int
  /// 0 is Sunday.
  var weekday: Int
  var hour: Int
  var minute: Int
  var second: Int
  var millisecond: Int
  /// Epoch milliseconds.
  var time: Int64
  var offset: TimeZone.Offset

  /// Some 275,000 years on either side of 1970.
  static let timeLimit: Int64 = 8_640_000_000_000_000

  static let monthNames = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
  ]
  static let weekdayNames = [
    "Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday",
  ]

  /// The local time at epoch milliseconds; `nil` beyond `timeLimit`.
  init?(_ time: Int64, in zone: TimeZone) {
    guard time.magnitude <= LocalTime.timeLimit.magnitude else { return nil }
    self.time = time
    let seconds = LocalTime.floorDivide(time, 1000)
    offset = zone.offset(at: seconds)
    let local = seconds + Int64(offset.seconds)
    let days = Int(LocalTime.floorDivide(local, 86_400))
    let secondOfDay = Int(local - Int64(days) * 86_400)
    (year, month, day) = Timestamp.civil(fromDays: days)
    dayOfYear = days - (Timestamp.days(fromCivil: year, 1, 1) ?? days) + 1
    weekday = ((days + 4) % 7 + 7) % 7
    hour = secondOfDay / 3600
    minute = secondOfDay / 60 % 60
    second = secondOfDay % 60
    millisecond = Int(time - seconds * 1000)
  }

  /// The ISO 8601 week, and the year that it belongs to.
  var isoWeek: (year: Int, week: Int) {
    // A week belongs to the year of its Thursday.
    let thursday = dayOfYear - (weekday + 6) % 7 + 3
    if thursday < 1 {
      return (year - 1, (thursday + LocalTime.length(ofYear: year - 1) - 1) / 7 + 1)
    }
    let length = LocalTime.length(ofYear: year)
    return thursday > length ? (year + 1, 1) : (year, (thursday - 1) / 7 + 1)
  }

  private static func length(ofYear year: Int) -> Int {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 366 : 365
  }

  static func floorDivide(_ number: Int64, _ divisor: Int64) -> Int64 {
    let (quotient, remainder) = number.quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? quotient - 1 : quotient
  }

  /// Appends a number, padded to at least `digits` digits.
  static func append(
    _ number: Int, digits: Int, padding: UInt8 = UInt8(ascii: "0"), to output: inout [UInt8]
  ) {
    if number < 0 { output.append(UInt8(ascii: "-")) }
    let text = String(number.magnitude).utf8
    for _ in 0..<max(0, digits - text.count) { output.append(padding) }
    output.append(contentsOf: text)
  }
}
