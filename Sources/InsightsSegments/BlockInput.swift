/// Reads the parts of a decompressed block in order; truncated parts are `nil`.
struct BlockInput {
  private let bytes: [UInt8]
  private(set) var index = 0

  init(_ bytes: [UInt8], from index: Int = 0) {
    self.bytes = bytes
    self.index = index
  }

  var isAtEnd: Bool { index == bytes.count }

  /// Skips bytes; returns false if there are fewer.
  mutating func skip(_ count: Int) -> Bool {
    guard count >= 0, count <= bytes.count - index else { return false }
    index += count
    return true
  }

  mutating func byte() -> UInt8? {
    guard index < bytes.count else { return nil }
    defer { index += 1 }
    return bytes[index]
  }

  mutating func integer<Integer: FixedWidthInteger>(_: Integer.Type) -> Integer? {
    let size = MemoryLayout<Integer>.size
    guard size <= bytes.count - index else { return nil }
    defer { index += size }
    return bytes.withUnsafeBytes {
      Integer(littleEndian: $0.loadUnaligned(fromByteOffset: index, as: Integer.self))
    }
  }

  /// Returns a count of at most `limit`.
  mutating func count(limit: Int) -> Int? {
    guard let count = integer(UInt32.self), Int(count) <= limit else { return nil }
    return Int(count)
  }

  /// Returns `count` little-endian integers.
  mutating func integers<Integer: FixedWidthInteger>(
    _: Integer.Type, count: Int
  ) -> [Integer]? {
    let size = MemoryLayout<Integer>.stride
    guard count >= 0, count <= (bytes.count - index) / size else { return nil }
    let start = index
    index += count * size
    return bytes.withUnsafeBytes { bytes in
      [Integer](unsafeUninitializedCapacity: count) { values, initializedCount in
        for position in 0..<count {
          values.initializeElement(
            at: position,
            to: Integer(
              littleEndian: bytes.loadUnaligned(
                fromByteOffset: start + position * size, as: Integer.self)))
        }
        initializedCount = count
      }
    }
  }

  /// Returns the next `count` bytes.
  mutating func bytes(count: Int) -> [UInt8]? {
    guard count >= 0, count <= bytes.count - index else { return nil }
    defer { index += count }
    return Array(bytes[index..<index + count])
  }
}
