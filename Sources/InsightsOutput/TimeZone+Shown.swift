internal import Glibc
public import InsightsText

extension TimeZone {
  /// Returns the time zone for a value of `--timezone`; `nil` for an invalid value.
  ///
  /// It is a name that the query language accepts, or `local` for this machine's zone, by `$TZ` or
  /// `/etc/localtime`.
  public static func shown(
    _ name: String, environment: (String) -> String? = Terminal.environmentVariable
  ) -> TimeZone? {
    if name.lowercased() == "utc" { return .utc }
    guard name == "local" else { return named(name) }
    if let setting = environment("TZ") {
      let zone = setting.hasPrefix(":") ? String(setting.dropFirst()) : setting
      return zone.isEmpty ? .utc : named(zone)
    }
    return bytes(ofFile: "/etc/localtime").flatMap { TimeZone(name: "local time", zoneFile: $0) }
  }

  /// Reads a file; `nil` if it cannot be read or is larger than any zone file.
  private static func bytes(ofFile path: String) -> [UInt8]? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 65_536)
    let count = read(descriptor, &bytes, bytes.count)
    return count > 0 && count < bytes.count ? Array(bytes[..<count]) : nil
  }
}
