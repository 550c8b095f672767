internal import Glibc
public import InsightsText

extension TimeZone {
  /// The zone that people call `name`: `UTC`, `+02:00`, `Europe/Berlin`, or `local` for the one of
  /// this machine; `nil` where there is none.
  ///
  /// Names are those of the machine's tz database, in `$TZDIR` or `/usr/share/zoneinfo`.
  public static func named(
    _ name: String, environment: (String) -> String? = Terminal.environmentVariable
  ) -> TimeZone? {
    if let zone = TimeZone(offset: name) { return zone }
    if name == "local" {
      let setting = environment("TZ").map { $0.hasPrefix(":") ? String($0.dropFirst()) : $0 }
      if let setting, setting != "local" {
        return setting.isEmpty ? .utc : named(setting, environment: environment)
      }
      return bytes(ofFile: "/etc/localtime").flatMap { TimeZone(name: "local", zoneFile: $0) }
    }
    let parts = name.split(separator: "/", omittingEmptySubsequences: false)
    // Names, not paths to elsewhere.
    guard !parts.contains(where: { $0.isEmpty || $0.hasPrefix(".") }) else { return nil }
    let folder = environment("TZDIR") ?? "/usr/share/zoneinfo"
    return bytes(ofFile: "\(folder)/\(name)").flatMap { TimeZone(name: name, zoneFile: $0) }
  }

  /// The content of a file, `nil` where it cannot be read or is larger than any zone.
  private static func bytes(ofFile path: String) -> [UInt8]? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 65_536)
    let count = read(descriptor, &bytes, bytes.count)
    return count > 0 && count < bytes.count ? Array(bytes[..<count]) : nil
  }
}
