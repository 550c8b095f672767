/// What MD5 and SHA-256 have in common: blocks of 64 bytes, the last ones padded with the length.
enum BlockDigest {
  static let blockByteCount = 64

  /// Calls `body` with every block of the padded message.
  @inline(__always)
  static func forEachBlock(
    of message: UnsafeBufferPointer<UInt8>, isLengthBigEndian: Bool,
    _ body: (UnsafeBufferPointer<UInt8>) -> Void
  ) {
    let wholeCount = message.count / blockByteCount * blockByteCount
    for start in stride(from: 0, to: wholeCount, by: blockByteCount) {
      body(UnsafeBufferPointer(rebasing: message[start..<start + blockByteCount]))
    }
    var rest = Array(message[wholeCount...])
    rest.append(0x80)
    while rest.count % blockByteCount != 56 { rest.append(0) }
    let bitCount = UInt64(truncatingIfNeeded: message.count) &* 8
    let length = isLengthBigEndian ? bitCount.bigEndian : bitCount.littleEndian
    withUnsafeBytes(of: length) { rest.append(contentsOf: $0) }
    rest.withUnsafeBufferPointer { bytes in
      for start in stride(from: 0, to: bytes.count, by: blockByteCount) {
        body(UnsafeBufferPointer(rebasing: bytes[start..<start + blockByteCount]))
      }
    }
  }
}
