internal import InsightsText

/// Tells which values a field has in no event of a segment: a Bloom filter over its values.
enum FieldIndexFilter {
  /// One absent value in 1,700 is taken for present.
  private static let layout = BloomFilter(bitsPerKey: 16, probeCount: 8)

  /// What is kept of a value.
  ///
  /// Values that some comparison of the language takes for equal have the same key: numbers count
  /// by value, also those that are text, and other text by its bytes.
  struct Key: Hashable {
    fileprivate let bloomKey: BloomFilter.Key

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
      let (high, low) = hash.value
      bloomKey = BloomFilter.Key(first: high, step: low)
    }
  }

  /// The filter of some values; empty where there are none.
  static func encoded(_ keys: Set<Key>) -> [UInt8] { layout.encoded(keys.map(\.bloomKey)) }

  /// False only where the value is none of those that the filter was made of.
  static func mayContain(_ key: Key, in filter: UnsafeBufferPointer<UInt8>) -> Bool {
    layout.mayContain(key.bloomKey, in: filter)
  }
}
