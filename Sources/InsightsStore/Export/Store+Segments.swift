public import InsightsSegments
internal import InsightsScan
internal import InsightsSQLite
public import InsightsModel

extension Store {
  /// Calls `body` with the decoded events of each segment, in the order of positions.
  ///
  /// Segments without an event in the range are skipped. The positions of a segment's events are
  /// consecutive, from `firstPosition` on.
  ///
  /// - Throws: `StoreError`, and what `body` throws, which ends the iteration.
  public func forEachSegment(
    in range: TimeRange = .everything,
    _ body: (_ events: SegmentEvents, _ firstPosition: Int64) throws -> Void
  ) throws {
    let blocks = try SegmentBlocks(connection: connection)
    let streams = try StreamTable(connection: connection)
    var areLambda: [Int64: Bool] = [:]
    for row in try SegmentTable(connection: connection).rows(in: range) {
      guard let directory = row.directory else { continue }
      try connection.waiting.cancellation.throwIfStopped()
      let segment = try DecodedSegment(directory, blocks)
      var events = SegmentEvents()
      try segment.appendAll(to: &events, areLambda: &areLambda, streams, blocks)
      try body(events, directory.firstPosition)
    }
  }
}
