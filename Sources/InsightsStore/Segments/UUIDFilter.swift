internal import InsightsText

/// Tells which UUIDs cannot occur in the messages of a segment: a Bloom filter over all that do.
///
/// A search for one request reads this of every segment, a hundredth of what the `TokenFilter`s of
/// its texts take.
struct UUIDFilter: Sendable {
  /// How many bits a UUID sets.
  private static let hashCount = 6

  let bytes: [UInt8]

  /// Of the UUIDs with these hashes; `nil` of none.
  init?(_ hashes: some Collection<UInt64>) {
    guard !hashes.isEmpty else { return nil }
    // 10 bits a UUID: one in 120 that do not occur is not told.
    var bytes = [UInt8](repeating: 0, count: (hashes.count * 10 + 7) / 8)
    for hash in hashes {
      for number in 0..<Self.hashCount {
        let bit = Self.bit(number, of: hash, byteCount: bytes.count)
        bytes[bit >> 3] |= 1 << UInt8(bit & 7)
      }
    }
    self.bytes = bytes
  }

  /// Whether some message may contain the UUID.
  func mayContain(_ hash: UInt64) -> Bool {
    (0..<Self.hashCount).allSatisfy { number in
      let bit = Self.bit(number, of: hash, byteCount: bytes.count)
      return bytes[bit >> 3] >> UInt8(bit & 7) & 1 == 1
    }
  }

  /// Two halves of a hash, added time and again, do for as many hashes.
  private static func bit(_ number: Int, of hash: UInt64, byteCount: Int) -> Int {
    let step = UInt32(truncatingIfNeeded: hash >> 32) | 1
    let value = UInt32(truncatingIfNeeded: hash) &+ UInt32(truncatingIfNeeded: number) &* step
    return Int((UInt64(value) &* UInt64(byteCount * 8)) >> 32)
  }

  /// Fails for no bytes, and for more than could be of one segment.
  init?(bytes: [UInt8]) {
    guard !bytes.isEmpty, bytes.count < 1 << 28 else { return nil }
    self.bytes = bytes
  }
}

extension UUID {
  /// A hash with all bits mixed, as a `UUIDFilter` needs it: not all UUIDs are random.
  var filterHash: UInt64 {
    var hash = (high ^ (low << 31 | low >> 33)) &* 0x9E37_79B9_7F4A_7C15
    hash = (hash ^ hash >> 32 ^ low) &* 0xD6E8_FEB8_6659_FD93
    return hash ^ hash >> 32
  }

  /// The UUIDs in a text in their canonical lower-case form, which may overlap.
  static func all(in text: [UInt8]) -> [UUID] {
    text.withUnsafeBufferPointer { text in
      (0..<max(0, text.count - (textLength - 1))).compactMap { start in
        HexadecimalDigits.uuid(in: text, at: start).map { UUID(high: $0.high, low: $0.low) }
      }
    }
  }
}
