internal import InsightsSegments
public import InsightsModel

/// Merges small segments: many small writes leave many segments, and each adds a fixed cost to
/// every query.
extension StoredEvents {
  /// The number of consecutive segments of similar size that are merged.
  ///
  /// An event is thus rewritten once each time that its segment grows by this factor.
  private static let sizeFactor = 16

  /// Merges the last segments if there are many small ones; cheap enough to call after each write.
  ///
  /// With `all` every pair of neighbours is merged that fits in one segment.
  public func mergeSmallSegments(all: Bool) throws(StoreError) {
    if all { return try mergeNeighbours() }
    while let run = lastRun() { try merge(run) }
  }

  /// Whether segments together have less than a share of what one may have.
  private func areLess(_ run: some Sequence<SegmentDirectory>, than share: Double) -> Bool {
    var (eventCount, byteCount) = (0, 0)
    for directory in run {
      eventCount += directory.eventCount
      byteCount += directory.textByteCount
    }
    return Double(eventCount) < share * Double(SegmentDirectory.eventLimit)
      && Double(byteCount) < share * Double(SegmentEvents.byteLimit)
  }

  /// Whether a segment can be merged with any other one of this kind.
  private func isSmall(_ directory: SegmentDirectory) -> Bool {
    areLess([directory], than: 0.5)
  }

  /// Whether segments together leave so much space that others may be added later.
  private func haveSpace(_ run: some Sequence<SegmentDirectory>) -> Bool {
    areLess(run, than: 0.875)
  }

  /// Whether the positions of one segment directly follow those of another.
  private func follows(_ next: SegmentDirectory, _ directory: SegmentDirectory) -> Bool {
    next.firstPosition == directory.positionRange.upperBound + 1
  }

  /// Returns the last segments that are to be merged now; `nil` if there are too few.
  ///
  /// Segments of up to 1, 16, 256 … events are considered in turn, so that a large one is not
  /// rewritten for a few small ones.
  private func lastRun() -> [SegmentDirectory]? {
    var small: [SegmentDirectory] = []
    // New segments are last in the order of writing, and most have the last positions.
    for directory in writer.directories.reversed() {
      guard isSmall(directory), small.last.map({ follows($0, directory) }) ?? true else { break }
      small.append(directory)
    }
    guard small.count >= Self.sizeFactor else { return nil }
    var limit = 1
    while limit < SegmentDirectory.eventLimit {
      limit *= Self.sizeFactor
      let run = small.prefix { $0.eventCount < limit }
      let counts = run.map(\.eventCount)
      guard run.count >= Self.sizeFactor, counts.reduce(0, +) >= 2 * (counts.max() ?? 0) else {
        continue
      }
      let merged = fitting(run.reversed())
      // A segment that is no longer small stays as it is: the next events should fill it first.
      if areLess(merged, than: 0.5) || merged.count < run.count || !haveSpace(merged) {
        return merged
      }
    }
    return nil
  }

  /// Returns as many of the first segments as fit in one.
  private func fitting(_ run: [SegmentDirectory]) -> [SegmentDirectory] {
    var (eventCount, byteCount, count) = (0, 0, 0)
    for directory in run {
      eventCount += directory.eventCount
      byteCount += directory.textByteCount
      if eventCount > SegmentDirectory.eventLimit || byteCount > SegmentEvents.byteLimit { break }
      count += 1
    }
    return Array(run.prefix(count))
  }

  private func mergeNeighbours() throws(StoreError) {
    var run: [SegmentDirectory] = []
    for directory in segments {
      if let last = run.last, haveSpace([directory]), follows(directory, last),
        fitting(run + [directory]).count == run.count + 1
      {
        run.append(directory)
        continue
      }
      if run.count > 1 { try merge(run) }
      run = haveSpace([directory]) ? [directory] : []
    }
    if run.count > 1 { try merge(run) }
  }

  /// Merges consecutive segments into one.
  private func merge(_ run: [SegmentDirectory]) throws(StoreError) {
    var events = SegmentEvents()
    events.reserve()
    var areLambda: [Int64: Bool] = [:]
    var ends: [Int] = []
    for directory in run {
      try decoded(directory).appendAll(to: &events, areLambda: &areLambda, streams, blocks)
      ends.append(events.events.count)
    }
    let merged = encoder.encode(events)
    var old: [EncodedSegment] = []
    // If some fields are not listed, the counted fields may differ from before.
    if !merged.directory.listsAllFields {
      var start = 0
      for end in ends {
        old.append(encoder.encode(events.part(start..<end)))
        start = end
      }
    }
    try writer.replace(run, by: merged, insteadOf: old)
    for directory in run { forget(directory) }
  }

  // MARK: Removing

  /// Removes all events of some streams; returns the sources that they came from.
  public func removeEvents(ofStreams ids: Set<Int64>) throws(StoreError) -> Set<Int64> {
    var sources: Set<Int64> = []
    for directory in segments where directory.streamIDs?.contains(where: ids.contains) ?? true {
      let places = try places(in: directory)
      var assignments: [Assignment] = []
      var isAffected = false
      var isLambda: [Int64: Bool] = [:]
      for index in 0..<directory.eventCount {
        let streamID = places.streamIDs[index]
        if isLambda[streamID] == nil {
          isLambda[streamID] = try streams.names(of: streamID).mayBeLambda
        }
        var assignment = Assignment(
          streamID: streamID, wasLambda: isLambda[streamID] ?? true,
          isLambda: isLambda[streamID] ?? true)
        if ids.contains(streamID) {
          assignment.isCopy = true
          isAffected = true
          sources.insert(places.sourceIDs[index])
        }
        assignments.append(assignment)
      }
      if isAffected { try assign(assignments, in: directory) }
    }
    return sources
  }
}

extension SegmentEvents {
  /// Returns some of the events, with all bytes.
  fileprivate func part(_ range: Range<Int>) -> SegmentEvents {
    var part = SegmentEvents()
    bytes.withUnsafeBufferPointer { bytes in
      for event in events[range] {
        func text(_ range: Range<Int>) -> UnsafeBufferPointer<UInt8> {
          UnsafeBufferPointer(rebasing: bytes[range])
        }
        part.append(
          EventRow(
            timestamp: event.timestamp, ingestionTime: event.ingestionTime,
            streamID: event.streamID, sourceID: event.sourceID, eventID: event.eventID.map(text),
            message: text(event.message), isLambda: event.isLambda, isFact: event.isFact))
      }
    }
    return part
  }
}
