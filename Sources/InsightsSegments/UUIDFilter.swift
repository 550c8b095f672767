internal import InsightsText

/// Excludes UUIDs that cannot occur in the messages of a segment: a Bloom filter over all that do.
///
/// A search for one request reads this for every segment; it has 1 % of the size of the
/// `TokenFilter`s.
package struct UUIDFilter: Sendable {
  /// The false positive rate is 1 in 120.
  private static let layout = BloomFilter(bitsPerKey: 10, probeCount: 6)

  package let bytes: [UInt8]

  /// The filter of the UUIDs with these hashes; `nil` if there are none.
  init?(_ hashes: some Collection<UInt64>) {
    guard !hashes.isEmpty else { return nil }
    bytes = Self.layout.encoded(hashes.map(Self.key))
  }

  /// Whether some message may contain the UUID.
  package func mayContain(_ hash: UInt64) -> Bool {
    bytes.withUnsafeBufferPointer { Self.layout.mayContain(Self.key(hash), in: $0) }
  }

  /// The halves of a hash, each as the upper half of one of the key's hashes.
  private static func key(_ hash: UInt64) -> BloomFilter.Key {
    BloomFilter.Key(first: hash << 32, step: (hash >> 32 | 1) << 32)
  }

  /// `nil` if the bytes are empty or too many for a segment.
  package init?(bytes: [UInt8]) {
    guard !bytes.isEmpty, bytes.count < 1 << 28 else { return nil }
    self.bytes = bytes
  }
}

extension UUID {
  /// A well-mixed hash for a `UUIDFilter`, since not all UUIDs are random.
  package var filterHash: UInt64 {
    var hash = (high ^ (low << 31 | low >> 33)) &* 0x9E37_79B9_7F4A_7C15
    hash = (hash ^ hash >> 32 ^ low) &* 0xD6E8_FEB8_6659_FD93
    return hash ^ hash >> 32
  }

  /// Returns the UUIDs in a text in their canonical lower-case form, which may overlap.
  package static func all(in text: [UInt8]) -> [UUID] {
    text.withUnsafeBufferPointer { text in
      (0..<max(0, text.count - (textLength - 1))).compactMap { start in
        HexadecimalDigits.uuid(in: text, at: start).map { UUID(high: $0.high, low: $0.low) }
      }
    }
  }
}
