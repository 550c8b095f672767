/// A set of UUIDs.
struct UUIDSet {
  /// Open addressing; zeros are a free slot.
  private var slots: [UUID] = []
  private var hasZero = false
  private(set) var count = 0

  /// The memory in bytes.
  var byteCount: Int { slots.count * MemoryLayout<UUID>.stride }

  private static let zero = UUID(high: 0, low: 0)

  mutating func insert(_ uuid: UUID) {
    if uuid == Self.zero {
      if !hasZero { count += 1 }
      hasZero = true
      return
    }
    reserve(count + 1)
    if place(uuid) { count += 1 }
  }

  mutating func formUnion(_ other: UUIDSet) {
    if other.hasZero { insert(Self.zero) }
    // They are in the order of their slots: a smaller table would fill from one end, with long
    // probe sequences.
    reserve(count + other.count)
    for uuid in other.slots where uuid != Self.zero {
      if place(uuid) { count += 1 }
    }
  }

  /// Returns false if it is already present.
  private mutating func place(_ uuid: UUID) -> Bool {
    let mask = slots.count - 1
    var slot =
      Int(truncatingIfNeeded: ((uuid.high ^ uuid.low) &* 0x9E37_79B9_7F4A_7C15) >> 32)
      & mask
    while slots[slot] != Self.zero {
      if slots[slot] == uuid { return false }
      slot = (slot + 1) & mask
    }
    slots[slot] = uuid
    return true
  }

  /// Makes room, so that a quarter of the slots stays free.
  private mutating func reserve(_ count: Int) {
    guard count * 4 >= slots.count * 3 else { return }
    let old = slots
    var slotCount = max(1024, old.count * 4)
    while count * 4 >= slotCount * 3 { slotCount *= 2 }
    slots = Array(repeating: Self.zero, count: slotCount)
    for uuid in old where uuid != Self.zero { _ = place(uuid) }
  }
}
