internal import InsightsSegments
internal import InsightsModel

/// Determines which events of a store are to be named, and their old and new streams.
struct NamingSurvey {
  /// Events of one stream, source and request.
  struct Move {
    var streamID: Int64
    var rootID: Int64
    /// The names of the stream that they move to.
    var target: StreamTable.Names
    var eventCount = 0
    /// `nil` if no event has a time.
    var times: ClosedRange<Int64>?
  }

  /// The columns of a segment that identify the stream and source of events.
  struct Columns {
    var streamIDs: IndexedIntegers
    var sourceIDs: IndexedIntegers
    var times: [Int64]
  }

  /// A segment with events to be named.
  struct Segment {
    var directory: SegmentDirectory
    var rootIDs: Set<Int64>
  }

  private struct MoveKey: Hashable {
    var streamID: Int64
    var rootID: Int64
    var request: Int
  }

  private let requests: [EventNaming.Request]
  /// The positions to be named, by root; the first range that contains an event counts.
  private var wanted: [Int64: [(positions: Range<Int64>, request: Int)]] = [:]
  /// The names of all streams seen.
  private(set) var names: [Int64: StreamTable.Names] = [:]
  /// The number of events in streams that may have some to be named.
  private(set) var eventCounts: [Int64: Int] = [:]
  private(set) var moves: [Move] = []
  private var moveNumbers: [MoveKey: Int] = [:]
  private(set) var segments: [Segment] = []

  /// Reads all segments of a store.
  init(
    _ requests: [EventNaming.Request], events: StoredEvents, streams: StreamTable
  ) throws(StoreError) {
    self.requests = requests
    for (number, request) in requests.enumerated() {
      for (root, positions) in request.positions {
        wanted[root, default: []] += positions.map { ($0, number) }
      }
    }
    for directory in events.segments {
      if let ids = directory.streamIDs {
        try learn(ids, streams)
        guard ids.contains(where: isUnnamed) else { continue }
      }
      let columns = try events.places(in: directory)
      try learn(columns.streamIDs.values, streams)
      look(at: directory, columns)
    }
  }

  private mutating func learn(_ ids: [Int64], _ streams: StreamTable) throws(StoreError) {
    for id in ids where names[id] == nil { names[id] = try streams.names(of: id) }
  }

  private mutating func look(at directory: SegmentDirectory, _ columns: Columns) {
    let rootIDs = Set(columns.sourceIDs.values)
    let mayMove =
      columns.streamIDs.values.contains(where: isUnnamed)
      && rootIDs.contains { wanted[$0] != nil }
    for event in 0..<directory.eventCount {
      eventCounts[columns.streamIDs[event], default: 0] += 1
    }
    guard mayMove else { return }
    var hasMoves = false
    for (event, number) in moveNumbers(in: directory, columns).enumerated() {
      guard let number else { continue }
      hasMoves = true
      moves[number].eventCount += 1
      let time = columns.times[event]
      if time != SegmentReader.missing {
        moves[number].times = (time...time).union(moves[number].times)
      }
    }
    if hasMoves { segments.append(Segment(directory: directory, rootIDs: rootIDs)) }
  }

  /// Returns the number of each event's move in a segment; `nil` if the event is not moved.
  mutating func moveNumbers(in directory: SegmentDirectory, _ columns: Columns) -> [Int?] {
    var numbers: [Int?] = []
    numbers.reserveCapacity(directory.eventCount)
    // Consecutive events mostly share stream and source.
    var last: (streamID: Int64, rootID: Int64, positions: Range<Int64>, number: Int?)?
    for event in 0..<directory.eventCount {
      let streamID = columns.streamIDs[event]
      let rootID = columns.sourceIDs[event]
      let position = directory.position(of: event)
      if let last, last.streamID == streamID, last.rootID == rootID,
        last.positions.contains(position)
      {
        numbers.append(last.number)
        continue
      }
      let place = wanted[rootID]?.first { $0.positions.contains(position) }
      let number = place.flatMap { moveNumber(streamID, rootID, request: $0.request) }
      last = (streamID, rootID, place?.positions ?? position..<position + 1, number)
      numbers.append(number)
    }
    return numbers
  }

  private mutating func moveNumber(
    _ streamID: Int64, _ rootID: Int64, request: Int
  ) -> Int? {
    let key = MoveKey(streamID: streamID, rootID: rootID, request: request)
    if let number = moveNumbers[key] { return number }
    guard let names = names[streamID] else { return nil }
    var target = names
    target.logGroup = names.logGroup ?? requests[request].logGroup
    target.logStream = names.logStream ?? requests[request].logStream
    guard target != names else { return nil }
    moveNumbers[key] = moves.count
    moves.append(Move(streamID: streamID, rootID: rootID, target: target))
    return moves.count - 1
  }

  private func isUnnamed(_ streamID: Int64) -> Bool {
    guard let names = names[streamID] else { return false }
    return names.logGroup == nil || names.logStream == nil
  }
}
