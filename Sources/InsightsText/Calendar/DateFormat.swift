/// A pattern that formats times, in the language of C's `strftime`: `%Y-%m-%d`.
///
/// Names are English. `%f` is microseconds, `%L` milliseconds. A `-` after the `%` suppresses
/// padding.
public final class DateFormat: Sendable {
  private enum Part {
    case text([UInt8])
    case field(UInt8, isPadded: Bool)
    /// `%:z`.
    case offsetWithColon
  }

  private let parts: [Part]

  private static let fields = Set("YCymdejHkIlMSfLNpPzZaAbBhuwGgVUWs".utf8)

  /// Fields that expand to several others.
  private static let abbreviations: [UInt8: String] = [
    UInt8(ascii: "F"): "%Y-%m-%d", UInt8(ascii: "T"): "%H:%M:%S", UInt8(ascii: "R"): "%H:%M",
    UInt8(ascii: "D"): "%m/%d/%y", UInt8(ascii: "x"): "%m/%d/%y", UInt8(ascii: "X"): "%H:%M:%S",
    UInt8(ascii: "r"): "%I:%M:%S %p", UInt8(ascii: "c"): "%a %b %e %H:%M:%S %Y",
    UInt8(ascii: "n"): "\n", UInt8(ascii: "t"): "\t",
  ]

  /// Parses a pattern.
  ///
  /// - Throws: `DatePatternError` for an unknown field, and for a pattern without fields.
  public init(_ pattern: String) throws(DatePatternError) {
    parts = try DateFormat.parts(of: Array(pattern.utf8))
    guard pattern.utf8.contains(UInt8(ascii: "%")) else {
      throw DatePatternError(message: "it has no field such as %Y, so every time looks alike")
    }
  }

  private static func parts(of pattern: [UInt8]) throws(DatePatternError) -> [Part] {
    var parts: [Part] = []
    var text: [UInt8] = []
    var index = 0
    while index < pattern.count {
      guard pattern[index] == UInt8(ascii: "%") else {
        text.append(pattern[index])
        index += 1
        continue
      }
      let start = index
      index += 1
      let flag = index < pattern.count ? pattern[index] : 0
      if flag == UInt8(ascii: "-") || flag == UInt8(ascii: ":") { index += 1 }
      guard index < pattern.count else {
        throw DatePatternError(message: "it ends behind '%'")
      }
      let field = pattern[index]
      index += 1
      if field == UInt8(ascii: "%"), flag == field {
        text.append(field)
        continue
      }
      if !text.isEmpty { parts.append(.text(text)) }
      text = []
      if flag == UInt8(ascii: ":"), field == UInt8(ascii: "z") {
        parts.append(.offsetWithColon)
      } else if flag != UInt8(ascii: ":"), fields.contains(field) {
        parts.append(.field(field, isPadded: flag != UInt8(ascii: "-")))
      } else if flag == field, let abbreviation = abbreviations[field] {
        parts += try DateFormat.parts(of: Array(abbreviation.utf8))
      } else {
        let spelling = String(decoding: pattern[start..<index], as: UTF8.self)
        throw DatePatternError(message: "'\(spelling)' is no field of a date")
      }
    }
    if !text.isEmpty { parts.append(.text(text)) }
    return parts
  }

  /// Appends `time` (epoch milliseconds) as local time in `zone`; returns false for a time outside
  /// the calendar's range.
  public func append(_ time: Int64, in zone: TimeZone, to output: inout [UInt8]) -> Bool {
    guard let local = LocalTime(time, in: zone) else { return false }
    for part in parts {
      switch part {
      case .text(let text): output.append(contentsOf: text)
      case .offsetWithColon:
        TimeZone.appendOffset(local.offset.seconds, separator: ":", to: &output)
      case .field(let field, let isPadded):
        DateFormat.append(field, of: local, isPadded: isPadded, to: &output)
      }
    }
    return true
  }

