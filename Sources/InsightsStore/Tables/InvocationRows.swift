/// Rows of invocations, made ready on any thread to be inserted together.
public struct InvocationRows: Sendable {
  /// The columns that differ between rows, in the order of the batch.
  static let columns = [
    "log_stream_id", "request_id", "outcome", "version", "start_ms", "end_ms", "duration",
    "billed_ms", "memory_mb", "max_memory_mb", "init", "restore", "billed_restore_ms",
    "error_type", "xray_trace_id",
  ]

  private(set) var batch = PreparedRows(columnCount: columns.count)

  public init() {}

  public var count: Int { batch.count }

  public mutating func reserve(rowCount: Int) {
    batch.reserve(rowCount: rowCount)
  }

  public mutating func append(_ row: InvocationTable.Row, streamID: Int64) {
    batch.append(streamID)
    batch.append(row.requestID)
    batch.append(outcome(of: row))
    if row.version == "$LATEST" { batch.append(Int64(0)) } else { batch.append(row.version) }
    batch.append(row.start)
    batch.append(row.end.map { $0 &- (row.start ?? 0) })
    append(milliseconds: row.durationMilliseconds)
    batch.append(row.billedMilliseconds)
    batch.append(row.memoryMegabytes)
    batch.append(row.maxMemoryMegabytes)
    append(milliseconds: row.initMilliseconds)
    append(milliseconds: row.restoreMilliseconds)
    batch.append(row.billedRestoreMilliseconds)
    batch.append(row.errorType)
    batch.append(row.xrayTraceID)
    batch.endRow()
  }

  private func outcome(of row: InvocationTable.Row) -> Int64 {
    let status: Int64
    switch row.status {
    case .success: status = 0
    case .error: status = 1
    case .timeout: status = 2
    case .incomplete: status = 3
    }
    return status | (row.isColdStart ? 4 : 0) | (row.isTimedOut ? 8 : 0)
      | (row.isOutOfMemory ? 16 : 0)
  }

  /// Appends a time as whole microseconds, where that gives the same number again.
  private mutating func append(milliseconds: Double?) {
    guard let milliseconds else { return batch.append(nil as Int64?) }
    let microseconds = (milliseconds * 1000).rounded()
    if abs(microseconds) < 0x1p53, (microseconds / 1000).bitPattern == milliseconds.bitPattern {
      batch.append(Int64(microseconds))
    } else {
      batch.append(milliseconds)
    }
  }
}
