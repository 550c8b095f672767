internal import InsightsText

/// Collects the UUIDs of a segment's messages for a `UUIDFilter`.
struct UUIDFilterBuilder {
  private var hashes: Set<UInt64> = []

  /// Adds the UUIDs of a text in canonical lower-case form, which may overlap.
  ///
  /// It checks one of every 36 bytes: if that byte cannot be part of a UUID, no UUID covers it.
  mutating func add(_ message: UnsafeBufferPointer<UInt8>) {
    var place = UUID.textLength - 1
    while place < message.count {
      guard Self.mayBePart(message[place]) else {
        place += UUID.textLength
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

  /// Whether a byte may be part of a UUID.
  @inline(__always)
  static func mayBePart(_ byte: UInt8) -> Bool {
    byte &- UInt8(ascii: "0") < 10 || byte &- UInt8(ascii: "a") < 6 || byte == UInt8(ascii: "-")
  }

  /// Returns the filter of these UUIDs and others, which are distinct; `nil` if there are none.
  func finish(with others: [UUID] = []) -> UUIDFilter? {
    var all = others.map(\.filterHash)
    if !hashes.isEmpty { all.append(contentsOf: hashes.subtracting(all)) }
    return UUIDFilter(all)
  }
}
