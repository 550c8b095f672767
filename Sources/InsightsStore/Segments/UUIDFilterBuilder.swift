internal import InsightsText

/// Gathers the UUIDs of a segment's messages to a `UUIDFilter`.
struct UUIDFilterBuilder {
  /// Of the UUIDs that are not known as request ids.
  private var hashes: Set<UInt64> = []

  /// Takes in the UUIDs of a message in their canonical lower-case form, but for that at
  /// `requestID`.
  ///
  /// Of 36 neighbouring bytes one is looked at: where it can be none of a UUID, none covers it.
  mutating func add(_ message: UnsafeBufferPointer<UInt8>, besides requestID: Range<Int>?) {
    var place = UUID.textLength - 1
    while place < message.count {
      guard Self.mayBePart(message[place]) else {
        place += UUID.textLength
        continue
      }
      if let requestID, requestID.contains(place), Self.standsAlone(requestID, in: message) {
        place = requestID.upperBound + UUID.textLength - 1
        continue
      }
      var start = place
      while start > 0, Self.mayBePart(message[start - 1]) { start -= 1 }
      var end = place + 1
      while end < message.count, Self.mayBePart(message[end]) { end += 1 }
      if end - start >= UUID.textLength { add(message, start..<end) }
      place = end + UUID.textLength
    }
  }

  private mutating func add(_ message: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) {
    for start in range.lowerBound...range.upperBound - UUID.textLength {
      guard let (high, low) = HexadecimalDigits.uuid(in: message, at: start) else { continue }
      hashes.insert(UUID(high: high, low: low).filterHash)
    }
  }

  /// Whether no byte of another UUID can be next to the request id.
  private static func standsAlone(
    _ requestID: Range<Int>, in message: UnsafeBufferPointer<UInt8>
  ) -> Bool {
    (requestID.lowerBound == 0 || !mayBePart(message[requestID.lowerBound - 1]))
      && (requestID.upperBound == message.count || !mayBePart(message[requestID.upperBound]))
  }

  @inline(__always)
  private static func mayBePart(_ byte: UInt8) -> Bool {
    byte &- UInt8(ascii: "0") < 10 || byte &- UInt8(ascii: "a") < 6 || byte == UInt8(ascii: "-")
  }

  /// The filter of these and the request ids; `nil` where there is no UUID.
  func finish(requestIDs: [UUID]) -> UUIDFilter? {
    var hashes = requestIDs.map(\.filterHash)
    if !self.hashes.isEmpty { hashes.append(contentsOf: self.hashes.subtracting(hashes)) }
    return UUIDFilter(hashes)
  }
}
