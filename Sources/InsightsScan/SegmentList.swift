internal import InsightsModel
package import InsightsSQLite
package import InsightsSegments

/// A segment in the list of a store's segments.
final class ListedSegment: Sendable {
  /// Its index in the list, which is in the order of positions.
  let number: Int
  let id: Int64
  let eventCount: Int
  /// The size of its messages in bytes.
  let textByteCount: Int
  /// Epoch milliseconds; `nil` if no event has a time.
  let timestamps: ClosedRange<Int64>?
  /// `nil` if it was not requested.
  let directory: SegmentDirectory?

  init(_ row: SegmentTable.Row, number: Int) {
    self.number = number
    id = row.id
    eventCount = row.eventCount
    textByteCount = row.textByteCount
    timestamps = row.timestamps
    directory = row.directory
  }
}

/// The segments of a store for its scans, and what their threads read them with.
///
/// If a store stays open between queries, these are kept until something is committed: the decoded
/// directories, some 1 KB per segment, the templates of messages (`KeptTemplates`), and the
/// connections with their prepared statements.
package final class SegmentList {
  private let connection: Connection
  /// What is kept of templates; `nil` if nothing is kept between queries.
  private(set) var templateMemory: KeptTemplates.Memory?
  private var kept: Kept?

  /// What is kept of one state of the store.
  private struct Kept {
    let version: Int64
    let templates: KeptTemplates
    var segments: [ListedSegment]?
    /// Unused resources over the connection of the statement, and over others.
    var own: [ScanResources] = []
    var others: [ScanResources] = []
  }

  package init(connection: Connection) {
    self.connection = connection
  }

  /// Keeps everything between queries from now on; only for a connection that does not write.
  ///
  /// `memory` bounds the templates; several open stores may share it.
  package func keep(within memory: KeptTemplates.Memory) {
    guard templateMemory !== memory else { return }
    templateMemory = memory
    kept = nil
  }

  /// Returns the segments in the order of positions, with the directories of at least those that
  /// may have an event in the range.
  ///
  /// It must be called within a transaction, such as that of the scan's statement.
  func segments(in range: TimeRange) throws(StoreError) -> [ListedSegment] {
    try update()
    if let known = kept?.segments { return known }
    let rows = try SegmentTable(connection: connection).rows(in: kept == nil ? range : .everything)
    let segments = rows.enumerated().map { ListedSegment($1, number: $0) }
    kept?.segments = segments
    return segments
  }

  /// Drops what is kept of an earlier state of the store.
  private func update() throws(StoreError) {
    guard let templateMemory else { return }
    let version = try connection.dataVersion()
    if kept?.version != version {
      kept = Kept(version: version, templates: KeptTemplates(in: templateMemory))
    }
  }

  // MARK: Resources of threads

  /// Returns the resources of a scan's first thread, over the connection of the statement.
  ///
  /// It must be called within the same transaction as the scan.
  func resources(keepsTemplates: Bool) throws(StoreError) -> ScanResources {
    try update()
    let idle = kept?.own.popLast()
    let resources = if let idle { idle } else { try ScanResources(connection) }
    resources.begin(keepsTemplates ? kept?.templates : nil)
    return resources
  }

  /// Returns resources for other threads, over connections that see the same segments; none if a
  /// writer has committed in between, or the store is in memory.
  func resources(forHelpers count: Int, keepsTemplates: Bool) throws(StoreError) -> [ScanResources]
  {
    guard count > 0, connection.isFile else { return [] }
    let version = try connection.segmentCounts()
    var helpers: [ScanResources] = []
    for _ in 0..<count {
      let helper = try helper()
      guard try helper.connection.segmentCounts() == version else { return [] }
      helper.begin(keepsTemplates ? kept?.templates : nil)
      helpers.append(helper)
    }
    return helpers
  }

  /// Returns resources over another connection, in a transaction.
  private func helper() throws(StoreError) -> ScanResources {
    if let idle = kept?.others.popLast() {
      idle.connection.waiting = connection.waiting
      try idle.connection.execute("BEGIN")
      if try idle.isCurrent { return idle }
    }
    let own = try Connection(path: connection.path, mode: .readOnly, waiting: connection.waiting)
    // Blocks are read once each, and many connections may be kept.
    try own.execute("PRAGMA cache_size = -256; BEGIN")
    return try ScanResources(own)
  }

  /// Takes back the resources of a scan that has ended.
  func takeBack(_ resources: ScanResources) {
    guard let kept else { return }
    resources.streamNames.limitKnown()
    if resources.connection === connection {
      if resources.version == kept.version { self.kept?.own.append(resources) }
    } else if (try? resources.connection.execute("COMMIT")) != nil {
      self.kept?.others.append(resources)
    }
  }
}

extension TimeRange {
  /// Whether the range and bounds of times overlap; false if there are no times, unless the range
  /// is unlimited.
  func mayContain(_ bounds: ClosedRange<Int64>?) -> Bool {
    guard start != nil || end != nil else { return true }
    guard let bounds else { return false }
    return (start.map { bounds.upperBound >= $0 } ?? true)
      && (end.map { bounds.lowerBound < $0 } ?? true)
  }
}
