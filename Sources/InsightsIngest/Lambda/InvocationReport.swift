internal import InsightsStore
internal import InsightsText

/// The content of a report, in text or JSON.
struct InvocationReport {
  var durationMilliseconds: Double?
  var status: String?
  var errorType: String?
  private var row = InvocationTable.Row(requestID: nil)

  init(_ report: ReportLine, _ message: UnsafeBufferPointer<UInt8>) {
    func text(_ range: Range<Int>?) -> String? {
      range.map { String(decoding: message[$0], as: UTF8.self) }
    }
    durationMilliseconds = report.duration
    status = text(report.status)
    errorType = text(report.errorType)
    report.fill(&row, message)
  }

  init(_ event: PlatformEvent) {
    durationMilliseconds = event.metric("durationMs")?.real
    status = event.text("status")
    errorType = event.text("errorType")
    row.durationMilliseconds = durationMilliseconds
    row.billedMilliseconds = event.metric("billedDurationMs")?.integer
    row.memoryMegabytes = event.metric("memorySizeMB")?.integer
    row.maxMemoryMegabytes = event.metric("maxMemoryUsedMB")?.integer
    row.initMilliseconds = event.metric("initDurationMs")?.real
    row.restoreMilliseconds = event.metric("restoreDurationMs")?.real
    row.billedRestoreMilliseconds = event.metric("billedRestoreDurationMs")?.integer
    row.xrayTraceID = event.xrayTraceID
    row.isColdStart = row.initMilliseconds != nil || row.restoreMilliseconds != nil
  }

  /// Writes the report's values to the row of its invocation.
  func fill(_ invocation: inout InvocationTable.Row) {
    invocation.durationMilliseconds = row.durationMilliseconds
    invocation.billedMilliseconds = row.billedMilliseconds
    invocation.memoryMegabytes = row.memoryMegabytes
    invocation.maxMemoryMegabytes = row.maxMemoryMegabytes
    invocation.initMilliseconds = row.initMilliseconds
    invocation.restoreMilliseconds = row.restoreMilliseconds
    invocation.billedRestoreMilliseconds = row.billedRestoreMilliseconds
    invocation.xrayTraceID = row.xrayTraceID
    invocation.isColdStart = row.isColdStart
  }
}

extension ReportLine {
  /// Writes the values that are stored for an invocation to its row.
  func fill(_ row: inout InvocationTable.Row, _ message: UnsafeBufferPointer<UInt8>) {
    row.durationMilliseconds = duration
    row.billedMilliseconds = billedDuration
    row.memoryMegabytes = memoryMegabytes
    row.maxMemoryMegabytes = maxMemoryMegabytes
    row.initMilliseconds = initDuration
    row.restoreMilliseconds = restoreDuration
    row.billedRestoreMilliseconds = billedRestoreDuration
    row.xrayTraceID = xrayTraceID.map { String(decoding: message[$0], as: UTF8.self) }
    row.isColdStart = restoreDuration != nil || (initDuration != nil && !isEmulated)
  }

  /// Whether the report belongs to a successful invocation, contains only numbers, and is not
  /// followed by text.
  var isPlain: Bool { status == nil && errorType == nil && !isFollowed }
}
