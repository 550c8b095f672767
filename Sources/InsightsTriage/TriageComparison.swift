public import InsightsEngine
internal import InsightsModel
public import InsightsText

/// A comparison of the findings of a time range with those of another, usually earlier one.
public struct TriageComparison: Sendable {
  /// The earlier range.
  let range: TimeRange
  /// The number of events in the earlier range.
  let eventCount: Int
  /// The findings of the earlier range that no longer occur.
  let resolved: [Finding]
  private let counts: [Key: Int]

  /// The identity of a finding.
  private struct Key: Hashable {
    var status: Int
    var cause: String
    var functions: [String]

    init(_ finding: Finding) {
      status = finding.status
      cause = finding.cause
      functions = finding.functions
    }
  }

  init(range: TimeRange, now: [Finding], before: TriageReport) {
    self.range = range
    eventCount = before.lookedAt.eventCount
    let present = Set(now.map(Key.init))
    resolved = before.findings.filter { !present.contains(Key($0)) }
    counts = Dictionary(before.findings.map { (Key($0), $0.count) }, uniquingKeysWith: +)
  }

  /// Returns the number of requests with this fault in the earlier range.
  func countBefore(of finding: Finding) -> Int { counts[Key(finding)] ?? 0 }

  /// Returns a line for each finding about its earlier count.
  public func lines(for findings: [Finding]) -> [String] {
    guard eventCount > 0 else { return ["no event lies in that time"] }
    return findings.map { finding in
      let before = countBefore(of: finding)
      let change = before == 0 ? "new" : "\(before) before"
      return "\(finding.status) \(finding.cause): \(finding.count), \(change)"
    } + resolved.map { "\($0.status) \($0.cause): none, \($0.count) before" }
  }
}

extension Engine {
  /// Triages the range that a report is compared with.
  ///
  /// Relative times are relative to `now`.
  ///
  /// - Returns: `nil` if the report has no range and no event with a time.
  /// - Throws: `StoreError` if the store cannot be read.
  public func comparison(
    of report: TriageReport, with other: ComparedRange, options: TriageOptions, now: Int64
  ) throws -> TriageComparison? {
    guard let start = options.timeRange.start ?? report.lookedAt.start,
      let end = options.timeRange.end ?? report.lookedAt.end.map({ $0 + 1 }), start < end
    else { return nil }
    let bounds = other.bounds(beside: start, to: end, now: now)
    var earlier = options
    earlier.timeRange = TimeRange(start: bounds.start, end: max(bounds.start, bounds.end))
    earlier.lineLimit = 0
    return TriageComparison(
      range: earlier.timeRange, now: report.findings, before: try triage(earlier))
  }
}
