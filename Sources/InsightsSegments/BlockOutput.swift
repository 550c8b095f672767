/// Builds a block before it is compressed.
package struct BlockOutput {
  package private(set) var bytes: [UInt8] = []

  package init() {}

  mutating func append(_ byte: UInt8) {
    bytes.append(byte)
  }

  mutating func append(_ source: some Collection<UInt8>) {
    bytes.append(contentsOf: source)
  }

  mutating func append<Integer: FixedWidthInteger>(integer: Integer) {
    withUnsafeBytes(of: integer.littleEndian) { bytes.append(contentsOf: $0) }
  }

  /// Appends a count.
  mutating func append(count: Int) {
    append(integer: UInt32(truncatingIfNeeded: count))
  }

  /// Appends the low bytes of each value as integers of another width.
  mutating func append<Source: FixedWidthInteger, Target: FixedWidthInteger>(
    _ values: [Source], as _: Target.Type
  ) {
    let size = MemoryLayout<Target>.stride
    let encoded = [UInt8](unsafeUninitializedCapacity: values.count * size) { bytes, count in
      let raw = UnsafeMutableRawBufferPointer(bytes)
      values.withUnsafeBufferPointer { values in
        for position in 0..<values.count {
          raw.storeBytes(
            of: Target(truncatingIfNeeded: values[position]).littleEndian,
            toByteOffset: position * size, as: Target.self)
        }
      }
      count = values.count * size
    }
    bytes.append(contentsOf: encoded)
  }
}
