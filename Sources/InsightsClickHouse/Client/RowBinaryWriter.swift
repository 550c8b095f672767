/// Writes rows in ClickHouse's format `RowBinary`: consecutive values, without names or types.
///
/// Texts are arbitrary bytes, including NUL and invalid UTF-8. A `Nullable` value is
/// `appendNull()`, or `appendPresent()` and the value.
public struct RowBinaryWriter: Sendable {
  /// The encoded rows.
  public private(set) var bytes: [UInt8] = []

  /// Makes an empty writer.
  public init(capacity: Int = 0) {
    bytes.reserveCapacity(capacity)
  }

  /// Removes the rows and keeps the memory.
  public mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

  /// Appends a value of type `Int8` to `Int64`, `UInt8` to `UInt64`, `DateTime64`, or `Bool` as
  /// `UInt8`.
  public mutating func append<Integer: FixedWidthInteger>(_ value: Integer) {
    withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
  }

  /// Appends a value of type `Float64`.
  public mutating func append(_ value: Double) { append(value.bitPattern) }

  /// Appends a value of type `String`, also inside `LowCardinality`.
  public mutating func append(_ text: UnsafeBufferPointer<UInt8>) {
    append(count: text.count)
    bytes.append(contentsOf: text)
  }

  /// Appends a value of type `String`, also inside `LowCardinality`.
  public mutating func append(_ text: String) {
    append(count: text.utf8.count)
    bytes.append(contentsOf: text.utf8)
  }

  /// Appends values that are already encoded.
  mutating func append(encoded bytes: [UInt8]) { self.bytes += bytes }

  /// Appends the number of elements of an array or a map; the elements follow.
  public mutating func append(count: Int) {
    var rest = UInt64(count)
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(truncatingIfNeeded: rest))
  }

  /// Appends a missing value of a `Nullable` type.
  public mutating func appendNull() { bytes.append(1) }

  /// Appends the prefix of a value of a `Nullable` type.
  public mutating func appendPresent() { bytes.append(0) }
}
