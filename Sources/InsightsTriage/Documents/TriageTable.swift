public import InsightsModel

/// Findings as rows, for `--fail-if`.
public enum TriageTable {
  /// Returns the scalar values of `triage --format json`, with the same names.
  public static func table(of findings: [Finding]) -> ResultTable {
    ResultTable(
      columns: [
        ResultColumn(name: "status", type: .number), ResultColumn(name: "cause", type: .text),
        ResultColumn(name: "count", type: .number), ResultColumn(name: "first", type: .timestamp),
        ResultColumn(name: "last", type: .timestamp),
        ResultColumn(name: "functions", type: .text), ResultColumn(name: "callers", type: .text),
        ResultColumn(name: "request_id", type: .text), ResultColumn(name: "advice", type: .text),
      ],
      rows: findings.map { finding in
        [
          .integer(Int64(finding.status)), .text(finding.cause), .integer(Int64(finding.count)),
          finding.first.map { .integer($0) } ?? .null, finding.last.map { .integer($0) } ?? .null,
          .text(finding.functions.joined(separator: ", ")),
          finding.isThrottle ? .text(finding.callers.joined(separator: ", ")) : .null,
          finding.requestID.map { .text($0) } ?? .null, .text(finding.advice),
        ]
      })
  }
}
