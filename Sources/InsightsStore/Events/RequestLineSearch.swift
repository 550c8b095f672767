internal import InsightsSegments
internal import InsightsScan
public import InsightsModel
public import InsightsSQLite
internal import InsightsText

/// Finds the platform lines of requests, each of which is written once: START, END, REPORT, and
/// their JSON records.
public struct RequestLineSearch {
  /// A platform line.
  public struct Line {
    /// The index of its request in the given list.
    public var request: Int
    /// The id of its log stream.
    public var streamID: Int64
    /// `root_id` of its source.
    public var sourceID: Int64
    /// Epoch milliseconds; `nil` if the event has no time.
    public var timestamp: Int64?
    /// Valid during the call that receives it.
    public var message: UnsafeBufferPointer<UInt8>
  }

  private let connection: Connection

  /// Uses a connection to the store.
  public init(connection: Connection) {
    self.connection = connection
  }

  /// Calls `body` with the lines of requests, in input order.
  ///
  /// Only requests with a UUID are found. Segments without any of them are not read.
  public func forEachLine(
    ofRequests requests: [RequestID], body: (Line) -> Void
  ) throws(StoreError) {
    let wanted = Dictionary(
      requests.enumerated().filter { $0.element.text == nil }.map { ($0.element.uuid, $0.offset) },
      uniquingKeysWith: { first, _ in first })
    let hashes = wanted.keys.map(\.filterHash)
    let blocks = try SegmentBlocks(connection: connection)
    for directory in try SegmentTable(connection: connection).directories() {
      guard let filter = try blocks.uuidFilter(of: directory.id),
        hashes.contains(where: { filter.mayContain($0) })
      else { continue }
      let segment = try DecodedSegment(directory, blocks)
      let reader = SegmentReader(directory: directory, blocks: blocks)
      guard let ids = try reader.requestIDs() else { continue }
      let entries = ids.uuids.map { wanted[$0] }
      guard entries.contains(where: { $0 != nil }) else { continue }
      let types = try reader.types()
      for event in 0..<directory.eventCount {
        let entry = Int(ids.indexes[event])
        guard entry < entries.count, let request = entries[entry] else { continue }
        let hasType = types.map { $0.types[Int($0.indexes[event])] != 0 } ?? false
        let time = segment.timestamps[event]
        try segment.withMessage(of: event, blocks) { message in
          guard hasType || message.firstOffset(of: "\"platform.") != nil else { return }
          body(
            Line(
              request: request, streamID: segment.streams[event],
              sourceID: segment.sources[event],
              timestamp: time == SegmentReader.missing ? nil : time, message: message))
        }
      }
    }
  }
}
