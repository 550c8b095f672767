internal import InsightsSegments
internal import InsightsModel
internal import InsightsStore
internal import InsightsText
internal import InsightsThreads

/// The inputs whose events are identified by their position, and the part of each that the server
/// already has.
///
/// The events of an input and a stream form a chain, see `EventIdentity`. Only the ends of chains
/// are kept in memory, some 100 bytes each.
struct InputChains {
  typealias Input = UploadPlan.Input

  private struct Chain {
    var count: UInt32 = 0
    var first: UInt64 = 0
    var last: UInt64 = 0
  }

  /// A source on the server that begins with the same event as an input.
  struct Candidate {
    var input: Input
    /// The run that stored the first of its rows.
    var firstIngest: UInt64
    /// The number of its rows; greater than `count` if several runs have stored the same event.
    var rowCount: Int
    /// The last event of the source.
    var last: UploadPlan.OldRow
    var lastChain: UInt64
    var lastMessage: [UInt8]
    /// The number of its events; less than the number of the last event if an ingest was
    /// interrupted.
    var count: Int
    /// The chain of the input at the number of the source's last event; `nil` if the input is
    /// shorter.
    var ownChain: UInt64?
    /// The chain of the input one event before that.
    var ownPreviousChain: UInt64?
    /// Whether the source ends with the beginning of the input's event at that number.
    var isCut = false
    /// Whether the input ends with the beginning of the source's last event.
    var isInputCut = false
  }

  private var chains: [Input: Chain] = [:]

  /// Adds the next event of an input; returns its number and its chain.
  mutating func add(
    _ input: Input, timestamp: Int64?, _ message: UnsafeBufferPointer<UInt8>
  ) -> (number: UInt32, chain: UInt64) {
    var chain = chains[input] ?? Chain()
    chain.last = EventIdentity.chain(after: chain.last, timestamp: timestamp, message)
    chain.count += 1
    if chain.count == 1 { chain.first = chain.last }
    chains[input] = chain
    return (chain.count, chain.last)
  }

  /// Returns the source id of an input that the server does not have; equal inputs have equal ids.
  func newSource(of input: Input) -> UInt64? { chains[input]?.last }

  /// Returns the source ids of all inputs so far.
  func sources(_ plan: UploadPlan) -> [Input: UInt64] {
    plan.sources.merging(chains.mapValues(\.last)) { known, _ in known }
  }

  // MARK: What the server has

  /// The maximum number of inputs or sources in one statement.
  private static let nameLimit = StreamCondition.groupLimit

  /// Finds the sources on the server that inputs continue, and adds their events to the plan.
  ///
  /// Inputs whose source the plan already contains are skipped.
  func find(
    _ streams: UploadedStreams, of store: Store, _ removal: RowRemoval, _ plan: inout UploadPlan
  ) throws {
    let inputs = chains.keys.filter { plan.sources[$0] == nil }
    let (found, positions) = try settledSources(
      of: inputs, plan, streams, of: store, removal, wantsPositions: true)
    for source in found {
      try mark(
        source, positions[source.input] ?? [], removal.client, removal.cancellation, &plan)
    }
  }

  /// Returns the number and the chain of the last event of an input.
  func end(of input: Input) -> (number: UInt32, chain: UInt64)? {
    chains[input].map { ($0.count, $0.last) }
  }

  /// Returns the sources that begin with the same event as one of the inputs, or that are its own.
  func candidates(
    of inputs: some Sequence<Input>, _ plan: UploadPlan, _ streams: UploadedStreams,
    _ client: ClickHouseClient, _ cancellation: Cancellation
  ) throws(StoreError) -> [Candidate] {
    let inputs = inputs.sorted {
      ($0.sourceID, $0.streamID) < ($1.sourceID, $1.streamID)
    }
    var found: [Candidate] = []
    for start in stride(from: 0, to: inputs.count, by: Self.nameLimit) {
      let part = inputs[start..<min(inputs.count, start + Self.nameLimit)]
      found += try candidates(of: part, plan, streams, client, cancellation)
    }
    return found
  }

