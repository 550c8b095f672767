internal import InsightsSegments
internal import InsightsStore
internal import InsightsText

/// Extracts the columns of events from their messages, one event at a time.
///
/// Not thread-safe: every thread that encodes segments has its own.
final class EventClassifier {
  /// The START and REPORT lines among the facts so far, in order of their events.
  @exclusivity(unchecked) private var lines = FactLines()
  @exclusivity(unchecked) private var eventCount = 0
  @exclusivity(unchecked) private var names = LeafNames()
  private let collectsLines: Bool

  /// With `collectsLines`, `takeLines` must be called now and then: it has all lines since the last
  /// call.
  init(collectsLines: Bool = false) {
    self.collectsLines = collectsLines
  }

  /// A START or REPORT line, parsed while its bytes are in the cache; ranges are relative to its
  /// message.
  struct FactLine {
    /// The parsed content.
    enum Content {
      case start(version: Range<Int>?)
      /// A REPORT that contains only numbers, with its index in `reports`.
      case plainReport(Int)
      case otherReport
    }

    /// The number of the event.
    var event: Int
    var requestID: Range<Int>
    var content: Content
  }

  /// START and REPORT lines; the elements contain no references, so copies are cheap.
  struct FactLines {
    var lines: [FactLine] = []
    var reports: [ReportLine] = []
  }

  /// Returns the lines since the last call, and restarts counting events at 0.
  func takeLines() -> FactLines {
    eventCount = 0
    defer {
      let counts = (lines.lines.count, lines.reports.count)
      lines = FactLines()
      // The next segment will have about as many.
      lines.lines.reserveCapacity(counts.0)
      lines.reports.reserveCapacity(counts.1)
    }
    return lines
  }

  /// Reads the columns of the next message into `columns`, which must be cleared first.
  ///
  /// `isLambda`: the log group is a function's, or unknown. In that case a JSON object may follow
  /// other text, as CloudWatch does it for Lambda's log groups. `leaves` must have read the object
  /// at the offset in the columns.
  func read(
    _ message: UnsafeBufferPointer<UInt8>, isLambda: Bool, leaves: JSONLeafReader,
    into columns: inout EventColumns
  ) {
    defer { eventCount += 1 }
    if let line = LambdaLine(message) {
      set(&columns, from: line, message)
      return
    }
    columns.jsonOffset = EventClassifier.jsonOffset(
      of: message, isLambda: isLambda, leaves: leaves)
    let event =
      columns.jsonOffset.map {
        EventMessage(bytes: message, object: $0, end: leaves.end)
      } ?? EventMessage(bytes: message)
    let keys = columns.jsonOffset == nil ? [] : names.keys(of: leaves)
    columns.requestID = requestID(of: event, keys, leaves)
    columns.isFact =
      (keys.contains(.type) && isPlatformFact(event))
      || RuntimeErrors.isCandidate(event, keys: keys)
      || OutOfMemory.isCrashLine(message) || TracebackLine.role(of: message) != nil
      || GatewayLine(message) != nil || ClientFailure(message) != nil
      || EmulatorLine(message) != nil
  }

  private func requestID(
    of event: EventMessage, _ keys: LeafNames.Keys, _ leaves: JSONLeafReader
  ) -> Range<Int>? {
    guard event.jsonOffset == 0 else {
      return ApplicationLine.requestID(event.bytes, jsonOffset: event.jsonOffset)
    }
    guard keys.contains(.requestID) else { return nil }
    // The usual key is a leaf that has been read already.
    if let leaf = names.firstRequestID(of: leaves), leaf.kind == .string, leaf.start < leaf.end,
      leaf.end - leaf.start <= 128
    {
      return Int(leaf.start)..<Int(leaf.end)
    }
    return ApplicationLine.requestID(event.bytes, jsonOffset: event.jsonOffset)
  }

  /// Returns the offset of the JSON object whose keys become fields; `leaves` reads it.
  private static func jsonOffset(
    of message: UnsafeBufferPointer<UInt8>, isLambda: Bool, leaves: JSONLeafReader
  ) -> Int? {
    if isLambda { return leaves.readFirstObject(in: message) }
    guard let object = jsonOffset(of: message, isLambda: false) else { return nil }
    return leaves.read(message, objectAt: object) == nil ? nil : object
  }

  /// Returns the offset of the JSON object whose keys become fields.
  static func jsonOffset(of message: UnsafeBufferPointer<UInt8>, isLambda: Bool) -> Int? {
    guard let brace = message.firstOffset(of: UInt8(ascii: "{")) else { return nil }
    if isLambda { return JSONScanner.firstObject(in: message) }
    guard message[..<brace].allSatisfy({ $0 <= 0x20 }),
      let object = JSONScanner.value(in: message, at: brace),
      message[object.end...].allSatisfy({ $0 <= 0x20 })
    else { return nil }
    return brace
  }

  private func set(
    _ columns: inout EventColumns, from line: LambdaLine,
    _ message: UnsafeBufferPointer<UInt8>
  ) {
    columns.requestID = line.requestID
    columns.isFact = true
    // Several lines in one event are parsed together.
    switch line.kind {
    case .start:
      columns.type = .start
      if !GluedLines.mayFollow(line, in: message) {
        append(line, .start(version: line.versionRange(in: message)))
      }
    case .end:
      columns.type = .end
      columns.isFact = GluedLines.mayFollow(line, in: message)
    case .report:
      columns.type = .report
      let report = ReportLine(message, from: line.textStart)
      columns.report.duration = report.duration
      columns.report.billedDuration = report.billedDuration
      columns.report.memorySize = bytes(ofMegabytes: report.memoryMegabytes)
      columns.report.maxMemoryUsed = bytes(ofMegabytes: report.maxMemoryMegabytes)
      columns.report.initDuration = report.initDuration
      columns.report.xrayTraceID = report.xrayTraceID
      columns.report.xraySegmentID = report.xraySegmentID
      append(line, report.isPlain ? .plainReport(lines.reports.count) : .otherReport)
      if report.isPlain, collectsLines { lines.reports.append(report) }
    case .initStart, .restoreStart, .image: columns.isFact = false
    case .initReport, .restoreReport, .fault, .timeout: break
    }
  }

  private func append(_ line: LambdaLine, _ content: FactLine.Content) {
    guard collectsLines, let requestID = line.requestID else { return }
    lines.lines.append(FactLine(event: eventCount, requestID: requestID, content: content))
  }

  private func bytes(ofMegabytes megabytes: Int64?) -> Int64? {
    guard let (bytes, overflow) = megabytes?.multipliedReportingOverflow(by: 1_000_000),
      !overflow
    else { return nil }
    return bytes
  }

  private func isPlatformFact(_ event: EventMessage) -> Bool {
    guard event.jsonOffset == 0, event.bytes.firstOffset(of: "\"platform.") != nil,
      let platform = PlatformEvent(event.bytes, objectAt: 0)
    else { return false }
    return platform.kind != .other
  }
}
