/// Assigns consecutive numbers to distinct values by their hashes, with open addressing.
struct InternTable: ~Copyable {
  private var slots: GrowingBuffer<Int32>
  /// The number of slots, a power of two.
  private var size: Int
  private var hashes = GrowingBuffer<UInt64>()

  init() {
    size = 1024
    slots = GrowingBuffer(capacity: size)
    slots.start.update(repeating: -1, count: size)
  }

  var count: Int { hashes.count }

  /// Returns the number of the value with this hash for which `isSame` is true; a new number if
  /// there is none.
  @inline(__always)
  mutating func number(
    of hash: UInt64, isSame: (Int) -> Bool
  ) -> (number: Int, isNew: Bool) {
    let mask = size &- 1
    var slot = Int(truncatingIfNeeded: hash) & mask
    while true {
      let number = Int(slots.start[slot])
      if number < 0 { break }
      if hashes.start[number] == hash, isSame(number) { return (number, false) }
      slot = (slot &+ 1) & mask
    }
    let number = hashes.count
    slots.start[slot] = Int32(truncatingIfNeeded: number)
    hashes.append(hash)
    if hashes.count * 2 > size { grow() }
    return (number, true)
  }

  @inline(never)
  private mutating func grow() {
    size *= 2
    slots = GrowingBuffer(capacity: size)
    fill()
  }

  private mutating func fill() {
    slots.start.update(repeating: -1, count: size)
    for number in 0..<hashes.count {
      var slot = Int(truncatingIfNeeded: hashes.start[number]) & (size - 1)
      while slots.start[slot] >= 0 { slot = (slot + 1) & (size - 1) }
      slots.start[slot] = Int32(truncatingIfNeeded: number)
    }
  }

  /// Removes all values.
  mutating func removeAll() {
    // A table that grew large for one segment would slow down all others.
    if size > 65_536 {
      size = 1024
      slots = GrowingBuffer(capacity: size)
    }
    hashes.count = 0
    slots.start.update(repeating: -1, count: size)
  }
}

/// Hashes bytes, eight at a time.
enum WordHash {
  @inline(__always)
  static func mix(_ hash: UInt64, _ word: UInt64) -> UInt64 {
    let product = (hash ^ word) &* 0x9E37_79B9_7F4A_7C15
    return product ^ product >> 29
  }

  @inline(__always)
  static func hash(_ bytes: UnsafePointer<UInt8>, count: Int, from seed: UInt64 = 0) -> UInt64 {
    let raw = UnsafeRawPointer(bytes)
    var hash = seed ^ UInt64(truncatingIfNeeded: count)
    var offset = 0
    while offset &+ 8 <= count {
      hash = mix(hash, raw.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
      offset &+= 8
    }
    if offset < count {
      if count >= 8 {
        hash = mix(hash, raw.loadUnaligned(fromByteOffset: count &- 8, as: UInt64.self))
      } else {
        var rest: UInt64 = 0
        while offset < count {
          rest = rest << 8 | UInt64(bytes[offset])
          offset &+= 1
        }
        hash = mix(hash, rest)
      }
    }
    return hash ^ hash >> 32
  }

  /// Whether two byte sequences are equal.
  @inline(__always)
  static func isSame(
    _ left: UnsafePointer<UInt8>, _ right: UnsafePointer<UInt8>, count: Int
  ) -> Bool {
    let left = UnsafeRawPointer(left)
    let right = UnsafeRawPointer(right)
    var offset = 0
    while offset &+ 8 <= count {
      guard
        left.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
          == right.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
      else { return false }
      offset &+= 8
    }
    while offset < count {
      guard
        left.load(fromByteOffset: offset, as: UInt8.self)
          == right.load(fromByteOffset: offset, as: UInt8.self)
      else { return false }
      offset &+= 1
    }
    return true
  }
}
