internal import InsightsText

/// Tells which values a field has in no event of a segment: a Bloom filter over its values.
enum FieldIndexFilter {
  /// With eight probes, one absent value in 1,700 is taken for present.
  private static let bitsPerKey = 16
  private static let probeCount: UInt64 = 8
  /// In fewer bits the probes of a value are too often those of another.
  private static let leastByteCount = 8

  /// What is kept of a value.
  ///
  /// Values that some comparison of the language takes for equal have the same key: numbers count
  /// by value, also those that are text, and other text by its bytes.
  struct Key: Hashable {
    fileprivate let first: UInt64
    fileprivate let step: UInt64

    /// `nil` for NULL, which equals nothing.
    init?(_ cell: Cell) {
      if cell.isNull { return nil }
      var hash = ContentHash()
      if let number = cell.number?.real {
        // Both zeros are one; integers that share their nearest Double share a key.
        let bits = (number == 0 ? 0 : number).bitPattern.littleEndian
        withUnsafeBytes(of: bits) { bytes in
          bytes.withMemoryRebound(to: UInt8.self) { hash.update($0) }
        }
      } else {
        hash.update(cell.text)
      }
      (first, step) = hash.value
    }

    /// The bit that a probe looks at, of so many.
    fileprivate func place(_ probe: UInt64, of bitCount: Int) -> Int {
      Int((first &+ probe &* step).multipliedFullWidth(by: UInt64(bitCount)).high)
    }
  }

  /// The filter of some values; empty where there are none.
  static func encoded(_ keys: Set<Key>) -> [UInt8] {
    if keys.isEmpty { return [] }
    var bits = [UInt8](repeating: 0, count: max(leastByteCount, keys.count * bitsPerKey / 8))
    for key in keys {
      for probe in 0..<probeCount {
        let place = key.place(probe, of: bits.count * 8)
        bits[place >> 3] |= 1 << UInt8(place & 7)
      }
    }
    return bits
  }

  /// False only where the value is none of those that the filter was made of.
  static func mayContain(_ key: Key, in filter: UnsafeBufferPointer<UInt8>) -> Bool {
    if filter.isEmpty { return false }
    return (0..<probeCount).allSatisfy { probe in
      let place = key.place(probe, of: filter.count * 8)
      return filter[place >> 3] >> UInt8(place & 7) & 1 == 1
    }
  }
}
