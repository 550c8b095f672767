internal import InsightsSegments
internal import InsightsStore

/// The order of a fact within its stream: by time, then by event id.
struct FactPlace: Sendable {
  private var timestamp: Int64
  private var eventID: ArraySlice<UInt8>?

  /// The place before all others.
  init() {
    timestamp = .min
  }

  init(of event: Int, in events: SegmentEvents) {
    timestamp = events.events[event].timestamp ?? .min
    eventID = events.events[event].eventID.map { events.bytes[$0] }
  }

  init(timestamp: Int64?, eventID: [UInt8]?) {
    self.timestamp = timestamp ?? .min
    self.eventID = eventID?[...]
  }

  /// The same place, without a reference to the bytes of a segment.
  var detached: FactPlace {
    var place = self
    place.eventID = eventID.map { ArraySlice(Array($0)) }
    return place
  }

  /// Whether a fact here may come after one there; facts with equal places may be in any order.
  func mayFollow(_ earlier: FactPlace) -> Bool {
    guard timestamp == earlier.timestamp else { return timestamp > earlier.timestamp }
    guard let earlierID = earlier.eventID else { return true }
    guard let eventID else { return false }
    return !eventID.lexicographicallyPrecedes(earlierID)
  }
}
