/// How a Bloom filter is laid out in bytes: it tells which keys cannot be among those it was made
/// of, and of some others that they may be.
struct BloomFilter: Sendable {
  /// What is kept of a value: two hashes, added time and again, do for as many.
  struct Key: Hashable {
    var first: UInt64
    var step: UInt64

    /// The bit that a probe looks at, of so many.
    fileprivate func place(_ probe: UInt64, of bitCount: Int) -> Int {
      Int((first &+ probe &* step).multipliedFullWidth(by: UInt64(bitCount)).high)
    }
  }

  /// In fewer bits the probes of a key are too often those of another.
  private static let leastByteCount = 8

  let bitsPerKey: Int
  /// How many bits a key sets.
  let probeCount: UInt64

  /// The filter of some keys; empty where there are none.
  func encoded(_ keys: some Collection<Key>) -> [UInt8] {
    if keys.isEmpty { return [] }
    let byteCount = max(BloomFilter.leastByteCount, (keys.count * bitsPerKey + 7) / 8)
    var bytes = [UInt8](repeating: 0, count: byteCount)
    for key in keys {
      for probe in 0..<probeCount {
        let place = key.place(probe, of: byteCount * 8)
        bytes[place >> 3] |= 1 << UInt8(place & 7)
      }
    }
    return bytes
  }

  /// False only where the key is none of those that the filter was made of.
  func mayContain(_ key: Key, in filter: UnsafeBufferPointer<UInt8>) -> Bool {
    if filter.isEmpty { return false }
    return (0..<probeCount).allSatisfy { probe in
      let place = key.place(probe, of: filter.count * 8)
      return filter[place >> 3] >> UInt8(place & 7) & 1 == 1
    }
  }
}
