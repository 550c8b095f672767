/// A sequence of bytes that is read in pieces.
protocol ByteSource: AnyObject {
  /// Reads the next bytes into the buffer, as many as one step provides; returns their number, 0 at
  /// the end.
  ///
  /// - Throws: `InputDamage` once all readable bytes have been returned.
  func read(into buffer: UnsafeMutableBufferPointer<UInt8>) throws(InputDamage) -> Int
}

/// Why an input ends early.
struct InputDamage: Error, Equatable {
  /// A lower-case phrase without a full stop.
  var message: String
}

/// Bytes that were read ahead, followed by the rest of their source.
final class PrefixedSource: ByteSource {
  private var prefix: ArraySlice<UInt8>
  private let rest: any ByteSource

  init(prefix: [UInt8], rest: any ByteSource) {
    self.prefix = prefix[...]
    self.rest = rest
  }

  func read(into buffer: UnsafeMutableBufferPointer<UInt8>) throws(InputDamage) -> Int {
    guard !prefix.isEmpty else { return try rest.read(into: buffer) }
    let count = min(prefix.count, buffer.count)
    for (offset, byte) in prefix.prefix(count).enumerated() { buffer[offset] = byte }
    prefix = prefix.dropFirst(count)
    return count
  }
}
