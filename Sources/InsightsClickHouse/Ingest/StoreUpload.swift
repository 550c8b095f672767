internal import InsightsSegments
internal import InsightsModel
public import InsightsStore
internal import InsightsText
public import InsightsThreads

/// Sends the events of a store to a ClickHouse server, and derives invocations and errors there.
///
/// Events that the server already has are skipped, whatever their carrier. If a run is interrupted,
/// the stored rows are valid, and another run of the same input completes them. Runs may be
/// concurrent: at the end each run looks for rows that others have also stored, and deletes all but
/// those of the earliest run. Copies that are left, since a run was killed before its end, are
/// deleted by the next run of the same input.
public final class StoreUpload {
  /// The result of a run.
  public struct Outcome: Equatable, Sendable {
    /// The number of events stored.
    public var events = 0
    /// The number of events that the server already had.
    public var duplicates = 0
    /// The increase in rows of invocations and errors.
    public var invocations = 0
    public var errors = 0
  }

  private let store: Store
  private let client: ClickHouseClient
  private let layout: ClickHouseSchema.Layout
  private let cancellation: Cancellation
  private let progress: (Int) -> Void
  /// The number of the run: microseconds since 1970 and some random bits, so that later runs have
  /// greater numbers.
  private let ingest = UInt64(Timestamp.now) * 1000 << 10 | UInt64.random(in: 0..<1 << 10)
  /// The position of an event on the server, less that in the store.
  private lazy var base = Int64(ingest)
  /// The number of batches sent so far.
  private var batchNumber = 0
  /// All events of the store before this position have been processed.
  private var end = Int64.min
  /// The source ids of inputs on the server.
  private var sources: [UploadPlan.Input: UInt64] = [:]
  /// The maximum number of attempts while other runs take events of an input for their own.
  private static let attemptLimit = 3
  /// The maximum number of rows, and of bytes, per batch.
  private static let batchRowLimit = 200_000
  private static let batchByteLimit = 48 << 20

  /// Prepares an upload to existing tables; `progress` is called with the number of events sent so
  /// far.
  public init(
    of store: Store, to client: ClickHouseClient, layout: ClickHouseSchema.Layout,
    cancellation: Cancellation, progress: @escaping (Int) -> Void = { _ in }
  ) {
    self.store = store
    self.client = client
    self.layout = layout
    self.cancellation = cancellation
    self.progress = progress
  }

  /// Sends the events that were added to the store since the last call.
  ///
  /// - Throws: `StoreError`; rows stored before the error remain.
  public func run() throws -> Outcome {
    var outcome = Outcome()
    var streams = try UploadedStreams(of: store)
    var chains = InputChains()
    guard let positions = try survey(&streams, &chains) else { return outcome }
    var (plan, isComplete) = try store(positions, streams, chains, &outcome)
    var attempt = 1
    // Known inputs of earlier calls are not looked for again.
    while !isComplete, end == .min, attempt < Self.attemptLimit {
      var repeated = Outcome()
      (plan, isComplete) = try store(positions, streams, chains, &repeated)
      attempt += 1
    }
    let derivation = FactDerivation(
      client: client, layout: layout, ingest: ingest, cancellation: cancellation)
    let derived = try derivation.run(
      streams.streams.values.filter(\.hasFacts).map(\.key))
    outcome.invocations = derived.invocations
    outcome.errors = derived.errors
    end = positions.upperBound + 1
    sources = chains.sources(plan)
    return outcome
  }

  /// Stores the events that the server does not have; returns what was planned, and whether all
  /// events are there.
  private func store(
    _ positions: ClosedRange<Int64>, _ streams: UploadedStreams, _ chains: InputChains,
    _ outcome: inout Outcome
  ) throws -> (plan: UploadPlan, isComplete: Bool) {
    let removal = RowRemoval(client: client, layout: layout, cancellation: cancellation)
    var plan = UploadPlan(positions: positions)
    plan.sources = sources
    try chains.find(streams, of: store, removal, &plan)
    var comparison = EventComparison(
      streams, of: store, with: client, ingest: ingest, cancellation: cancellation)
    let before = try comparison.storedStreams()
    try comparison.run(before, &plan)
    let sent = try send(plan, streams, chains, &outcome)
    try removal.remove(plan.replacements.values + plan.surplus)
    if sent.hasCompared {
      let after = try comparison.storedStreams()
      let changed = after.filter { before[$0.key]?.foreignCount ?? 0 != $0.value.foreignCount }
      for batch in StreamCondition.batches(of: Array(changed.keys)) {
        try removal.removeCopies(ofStreams: batch, besides: ingest)
      }
    }
    guard !sent.inputs.isEmpty else { return (plan, true) }
    let isComplete = try chains.uniteSent(sent.inputs, streams, of: store, removal, &plan)
    return (plan, isComplete)
  }

