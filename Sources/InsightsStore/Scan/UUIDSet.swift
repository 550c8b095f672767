/// Distinct UUIDs.
struct UUIDSet {
  /// Open addressing; zeros are a free slot.
  private var slots: [UUID] = []
  private var hasZero = false
  private(set) var count = 0

  /// Bytes that it holds.
  var byteCount: Int { slots.count * MemoryLayout<UUID>.stride }

  private static let zero = UUID(high: 0, low: 0)

  mutating func insert(_ uuid: UUID) {
    if uuid == Self.zero {
      if !hasZero { count += 1 }
      hasZero = true
      return
    }
    if count * 4 >= slots.count * 3 { grow() }
    if place(uuid) { count += 1 }
  }

  func forEach(_ body: (UUID) -> Void) {
    if hasZero { body(Self.zero) }
    for uuid in slots where uuid != Self.zero { body(uuid) }
  }

  /// False where it is there already.
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

  private mutating func grow() {
    let old = slots
    slots = Array(repeating: Self.zero, count: max(1024, old.count * 2))
    for uuid in old where uuid != Self.zero { _ = place(uuid) }
  }
}
