internal import Glibc

/// The MD5 digest of RFC 1321: for recognising values, not for keeping secrets.
public enum MD5 {
  /// The 16 bytes of the digest.
  public static func digest(of message: UnsafeBufferPointer<UInt8>) -> [UInt8] {
    var state: (UInt32, UInt32, UInt32, UInt32) = (
      0x6745_2301, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476
    )
    BlockDigest.forEachBlock(of: message, isLengthBigEndian: false) { block in
      var (a, b, c, d) = state
      for round in 0..<64 {
        let mixed: UInt32
        let word: Int
        switch round / 16 {
        case 0: (mixed, word) = (b & c | ~b & d, round)
        case 1: (mixed, word) = (d & b | ~d & c, (5 * round + 1) % 16)
        case 2: (mixed, word) = (b ^ c ^ d, (3 * round + 5) % 16)
        default: (mixed, word) = (c ^ (b | ~d), 7 * round % 16)
        }
        let sum = a &+ mixed &+ sines[round] &+ littleEndianWord(block, at: 4 * word)
        let shift = shifts[round / 16 * 4 + round % 4]
        (a, d, c) = (d, c, b)
        b = b &+ (sum << shift | sum >> (32 - shift))
      }
      state = (state.0 &+ a, state.1 &+ b, state.2 &+ c, state.3 &+ d)
    }
    return [state.0, state.1, state.2, state.3].flatMap { word in
      withUnsafeBytes(of: word.littleEndian) { Array($0) }
    }
  }

  private static let shifts: [UInt32] = [
    7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21,
  ]

  /// The integer parts of 2³² · |sin(i)|, as the RFC defines them.
  private static let sines: [UInt32] = (1...64).map { UInt32(abs(sin(Double($0))) * 4_294_967_296) }

  private static func littleEndianWord(_ block: UnsafeBufferPointer<UInt8>, at start: Int) -> UInt32
  {
    UInt32(block[start]) | UInt32(block[start + 1]) << 8 | UInt32(block[start + 2]) << 16
      | UInt32(block[start + 3]) << 24
  }
}
