/// The SHA-256 digest of FIPS 180-4.
public enum SHA256 {
  /// The 32 bytes of the digest.
  public static func digest(of message: UnsafeBufferPointer<UInt8>) -> [UInt8] {
    var state = initialState
    var schedule = [UInt32](repeating: 0, count: 64)
    BlockDigest.forEachBlock(of: message, isLengthBigEndian: true) { block in
      for index in 0..<16 {
        schedule[index] =
          UInt32(block[4 * index]) << 24 | UInt32(block[4 * index + 1]) << 16
          | UInt32(block[4 * index + 2]) << 8 | UInt32(block[4 * index + 3])
      }
      for index in 16..<64 {
        let early = schedule[index - 15]
        let late = schedule[index - 2]
        schedule[index] =
          schedule[index - 16] &+ schedule[index - 7]
          &+ (rotated(early, 7) ^ rotated(early, 18) ^ early >> 3)
          &+ (rotated(late, 17) ^ rotated(late, 19) ^ late >> 10)
      }
      var working = state
      for round in 0..<64 {
        let e = working[4]
        let a = working[0]
        let first =
          working[7] &+ (rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25))
          &+ (e & working[5] ^ ~e & working[6]) &+ constants[round] &+ schedule[round]
        let second =
          (rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22))
          &+ (a & working[1] ^ a & working[2] ^ working[1] & working[2])
        working[7] = working[6]
        working[6] = working[5]
        working[5] = e
        working[4] = working[3] &+ first
        working[3] = working[2]
        working[2] = working[1]
        working[1] = a
        working[0] = first &+ second
      }
      for index in 0..<8 { state[index] = state[index] &+ working[index] }
    }
    return state.flatMap { word in withUnsafeBytes(of: word.bigEndian) { Array($0) } }
  }

  private static func rotated(_ word: UInt32, _ count: UInt32) -> UInt32 {
    word >> count | word << (32 - count)
  }

  private static let primes: [UInt64] = {
    var primes: [UInt64] = []
    var candidate: UInt64 = 2
    while primes.count < 64 {
      if primes.allSatisfy({ candidate % $0 != 0 }) { primes.append(candidate) }
      candidate += 1
    }
    return primes
  }()

  /// The first 32 bits of the fractions of the square roots of the first eight primes.
  private static let initialState: [UInt32] = primes.prefix(8).map { prime in
    rootFraction { $0 * $0 <= UInt128(prime) << 64 }
  }

  /// The first 32 bits of the fractions of the cube roots of the first 64 primes.
  private static let constants: [UInt32] = primes.map { prime in
    rootFraction { $0 * $0 * $0 <= UInt128(prime) << 96 }
  }

  /// The lower 32 bits of the greatest number that satisfies the condition.
  private static func rootFraction(_ isAtMostRoot: (UInt128) -> Bool) -> UInt32 {
    var root: UInt128 = 0
    // No root of these primes reaches 2⁵ · 2³².
    for bit in stride(from: 36, through: 0, by: -1) {
      let candidate = root | 1 << UInt128(bit)
      if isAtMostRoot(candidate) { root = candidate }
    }
    return UInt32(truncatingIfNeeded: root)
  }
}
