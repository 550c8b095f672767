public import InsightsModel

/// The options of a triage.
public struct TriageOptions: Sendable {
  /// The range in which invocations start and lines are logged.
  public var timeRange: TimeRange
  /// Globs for log group names; empty for all.
  public var logGroups: [String]
  /// The timeout of the gateway in front of the functions, in milliseconds.
  var gatewayTimeout: Int
  /// The maximum number of log lines per finding.
  var lineLimit: Int

  /// The integration timeout of a REST API, unless raised by quota.
  public static let defaultGatewayTimeout = 29_000

  /// Makes options.
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

/// The faults of a time range: equal ones combined, the most urgent first.
public struct TriageReport: Sendable {
  /// The findings, most urgent first.
  public let findings: [Finding]
  /// The limits of the report, one sentence each: facts that the logs do not contain, or only in
  /// part.
  public let limits: [String]
  /// The examined part of the logs.
  public let lookedAt: LookedAt

  /// The examined part of the logs.
  public struct LookedAt: Sendable {
    /// The number of events.
    let eventCount: Int
    /// The number of invocations.
    let invocationCount: Int
    /// The number of gateway requests that failed, or that belong to a failed invocation.
    let gatewayRequestCount: Int
    /// The time of the oldest event, in epoch milliseconds; `nil` if none has a time.
    let start: Int64?
    /// The time of the newest event, in epoch milliseconds; `nil` if none has a time.
    let end: Int64?
    /// The time of the newest event in the whole store; `nil` if `end` is set, or no event has a
    /// time.
    let newest: Int64?
    /// The requested range.
    let timeRange: TimeRange

    /// Whether no event is in the range.
    public var isEmpty: Bool { eventCount == 0 }
  }
}

/// Faults with the same status and the same cause.
public struct Finding: Sendable {
  /// The number of parts into which the examined time is divided.
  public static let overTimeCount = 40

  /// The HTTP status that callers received, or would receive behind an API.
  let status: Int
  /// The cause in a few words.
  let cause: String
  /// The number of requests.
  let count: Int
  /// When it first occurred, in epoch milliseconds; `nil` if the logs have no times.
  let first: Int64?
  /// When it last occurred, in epoch milliseconds; `nil` if the logs have no times.
  let last: Int64?
  /// The number of requests in each of `overTimeCount` equal parts of the examined time; empty if
  /// unknown.
  let overTime: [Int]
  /// The functions at fault, sorted; empty if the logs do not name them.
  ///
  /// For a refused call it is the called function, if the caller's log names it.
  let functions: [String]
  /// The functions whose calls were refused, sorted.
  let callers: [String]
  /// Whether Lambda refused calls.
  let isThrottle: Bool
  /// An example: the newest request whose lines are in the logs.
  ///
  /// It is Lambda's id, or the gateway's if no function was called.
  let requestID: String?
  /// The evidence, one fact each.
  let evidence: [String]
  /// Advice on what to change.
  let advice: String
  /// The log lines of `requestID`, in order; if there are too many, the least informative are
  /// omitted.
  let lines: [RequestLine]
}

/// A log line of a request.
struct RequestLine: Sendable, Equatable {
  /// Epoch milliseconds; `nil` if the event has no time.
  let timestamp: Int64?
  /// The log group; `nil` if unknown.
  let logGroup: String?
  /// The text, without trailing white space; it may have several lines.
  let text: String
  /// The number of lines of the request omitted before this one.
  var omittedCount = 0
}
