internal import Glibc

/// Numbers byte strings from 0 in the order of first occurrence.
///
/// The strings are stored contiguously in one buffer, so millions of them need no allocation each.
struct ByteTable {
  private var bytes: [UInt8] = []
  private var starts: [Int] = [0]
  private var hashes: [UInt64] = []
  /// Open addressing; 0 is empty, otherwise the number plus one.
  private var slots = [UInt32](repeating: 0, count: 256)

  var count: Int { hashes.count }

  /// Calls `body` with the bytes of a string.
  func withBytes<Result>(of number: Int, _ body: (UnsafeBufferPointer<UInt8>) -> Result) -> Result {
    bytes.withUnsafeBufferPointer {
      body(UnsafeBufferPointer(rebasing: $0[starts[number]..<starts[number + 1]]))
    }
  }

  /// Returns the number of a string; `nil` if it is unknown.
  func number(of string: UnsafeBufferPointer<UInt8>) -> Int? {
    let number = slots[slot(of: string, hash: Self.hash(string))]
    return number == 0 ? nil : Int(number) - 1
  }

  /// Returns the number of a string, and adds it if it is unknown.
  mutating func insert(_ string: UnsafeBufferPointer<UInt8>) -> Int {
    let hash = Self.hash(string)
    let slot = slot(of: string, hash: hash)
    if slots[slot] != 0 { return Int(slots[slot]) - 1 }
    bytes.append(contentsOf: string)
    starts.append(bytes.count)
    hashes.append(hash)
    slots[slot] = UInt32(truncatingIfNeeded: hashes.count)
    if hashes.count * 2 > slots.count { grow() }
    return hashes.count - 1
  }

  private func slot(of string: UnsafeBufferPointer<UInt8>, hash: UInt64) -> Int {
    let mask = slots.count - 1
    var slot = Int(truncatingIfNeeded: hash >> 7) & mask
    while slots[slot] != 0 {
      let number = Int(slots[slot]) - 1
      if hashes[number] == hash, isEqual(number, string) { break }
      slot = (slot + 1) & mask
    }
    return slot
  }

  private func isEqual(_ number: Int, _ string: UnsafeBufferPointer<UInt8>) -> Bool {
    guard starts[number + 1] - starts[number] == string.count else { return false }
    guard let other = string.baseAddress, !string.isEmpty else { return true }
    return bytes.withUnsafeBufferPointer {
      guard let base = $0.baseAddress else { return false }
      return memcmp(base + starts[number], other, string.count) == 0
    }
  }

  private mutating func grow() {
    slots = [UInt32](repeating: 0, count: slots.count * 4)
    let mask = slots.count - 1
    for (number, hash) in hashes.enumerated() {
      var slot = Int(truncatingIfNeeded: hash >> 7) & mask
      while slots[slot] != 0 { slot = (slot + 1) & mask }
      slots[slot] = UInt32(truncatingIfNeeded: number + 1)
    }
  }

  /// Hashes eight bytes per step, with the multiplications of `ContentHash`.
  private static func hash(_ string: UnsafeBufferPointer<UInt8>) -> UInt64 {
    var state: UInt64 = 0x9E37_79B9_7F4A_7C15 ^ UInt64(truncatingIfNeeded: string.count)
    let raw = UnsafeRawBufferPointer(string)
    var index = 0
    while index <= raw.count - 8 {
      let word = raw.loadUnaligned(fromByteOffset: index, as: UInt64.self)
      let product = (state ^ word).multipliedFullWidth(by: 0x9FB2_1C65_1E98_DF25)
      state = product.low ^ product.high
      index += 8
    }
    var tail: UInt64 = 0
    while index < raw.count {
      tail = tail << 8 | UInt64(raw[index])
      index += 1
    }
    let product = (state ^ tail).multipliedFullWidth(by: 0xD6E8_FEB8_6659_FD93)
    return product.low ^ product.high
  }
}