  private static func append(
    _ field: UInt8, of local: LocalTime, isPadded: Bool, to output: inout [UInt8]
  ) {
    if let (number, digits, padding) = number(field, of: local) {
      LocalTime.append(number, digits: isPadded ? digits : 1, padding: padding, to: &output)
      return
    }
    switch field {
    case UInt8(ascii: "a"):
      output.append(contentsOf: LocalTime.weekdayNames[local.weekday].prefix(3).utf8)
    case UInt8(ascii: "A"): output.append(contentsOf: LocalTime.weekdayNames[local.weekday].utf8)
    case UInt8(ascii: "b"), UInt8(ascii: "h"):
      output.append(contentsOf: LocalTime.monthNames[local.month - 1].prefix(3).utf8)
    case UInt8(ascii: "B"): output.append(contentsOf: LocalTime.monthNames[local.month - 1].utf8)
    case UInt8(ascii: "p"): output.append(contentsOf: (local.hour < 12 ? "AM" : "PM").utf8)
    case UInt8(ascii: "P"): output.append(contentsOf: (local.hour < 12 ? "am" : "pm").utf8)
    case UInt8(ascii: "s"):
      output.append(contentsOf: String(LocalTime.floorDivide(local.time, 1000)).utf8)
    case UInt8(ascii: "z"):
      TimeZone.appendOffset(local.offset.seconds, separator: "", to: &output)
    default: output.append(contentsOf: local.offset.abbreviation.utf8)
    }
  }

  /// Returns the value of a numeric field, its number of digits and its padding byte.
  private static func number(
    _ field: UInt8, of local: LocalTime
  ) -> (number: Int, digits: Int, padding: UInt8)? {
    let zero = UInt8(ascii: "0")
    let blank = UInt8(ascii: " ")
    let hour12 = (local.hour + 11) % 12 + 1
    switch field {
    case UInt8(ascii: "Y"): return (local.year, 4, zero)
    case UInt8(ascii: "C"): return (Int(LocalTime.floorDivide(Int64(local.year), 100)), 2, zero)
    case UInt8(ascii: "y"): return ((local.year % 100 + 100) % 100, 2, zero)
    case UInt8(ascii: "m"): return (local.month, 2, zero)
    case UInt8(ascii: "d"): return (local.day, 2, zero)
    case UInt8(ascii: "e"): return (local.day, 2, blank)
    case UInt8(ascii: "j"): return (local.dayOfYear, 3, zero)
    case UInt8(ascii: "H"): return (local.hour, 2, zero)
    case UInt8(ascii: "k"): return (local.hour, 2, blank)
    case UInt8(ascii: "I"): return (hour12, 2, zero)
    case UInt8(ascii: "l"): return (hour12, 2, blank)
    case UInt8(ascii: "M"): return (local.minute, 2, zero)
    case UInt8(ascii: "S"): return (local.second, 2, zero)
    case UInt8(ascii: "L"): return (local.millisecond, 3, zero)
    case UInt8(ascii: "f"): return (local.millisecond * 1000, 6, zero)
    case UInt8(ascii: "N"): return (local.millisecond * 1_000_000, 9, zero)
    case UInt8(ascii: "u"): return ((local.weekday + 6) % 7 + 1, 1, zero)
    case UInt8(ascii: "w"): return (local.weekday, 1, zero)
    case UInt8(ascii: "G"): return (local.isoWeek.year, 4, zero)
    case UInt8(ascii: "g"): return ((local.isoWeek.year % 100 + 100) % 100, 2, zero)
    case UInt8(ascii: "V"): return (local.isoWeek.week, 2, zero)
    case UInt8(ascii: "U"): return ((local.dayOfYear + 6 - local.weekday) / 7, 2, zero)
    case UInt8(ascii: "W"): return ((local.dayOfYear + 6 - (local.weekday + 6) % 7) / 7, 2, zero)
    default: return nil
    }
  }
}
