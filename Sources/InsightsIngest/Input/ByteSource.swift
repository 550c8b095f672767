/// Bytes that come one piece after the other.
protocol ByteSource: AnyObject {
  /// Fills the buffer as far as one step gets and gives the number of bytes; 0 at the end.
  ///
  /// - Throws: `InputDamage` once what could be read has been given.
  func read(into buffer: UnsafeMutableBufferPointer<UInt8>) throws(InputDamage) -> Int
}

/// Why an input ends before its end.
struct InputDamage: Error, Equatable {
  /// A lower-case phrase without a full stop.
  var message: String
}

/// Bytes that were read ahead, then the rest.
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
