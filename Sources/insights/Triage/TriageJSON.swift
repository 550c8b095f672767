internal import InsightsEngine
internal import InsightsOutput
internal import InsightsText

/// Findings and stories as JSON.
///
/// Every key is always there; what the logs do not say is `null`.
enum TriageJSON {
  /// `{"looked_at": {"events": 756, …}, "findings": [{"status": 502, "cause": …}]}`.
  ///
  /// `findings` are those of the report that are wanted.
  static func append(
    _ findings: [Finding], of report: TriageReport, to output: inout OutputBuffer
  ) {
    var json = JSONText()
    json.object { json in
      json.member("looked_at") { append(report.lookedAt, to: &$0) }
      json.member("findings") { append(findings, to: &$0) }
    }
    json.finish(to: &output)
  }

  /// Times that there are none of are left out; then the newest of the store stands there.
  private static func append(_ lookedAt: TriageReport.LookedAt, to json: inout JSONText) {
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

  /// The findings of one request, and under `request` its story.
  static func append(_ story: RequestStory, to output: inout OutputBuffer) {
    var json = JSONText()
    json.object { json in
      json.member("findings") { append(story.findings, to: &$0) }
      json.member("request") { append(story, to: &$0) }
    }
    json.finish(to: &output)
  }

  private static func append(_ findings: [Finding], to json: inout JSONText) {
    json.array(findings) { finding, json in
      json.object { json in
        json.member("status") { $0.value(Int64(finding.status)) }
        json.member("cause") { $0.value(finding.cause) }
        json.member("count") { $0.value(Int64(finding.count)) }
        json.member("first") { $0.time(finding.first) }
        json.member("last") { $0.time(finding.last) }
        json.member("functions") { $0.texts(finding.functions) }
        if finding.isThrottle { json.member("callers") { $0.texts(finding.callers) } }
        json.member("request_id") { $0.value(finding.requestID) }
        json.member("evidence") { $0.texts(finding.evidence) }
        json.member("advice") { $0.value(finding.advice) }
      }
    }
  }

  private static func append(_ story: RequestStory, to json: inout JSONText) {
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

  private static func append(_ attempt: InvocationFact, to json: inout JSONText) {
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

  private static func append(_ error: ErrorFact, to json: inout JSONText) {
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

/// JSON text that grows value by value; objects in arrays stand on lines of their own.
struct JSONText {
  private var bytes: [UInt8] = []
  private var needsComma = false
  private var depth = 0

  mutating func object(_ members: (inout JSONText) -> Void) {
    bytes.append(UInt8(ascii: "{"))
    needsComma = false
    members(&self)
    bytes.append(UInt8(ascii: "}"))
    needsComma = true
  }

  mutating func member(_ name: String, _ value: (inout JSONText) -> Void) {
    if needsComma { bytes.append(contentsOf: ", ".utf8) }
    JSONWriter.append(string: name, to: &bytes)
    bytes.append(contentsOf: ": ".utf8)
    value(&self)
    needsComma = true
  }

  mutating func array<Element>(
    _ elements: [Element], _ append: (Element, inout JSONText) -> Void
  ) {
    bytes.append(UInt8(ascii: "["))
    depth += 1
    for (index, element) in elements.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      appendLineBreak()
      needsComma = false
      append(element, &self)
    }
    depth -= 1
    if !elements.isEmpty { appendLineBreak() }
    bytes.append(UInt8(ascii: "]"))
  }

  private mutating func appendLineBreak() {
    bytes.append(UInt8(ascii: "\n"))
    bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: 2 * depth))
  }

  mutating func value(_ text: String?) {
    guard let text else { return JSONWriter.appendNull(to: &bytes) }
    JSONWriter.append(string: text, to: &bytes)
  }

  mutating func value(_ number: Int64?) {
    guard let number else { return JSONWriter.appendNull(to: &bytes) }
    JSONWriter.append(number, to: &bytes)
  }

  mutating func value(_ number: Double?) {
    guard let number, number.isFinite else { return JSONWriter.appendNull(to: &bytes) }
    JSONWriter.append(number, to: &bytes)
  }

  /// A time as every format shows it.
  mutating func time(_ milliseconds: Int64?) {
    value(milliseconds.map(Reporter.time))
  }

  mutating func texts(_ texts: [String]) {
    bytes.append(UInt8(ascii: "["))
    for (index, text) in texts.enumerated() {
      if index > 0 { bytes.append(contentsOf: ", ".utf8) }
      JSONWriter.append(string: text, to: &bytes)
    }
    bytes.append(UInt8(ascii: "]"))
  }

  func finish(to output: inout OutputBuffer) {
    output.append(String(decoding: bytes, as: UTF8.self) + "\n")
  }
}
