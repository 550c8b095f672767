internal import InsightsModel
internal import InsightsText

/// Findings and requests as JSON.
///
/// Every key is always present, except `over_time`, which needs times; unknown values are `null`.
public enum TriageJSON {
  /// Returns `{"looked_at": {"events": 756, …}, "findings": [{"status": 502, "cause": …}],
  /// "limits": […]}`.
  ///
  /// `findings` are the selected ones of the report.
  public static func text(
    of findings: [Finding], in report: TriageReport,
    comparedWith comparison: TriageComparison? = nil
  ) -> String {
    var json = JSONDocument()
    json.object { json in
      json.member("looked_at") { append(report.lookedAt, to: &$0) }
      json.member("findings") { append(findings, comparison, to: &$0) }
      json.member("limits") { $0.texts(report.limits) }
      if let comparison {
        json.member("compared") { json in
          json.object { json in
            json.member("start") { $0.time(comparison.range.start) }
            json.member("end") { $0.time(comparison.range.end.map { $0 - 1 }) }
            json.member("events") { $0.value(Int64(comparison.eventCount)) }
            json.member("gone") { json in
              append(comparison.resolved, to: &json)
            }
          }
        }
      }
    }
    return json.text
  }

  /// Appends what was examined; missing times are omitted, in which case the newest of the store is
  /// written.
  private static func append(_ lookedAt: TriageReport.LookedAt, to json: inout JSONDocument) {
    json.object { json in
      json.member("events") { $0.value(Int64(lookedAt.eventCount)) }
      json.member("invocations") { $0.value(Int64(lookedAt.invocationCount)) }
      json.member("gateway_requests") { $0.value(Int64(lookedAt.gatewayRequestCount)) }
      for (name, time) in [
        ("start", lookedAt.start), ("end", lookedAt.end), ("newest", lookedAt.newest),
      ] {
        if let time { json.member(name) { $0.time(time) } }
      }
    }
  }

  /// Returns the findings of one request, with its story as `request`.
  public static func text(of story: RequestStory) -> String {
    var json = JSONDocument()
    json.object { json in
      json.member("findings") { append(story.findings, to: &$0) }
      json.member("request") { append(story, to: &$0) }
    }
    return json.text
  }

  private static func append(
    _ findings: [Finding], _ comparison: TriageComparison? = nil, to json: inout JSONDocument
  ) {
    json.array(findings) { finding, json in
      json.object { json in
        json.member("status") { $0.value(Int64(finding.status)) }
        json.member("cause") { $0.value(finding.cause) }
        json.member("count") { $0.value(Int64(finding.count)) }
        if let comparison {
          json.member("count_before") { $0.value(Int64(comparison.countBefore(of: finding))) }
        }
        json.member("first") { $0.time(finding.first) }
        json.member("last") { $0.time(finding.last) }
        if !finding.overTime.isEmpty {
          json.member("over_time") { $0.numbers(finding.overTime) }
        }
        json.member("functions") { $0.texts(finding.functions) }
        if finding.isThrottle { json.member("callers") { $0.texts(finding.callers) } }
        json.member("request_id") { $0.value(finding.requestID) }
        json.member("evidence") { $0.texts(finding.evidence) }
        json.member("advice") { $0.value(finding.advice) }
      }
    }
  }

  private static func append(_ story: RequestStory, to json: inout JSONDocument) {
    json.object { json in
      json.member("request_id") { $0.value(story.requestID) }
      json.member("gateway_request_ids") { $0.texts(story.gatewayRequestIDs) }
      json.member("xray_trace_id") { $0.value(story.xrayTraceID) }
      json.member("attempts") { json in
        json.array(story.attempts) { attempt, json in append(attempt, to: &json) }
      }
      json.member("errors") { json in
        json.array(story.errors) { error, json in append(error, to: &json) }
      }
      json.member("timeline") { json in
        json.array(story.lines) { line, json in
          json.object { json in
            json.member("timestamp") { $0.time(line.timestamp) }
            json.member("log_group") { $0.value(line.logGroup) }
            json.member("message") { $0.value(line.text) }
          }
        }
      }
      json.member("limits") { $0.texts(story.limits) }
    }
  }

  private static func append(_ attempt: InvocationFact, to json: inout JSONDocument) {
    json.object { json in
      json.member("attempt") { $0.value(attempt.attempt) }
      json.member("function") { $0.value(attempt.function) }
      json.member("log_stream") { $0.value(attempt.logStream) }
      json.member("start") { $0.time(attempt.start) }
      json.member("end") { $0.time(attempt.end) }
      json.member("status") { $0.value(attempt.status) }
      json.member("error_type") { $0.value(attempt.errorType) }
      json.member("duration_ms") { $0.value(attempt.duration) }
      json.member("billed_ms") { $0.value(attempt.billed) }
      json.member("cold_start_ms") { $0.value(attempt.coldStart) }
      json.member("memory_mb") { $0.value(attempt.memorySize) }
      json.member("max_memory_mb") { $0.value(attempt.memoryUsed) }
    }
  }

  private static func append(_ error: ErrorFact, to json: inout JSONDocument) {
    json.object { json in
      json.member("timestamp") { $0.time(error.timestamp) }
      json.member("kind") { $0.value(error.kind) }
      json.member("type") { $0.value(error.type) }
      json.member("message") { $0.value(error.message) }
      json.member("top_frame") { $0.value(error.topFrame) }
      json.member("fingerprint") { $0.value(error.fingerprint) }
    }
  }
}
