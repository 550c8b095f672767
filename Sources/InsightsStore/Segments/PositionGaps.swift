internal import InsightsModel

/// Where the positions of a segment's events do not follow each other, because events between them
/// were removed: the others keep theirs.
struct PositionGaps: Equatable, Sendable {
  /// The first event behind each gap, ascending.
  private var events: [Int] = []
  /// How many positions are left out before that event, since the first of the segment; ascending.
  private var removed: [Int64] = []

  /// No gaps.
  init() {}

  /// The gaps of events with these positions, which rise.
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

  /// The positions that are left out up to the last event.
  var total: Int64 { removed.last ?? 0 }

  /// The positions that are left out before an event.
  func count(before event: Int) -> Int64 {
    if events.isEmpty { return 0 }
    let place = events.indices.partitioningIndex { events[$0] > event }
    return place == 0 ? 0 : removed[place - 1]
  }

  /// The event that is so many positions behind the first; `nil` where it was removed.
  func event(at offset: Int64) -> Int? {
    if events.isEmpty { return Int(offset) }
    // The last gap that ends at the offset or before it.
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

  /// What `append` wrote for a segment of so many events; `nil` for what it cannot have written.
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
  /// The position of an event in the order of input.
  func position(of event: Int) -> Int64 {
    firstPosition &+ Int64(event) &+ gaps.count(before: event)
  }

  /// The positions of all events, in their order.
  var positions: [Int64] { (0..<eventCount).map(position) }

  /// From the position of the first event through that of the last.
  var positionRange: ClosedRange<Int64> {
    firstPosition...(firstPosition + Int64(eventCount) - 1 + gaps.total)
  }

  /// The event with a position; `nil` where the segment has none.
  func event(at position: Int64) -> Int? {
    positionRange.contains(position) ? gaps.event(at: position - firstPosition) : nil
  }

  /// Gives the events their positions, which rise, one for each.
  mutating func place(at positions: [Int64]) {
    firstPosition = positions.first ?? firstPosition
    gaps = PositionGaps(in: positions)
  }
}
