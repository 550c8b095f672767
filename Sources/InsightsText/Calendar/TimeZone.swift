internal import Glibc

/// A time zone: a fixed offset from UTC, or the history and rules of an IANA zone.
public final class TimeZone: Sendable {
  /// An offset from UTC that applies for some time.
  struct Offset: Equatable, Sendable {
    /// East of UTC.
    var seconds: Int
    /// The abbreviation, such as `CET`.
    var abbreviation: String
  }

  /// The usual name: `UTC`, `+02:00`, `Europe/Berlin`.
  public let name: String
  private let transitions: [(time: Int64, offset: Int)]
  private let offsets: [Offset]
  private let rule: TimeZoneRule?

  /// Coordinated universal time.
  public static let utc = TimeZone(fixed: Offset(seconds: 0, abbreviation: "UTC"))

  private init(fixed offset: Offset) {
    name = offset.abbreviation
    transitions = []
    offsets = [offset]
    rule = nil
  }

  private init(_ file: TimeZoneFile, name: String) {
    self.name = name
    transitions = file.transitions
    offsets = file.offsets
    rule = file.rule
  }

  /// Returns the zone with a name: `UTC`, `GMT` or `Z`, an offset such as `+02:00`, `-0800` or
  /// `UTC+2`, or an IANA name such as `Europe/Berlin`, read from `/usr/share/zoneinfo`.
  ///
  /// Returns `nil` for any other name, and if the system has no such file.
  public static func named(_ name: String) -> TimeZone? {
    if ["UTC", "GMT", "Z", "Etc/UTC"].contains(name) { return utc }
    if let seconds = fixedOffset(name) {
      return TimeZone(fixed: Offset(seconds: seconds, abbreviation: offsetText(seconds)))
    }
    return TimeZoneFile(zone: name).map { TimeZone($0, name: name) }
  }

  /// Parses a zone file in the format of RFC 8536, such as `/etc/localtime`; `nil` if it is
  /// malformed.
  public convenience init?(name: String, zoneFile bytes: [UInt8]) {
    guard let file = TimeZoneFile(bytes) else { return nil }
    self.init(file, name: name)
  }

  // MARK: Offsets

  /// Returns the offset east of UTC at a time; both in milliseconds.
  public func offset(atMilliseconds milliseconds: Int64) -> Int64 {
    Int64(offset(at: LocalTime.floorDivide(milliseconds, 1000)).seconds) * 1000
  }

  /// Returns the offset at a time, in epoch seconds.
  func offset(at time: Int64) -> Offset {
    guard let last = transitions.last else {
      return rule?.offset(at: time) ?? offsets.first ?? Offset(seconds: 0, abbreviation: "UTC")
    }
    if time >= last.time { return rule?.offset(at: time) ?? offsets[last.offset] }
    var low = 0
    var high = transitions.count
    while low < high {
      let middle = (low + high) / 2
      if transitions[middle].time <= time { low = middle + 1 } else { high = middle }
    }
    // Before the first transition the first local time type applies.
    return low == 0 ? offsets[0] : offsets[transitions[low - 1].offset]
  }

  /// Converts local time to epoch seconds; `local` counts seconds since 1970 as if it were UTC.
  ///
  /// Of an ambiguous time the first is chosen. A time in a gap moves forward by the length of the
  /// gap.
  func time(ofLocal local: Int64) -> Int64 {
    let before = Int64(offset(at: local &- 86_400).seconds)
    let after = Int64(offset(at: local &+ 86_400).seconds)
    for seconds in [before, after] where Int64(offset(at: local &- seconds).seconds) == seconds {
      return local &- seconds
    }
    return local &- before
  }

  // MARK: Names

  /// Parses `+02:00`, `-0800`, `+2`, optionally after `UTC` or `GMT`; in seconds.
  private static func fixedOffset(_ name: String) -> Int? {
    var text = Substring(name)
    for prefix in ["UTC", "GMT"] where text.hasPrefix(prefix) { text = text.dropFirst(3) }
    guard let sign = text.first, sign == "+" || sign == "-" else { return nil }
    let parts = text.dropFirst().split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 1 || parts.count == 2 && parts[0].count <= 2 && parts[1].count == 2 else {
      return nil
    }
    let digits = parts.joined()
    guard (1...4).contains(digits.count), digits.utf8.allSatisfy({ $0.decimalDigit < 10 }),
      let number = Int(digits)
    else { return nil }
    let (hours, minutes) =
      digits.count > 2 ? number.quotientAndRemainder(dividingBy: 100) : (number, 0)
    guard hours <= 18, minutes < 60 else { return nil }
    return (sign == "-" ? -1 : 1) * (hours * 60 + minutes) * 60
  }

  private static func offsetText(_ seconds: Int) -> String {
    var text: [UInt8] = []
    appendOffset(seconds, separator: ":", to: &text)
    return String(decoding: text, as: UTF8.self)
  }

  /// Appends `+02:00`.
  static func appendOffset(_ seconds: Int, separator: String, to output: inout [UInt8]) {
    let minutes = abs(seconds) / 60
    output.append(UInt8(ascii: seconds < 0 ? "-" : "+"))
    LocalTime.append(minutes / 60, digits: 2, to: &output)
    output.append(contentsOf: separator.utf8)
    LocalTime.append(minutes % 60, digits: 2, to: &output)
  }
}
