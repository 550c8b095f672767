/// What clocks of a place show: the distance from UTC at every moment.
public struct TimeZone: Hashable, Sendable {
  /// A change of clocks: from this moment on, the distance from UTC, both in seconds.
  private struct Transition: Hashable {
    var time: Int64
    var offset: Int64
  }

  /// Such as `Europe/Berlin`, `+02:00` or `UTC`.
  public let name: String
  private var transitions: [Transition] = []
  /// In force before the first transition.
  private var initialOffset: Int64 = 0
  /// In force behind the last transition.
  private var rule: TimeZoneRule?

  /// Coordinated Universal Time.
  public static let utc = TimeZone(name: "UTC")

  private init(name: String) {
    self.name = name
  }

  /// Reads `UTC`, `Z`, or a distance from UTC such as `+02:00`, `-0330` or `+5`; `nil` for names.
  public init?(offset text: String) {
    if ["utc", "gmt", "z"].contains(text.lowercased()) {
      self = .utc
      return
    }
    let digits = text.dropFirst().filter { $0 != ":" }
    guard let sign = text.first, sign == "+" || sign == "-", (1...4).contains(digits.count),
      digits.allSatisfy({ $0.isASCII && $0.isNumber }), let number = Int64(digits)
    else { return nil }
    let (hours, minutes) = digits.count > 2 ? (number / 100, number % 100) : (number, 0)
    guard hours <= 15, minutes < 60 else { return nil }
    self.init(name: text)
    initialOffset = (hours * 3600 + minutes * 60) * (sign == "-" ? -1 : 1)
  }

  /// Reads a compiled zone of the tz database (TZif, RFC 8536); `nil` when it is none.
  public init?(name: String, zoneFile bytes: [UInt8]) {
    guard let first = ZoneFileHeader(bytes, at: 0) else { return nil }
    self.init(name: name)
    let isWide = first.version >= UInt8(ascii: "2")
    let start = isWide ? first.end + first.dataByteCount(timeByteCount: 4) : 0
    guard let header = isWide ? ZoneFileHeader(bytes, at: start) : first else { return nil }
    let width = isWide ? 8 : 4
    let end = header.end + header.dataByteCount(timeByteCount: width)
    guard end <= bytes.count, header.typeCount > 0 else { return nil }

    let indexes = header.end + header.timeCount * width
    let types = indexes + header.timeCount
    func offset(ofType type: Int) -> Int64? {
      guard type < header.typeCount else { return nil }
      return bigEndian(bytes, at: types + type * 6, byteCount: 4)
    }
    guard let initial = offset(ofType: 0) else { return nil }
    initialOffset = initial
    for index in 0..<header.timeCount {
      guard let offset = offset(ofType: Int(bytes[indexes + index])) else { return nil }
      let time = bigEndian(bytes, at: header.end + index * width, byteCount: width)
      guard transitions.last.map({ $0.time < time }) ?? true else { return nil }
      transitions.append(Transition(time: time, offset: offset))
    }
    if isWide { rule = TimeZoneRule(parsing: bytes[end...].filter { $0 != UInt8(ascii: "\n") }) }
  }

  /// The distance from UTC at a time, both in milliseconds; ahead of it is positive.
  public func offset(at milliseconds: Int64) -> Int64 {
    let (quotient, remainder) = milliseconds.quotientAndRemainder(dividingBy: 1000)
    let seconds = remainder < 0 ? quotient - 1 : quotient
    var low = 0
    var high = transitions.count
    while low < high {
      let middle = (low + high) / 2
      if transitions[middle].time <= seconds { low = middle + 1 } else { high = middle }
    }
    if low == transitions.count, let rule { return rule.offset(at: seconds) * 1000 }
    return (low == 0 ? initialOffset : transitions[low - 1].offset) * 1000
  }
}

/// The counts at the start of a block of a zone file.
private struct ZoneFileHeader {
  var version: UInt8
  var universalCount, standardCount, leapCount, timeCount, typeCount, characterCount: Int
  /// Where the block's data begin.
  var end: Int

  init?(_ bytes: [UInt8], at start: Int) {
    guard start >= 0, start <= bytes.count - 44, bytes[start..<start + 4].elementsEqual("TZif".utf8)
    else { return nil }
    version = bytes[start + 4]
    let counts = (0..<6).map { Int(bigEndian(bytes, at: start + 20 + $0 * 4, byteCount: 4)) }
    // Far more than any zone has; sums cannot overflow then.
    guard counts.allSatisfy({ (0...100_000).contains($0) }) else { return nil }
    (universalCount, standardCount, leapCount) = (counts[0], counts[1], counts[2])
    (timeCount, typeCount, characterCount) = (counts[3], counts[4], counts[5])
    end = start + 44
    guard end + dataByteCount(timeByteCount: 4) <= bytes.count else { return nil }
  }

  func dataByteCount(timeByteCount width: Int) -> Int {
    timeCount * (width + 1) + typeCount * 6 + characterCount + leapCount * (width + 4)
      + standardCount + universalCount
  }
}

/// A signed number of 4 or 8 bytes; the caller has checked that they are there.
private func bigEndian(_ bytes: [UInt8], at start: Int, byteCount: Int) -> Int64 {
  var number: UInt64 = 0
  for byte in bytes[start..<start + byteCount] { number = number << 8 | UInt64(byte) }
  return byteCount == 4 ? Int64(Int32(truncatingIfNeeded: number)) : Int64(bitPattern: number)
}
