/// Derives the names of Lambda functions from log groups and streams.
public enum FunctionName {
  /// The prefix of the log groups that Lambda creates.
  public static let groupPrefix = "/aws/lambda/"

  /// Returns the function that writes to a log group and stream; `nil` if neither contains its
  /// name.
  ///
  /// `/aws/lambda/orders` belongs to `orders`. In a group with another name the stream contains it:
  /// `2026/02/11/orders[$LATEST]9f8e…`; otherwise the group's last component is used.
  public static func of(logGroup: String?, logStream: String?) -> String? {
    if let logGroup, logGroup.hasPrefix(groupPrefix), logGroup.count > groupPrefix.count {
      return String(logGroup.dropFirst(groupPrefix.count))
    }
    if let logStream, let name = name(inStream: logStream) { return name }
    return logGroup?.split(separator: "/").last.map(String.init)
  }

  /// Whether the name comes from Lambda's own naming of groups or streams; the last component of
  /// another group's name may be anything.
  public static func isCertain(logGroup: String?, logStream: String?) -> Bool {
    logGroup?.hasPrefix(groupPrefix) == true || logStream.flatMap(name(inStream:)) != nil
  }

  /// Returns the function in `arn:aws:lambda:…:function:orders:prod` or its URL.
  public static func inARN(_ text: String) -> String? {
    guard let marker = text.range(ofText: ":function:") else { return nil }
    let name = text[marker.upperBound...].prefix { $0 != ":" && $0 != "/" && $0 != " " }
    return name.isEmpty ? nil : String(name)
  }

  private static func name(inStream stream: String) -> String? {
    let parts = stream.split(separator: "/")
    guard parts.count >= 4, parts[0].count == 4, parts[0].allSatisfy(\.isNumber),
      let bracket = parts[3].firstIndex(of: "["), bracket > parts[3].startIndex
    else { return nil }
    return String(parts[3][..<bracket])
  }
}
