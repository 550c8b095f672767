internal import InsightsSegments
internal import InsightsModel
internal import InsightsStore
internal import InsightsThreads

/// Finds the events of a store that the server already has, among those that are compared by
/// content.
///
/// It proceeds in time windows that contain as many events of the server as fit in memory.
struct EventComparison {
  /// The maximum number of server events in a window, some 100 bytes each; one minute may have
  /// more.
  private static let windowLimit = 500_000
  private static let minute: Int64 = 60_000

  let store: Store
  let client: ClickHouseClient
  let cancellation: Cancellation
  /// The number of the run that compares.
  let ingest: UInt64
  private var streams: UploadedStreams
  /// The streams that both the store and the server have, by their id in the store.
  private var shared: Set<Int64> = []

  /// The events of a stream on the server, within the time range of the store's events.
  struct StoredStream {
    var times: ClosedRange<Int64>
    /// The number of events that other runs have stored.
    var foreignCount: Int
  }

  init(
    _ streams: UploadedStreams, of store: Store, with client: ClickHouseClient, ingest: UInt64,
    cancellation: Cancellation
  ) {
    self.ingest = ingest
    self.streams = streams
    self.store = store
    self.client = client
    self.cancellation = cancellation
  }

  /// Returns the streams of which the server has events within the time range of the store's.
  func storedStreams() throws(StoreError) -> [StreamKey: StoredStream] {
    var stored: [StreamKey: StoredStream] = [:]
    let timed = streams.streams.values.filter { $0.times != nil }
    guard let first = timed.compactMap(\.times?.lowerBound).min(),
      let last = timed.compactMap(\.times?.upperBound).max()
    else { return [:] }
    for groups in Self.groups(of: timed.map(\.key.logGroup)) {
      let rows = try client.rows(
        """
        SELECT \(StreamKey.columns), min(timestamp_ms), max(timestamp_ms),
          countIf(ingest != {ingest:UInt64})
        FROM events
        WHERE log_group IN {names:Array(String)} AND timestamp_ms >= {first:Int64}
          AND timestamp_ms <= {last:Int64}
        GROUP BY \(StreamKey.columns)
        """,
        parameters: [
          "names": .texts(groups), "first": .integer(first), "last": .integer(last),
          "ingest": .unsignedInteger(ingest),
        ], cancellation: cancellation)
      while let row = try rows.next() {
        let key = StreamKey(row)
        guard let id = streams.ids[key], let times = streams.streams[id]?.times,
          row.integer(4) <= row.integer(5), times.overlaps(row.integer(4)...row.integer(5))
        else { continue }
        stored[key] = StoredStream(
          times: row.integer(4)...row.integer(5), foreignCount: Int(row.integer(6)))
      }
    }
    return stored
  }

  /// Divides names of groups into lists that fit in one statement.
  private static func groups(of names: [String]) -> [[String]] {
    let names = Set(names).sorted()
    return stride(from: 0, to: names.count, by: StreamCondition.groupLimit).map {
      Array(names[$0..<min(names.count, $0 + StreamCondition.groupLimit)])
    }
  }

  /// Adds the comparison's results to a plan.
  mutating func run(
    _ stored: [StreamKey: StoredStream], _ plan: inout UploadPlan
  ) throws {
    for keys in StreamCondition.batches(of: Array(stored.keys)) {
      shared = Set(keys.compactMap { streams.ids[$0] })
      let times = keys.compactMap { key -> ClosedRange<Int64>? in
        guard let id = streams.ids[key], let times = streams.streams[id]?.times else { return nil }
        return stored[key].map { times.clamped(to: $0.times) }
      }
      guard let first = times.map(\.lowerBound).min(), let last = times.map(\.upperBound).max()
      else { continue }
      let condition = StreamCondition(keys)
      for window in try windows(first...last, condition) { try compare(window, condition, &plan) }
    }
  }

