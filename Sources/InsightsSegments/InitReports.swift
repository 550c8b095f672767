internal import InsightsText

/// Counts the init and restore reports in the messages of a segment, as text or as JSON.
public struct InitReports: Sendable {
  /// The number of reports of a failed init or restore.
  public private(set) var failureCount = 0
  /// The number of reports of an init in the phase of an invocation.
  public private(set) var suppressedCount = 0

  public init() {}

  private static let lineStarts: [StaticString] = ["INIT_REPORT ", "RESTORE_REPORT "]
  private static let platformTypes: [StaticString] = [
    "\"platform.initReport\"", "\"platform.restoreReport\"",
  ]
  private static let failures: [StaticString] = [
    "Status: error", "Status: timeout", "\"status\":\"error\"", "\"status\":\"failure\"",
    "\"status\":\"timeout\"",
  ]
  private static let invokePhases: [StaticString] = ["Phase: invoke", "\"phase\":\"invoke\""]

  /// Counts the message of a fact that is neither START nor REPORT.
  public mutating func add(_ message: UnsafeBufferPointer<UInt8>) {
    func contains(_ texts: [StaticString]) -> Bool {
      texts.contains { message.firstOffset(of: $0) != nil }
    }
    guard
      Self.lineStarts.contains(where: { message.holds($0, at: 0) })
        || message.first == UInt8(ascii: "{") && contains(Self.platformTypes)
    else { return }
    if contains(Self.failures) { failureCount += 1 }
    if contains(Self.invokePhases) { suppressedCount += 1 }
  }
}
