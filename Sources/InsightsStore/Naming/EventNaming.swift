internal import InsightsSegments
public import InsightsModel

/// Assigns a log group or a log stream to stored events that lack it.
///
/// Rows that belong to the events are updated too: segments and streams.
/// Records derived from a stream are either still valid, or the stream is reported as stale.
public final class EventNaming {
  /// Events to be named, and their names.
  public struct Request {
    /// The positions of the events, by the root of their source.
    public var positions: [Int64: [Range<Int64>]] = [:]
    /// The name for events without a log group; `nil` leaves them unchanged.
    public var logGroup: String?
    /// The name for events without a log stream; `nil` leaves them unchanged.
    public var logStream: String?

    /// Makes a request without events.
    public init(logGroup: String?, logStream: String?) {
      self.logGroup = logGroup
      self.logStream = logStream
    }
  }

  /// The result of naming.
  public struct Outcome {
    /// The number of events that received a name.
    public internal(set) var named = 0
    /// The number of events that were removed as duplicates of others in their stream.
    public internal(set) var copies = 0
    /// Streams whose invocations and errors must be derived again.
    public internal(set) var staleStreams: Set<Int64> = []
    /// Streams that were renamed.
    public internal(set) var renamedStreams: Set<Int64> = []
    /// Streams without remaining events.
    public internal(set) var emptyStreams: [Int64] = []
    /// The times of the events that each stream received.
    public internal(set) var times: [Int64: ClosedRange<Int64>] = [:]
  }

  private let events: StoredEvents
  private let streams: StreamTable

  /// Uses the tables of an open store.
  public init(events: StoredEvents, streams: StreamTable) {
    self.events = events
    self.streams = streams
  }

  /// Names the events of all requests; for an event in several, the first counts.
  ///
  /// Call it inside a transaction, with all events written.
  public func apply(_ requests: [Request]) throws(StoreError) -> Outcome {
    var survey = try NamingSurvey(requests, events: events, streams: streams)
    guard !survey.moves.isEmpty else { return Outcome() }
    var targets = try targets(of: survey)
    let copies = try copies(in: &survey, targets)
    for index in targets.indices where targets[index].id == nil {
      targets[index].id = try streams.id(of: targets[index].names).id
    }
    var outcome = Outcome()
    var targetIDs = survey.moves.map(\.streamID)
    for target in targets {
      for move in target.moves { targetIDs[move] = target.id ?? targetIDs[move] }
    }
    for segment in survey.segments {
      let id = segment.directory.id
      try assign(segment.directory, &survey, targetIDs, copies[id] ?? [], &outcome)
    }
    try finish(survey, targets, &outcome)
    return outcome
  }

  // MARK: Streams

  /// A stream that receives events.
  private struct Target {
    var names: StreamTable.Names
    /// `nil` until it exists.
    var id: Int64?
    /// Whether it existed before.
    var isStored = false
    /// The numbers of the moves that lead to it.
    var moves: [Int] = []
  }

  /// Returns the streams that receive events, in the order of the moves.
  ///
  /// A stream that loses all its events to a new one is renamed instead.
  private func targets(of survey: NamingSurvey) throws(StoreError) -> [Target] {
    var targets: [Target] = []
    var places: [StreamTable.Names: Int] = [:]
    for (number, move) in survey.moves.enumerated() {
      let place = places[move.target, default: targets.count]
      if place == targets.count {
        places[move.target] = place
        let id = try streams.knownID(of: move.target)
        targets.append(Target(names: move.target, id: id, isStored: id != nil))
      }
      targets[place].moves.append(number)
    }
    for index in targets.indices where !targets[index].isStored {
      var counts: [Int64: Int] = [:]
      for number in targets[index].moves {
        counts[survey.moves[number].streamID, default: 0] += survey.moves[number].eventCount
      }
      targets[index].id = counts.keys.sorted().first { counts[$0] == survey.eventCounts[$0] }
    }
    return targets
  }

  // MARK: Copies

  /// Returns the events of each segment that duplicate others of their new stream.
  ///
  /// Duplicates cannot be detected while the stream is unknown. Events of one source never
  /// duplicate each other.
  private func copies(
    in survey: inout NamingSurvey, _ targets: [Target]
  ) throws(StoreError) -> [Int64: Set<Int>] {
    var copies: [Int64: Set<Int>] = [:]
    for target in targets {
      guard let bounds = meetingTimes(in: target, survey) else { continue }
      var counts = CopyCounts()
      if let id = target.id, target.isStored {
        for directory in events.segments where directory.mayHold(bounds, ofStream: id) {
          let columns = try events.places(in: directory)
          let found = (0..<directory.eventCount).filter {
            columns.streamIDs[$0] == id && bounds.contains(columns.times[$0])
          }
          try events.forEachText(of: found, in: directory) { event, text, hasEventID in
            counts.add(text, at: columns.times[event], hasEventID: hasEventID)
          }
        }
        counts.endSource()
      }
      let moves = Set(target.moves)
      let rootIDs = Set(target.moves.map { survey.moves[$0].rootID })
      for rootID in rootIDs.sorted() {
        for segment in survey.segments where segment.rootIDs.contains(rootID) {
          let directory = segment.directory
          let columns = try events.places(in: directory)
          let numbers = survey.moveNumbers(in: directory, columns)
          let found = numbers.indices.filter { event in
            guard let number = numbers[event], moves.contains(number) else { return false }
            return columns.sourceIDs[event] == rootID && bounds.contains(columns.times[event])
          }
          try events.forEachText(of: found, in: directory) { event, text, hasEventID in
            if counts.isCopy(text, at: columns.times[event], hasEventID: hasEventID) {
              copies[directory.id, default: []].insert(event)
            }
          }
        }
        counts.endSource()
      }
    }
    return copies
  }