  private func candidates(
    of inputs: ArraySlice<Input>, _ plan: UploadPlan, _ streams: UploadedStreams,
    _ client: ClickHouseClient, _ cancellation: Cancellation
  ) throws(StoreError) -> [Candidate] {
    struct Beginning: Hashable {
      var key: StreamKey
      var chain: UInt64
    }
    var known: [Beginning: [Input]] = [:]
    var byRow: [Beginning: Set<Input>] = [:]
    for input in inputs {
      guard let key = streams.streams[input.streamID]?.key, let chain = chains[input],
        let source = plan.sources[input] ?? newSource(of: input)
      else { continue }
      known[Beginning(key: key, chain: chain.first), default: []].append(input)
      // The first event of its own source may be missing.
      byRow[Beginning(key: key, chain: source), default: []].insert(input)
    }
    var found = try client.rows(
      """
      SELECT DISTINCT \(StreamKey.columns), source, chain FROM events
      WHERE log_group IN {groups:Array(String)} AND number = 1 AND chain IN {chains:Array(UInt64)}
      """,
      parameters: [
        "groups": .texts(Set(known.keys.map(\.key.logGroup)).sorted()),
        "chains": .unsigned(known.keys.map(\.chain)),
      ], cancellation: cancellation)
    while let row = try found.next() {
      let inputs = known[Beginning(key: StreamKey(row), chain: row.bits(5))] ?? []
      byRow[Beginning(key: StreamKey(row), chain: row.bits(4)), default: []].formUnion(inputs)
    }
    found = try client.rows(
      """
      SELECT \(StreamKey.columns), source, uniqExact(number), max(number), argMax(chain, number),
        argMax(timestamp_ms, number), argMax(position, number), argMax(event_id, number),
        argMax(ingest, number), argMax(message, number), min(ingest), count()
      FROM events
      WHERE log_group IN {groups:Array(String)} AND chain != 0 AND source IN {sources:Array(UInt64)}
      GROUP BY \(StreamKey.columns), source
      ORDER BY \(StreamKey.columns), source
      """,
      parameters: [
        "groups": .texts(Set(byRow.keys.map(\.key.logGroup)).sorted()),
        "sources": .unsigned(byRow.keys.map(\.chain)),
      ], cancellation: cancellation)
    var candidates: [Candidate] = []
    while let row = try found.next() {
      let key = StreamKey(row)
      for input in byRow[Beginning(key: key, chain: row.bits(4))] ?? [] {
        candidates.append(
          Candidate(
            input: input, firstIngest: row.bits(13), rowCount: Int(row.integer(14)),
            last: UploadPlan.OldRow(
              key: key, timestamp: row.integer(8), position: row.integer(9),
              eventID: Array(row.bytes(10)), ingest: row.bits(11), source: row.bits(4),
              number: UInt32(truncatingIfNeeded: row.integer(6))),
            lastChain: row.bits(7), lastMessage: Array(row.bytes(12)),
            count: Int(row.integer(5))))
      }
    }
    return candidates
  }

  /// Computes the chains of inputs at the ends of their candidates; returns the positions of the
  /// inputs' events.
  func readOwnChains(
    of store: Store, _ streams: UploadedStreams, _ candidates: inout [Candidate]
  ) throws -> [Input: [ClosedRange<Int64>]] {
    guard !candidates.isEmpty else { return [:] }
    var numbers: [Input: [Int]] = [:]
    for (number, candidate) in candidates.enumerated() {
      numbers[candidate.input, default: []].append(number)
    }
    var running = InputChains()
    var positions: [Input: [ClosedRange<Int64>]] = [:]
    var found = candidates
    try store.forEachPlacedEvent(streams) { input, event, position, message in
      guard let candidates = numbers[input] else { return }
      let (number, chain) = running.add(input, timestamp: event.timestamp, message)
      if let last = positions[input]?.last, last.upperBound + 1 == position {
        positions[input]?.removeLast()
        positions[input]?.append(last.lowerBound...position)
      } else {
        positions[input, default: []].append(position...position)
      }
      for index in candidates {
        if number == found[index].last.number {
          found[index].ownChain = chain
          let message = message.withoutTrailingNewlines
          found[index].lastMessage.withUnsafeBufferPointer { last in
            let last = last.withoutTrailingNewlines
            found[index].isCut = Self.isBeginning(last, of: message)
            found[index].isInputCut =
              number == chains[input]?.count && Self.isBeginning(message, of: last)
          }
        } else if number + 1 == found[index].last.number {
          found[index].ownPreviousChain = chain
        }
      }
    }
    candidates = found
    return positions
  }

  private static func isBeginning(
    _ text: UnsafeBufferPointer<UInt8>, of other: UnsafeBufferPointer<UInt8>
  ) -> Bool {
    text.count < other.count && other.holds(text, in: 0..<text.count)
  }