  /// Divides a time range into consecutive windows with about the maximum number of server events.
  private func windows(
    _ range: ClosedRange<Int64>, _ condition: StreamCondition
  ) throws(StoreError) -> [ClosedRange<Int64>] {
    var parameters = condition.parameters
    parameters["first"] = .integer(range.lowerBound)
    parameters["last"] = .integer(range.upperBound)
    let rows = try client.rows(
      """
      SELECT intDiv(timestamp_ms, \(Self.minute)) AS minute, count() FROM events
      WHERE \(condition.text) AND timestamp_ms >= {first:Int64} AND timestamp_ms <= {last:Int64}
      GROUP BY minute ORDER BY minute
      """, parameters: parameters, cancellation: cancellation)
    var windows: [ClosedRange<Int64>] = []
    var start = range.lowerBound
    var count = 0
    while let row = try rows.next() {
      // Rounded towards zero, so that minute 0 covers two minutes.
      let minute = row.integer(0)
      let first = minute > 0 ? minute * Self.minute : minute * Self.minute - (Self.minute - 1)
      if count > 0, count + Int(row.integer(1)) > Self.windowLimit, first > start {
        windows.append(start...(first - 1))
        start = first
        count = 0
      }
      count += Int(row.integer(1))
    }
    if count > 0 { windows.append(start...range.upperBound) }
    return windows
  }

  private func compare(
    _ window: ClosedRange<Int64>, _ condition: StreamCondition, _ plan: inout UploadPlan
  ) throws {
    var known = KnownEvents()
    var parameters = condition.parameters
    parameters["first"] = .integer(window.lowerBound)
    parameters["last"] = .integer(window.upperBound)
    let rows = try client.rows(
      """
      SELECT \(StreamKey.columns), timestamp_ms, event_id, position, source, number, ingest,
        \(EventIdentity.hashExpression)
      FROM events
      WHERE \(condition.text) AND timestamp_ms >= {first:Int64} AND timestamp_ms <= {last:Int64}
        AND chain = 0
      ORDER BY position
      """, parameters: parameters, cancellation: cancellation)
    while let row = try rows.next() {
      let key = StreamKey(row)
      guard let stream = streams.ids[key] else { continue }
      let old = UploadPlan.OldRow(
        key: key, timestamp: row.integer(4), position: row.integer(6),
        eventID: Array(row.bytes(5)), ingest: row.bits(9), source: row.bits(7),
        number: UInt32(truncatingIfNeeded: row.integer(8)))
      if let twice = known.add(old, stream: stream, hash: row.bits(10)) {
        plan.surplus.append(twice)
      }
    }
    let range = TimeRange(
      start: window.lowerBound,
      end: window.upperBound == .max ? nil : window.upperBound + 1)
    try store.forEachSegment(in: range) { events, firstPosition in
      events.bytes.withUnsafeBufferPointer { bytes in
        for (index, event) in events.events.enumerated() {
          guard let time = event.timestamp, window.contains(time), shared.contains(event.streamID),
            let stream = streams.streams[event.streamID], stream.isCompared(event)
          else { continue }
          let position = firstPosition + Int64(index)
          let message = UnsafeBufferPointer(rebasing: bytes[event.message])
          let outcome = known.take(
            stream: event.streamID, time: time,
            eventID: event.eventID.map { UnsafeBufferPointer(rebasing: bytes[$0]) },
            message, comparesText: stream.hasKnownPlace)
          switch outcome {
          case .stored(let old):
            plan.stored.insert(position)
            plan.note(old.source, of: event, stream)
          case .withoutID(let old):
            plan.replacements[position] = old
            plan.note(old.source, of: event, stream)
          case .new(let number): if number > 0 { plan.numbers[position] = number }
          }
        }
      }
    }
  }
}

extension UploadPlan {
  /// Records that an input without a stream name continues a source of the server; each source is
  /// its own timeline.
  fileprivate mutating func note(
    _ source: UInt64, of event: SegmentEvents.Event, _ stream: UploadedStreams.Stream
  ) {
    guard stream.names.logStream == nil else { return }
    sources[Input(sourceID: event.sourceID, streamID: event.streamID)] = source
  }
}
