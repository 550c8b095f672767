internal import InsightsText

/// One of Lambda's own JSON events: `{"time": …, "type": "platform.…", "record": …}`.
struct PlatformEvent {
  enum Kind {
    case start, runtimeDone, report, initReport, restoreReport, fault
    /// Nothing is derived from it.
    case other
  }

  var kind: Kind
  /// The record: an object or, for faults, a string.
  var record: JSONScanner.Value
  /// The range of the request id in the message.
  var requestID: Range<Int>?
  private let message: UnsafeBufferPointer<UInt8>

  /// Parses the object at `start`, which must be valid JSON.
  init?(_ message: UnsafeBufferPointer<UInt8>, objectAt start: Int) {
    guard let type = JSONScanner.member("type", in: message, objectAt: start),
      type.kind == .string, message.holds("platform.", at: type.range.lowerBound),
      let record = JSONScanner.member("record", in: message, objectAt: start)
    else { return nil }
    self.message = message
    self.record = record
    switch String(decoding: message[type.range].dropFirst(9), as: UTF8.self) {
    case "start": kind = .start
    case "runtimeDone": kind = .runtimeDone
    case "report": kind = .report
    case "initReport": kind = .initReport
    case "restoreReport": kind = .restoreReport
    case "fault": kind = .fault
    default: kind = .other
    }
    if let id = member("requestId"), id.kind == .string { requestID = id.range }
  }

  /// Returns a text of the record.
  func text(_ key: StaticString) -> String? {
    guard let value = member(key), value.kind == .string else { return nil }
    return JSONText.string(value, in: message)
  }

  /// Returns a number of the record's metrics.
  func metric(_ key: StaticString) -> NumericText.Number? {
    guard let metrics = member("metrics"), metrics.kind == .object,
      let value = JSONScanner.member(key, in: message, objectAt: metrics.range.lowerBound),
      value.kind == .number
    else { return nil }
    return NumericText.number(UnsafeBufferPointer(rebasing: message[value.range]))
  }

  /// The trace id in `Root=1-…;Parent=…;Sampled=1`.
  var xrayTraceID: String? {
    guard let tracing = member("tracing"), tracing.kind == .object,
      let value = JSONScanner.member("value", in: message, objectAt: tracing.range.lowerBound),
      value.kind == .string
    else { return nil }
    return JSONText.string(value, in: message).split(separator: ";")
      .first { $0.hasPrefix("Root=") }.map { String($0.dropFirst(5)) }
  }

  private func member(_ key: StaticString) -> JSONScanner.Value? {
    guard record.kind == .object else { return nil }
    return JSONScanner.member(key, in: message, objectAt: record.range.lowerBound)
  }
}