  /// Returns the candidates that have the same events as their inputs, as far as both go.
  func continued(
    of candidates: [Candidate], _ client: ClickHouseClient, _ cancellation: Cancellation
  ) throws(StoreError) -> [Candidate] {
    // If the input is shorter than the source, or the last event differs, the chain at the compared
    // number is queried.
    var asked: [(source: UInt64, number: UInt32)] = []
    for candidate in candidates where candidate.ownChain != candidate.lastChain {
      asked.append((candidate.last.source, place(of: candidate)))
    }
    var chainsOfPlaces: [UInt64: [UInt32: UInt64]] = [:]
    for start in stride(from: 0, to: asked.count, by: Self.nameLimit) {
      let part = asked[start..<min(asked.count, start + Self.nameLimit)]
      let rows = try client.rows(
        """
        SELECT source, number, chain FROM events
        WHERE chain != 0
          AND (source, number) IN arrayZip({sources:Array(UInt64)}, {numbers:Array(Int64)})
        """,
        parameters: [
          "sources": .unsigned(part.map(\.source)),
          "numbers": .integers(part.map { Int64($0.number) }),
        ], cancellation: cancellation)
      while let row = try rows.next() {
        chainsOfPlaces[row.bits(0), default: [:]][UInt32(truncatingIfNeeded: row.integer(1))] =
          row.bits(2)
      }
    }
    return candidates.filter { candidate in
      if candidate.ownChain == candidate.lastChain { return true }
      let chain = chainsOfPlaces[candidate.last.source]?[place(of: candidate)]
      if candidate.ownChain == nil { return chain == chains[candidate.input]?.last }
      // The last event may have been read before it was written completely.
      return (candidate.isCut || candidate.isInputCut) && chain != nil
        && chain == candidate.ownPreviousChain
    }
  }

  /// Returns the number at which an input and a source with different ends are compared.
  private func place(of candidate: Candidate) -> UInt32 {
    candidate.ownChain == nil
      ? chains[candidate.input]?.count ?? 0 : candidate.last.number - 1
  }

  /// Records in the plan which events of an input the server's source contains.
  private func mark(
    _ candidate: Candidate, _ positions: [ClosedRange<Int64>], _ client: ClickHouseClient,
    _ cancellation: Cancellation, _ plan: inout UploadPlan
  ) throws(StoreError) {
    plan.sources[candidate.input] = candidate.last.source
    plan.lastPosition = max(plan.lastPosition, candidate.last.position)
    var missing: Set<UInt32> = []
    if candidate.count != Int(candidate.last.number) {
      missing = Set(1...candidate.last.number)
      let condition = StreamCondition([candidate.last.key])
      var parameters = condition.parameters
      parameters["source"] = .unsignedInteger(candidate.last.source)
      let rows = try client.rows(
        """
        SELECT number FROM events
        WHERE \(condition.text) AND chain != 0 AND source = {source:UInt64}
        """, parameters: parameters, cancellation: cancellation)
      while let row = try rows.next() {
        missing.remove(UInt32(truncatingIfNeeded: row.integer(0)))
      }
    }
    var number: UInt32 = 0
    for position in positions.joined() {
      number += 1
      guard number <= candidate.last.number else { break }
      if number == candidate.last.number, candidate.isCut {
        plan.replacements[position] = candidate.last
      } else if !missing.contains(number) {
        plan.stored.insert(position)
      }
    }
  }
}

extension Store {
  /// Calls `body` with the events that are identified by their position, in the order of positions.
  func forEachPlacedEvent(
    _ streams: UploadedStreams,
    _ body: (
      _ input: UploadPlan.Input, _ event: SegmentEvents.Event, _ position: Int64,
      _ message: UnsafeBufferPointer<UInt8>
    ) -> Void
  ) throws {
    try forEachSegment { events, firstPosition in
      events.bytes.withUnsafeBufferPointer { bytes in
        for (index, event) in events.events.enumerated() {
          guard let stream = streams.streams[event.streamID], !stream.isCompared(event) else {
            continue
          }
          body(
            UploadPlan.Input(sourceID: event.sourceID, streamID: event.streamID), event,
            firstPosition + Int64(index), UnsafeBufferPointer(rebasing: bytes[event.message]))
        }
      }
    }
  }
}

extension UploadedStreams.Stream {
  /// Whether an event of the stream is identified by content.
  func isCompared(_ event: SegmentEvents.Event) -> Bool {
    EventIdentity.isCompared(
      hasTime: event.timestamp != nil, hasKnownPlace: hasKnownPlace,
      hasEventID: event.eventID != nil)
  }
}
