internal import InsightsStore
internal import InsightsText

/// Reads the columns of an event out of its message.
enum EventClassifier {
  /// The columns of one message.
  ///
  /// `isLambda`: the log group is a function's, or unknown; text before a JSON object is looked
  /// through then, as CloudWatch does for Lambda's groups.
  static func columns(
    of message: UnsafeBufferPointer<UInt8>, isLambda: Bool
  ) -> EventColumns {
    var columns = EventColumns()
    if let line = LambdaLine(message) {
      set(&columns, from: line, message)
      return columns
    }
    columns.jsonOffset = jsonOffset(of: message, isLambda: isLambda)
    columns.requestID = ApplicationLine.requestID(message, jsonOffset: columns.jsonOffset)
    let event = EventMessage(bytes: message, jsonOffset: columns.jsonOffset)
    columns.isFact =
      isPlatformFact(event) || RuntimeErrors.isCandidate(event)
      || OutOfMemoryText.isCrashLine(message) || TracebackLine.role(of: message) != nil
      || GatewayLine(message) != nil
    return columns
  }

  /// Where the JSON object of a message starts whose keys are fields.
  static func jsonOffset(of message: UnsafeBufferPointer<UInt8>, isLambda: Bool) -> Int? {
    guard let brace = message.firstOffset(of: UInt8(ascii: "{")) else { return nil }
    if isLambda { return JSONScanner.firstObject(in: message) }
    guard message[..<brace].allSatisfy({ $0 <= 0x20 }),
      let object = JSONScanner.value(in: message, at: brace),
      message[object.end...].allSatisfy({ $0 <= 0x20 })
    else { return nil }
    return brace
  }

  private static func set(
    _ columns: inout EventColumns, from line: LambdaLine,
    _ message: UnsafeBufferPointer<UInt8>
  ) {
    columns.requestID = line.requestID
    columns.isFact = true
    switch line.kind {
    case .start: columns.type = .start
    case .end:
      columns.type = .end
      columns.isFact = false
    case .report:
      columns.type = .report
      let report = ReportLine(message, from: line.textStart)
      columns.duration = report.duration
      columns.billedDuration = report.billedDuration
      columns.memorySize = bytes(ofMegabytes: report.memoryMegabytes)
      columns.maxMemoryUsed = bytes(ofMegabytes: report.maxMemoryMegabytes)
      columns.initDuration = report.initDuration
      columns.xrayTraceID = report.xrayTraceID
      columns.xraySegmentID = report.xraySegmentID
    case .initStart, .restoreStart, .image: columns.isFact = false
    case .initReport, .restoreReport, .fault, .timeout: break
    }
  }

  private static func bytes(ofMegabytes megabytes: Int64?) -> Int64? {
    guard let (bytes, overflow) = megabytes?.multipliedReportingOverflow(by: 1_000_000),
      !overflow
    else { return nil }
    return bytes
  }

  private static func isPlatformFact(_ event: EventMessage) -> Bool {
    guard event.jsonOffset == 0, event.bytes.firstOffset(of: "\"platform.") != nil,
      let platform = PlatformEvent(event.bytes, objectAt: 0)
    else { return false }
    return platform.kind != .other
  }
}