  /// Returns the times of what a stream receives, if events of several sources may meet there.
  private func meetingTimes(in target: Target, _ survey: NamingSurvey) -> ClosedRange<Int64>? {
    var times: [Int64: ClosedRange<Int64>] = [:]
    for number in target.moves {
      let move = survey.moves[number]
      if let range = move.times { times[move.rootID] = range.union(times[move.rootID]) }
    }
    let ranges = times.values.sorted { $0.lowerBound < $1.lowerBound }
    guard var all = ranges.first else { return nil }
    var doMeet = false
    for range in ranges.dropFirst() {
      if range.lowerBound <= all.upperBound { doMeet = true }
      all = all.union(range)
    }
    if let id = target.id, target.isStored, !doMeet {
      doMeet = events.segments.contains { $0.mayHold(all, ofStream: id) }
    }
    return doMeet ? all : nil
  }

  // MARK: Segments

  private func assign(
    _ directory: SegmentDirectory, _ survey: inout NamingSurvey, _ targetIDs: [Int64],
    _ copies: Set<Int>, _ outcome: inout Outcome
  ) throws(StoreError) {
    let columns = try events.places(in: directory)
    var wereLambda: [Int64: Bool] = [:]
    for id in columns.streamIDs.values {
      wereLambda[id] = survey.names[id]?.mayBeLambda ?? true
    }
    let areLambda = survey.moves.map(\.target.mayBeLambda)
    var assignments: [StoredEvents.Assignment] = []
    assignments.reserveCapacity(directory.eventCount)
    for (event, number) in survey.moveNumbers(in: directory, columns).enumerated() {
      let streamID = columns.streamIDs[event]
      let wasLambda = wereLambda[streamID] ?? true
      var assignment = StoredEvents.Assignment(
        streamID: streamID, wasLambda: wasLambda, isLambda: wasLambda)
      if let number {
        let id = targetIDs[number]
        assignment.streamID = id
        assignment.isLambda = areLambda[number]
        assignment.isCopy = copies.contains(event)
        // The derived records depend on whether text before JSON is searched.
        if wasLambda != assignment.isLambda { outcome.staleStreams.insert(id) }
        if assignment.isCopy {
          outcome.copies += 1
          outcome.staleStreams.insert(id)
        } else {
          outcome.named += 1
        }
      }
      assignments.append(assignment)
    }
    try events.assign(assignments, in: directory)
  }

  private func finish(
    _ survey: NamingSurvey, _ targets: [Target], _ outcome: inout Outcome
  ) throws(StoreError) {
    var left = survey.eventCounts
    for target in targets {
      guard let id = target.id else { continue }
      for number in target.moves {
        let move = survey.moves[number]
        left[move.streamID, default: 0] -= move.eventCount
        left[id, default: 0] += move.eventCount
        if let times = move.times { outcome.times[id] = times.union(outcome.times[id]) }
        guard move.streamID != id else { continue }
        outcome.staleStreams.formUnion([move.streamID, id])
      }
      guard !target.isStored, let old = survey.names[id], old != target.names else { continue }
      try streams.rename(id, to: target.names)
      outcome.renamedStreams.insert(id)
      // If the stream was unknown every source was its own timeline.
      if old.logStream == nil, target.names.logStream != nil { outcome.staleStreams.insert(id) }
    }
    outcome.emptyStreams = Set(survey.moves.map(\.streamID)).filter { left[$0] == 0 }.sorted()
  }
}

extension SegmentDirectory {
  /// Whether it may have an event of a stream in a time range.
  fileprivate func mayHold(_ times: ClosedRange<Int64>, ofStream id: Int64) -> Bool {
    timestamps?.overlaps(times) == true && streamIDs?.contains(id) ?? true
  }
}

extension ClosedRange<Int64> {
  /// Returns the smallest range that contains both.
  func union(_ other: ClosedRange<Int64>?) -> ClosedRange<Int64> {
    guard let other else { return self }
    return Swift.min(lowerBound, other.lowerBound)...Swift.max(upperBound, other.upperBound)
  }
}
