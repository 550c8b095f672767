internal import Glibc

/// How a place's clocks stand to UTC: a fixed offset, or the history and rules of an IANA zone.
public final class TimeZone: Sendable {
  /// What clocks show for a while.
  struct Offset: Equatable, Sendable {
    /// East of UTC.
    var seconds: Int
    /// Such as `CET`.
    var abbreviation: String
  }

  /// What people call it: `UTC`, `+02:00`, `Europe/Berlin`.
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

  /// A zone by its name: `UTC`, `GMT` or `Z`, an offset such as `+02:00`, `-0800` or `UTC+2`, or an
  /// IANA name such as `Europe/Berlin`, read from `/usr/share/zoneinfo`.
  ///
  /// `nil` for any other name, and where the system has no such file.
  public static func named(_ name: String) -> TimeZone? {
    if ["UTC", "GMT", "Z", "Etc/UTC"].contains(name) { return utc }
    if let seconds = fixedOffset(name) {
      return TimeZone(fixed: Offset(seconds: seconds, abbreviation: offsetText(seconds)))
    }
    return TimeZoneFile(zone: name).map { TimeZone($0, name: name) }
  }

  /// Reads a zone in the format of RFC 8536, such as `/etc/localtime`; `nil` where it is none.
  public convenience init?(name: String, zoneFile bytes: [UInt8]) {
    guard let file = TimeZoneFile(bytes) else { return nil }
    self.init(file, name: name)
  }

  // MARK: Offsets

  /// How far clocks are ahead of UTC at a time, both in milliseconds.
  public func offset(atMilliseconds milliseconds: Int64) -> Int64 {
    Int64(offset(at: LocalTime.floorDivide(milliseconds, 1000)).seconds) * 1000
  }

  /// What clocks show at a time, epoch seconds.
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
    // Before the first change clocks showed the zone's first kind of time.
    return low == 0 ? offsets[0] : offsets[transitions[low - 1].offset]
  }

  /// The time at which clocks show `local`, seconds since 1970 as if it were UTC.
  ///
  /// Of a time that comes twice the first is meant; one that clocks skip is as much later as they
  /// skip.
  func time(ofLocal local: Int64) -> Int64 {
    let before = Int64(offset(at: local &- 86_400).seconds)
    let after = Int64(offset(at: local &+ 86_400).seconds)
    for seconds in [before, after] where Int64(offset(at: local &- seconds).seconds) == seconds {
      return local &- seconds
    }
    return local &- before
  }

  // MARK: Names

  /// `+02:00`, `-0800`, `+2`, also behind `UTC` or `GMT`, in seconds.
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
