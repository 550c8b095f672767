internal import InsightsText

/// Leaves out of messages what other columns of the segment hold: the request id, and the event's
/// time where the message repeats it.
///
/// Both are nearly incompressible: without them the text of a segment takes half the space, and
/// less time to compress. `MessageRestorer` puts them back.
struct MessageStripper {
  /// How far into a message its time is looked for.
  private static let timeSearchLength = 192

  private let timeText = TimeText()
  /// Where the last message of each group had its time.
  private var lastTimePlaces = [Int](repeating: 0, count: TextGroup.allCases.count)
  /// The filters of the groups.
  private(set) var filters = TextGroup.allCases.map { _ in TokenFilterBuilder() }
  /// The request id, as its index, and the second of the last message of each group: the filter
  /// knows their hashes.
  private var lastIDs = [UInt16?](repeating: nil, count: TextGroup.allCases.count)
  private var lastSeconds = [Int64?](repeating: nil, count: TextGroup.allCases.count)

  /// Appends a message without what is left out, and gives where the time was if it is.
  ///
  /// `requestID` is the place of a request id that the column has as the UUID `requestIndex`;
  /// `object` has read the message's JSON object.
  mutating func append(
    _ message: UnsafeBufferPointer<UInt8>, _ group: TextGroup, requestID: Range<Int>?,
    requestIndex: UInt16, timestamp: Int64?, object: JSONLeafReader?, to text: inout [UInt8]
  ) -> Int? {
    let time = timePlace(message, group, requestID, timestamp)
    addToFilter(message, group, requestID, requestIndex, time, timestamp, object)
    let isTimeFirst = (time?.lowerBound ?? .max) < (requestID?.lowerBound ?? .max)
    var start = 0
    if let first = isTimeFirst ? time : requestID {
      text.append(contentsOf: UnsafeBufferPointer(rebasing: message[..<first.lowerBound]))
      start = first.upperBound
    }
    if let second = isTimeFirst ? requestID : time {
      text.append(contentsOf: UnsafeBufferPointer(rebasing: message[start..<second.lowerBound]))
      start = second.upperBound
    }
    text.append(contentsOf: UnsafeBufferPointer(rebasing: message[start...]))
    return time?.lowerBound
  }

  private mutating func addToFilter(
    _ message: UnsafeBufferPointer<UInt8>, _ group: TextGroup, _ requestID: Range<Int>?,
    _ requestIndex: UInt16, _ time: Range<Int>?, _ timestamp: Int64?, _ object: JSONLeafReader?
  ) {
    let group = Int(group.rawValue)
    var known = (first: 0..<0, second: 0..<0)
    if let requestID {
      if lastIDs[group] == requestIndex {
        known.first = requestID.lowerBound..<requestID.upperBound - 3
      }
      lastIDs[group] = requestIndex
    }
    if let time, let timestamp {
      let second = (timestamp < 0 ? timestamp - 999 : timestamp) / 1000
      if lastSeconds[group] == second {
        // Up to the point before the milliseconds.
        known.second = time.lowerBound..<time.lowerBound + 17
      }
      lastSeconds[group] = second
    }
    if known.second.lowerBound < known.first.lowerBound, !known.second.isEmpty {
      swap(&known.first, &known.second)
    }
    filters[group].add(message, known: known, object: object)
  }

  private mutating func timePlace(
    _ message: UnsafeBufferPointer<UInt8>, _ group: TextGroup, _ requestID: Range<Int>?,
    _ timestamp: Int64?
  ) -> Range<Int>? {
    guard group != .platform, let timestamp, message.count >= TimeText.length,
      timeText.write(timestamp)
    else { return nil }
    let text = UnsafeBufferPointer(timeText.bytes)
    var place = lastTimePlaces[Int(group.rawValue)]
    if place > message.count - text.count
      || !message.holds(text, in: place..<place + text.count)
    {
      let head = UnsafeBufferPointer(
        rebasing: message[..<min(message.count, MessageStripper.timeSearchLength)])
      guard let found = head.firstOffset(of: text) else { return nil }
      place = found
      lastTimePlaces[Int(group.rawValue)] = found
    }
    let range = place..<place + text.count
    // Digits that end an id could begin a time.
    if let requestID, requestID.overlaps(range) { return nil }
    return range
  }
}
