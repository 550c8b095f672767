internal import InsightsModel

/// An ARN of the logs service, or a plain name, as requests refer to log groups and streams.
///
/// ```
/// arn:aws:logs:eu-west-1:123456789012:log-group:/aws/lambda/x[:*|:|:log-stream:NAME]
/// ```
public struct ResourceName: Hashable, Sendable {
  /// The partition, `aws` for the commercial regions.
  public var partition = "aws"
  /// The region, such as `eu-west-1`.
  public var region: String
  /// Twelve digits.
  public var account: String
  /// The name of the log group.
  public var logGroup: String
  /// The name of the log stream; `nil` for the group itself.
  public var logStream: String?

  /// Makes a name; without an account it is `AccountNumber.unknown`.
  public init(
    region: String, account: String? = nil, logGroup: String, logStream: String? = nil
  ) {
    self.region = region
    self.account = account ?? AccountNumber.unknown
    self.logGroup = logGroup
    self.logStream = logStream
  }

  /// Parses an ARN, with or without `:*` or a colon at its end; `nil` for anything else.
  public init?(_ text: String) {
    let parts = text.split(separator: ":", maxSplits: 6, omittingEmptySubsequences: false)
    guard parts.count == 7, parts[0] == "arn", parts[1].hasPrefix("aws"), parts[2] == "logs",
      parts[5] == "log-group"
    else { return nil }
    let rest = parts[6].split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
    guard !rest[0].isEmpty else { return nil }
    partition = String(parts[1])
    region = String(parts[3])
    account = parts[4].isEmpty ? AccountNumber.unknown : String(parts[4])
    logGroup = String(rest[0])
    if rest.count == 3, rest[1] == "log-stream" {
      logStream = String(rest[2])
    } else if rest.count > 1, !(rest.count == 2 && ["", "*"].contains(rest[1])) {
      return nil
    }
  }

  /// The ARN without `:*`: the group itself, or the stream.
  public var text: String {
    "arn:\(partition):logs:\(region):\(account):log-group:\(logGroup)"
      + (logStream.map { ":log-stream:\($0)" } ?? "")
  }

  /// The ARN of the group with all of its streams: `…:*`.
  public var textOfAllStreams: String { text + ":*" }

  /// Returns the log group that a request identifies by its name or an ARN, also with `:*` or `:`
  /// at its end.
  public static func logGroup(of identifier: String) -> String {
    if let name = ResourceName(identifier) { return name.logGroup }
    for tail in [":*", ":"] where identifier.hasSuffix(tail) {
      return String(identifier.dropLast(tail.count))
    }
    return identifier
  }
}
