/// A pattern that parses times, in the language of Java's `DateTimeFormatter`: `yyyy-MM-dd`.
///
/// Letters are fields, literal text is quoted by apostrophes, `''` is an apostrophe. A single
/// letter accepts any number of digits, a repeated letter exactly that many. Names are English, in
/// either case.
public final class DatePattern: Sendable {
  private enum Part {
    case text([UInt8])
    case field(UInt8, count: Int)
  }

  private let parts: [Part]

  private static let fields = Set("yuMLdDHhkKmsSaEXxZz".utf8)

  /// Parses a pattern.
  ///
  /// - Throws: `DatePatternError` for a letter that is not a field, and for an unclosed apostrophe.
  public init(_ pattern: String) throws(DatePatternError) {
    var parts: [Part] = []
    var text: [UInt8] = []
    let bytes = Array(pattern.utf8)
    var index = 0
    while index < bytes.count {
      let byte = bytes[index]
      if byte == UInt8(ascii: "'") {
        guard let end = bytes[(index + 1)...].firstIndex(of: byte) else {
          throw DatePatternError(message: "apostrophe has no partner")
        }
        text += end == index + 1 ? [byte] : Array(bytes[index + 1..<end])
        index = end + 1
        continue
      }
      let isLetter = byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z")
      guard isLetter else {
        guard byte != UInt8(ascii: "["), byte != UInt8(ascii: "%") else {
          throw DatePatternError(
            message: byte == UInt8(ascii: "%")
              ? "fields are letters, as in yyyy-MM-dd, not % and a letter"
              : "optional parts in brackets are not read")
        }
        text.append(byte)
        index += 1
        continue
      }
      guard DatePattern.fields.contains(byte) else {
        throw DatePatternError(
          message:
            "'\(Unicode.Scalar(byte))' is no field of a date; text stands in apostrophes: 'T'")
      }
      let count = bytes[index...].prefix { $0 == byte }.count
      if !text.isEmpty { parts.append(.text(text)) }
      text = []
      parts.append(.field(byte, count: count))
      index += count
    }
    if !text.isEmpty { parts.append(.text(text)) }
    self.parts = parts
  }

  /// Returns the epoch milliseconds of a text that matches the whole pattern; `nil` for any other
  /// text.
  ///
  /// Fields that the pattern lacks are those of 1970-01-01 00:00. `zone` applies where the text has
  /// no zone.
  public func time(of text: UnsafeBufferPointer<UInt8>, in zone: TimeZone) -> Int64? {
    var reader = Reader(text: text)
    for part in parts {
      switch part {
      case .text(let expected):
        guard reader.skip(expected) else { return nil }
      case .field(let field, let count):
        guard reader.read(field, count: count) else { return nil }
      }
    }
    return reader.isAtEnd ? reader.time(in: zone) : nil
  }

  /// Parses the fields of one text.
  private struct Reader {
    private let text: UnsafeBufferPointer<UInt8>
    private var index = 0
    private var year = 1970
    private var month = 1
    private var day = 1
    private var dayOfYear: Int?
    private var hour = 0
    private var isAfternoon: Bool?
    private var minute = 0
    private var second = 0
    private var millisecond = 0
    private var offset: Int?

    init(text: UnsafeBufferPointer<UInt8>) {
      self.text = text
    }

    var isAtEnd: Bool { index == text.count }

    mutating func skip(_ expected: [UInt8]) -> Bool {
      guard expected.withUnsafeBufferPointer({ text.holds($0, in: index..<index + $0.count) })
      else { return false }
      index += expected.count
      return true
    }

