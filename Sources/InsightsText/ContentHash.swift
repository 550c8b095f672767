/// A 128-bit hash of a stream of bytes that does not depend on how the stream is divided into
/// buffers.
///
/// It identifies files; it is not cryptographic.
public struct ContentHash: Sendable {
  // Odd constants from the fractional digits of the golden ratio and of the square root of two.
  private var low: UInt64 = 0x9E37_79B9_7F4A_7C15
  private var high: UInt64 = 0x6A09_E667_F3BC_C909
  private var byteCount: UInt64 = 0
  /// Bytes not yet hashed, fewer than eight, the first in the lowest bits.
  private var pending: UInt64 = 0

  public init() {}

  /// Hashes the next bytes of the stream.
  public mutating func update(_ bytes: UnsafeBufferPointer<UInt8>) {
    var hash = self
    var index = 0
    while index < bytes.count, hash.byteCount & 7 != 0 {
      hash.update(byte: bytes[index])
      index += 1
    }
    let raw = UnsafeRawBufferPointer(bytes)
    while index <= bytes.count - 8 {
      hash.mix(UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: index, as: UInt64.self)))
      hash.byteCount &+= 8
      index += 8
    }
    while index < bytes.count {
      hash.update(byte: bytes[index])
      index += 1
    }
    self = hash
  }

  /// The hash of all bytes so far, as 32 hexadecimal digits.
  public var text: String {
    let (high, low) = value
    return hexadecimal(high) + hexadecimal(low)
  }

  /// The hash of all bytes so far.
  public var value: (high: UInt64, low: UInt64) {
    var hash = self
    hash.mix(hash.pending)
    hash.mix(hash.byteCount)
    hash.mix(hash.low &+ hash.high)
    return (hash.high, hash.low)
  }

  private mutating func update(byte: UInt8) {
    pending |= UInt64(byte) << (8 * (byteCount & 7))
    byteCount &+= 1
    if byteCount & 7 == 0 {
      mix(pending)
      pending = 0
    }
  }

  private mutating func mix(_ word: UInt64) {
    let first = (low ^ word).multipliedFullWidth(by: 0x9FB2_1C65_1E98_DF25)
    let second = (high &+ word).multipliedFullWidth(by: 0xD6E8_FEB8_6659_FD93)
    low = first.low ^ second.high
    high = second.low ^ first.high &+ 0x9E37_79B9_7F4A_7C15
  }

  private func hexadecimal(_ word: UInt64) -> String {
    let digits = String(word, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}
