/// An ARN of the logs service, or a plain name, as requests refer to log groups and streams.
///
/// ```
/// arn:aws:logs:eu-west-1:123456789012:log-group:/aws/lambda/x[:*|:|:log-stream:NAME]
/// ```
public struct ResourceName: Hashable, Sendable {
  public static let unknownAccount = "000000000000"

  public var partition = "aws"
  public var region: String
  public var account: String
  public var logGroup: String
  public var logStream: String?

  public init(
    region: String, account: String? = nil, logGroup: String, logStream: String? = nil
  ) {
    self.region = region
    self.account = account ?? Self.unknownAccount
    self.logGroup = logGroup
    self.logStream = logStream
  }

  /// Reads an ARN, with or without `:*` or a colon behind it; `nil` for anything else.
  public init?(_ text: String) {
    let parts = text.split(separator: ":", maxSplits: 6, omittingEmptySubsequences: false)
    guard parts.count == 7, parts[0] == "arn", parts[1].hasPrefix("aws"), parts[2] == "logs",
      parts[5] == "log-group"
    else { return nil }
    let rest = parts[6].split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
    guard !rest[0].isEmpty else { return nil }
    partition = String(parts[1])
    region = String(parts[3])
    account = parts[4].isEmpty ? Self.unknownAccount : String(parts[4])
    logGroup = String(rest[0])
    if rest.count == 3, rest[1] == "log-stream" {
      logStream = String(rest[2])
    } else if rest.count > 1, !(rest.count == 2 && ["", "*"].contains(rest[1])) {
      return nil
    }
  }

  /// Without `:*`: the group itself, or the stream.
  public var text: String {
    "arn:\(partition):logs:\(region):\(account):log-group:\(logGroup)"
      + (logStream.map { ":log-stream:\($0)" } ?? "")
  }

  /// The group with all of its streams: `…:*`.
  public var textOfAllStreams: String { text + ":*" }

  /// The log group that a request names by its name or an ARN, also with `:*` or `:` behind it.
  public static func logGroup(of identifier: String) -> String {
    if let name = ResourceName(identifier) { return name.logGroup }
    for tail in [":*", ":"] where identifier.hasSuffix(tail) {
      return String(identifier.dropLast(tail.count))
    }
    return identifier
  }
}
