public import InsightsModel

/// What to triage, and by which limits.
public struct TriageOptions: Sendable {
  /// Every invocation that starts, and every line that is logged, in this range.
  public var timeRange: TimeRange
  /// Globs over log group names; empty for all.
  public var logGroups: [String]
  /// The duration at which the gateway in front of the functions gives up, in milliseconds.
  public var gatewayTimeout: Int
  /// Most log lines to give with a finding.
  public var lineLimit: Int

  /// The integration limit of a REST API, unless it was raised by quota.
  public static let defaultGatewayTimeout = 29_000

  public init(
    timeRange: TimeRange = .everything, logGroups: [String] = [],
    gatewayTimeout: Int = TriageOptions.defaultGatewayTimeout, lineLimit: Int = 20
  ) {
    self.timeRange = timeRange
    self.logGroups = logGroups
    self.gatewayTimeout = gatewayTimeout
    self.lineLimit = lineLimit
  }
}

/// What went wrong in a time range: equal faults together, the most urgent first.
public struct TriageReport: Sendable {
  public let findings: [Finding]
  /// What the logs cannot show, or show only in part, a sentence each.
  public let limits: [String]
  public let lookedAt: LookedAt

  /// What there was to look at.
  public struct LookedAt: Sendable {
    public let eventCount: Int
    public let invocationCount: Int
    /// Requests of a gateway that failed, or that belong to a failed invocation.
    public let gatewayRequestCount: Int
    /// Epoch milliseconds of the oldest and the newest event; `nil` where none has a time.
    public let start: Int64?
    public let end: Int64?
    /// The newest event of the whole store; `nil` where `end` is there, or no event has a time.
    public let newest: Int64?
    /// The range that was asked for.
    public let timeRange: TimeRange

    /// Whether no event lies in the range.
    public var isEmpty: Bool { eventCount == 0 }
  }
}

/// Faults with the same status and the same cause.
public struct Finding: Sendable {
  /// The parts that the time looked at is divided into.
  public static let overTimeCount = 40

  /// The HTTP status that callers saw, or would see behind an API.
  public let status: Int
  /// The cause in a few words.
  public let cause: String
  /// How many requests failed so.
  public let count: Int
  /// Epoch milliseconds; `nil` where the logs have no times.
  public let first: Int64?
  public let last: Int64?
  /// How many requests failed so in each of `overTimeCount` equal parts of the time looked at; empty
  /// where that is not known.
  public let overTime: [Int]
  /// The functions to look at, sorted; empty where the logs do not name them.
  ///
  /// Of a refused call it is the one that was called, where the caller's log names it.
  public let functions: [String]
  /// The functions whose calls were refused, sorted.
  public let callers: [String]
  /// Whether Lambda refused calls.
  public let isThrottle: Bool
  /// A request to look at: the newest whose lines are in the logs.
  ///
  /// It is Lambda's id, or the gateway's where no function was called.
  public let requestID: String?
  /// What shows it, a fact each.
  public let evidence: [String]
  /// What to change.
  public let advice: String
  /// The log lines of `requestID`, in order; where there are too many, the least telling are left out.
  public let lines: [RequestLine]
}

/// A log line of a request.
public struct RequestLine: Sendable, Equatable {
  /// Epoch milliseconds.
  public let timestamp: Int64?
  public let logGroup: String?
  /// Without white space at the end; it may have several lines.
  public let text: String
  /// How many lines of the request are left out in front of this one.
  public internal(set) var omittedCount = 0
}
