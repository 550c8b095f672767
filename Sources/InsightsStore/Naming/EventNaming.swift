/// Gives a log group or a log stream to stored events of which nobody knew it.
///
/// The rows that belong to the events follow: segments, streams, and the names of errors. What was
/// derived from a stream is either still right, or the stream is told as one to derive again.
public final class EventNaming {
  /// Events to be named, and how.
  public struct Request {
    /// Where the events are, by the root of their source.
    public var positions: [Int64: [Range<Int64>]] = [:]
    /// Of events without a log group; `nil` leaves them as they are.
    public var logGroup: String?
    /// Of events without a log stream.
    public var logStream: String?

    public init(logGroup: String?, logStream: String?) {
      self.logGroup = logGroup
      self.logStream = logStream
    }
  }

  /// What was done.
  public struct Outcome {
    /// Events that have a name more.
    public internal(set) var named = 0
    /// Events that turned out to be copies of others in their stream, and are gone.
    public internal(set) var copies = 0
    /// Streams whose invocations and errors have to be derived again.
    public internal(set) var staleStreams: Set<Int64> = []
    /// Streams that have another name now.
    public internal(set) var renamedStreams: Set<Int64> = []
    /// Streams without an event now.
    public internal(set) var emptyStreams: [Int64] = []
    /// The times of the events that each stream has got.
    public internal(set) var times: [Int64: ClosedRange<Int64>] = [:]
  }

  private let events: StoredEvents
  private let streams: StreamTable
  private let errors: ErrorTable

  public init(events: StoredEvents, streams: StreamTable, errors: ErrorTable) {
    self.events = events
    self.streams = streams
    self.errors = errors
  }

  /// Names the events of all requests; an event of several is named by the first.
  ///
  /// Inside a transaction, with all events written.
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

  /// A stream that events come to.
  private struct Target {
    var names: StreamTable.Names
    /// `nil` until there is one.
    var id: Int64?
    /// Whether it was there before.
    var isStored = false
    /// The numbers of the moves that lead to it.
    var moves: [Int] = []
  }

  /// The streams that events come to, in the order of the moves.
  ///
  /// A stream all of whose events go to one that is not there yet becomes that one by its name.
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

  /// The events of each segment that are copies of others of their new stream.
  ///
  /// While the place of events is unknown nobody can tell. Those of one source are no copies of
  /// each other.
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

  /// The times of what comes to a stream, where events of several sources may meet there.
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
        // What is derived depends on what is looked through.
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
      // Where the stream was unknown every source was a timeline of its own.
      if old.logStream == nil, target.names.logStream != nil { outcome.staleStreams.insert(id) }
    }
    outcome.emptyStreams = Set(survey.moves.map(\.streamID)).filter { left[$0] == 0 }.sorted()
    try errors.updateNames()
  }
}

extension SegmentDirectory {
  /// Whether it may have an event of a stream in a range of times.
  fileprivate func mayHold(_ times: ClosedRange<Int64>, ofStream id: Int64) -> Bool {
    timestamps?.overlaps(times) == true && streamIDs?.contains(id) ?? true
  }
}

extension ClosedRange<Int64> {
  /// The range from the lower of the lower bounds to the higher of the upper ones.
  func union(_ other: ClosedRange<Int64>?) -> ClosedRange<Int64> {
    guard let other else { return self }
    return Swift.min(lowerBound, other.lowerBound)...Swift.max(upperBound, other.upperBound)
  }
}
