/// The layout of a Bloom filter in bytes.
///
/// It has false positives, but no false negatives.
package struct BloomFilter: Sendable {

  /// The key of a value: two hashes, from which any number of probes is computed.
  package struct Key: Hashable {
    var first: UInt64
    var step: UInt64

    package init(first: UInt64, step: UInt64) {
      self.first = first
      self.step = step
    }

    /// Returns the bit of a probe, out of `bitCount`.
    fileprivate func place(_ probe: UInt64, of bitCount: Int) -> Int {
      Int((first &+ probe &* step).multipliedFullWidth(by: UInt64(bitCount)).high)
    }
  }

  /// The minimum size in bytes; with fewer bits the probes of different keys coincide too often.
  private static let leastByteCount = 8

  let bitsPerKey: Int
  /// The number of bits that a key sets.
  let probeCount: UInt64

  package init(bitsPerKey: Int, probeCount: UInt64) {
    self.bitsPerKey = bitsPerKey
    self.probeCount = probeCount
  }

  /// Returns the filter of some keys; empty if there are none.
  package func encoded(_ keys: some Collection<Key>) -> [UInt8] {
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

  /// Returns false only if the key is not among those of the filter.
  package func mayContain(_ key: Key, in filter: UnsafeBufferPointer<UInt8>) -> Bool {
    if filter.isEmpty { return false }
    return (0..<probeCount).allSatisfy { probe in
      let place = key.place(probe, of: filter.count * 8)
      return filter[place >> 3] >> UInt8(place & 7) & 1 == 1
    }
  }
}
