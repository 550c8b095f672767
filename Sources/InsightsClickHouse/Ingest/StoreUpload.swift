internal import InsightsModel
public import InsightsStore
internal import InsightsText
public import InsightsThreads

/// Takes the events of a store to a ClickHouse server, and derives invocations and errors there.
///
/// Events that the server has are left out, by whatever carrier they came. A run that is stopped at any point leaves
/// rows that another run of the same input completes: there is nothing that has to be undone. Several at once do no harm either: in the end each looks
/// whether others have stored the same, and of equal rows those of the earliest run stay.
public final class StoreUpload {
  /// What a run did.
  public struct Outcome: Equatable, Sendable {
    /// Events stored.
    public var events = 0
    /// Events that the server had.
    public var duplicates = 0
    /// Rows that there are more now.
    public var invocations = 0
    public var errors = 0
  }

  private let store: Store
  private let client: ClickHouseClient
  private let layout: ClickHouseSchema.Layout
  private let cancellation: Cancellation
  private let progress: (Int) -> Void
  /// The number of the run: microseconds since 1970 and some random bits, so that later runs have greater ones.
  private let ingest = UInt64(Timestamp.now) * 1000 << 10 | UInt64.random(in: 0..<1 << 10)
  /// Batches sent so far.
  private var batchNumber = 0
  /// The positions of the store before this one are done.
  private var end = Int64.min
  /// The sources that inputs have on the server.
  private var sources: [UploadPlan.Input: UInt64] = [:]
  /// Rows and bytes that are sent at once.
  private static let batchRowLimit = 200_000
  private static let batchByteLimit = 48 << 20

  /// An upload of all events of a store to tables that are there; `progress` is called with the events sent so far.
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

  /// Takes what there is; called again, what has come to the store since.
  ///
  /// - Throws: `StoreError`; what was stored before stays.
  public func run() throws -> Outcome {
    var outcome = Outcome()
    var streams = try UploadedStreams(of: store)
    var chains = InputChains()
    guard let positions = try survey(&streams, &chains) else { return outcome }
    var plan = UploadPlan(positions: positions)
    plan.sources = sources
    try chains.find(streams, of: store, on: client, cancellation: cancellation, &plan)
    var comparison = EventComparison(
      streams, of: store, with: client, cancellation: cancellation)
    let before = try comparison.storedStreams()
    try comparison.run(before, &plan)
    let own = try send(plan, streams, chains, &outcome)
    let removal = RowRemoval(client: client, layout: layout, cancellation: cancellation)
    try removal.remove(plan.replacements.values + plan.surplus)
    if let own {
      var copied = try chains.sourcesStoredTwice(plan, on: client, cancellation)
      let after = try comparison.storedStreams(without: own)
      copied.formUnion(after.filter { before[$0.key]?.count != $0.value.count }.keys)
      for batch in StreamCondition.batches(of: Array(copied)) {
        try removal.removeCopies(ofStreams: batch, besides: ingest)
      }
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

  /// Looks at all events; gives the range of the positions, `nil` where there is nothing to be done.
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

  /// Sends what the plan says; gives the range of positions that its rows have on the server.
  private func send(
    _ plan: UploadPlan, _ streams: UploadedStreams, _ chains: InputChains,
    _ outcome: inout Outcome
  ) throws -> ClosedRange<Int64>? {
    let encoder = EventRowEncoder(ingest: ingest)
    let base = Int64(ingest)
    var running = InputChains()
    var equals = EqualEvents()
    var own: ClosedRange<Int64>?
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
          } else {
            (place.number, place.chain) = running.add(
              input, timestamp: event.timestamp, message)
            if position < end { continue }
            if plan.stored.contains(position) {
              outcome.duplicates += 1
              continue
            }
          }
          if let old = plan.replacements[position] {
            place.position = old.position
            place.source = old.source
            if place.chain == 0 { place.number = old.number }
            outcome.duplicates += 1
          } else {
            own =
              min(
                own?.lowerBound ?? .max, place.position)...max(
                own?.upperBound ?? .min, place.position)
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
    return own
  }

  private func source(
    of input: UploadPlan.Input, _ plan: UploadPlan, _ chains: InputChains
  ) -> UInt64 {
    plan.sources[input] ?? chains.newSource(of: input)
      ?? ingest &+ UInt64(bitPattern: input.sourceID) << 40
  }
}
