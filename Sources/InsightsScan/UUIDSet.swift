internal import InsightsSegments

/// A set of UUIDs, which counts them.
///
/// They are collected in parts, by their hash. Duplicates are removed from one part at a time, whose
/// table fits in the processor's cache; a table of all would miss it with every UUID.
final class UUIDSet {
  /// UUIDs, of which the first `distinctCount` are distinct.
  private final class Part {
    @exclusivity(unchecked) var uuids = GrowingBuffer<UUID>(capacity: 16)
    @exclusivity(unchecked) var distinctCount = 0
    /// The number of UUIDs from which on duplicates are removed.
    @exclusivity(unchecked) var limit = 4096
  }

  private static let partCount = 256
  private static let zero = UUID(high: 0, low: 0)

  /// Empty until there is a UUID.
  private var parts: [Part] = []
  /// For the removal of duplicates: open addressing; zeros are a free slot.
  private var slots: [UUID] = []

  /// The approximate memory in bytes.
  var byteCount: Int {
    parts.reduce(slots.capacity * MemoryLayout<UUID>.stride) { $0 + $1.uuids.byteCount }
  }

  /// The number of distinct UUIDs.
  var count: Int {
    parts.reduce(0) { count, part in
      removeDuplicates(from: part)
      return count + part.distinctCount
    }
  }

  func insert(_ uuid: UUID) { insert(contentsOf: [uuid]) }

  func insert(contentsOf uuids: [UUID]) {
    if uuids.isEmpty { return }
    makeParts()
    parts.withUnsafeBufferPointer { parts in
      for uuid in uuids {
        let part = parts[Int(truncatingIfNeeded: Self.hash(uuid) >> 56)]
        part.uuids.append(uuid)
        if part.uuids.count >= part.limit { removeDuplicates(from: part) }
      }
    }
  }

  func formUnion(_ other: UUIDSet) {
    if other.parts.isEmpty { return }
    makeParts()
    for (part, others) in zip(parts, other.parts) {
      part.uuids.append(others.uuids.start, count: others.uuids.count)
      if part.uuids.count >= part.limit { removeDuplicates(from: part) }
    }
  }

  private func makeParts() {
    if parts.isEmpty { parts = (0..<Self.partCount).map { _ in Part() } }
  }

  @inline(__always)
  private static func hash(_ uuid: UUID) -> UInt64 {
    (uuid.high &* 0x9E37_79B9_7F4A_7C15 ^ uuid.low) &* 0xE703_7ED1_A0B4_28DB
  }

  private func removeDuplicates(from part: Part) {
    guard part.distinctCount < part.uuids.count else { return }
    var slotCount = 64
    while slotCount < 2 * part.uuids.count { slotCount *= 2 }
    if slots.count < slotCount { slots = Array(repeating: Self.zero, count: slotCount) }
    let distinctCount = slots.withUnsafeMutableBufferPointer { slots in
      let slots = UnsafeMutableBufferPointer(rebasing: slots[..<slotCount])
      slots.update(repeating: Self.zero)
      return Self.moveDistinct(part.uuids.start, count: part.uuids.count, slots)
    }
    part.uuids.count = distinctCount
    part.distinctCount = distinctCount
    part.limit = max(4096, 2 * distinctCount)
  }

  /// Moves the distinct UUIDs to the beginning and returns their number; all slots must be free.
  private static func moveDistinct(
    _ uuids: UnsafeMutablePointer<UUID>, count: Int, _ slots: UnsafeMutableBufferPointer<UUID>
  ) -> Int {
    let mask = slots.count &- 1
    var distinctCount = 0
    var hasZero = false
    for index in 0..<count {
      let uuid = uuids[index]
      if uuid == zero {
        if hasZero { continue }
        hasZero = true
      } else {
        // The highest bits are the same in all UUIDs of a part.
        var slot = Int(truncatingIfNeeded: hash(uuid) >> 24) & mask
        while slots[slot] != zero, slots[slot] != uuid { slot = (slot &+ 1) & mask }
        if slots[slot] == uuid { continue }
        slots[slot] = uuid
      }
      uuids[distinctCount] = uuid
      distinctCount &+= 1
    }
    return distinctCount
  }
}
