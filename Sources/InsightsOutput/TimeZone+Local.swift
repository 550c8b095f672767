internal import Glibc
public import InsightsText

extension TimeZone {
  /// The zone that people call `name`, as `named(_:)` reads it, or `local` for that of this machine:
  /// `$TZ`, else `/etc/localtime`.
  ///
  /// `nil` where there is none.
  public static func shown(
    as name: String, environment: (String) -> String? = Terminal.environmentVariable
  ) -> TimeZone? {
    guard name == "local" else { return named(name) }
    let setting = environment("TZ").map { $0.hasPrefix(":") ? String($0.dropFirst()) : $0 }
    if let setting, setting != "local" { return setting.isEmpty ? .utc : named(setting) }
    return TimeZone(name: "local", path: "/etc/localtime")
  }
}
