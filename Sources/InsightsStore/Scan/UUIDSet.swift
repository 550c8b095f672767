/// A set of UUIDs.
struct UUIDSet {
  /// Open addressing; zeros are a free slot.
  private var slots: [UUID] = []
  private var hasZero = false
  private(set) var count = 0

  /// The memory in bytes.
  var byteCount: Int { slots.count * MemoryLayout<UUID>.stride }

  private static let zero = UUID(high: 0, low: 0)

  mutating func insert(_ uuid: UUID) { insert(contentsOf: [uuid]) }

  mutating func insert(contentsOf uuids: [UUID]) {
    reserve(count + uuids.count)
    if !hasZero, uuids.contains(Self.zero) {
      hasZero = true
      count += 1
    }
    count += place(uuids)
  }

  mutating func formUnion(_ other: UUIDSet) {
    if other.hasZero { insert(Self.zero) }
    // They are in the order of their slots: a smaller table would fill from one end, with long
    // probe sequences.
    reserve(count + other.count)
    count += place(other.slots)
  }

  /// Inserts as many UUIDs as fit, except zeros; returns the number of new ones.
  private mutating func place(_ uuids: [UUID]) -> Int {
    slots.withUnsafeMutableBufferPointer { slots in
      let mask = slots.count - 1
      var newCount = 0
      for uuid in uuids where uuid != Self.zero {
        var slot =
          Int(truncatingIfNeeded: ((uuid.high ^ uuid.low) &* 0x9E37_79B9_7F4A_7C15) >> 32)
          & mask
        while slots[slot] != Self.zero, slots[slot] != uuid { slot = (slot &+ 1) & mask }
        if slots[slot] == Self.zero {
          slots[slot] = uuid
          newCount &+= 1
        }
      }
      return newCount
    }
  }

  /// Makes room, so that a quarter of the slots stays free.
  private mutating func reserve(_ count: Int) {
    guard count * 4 >= slots.count * 3 else { return }
    let old = slots
    var slotCount = max(1024, old.count * 4)
    while count * 4 >= slotCount * 3 { slotCount *= 2 }
    slots = Array(repeating: Self.zero, count: slotCount)
    _ = place(old)
  }
}
