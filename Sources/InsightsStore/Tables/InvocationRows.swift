/// Rows of invocations, prepared on any thread for insertion together.
public struct InvocationRows: Sendable {
  /// The columns that differ between rows, in the order of the batch.
  static let columns = [
    "log_stream_id", "request_id", "outcome", "version", "start_ms", "end_ms", "duration",
    "billed_ms", "memory_mb", "max_memory_mb", "init", "restore", "billed_restore_ms",
    "error_type", "xray_trace_id",
  ]

  private(set) var batch = PreparedRows(columnCount: columns.count)
  /// For each row, what it counts as in addition to an invocation.
  private var marks: [Marks] = []

  private struct Marks: OptionSet {
    var rawValue: UInt8
    static let coldStart = Marks(rawValue: 1)
    static let timeout = Marks(rawValue: 2)
    static let oom = Marks(rawValue: 4)
    static let oomSuspect = Marks(rawValue: 8)

    init(rawValue: UInt8) { self.rawValue = rawValue }

    init(of row: InvocationTable.Row) {
      self = row.isColdStart ? .coldStart : []
      if row.isTimedOut { insert(.timeout) }
      if row.isOutOfMemory { insert(.oom) }
      // The runtime emulator, whose Init Duration is not a cold start, prints the configured size
      // as used.
      if !row.isOutOfMemory, row.isColdStart || row.initMilliseconds == nil,
        let used = row.maxMemoryMegabytes, let size = row.memoryMegabytes, used >= size
      {
        insert(.oomSuspect)
      }
    }
  }

  /// Makes an empty list of rows.
  public init() {}

  /// The number of rows.
  public var count: Int { batch.count }

  /// Reserves capacity.
  public mutating func reserve(rowCount: Int) {
    batch.reserve(rowCount: rowCount)
    marks.reserveCapacity(rowCount)
  }

  /// Appends a row.
  public mutating func append(_ row: InvocationTable.Row, streamID: Int64) {
    batch.append(streamID)
    batch.append(row.requestID)
    batch.append(Outcome(of: row).rawValue)
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
    marks.append(Marks(of: row))
  }

  /// Returns the start of a row's invocation in epoch milliseconds.
  func start(ofRow row: Int) -> Int64? { batch.integer(ofRow: row, column: Self.startColumn) }

  private static let startColumn = 4

  /// Returns the counts of some of the rows by kind.
  func counts(_ range: Range<Int>) -> [FactCounts.Kind: Int] {
    var counts = [Int](repeating: 0, count: 4)
    for mark in marks[range] where !mark.isEmpty {
      for bit in counts.indices { counts[bit] += Int(mark.rawValue >> UInt8(bit) & 1) }
    }
    return [
      .invocations: range.count, .coldStarts: counts[0], .timeouts: counts[1], .oom: counts[2],
      .oomSuspects: counts[3],
    ]
  }

  /// Appends a time as integral microseconds, if that is exact.
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

extension InvocationRows {
  /// The column `outcome`: how an invocation ended, and what happened to it.
  struct Outcome {
    var rawValue: Int64

    init(rawValue: Int64) {
      self.rawValue = rawValue
    }

    init(of row: InvocationTable.Row) {
      let status: Int64 =
        switch row.status {
        case .success: 0
        case .error: 1
        case .timeout: 2
        case .incomplete: 3
        }
      rawValue =
        status | (row.isColdStart ? 4 : 0) | (row.isTimedOut ? 8 : 0)
        | (row.isOutOfMemory ? 16 : 0)
    }

    /// Whether the status is `error` or `timeout`.
    var hasFailed: Bool { rawValue & 3 == 1 || rawValue & 3 == 2 }
    var isColdStart: Bool { rawValue & 4 != 0 }
  }
}
