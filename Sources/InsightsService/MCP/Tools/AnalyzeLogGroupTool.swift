internal import InsightsText

/// Summarizes the messages of a log group, and those that look like errors.
enum AnalyzeLogGroupTool: MCPTool {
  static let name = "analyze_log_group"
  static let title = "Analyze a log group"
  static let description = """
    Finds the 5 most frequent patterns of messages in a log group, and the 5 most frequent ones that \
    have words of errors (error, exception, fail, timeout, fatal). The local store has no anomaly \
    detectors; 'triage' says what went wrong.
    """
  static let arguments: [JSONSchema.Member] =
    [
      .required(
        "log_group_arn", .string,
        "The ARN of the log group, as 'describe_log_groups' gives it, or its name.")
    ] + JSONSchema.Member.requiredTimeRange + JSONSchema.Member.ignored

  static let output: [JSONSchema.Member] = [
    .required(
      "log_anomaly_results",
      .object([
        .required("anomaly_detectors", .list(.object([], isOpen: true))),
        .required("anomalies", .list(.object([], isOpen: true))),
      ]), "Always empty: anomaly detectors are AWS's."),
    .required("top_patterns", .object(MCPQuery.output)),
    .required("top_patterns_containing_errors", .object(MCPQuery.output)),
  ]

  private static let patterns = "pattern @message | sort @sampleCount desc | limit 5"
  private static let errorPatterns = """
    fields @timestamp, @message | filter @message like /(?i)(error|exception|fail|timeout|fatal)/ \
    | pattern @message | sort @sampleCount desc | limit 5
    """

  static func result(of call: MCPToolCall) throws -> JSONObject {
    let group = call.required("log_group_arn")
    // Start both before waiting for the first.
    let queries = try [patterns, errorPatterns].map { text in
      try MCPQuery(text, logGroups: [group], call, readingRow: shortened)
    }
    let results = try queries.map { try $0.result(waiting: 30) }
    return [
      "log_anomaly_results": ["anomaly_detectors": [], "anomalies": []],
      "top_patterns": .object(results[0]),
      "top_patterns_containing_errors": .object(results[1]),
    ]
  }

  /// Returns a pattern with one sample, without the data for charts.
  private static func shortened(_ row: JSONObject) -> JSONObject {
    var row = row
    row["@tokens"] = nil
    row["@visualization"] = nil
    if let text = row["@logSamples"]?.string,
      let samples = try? JSONValue(parsing: Array(text.utf8)).array
    {
      row["@logSamples"] = .array(Array(samples.prefix(1)))
    }
    return row
  }
}
