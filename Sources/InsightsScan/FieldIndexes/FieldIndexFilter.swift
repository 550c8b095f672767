internal import InsightsSegments
internal import InsightsText

/// A Bloom filter over the values of a field in a segment.
enum FieldIndexFilter {
  /// The false positive rate is 1 in 1,700.
  private static let layout = BloomFilter(bitsPerKey: 16, probeCount: 8)

  /// The key of a value.
  ///
  /// Values that compare equal in any comparison of the language have the same key: numbers by
  /// value, including numeric text, and other text by its bytes.
  struct Key: Hashable {
    fileprivate let bloomKey: BloomFilter.Key

    /// `nil` for NULL, which equals nothing.
    init?(_ cell: Cell) {
      if cell.isNull { return nil }
      var hash = ContentHash()
      if let number = cell.number?.real {
        // Both zeros are equal; integers with the same nearest Double share a key.
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

  /// Returns the filter of some values; empty if there are none.
  static func encoded(_ keys: Set<Key>) -> [UInt8] { layout.encoded(keys.map(\.bloomKey)) }

  /// Returns false only if the value is not among those of the filter.
  static func mayContain(_ key: Key, in filter: UnsafeBufferPointer<UInt8>) -> Bool {
    layout.mayContain(key.bloomKey, in: filter)
  }
}