    mutating func read(_ field: UInt8, count: Int) -> Bool {
      switch field {
      case UInt8(ascii: "y"), UInt8(ascii: "u"):
        guard let number = number(count: count, most: 6) else { return false }
        year = count == 2 ? 2000 + number : number
      case UInt8(ascii: "M"), UInt8(ascii: "L"):
        if count > 2 {
          guard let name = name(of: LocalTime.monthNames, isShort: count == 3) else {
            return false
          }
          month = name + 1
        } else {
          guard let number = number(count: count, most: 2) else { return false }
          month = number
        }
      case UInt8(ascii: "d"): return set(\.day, count: count, most: 2, in: 1...31)
      case UInt8(ascii: "D"):
        guard let number = number(count: count, most: 3) else { return false }
        dayOfYear = number
      case UInt8(ascii: "H"): return set(\.hour, count: count, most: 2, in: 0...23)
      case UInt8(ascii: "k"), UInt8(ascii: "h"):
        let hours = field == UInt8(ascii: "k") ? 24 : 12
        guard set(\.hour, count: count, most: 2, in: 1...hours) else { return false }
        hour %= hours
      case UInt8(ascii: "K"): return set(\.hour, count: count, most: 2, in: 0...11)
      case UInt8(ascii: "m"): return set(\.minute, count: count, most: 2, in: 0...59)
      case UInt8(ascii: "s"): return set(\.second, count: count, most: 2, in: 0...60)
      case UInt8(ascii: "S"): return readFraction(count: count)
      case UInt8(ascii: "a"):
        guard let half = name(of: ["AM", "PM"], isShort: false) else { return false }
        isAfternoon = half == 1
      case UInt8(ascii: "E"):
        return name(of: LocalTime.weekdayNames, isShort: count <= 3) != nil
      default: return readZone(field)
      }
      return true
    }

    private mutating func set(
      _ field: WritableKeyPath<Reader, Int>, count: Int, most: Int, in range: ClosedRange<Int>
    ) -> Bool {
      guard let number = number(count: count, most: most), range.contains(number) else {
        return false
      }
      self[keyPath: field] = number
      return true
    }

    /// Parses exactly `count` digits, or 1 to `most` digits if `count` is 1.
    private mutating func number(count: Int, most: Int) -> Int? {
      let start = index
      let limit = count == 1 ? most : min(count, 9)
      var number = 0
      while index < text.count, index - start < limit, text[index].decimalDigit < 10 {
        number = number * 10 + Int(text[index].decimalDigit)
        index += 1
      }
      return index - start == limit || count == 1 && index > start ? number : nil
    }

    private mutating func readFraction(count: Int) -> Bool {
      guard index + count <= text.count, count <= 9 else { return false }
      var weight = 100
      for digit in text[index..<index + count] {
        guard digit.decimalDigit < 10 else { return false }
        millisecond += Int(digit.decimalDigit) * weight
        weight /= 10
      }
      index += count
      return true
    }

    /// Parses one of `names` and returns its index.
    private mutating func name(of names: [String], isShort: Bool) -> Int? {
      for (position, name) in names.enumerated() {
        let wanted = isShort ? name.prefix(3).utf8 : name[...].utf8
        guard index + wanted.count <= text.count,
          zip(text[index...], wanted).allSatisfy({ $0 | 0x20 == $1 | 0x20 })
        else { continue }
        index += wanted.count
        return position
      }
      return nil
    }

    /// Parses `Z` or an offset with optional colon and minutes; for `z` also `UTC` and `GMT`.
    private mutating func readZone(_ field: UInt8) -> Bool {
      if field == UInt8(ascii: "z"), text.holds("UTC", at: index) || text.holds("GMT", at: index) {
        offset = 0
        index += 3
        return true
      }
      guard index < text.count else { return false }
      if text[index] == UInt8(ascii: "Z") {
        offset = 0
        index += 1
        return true
      }
      let sign = text[index]
      guard sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-"),
        let hours = Timestamp.twoDigits(text, at: index + 1), hours <= 18
      else { return false }
      index += 3
      let colon = index < text.count && text[index] == UInt8(ascii: ":") ? 1 : 0
      var minutes = 0
      if let written = Timestamp.twoDigits(text, at: index + colon), written < 60 {
        minutes = written
        index += 2 + colon
      } else if colon == 1 {
        return false
      }
      offset = (sign == UInt8(ascii: "-") ? -1 : 1) * (hours * 60 + minutes) * 60
      return true
    }

    func time(in zone: TimeZone) -> Int64? {
      var date = Timestamp.days(fromCivil: year, month, day)
      if let dayOfYear {
        guard dayOfYear >= 1, let newYear = Timestamp.days(fromCivil: year, 1, 1),
          let nextYear = Timestamp.days(fromCivil: year + 1, 1, 1),
          dayOfYear <= nextYear - newYear
        else { return nil }
        date = newYear + dayOfYear - 1
      }
      guard let date else { return nil }
      let hours = isAfternoon == true && hour < 12 ? hour + 12 : hour
      let local = Int64(date) * 86_400 + Int64((hours * 60 + minute) * 60 + second)
      let seconds = offset.map { local - Int64($0) } ?? zone.time(ofLocal: local)
      return seconds * 1000 + Int64(millisecond)
    }
  }
}