  /// Reads all new events; returns the range of their positions, `nil` if there are none.
  private func survey(
    _ streams: inout UploadedStreams, _ chains: inout InputChains
  ) throws -> ClosedRange<Int64>? {
    var positions: ClosedRange<Int64>?
    try store.forEachSegment { events, firstPosition in
      try events.bytes.withUnsafeBufferPointer { bytes in
        for (index, event) in events.events.enumerated() {
          let stream = try streams.stream(event.streamID)
          let isNew = firstPosition + Int64(index) >= end
          if isNew, event.isFact { streams.noteFact(ofStream: event.streamID) }
          if stream.isCompared(event), let time = event.timestamp {
            if isNew { streams.note(time: time, ofStream: event.streamID) }
          } else {
            _ = chains.add(
              UploadPlan.Input(sourceID: event.sourceID, streamID: event.streamID),
              timestamp: event.timestamp, UnsafeBufferPointer(rebasing: bytes[event.message]))
          }
        }
      }
      let last = firstPosition + Int64(events.events.count) - 1
      positions =
        min(
          firstPosition, positions?.lowerBound ?? .max)...max(
          last, positions?.upperBound ?? .min)
    }
    if let positions, positions.upperBound < end { return nil }
    return positions
  }

  // MARK: Sending

  /// The events that were sent.
  private struct Sent {
    /// Whether some of them are compared by content.
    var hasCompared = false
    /// The inputs of those that are identified by their position.
    var inputs: Set<UploadPlan.Input> = []
  }

  /// Sends the events of a plan.
  private func send(
    _ plan: UploadPlan, _ streams: UploadedStreams, _ chains: InputChains,
    _ outcome: inout Outcome
  ) throws -> Sent {
    let encoder = EventRowEncoder(ingest: ingest)
    // What continues a log comes behind it, also if another run has stored that which began later.
    base = max(base, plan.lastPosition + 1)
    var running = InputChains()
    var equals = EqualEvents()
    var sent = Sent()
    var eventCount = 0
    func flush() throws(StoreError) {
      guard encoder.rowCount > 0 else { return }
      batchNumber += 1
      try client.insert(
        into: EventsTable.table, rows: encoder.rows.bytes, token: "\(ingest)-\(batchNumber)",
        cancellation: cancellation)
      encoder.removeAll()
    }
    try store.forEachSegment { events, firstPosition in
      try events.bytes.withUnsafeBufferPointer { bytes in
        for (index, event) in events.events.enumerated() {
          let position = firstPosition + Int64(index)
          guard let stream = streams.streams[event.streamID] else { continue }
          let input = UploadPlan.Input(sourceID: event.sourceID, streamID: event.streamID)
          let message = UnsafeBufferPointer(rebasing: bytes[event.message])
          var place = EventRowEncoder.Place(
            position: base + position, source: source(of: input, plan, chains),
            number: 0, chain: 0)
          if stream.isCompared(event) {
            if position < end { continue }
            if plan.stored.contains(position) {
              outcome.duplicates += 1
              continue
            }
            let number = equals.next(
              stream: event.streamID, time: event.timestamp ?? 0,
              eventID: event.eventID.map { UnsafeBufferPointer(rebasing: bytes[$0]) }, message)
            place.number = plan.numbers[position] ?? number
            sent.hasCompared = true
          } else {
            (place.number, place.chain) = running.add(
              input, timestamp: event.timestamp, message)
            if position < end { continue }
            if plan.stored.contains(position) {
              outcome.duplicates += 1
              continue
            }
            sent.inputs.insert(input)
          }
          if let old = plan.replacements[position] {
            place.position = old.position
            place.source = old.source
            if place.chain == 0 { place.number = old.number }
            outcome.duplicates += 1
          } else {
            outcome.events += 1
          }
          encoder.append(event, bytes, stream.key, place)
          if encoder.rowCount >= Self.batchRowLimit
            || encoder.rows.bytes.count >= Self.batchByteLimit
          {
            try flush()
          }
        }
      }
      eventCount += events.events.count
      progress(eventCount)
    }
    try flush()
    return sent
  }

  private func source(
    of input: UploadPlan.Input, _ plan: UploadPlan, _ chains: InputChains
  ) -> UInt64 {
    plan.sources[input] ?? chains.newSource(of: input)
      ?? ingest &+ UInt64(bitPattern: input.sourceID) << 40
  }
}
