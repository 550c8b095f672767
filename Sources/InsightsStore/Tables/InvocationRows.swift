internal import InsightsModel

/// Rows of invocations, prepared on any thread for insertion together.
public struct InvocationRows: Sendable {
  /// The columns of `invocation_rows`, in the order of the batch.
  static let columns = [
    "group_id", "request_id", "outcome", "start_ms", "end_ms", "duration", "max_memory_mb",
  ]
  /// The columns of `invocation_details`.
  static let detailColumns = [
    "id", "billed_ms", "init", "restore", "billed_restore_ms", "error_type", "xray_trace_id",
  ]

  /// The rows; groups and relative starts are set by `place`.
  private(set) var batch = PreparedRows(columnCount: columns.count)
  /// The details of the rows that have any; their ids are the indexes of the rows.
  private(set) var details = PreparedRows(columnCount: detailColumns.count)
  /// The rows that have details, ascending.
  private var detailedRows: [Int] = []
  private var groups: [InvocationGroup] = []
  private var starts: [Int64?] = []
  /// What each row counts as, in addition to an invocation.
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
    groups.reserveCapacity(rowCount)
    starts.reserveCapacity(rowCount)
  }

  /// Appends a row.
  public mutating func append(_ row: InvocationTable.Row, streamID: Int64) {
    let duration = StoredDuration(row.durationMilliseconds)
    let billed = duration.microseconds.map(InvocationColumns.billedMilliseconds)
    let isBilledApart = row.billedMilliseconds != billed
    var end = row.end
    if let start = row.start {
      end = end.map { $0 &- start &- (duration.microseconds ?? 0) / 1000 }
    }
    let hasDetails =
      isBilledApart || row.initMilliseconds != nil || row.restoreMilliseconds != nil
      || row.billedRestoreMilliseconds != nil || row.errorType != nil || row.xrayTraceID != nil
    groups.append(
      InvocationGroup(streamID: streamID, version: row.version, memory: row.memoryMegabytes))
    starts.append(row.start)
    batch.append(nil as Int64?)
    batch.append(row.requestID)
    batch.append(
      Outcome(of: row, hasDetails: hasDetails, isBilledApart: isBilledApart).rawValue)
    batch.append(nil as Int64?)
    batch.append(end)
    batch.append(duration)
    batch.append(row.maxMemoryMegabytes)
    batch.endRow()
    marks.append(Marks(of: row))
    guard hasDetails else { return }
    detailedRows.append(count - 1)
    details.append(Int64(count - 1))
    details.append(isBilledApart ? row.billedMilliseconds : nil)
    details.append(StoredDuration(row.initMilliseconds))
    details.append(StoredDuration(row.restoreMilliseconds))
    details.append(row.billedRestoreMilliseconds)
    details.append(row.errorType)
    details.append(row.xrayTraceID)
    details.endRow()
  }

  /// Sets the group of each row; `place` returns its id and base.
  mutating func place(
    _ place: (InvocationGroup, _ start: Int64?) throws(StoreError) -> (id: Int64, base: Int64)
  ) throws(StoreError) {
    for row in groups.indices {
      let start = starts[row]
      let (id, base) = try place(groups[row], start)
      batch.set(id, ofRow: row, column: Self.groupColumn)
      if let start { batch.set(start &- base, ofRow: row, column: Self.startColumn) }
    }
  }

  /// Returns the start of a row's invocation in epoch milliseconds.
  func start(ofRow row: Int) -> Int64? { starts[row] }

  /// Returns the range in `details` that belongs to a range of rows.
  func details(of rows: Range<Int>) -> Range<Int> {
    // Usually all rows are requested.
    if rows == 0..<count { return 0..<detailedRows.count }
    let first = detailedRows.lowerBound(of: rows.lowerBound)
    return first..<detailedRows.lowerBound(of: rows.upperBound)
  }

  private static let groupColumn = 0
  private static let startColumn = 3

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
}

/// A duration as it is stored: whole microseconds if that is exact, otherwise milliseconds.
private struct StoredDuration {
  let microseconds: Int64?
  let milliseconds: Double?

  init(_ milliseconds: Double?) {
    self.milliseconds = milliseconds
    let microseconds = ((milliseconds ?? .nan) * 1000).rounded()
    let isExact =
      abs(microseconds) < 0x1p53 && (microseconds / 1000).bitPattern == milliseconds?.bitPattern
    self.microseconds = isExact ? Int64(microseconds) : nil
  }
}

extension PreparedRows {
  fileprivate mutating func append(_ duration: StoredDuration) {
    if let microseconds = duration.microseconds {
      append(microseconds)
    } else {
      append(duration.milliseconds)
    }
  }
}

extension [Int] {
  /// The index of the first element that is not less; the elements ascend.
  fileprivate func lowerBound(of value: Int) -> Int {
    var (low, high) = (startIndex, endIndex)
    while low < high {
      let middle = (low + high) / 2
      if self[middle] < value { low = middle + 1 } else { high = middle }
    }
    return low
  }
}

extension InvocationRows {
  /// The column `outcome`: how an invocation ended, and what happened to it.
  struct Outcome {
    var rawValue: Int64

    init(rawValue: Int64) {
      self.rawValue = rawValue
    }

    init(of row: InvocationTable.Row, hasDetails: Bool, isBilledApart: Bool) {
      let status: Int64 =
        switch row.status {
        case .success: 0
        case .error: 1
        case .timeout: 2
        case .incomplete: 3
        }
      rawValue =
        status | (row.isColdStart ? 4 : 0) | (row.isTimedOut ? 8 : 0)
        | (row.isOutOfMemory ? 16 : 0) | (hasDetails ? 32 : 0) | (isBilledApart ? 64 : 0)
    }

    /// Whether the status is `error` or `timeout`.
    var hasFailed: Bool { rawValue & 3 == 1 || rawValue & 3 == 2 }
    var isColdStart: Bool { rawValue & 4 != 0 }
    /// Whether the billed duration is stored in the details, rather than derived from the duration.
    var isBilledApart: Bool { rawValue & 64 != 0 }
  }
}
