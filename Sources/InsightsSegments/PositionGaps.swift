internal import InsightsModel

/// The gaps in the positions of a segment's events, where events were removed.
///
/// The other events keep their positions.
struct PositionGaps: Equatable, Sendable {
  /// The first event after each gap, ascending.
  private var events: [Int] = []
  /// The number of positions missing before that event, since the first one of the segment;
  /// ascending.
  private var removed: [Int64] = []

  /// Makes a list without gaps.
  init() {}

  /// Finds the gaps in the positions of events, which are ascending.
  init(in positions: some Sequence<Int64>) {
    var next: Int64?
    for (event, position) in positions.enumerated() {
      if let next, position != next {
        events.append(event)
        removed.append((removed.last ?? 0) + position - next)
      }
      next = position + 1
    }
  }

  var isEmpty: Bool { events.isEmpty }

  /// The number of positions that are missing in total.
  var total: Int64 { removed.last ?? 0 }

  /// Returns the number of positions that are missing before an event.
  func count(before event: Int) -> Int64 {
    if events.isEmpty { return 0 }
    let place = events.indices.partitioningIndex { events[$0] > event }
    return place == 0 ? 0 : removed[place - 1]
  }

  /// Returns the event whose position is `offset` after the first one; `nil` if it was removed.
  func event(at offset: Int64) -> Int? {
    if events.isEmpty { return Int(offset) }
    // The last gap that ends at or before the offset.
    let place = events.indices.partitioningIndex { Int64(events[$0]) + removed[$0] > offset }
    let event = offset - (place == 0 ? 0 : removed[place - 1])
    return place < events.count && event >= Int64(events[place]) ? nil : Int(event)
  }

  // MARK: Directories

  func append(to output: inout BlockOutput) {
    output.append(count: events.count)
    IntegerCodec.append(events.map { Int64($0) }, asSteps: true, to: &output)
    IntegerCodec.append(removed, asSteps: true, to: &output)
  }

  /// Reads what `append` wrote for a segment with `eventCount` events; `nil` for invalid data.
  init?(from input: inout BlockInput, eventCount: Int) {
    guard let count = input.count(limit: eventCount),
      let events = IntegerCodec.integers(from: &input, count: count),
      let removed = IntegerCodec.integers(from: &input, count: count),
      zip([0] + events, events).allSatisfy({ $0 < $1 && $1 < Int64(eventCount) }),
      zip([0] + removed, removed).allSatisfy({ $0 < $1 && $1 < 1 << 48 })
    else { return nil }
    self.events = events.map { Int($0) }
    self.removed = removed
  }
}

extension SegmentDirectory {
  /// Returns the position of an event in input order.
  package func position(of event: Int) -> Int64 {
    firstPosition &+ Int64(event) &+ gaps.count(before: event)
  }

  /// The positions of all events, in their order.
  package var positions: [Int64] { (0..<eventCount).map(position) }

  /// The range from the position of the first event to that of the last.
  package var positionRange: ClosedRange<Int64> {
    firstPosition...(firstPosition + Int64(eventCount) - 1 + gaps.total)
  }

  /// Returns the event with a position; `nil` if the segment has none.
  package func event(at position: Int64) -> Int? {
    positionRange.contains(position) ? gaps.event(at: position - firstPosition) : nil
  }

  /// Sets the positions of all events, which must be ascending.
  package mutating func place(at positions: [Int64]) {
    firstPosition = positions.first ?? firstPosition
    gaps = PositionGaps(in: positions)
  }
}
