internal import Glibc
internal import InsightsStore

/// The request ids of this run's invocations: a set of 64-bit keys, in which false positives are
/// practically impossible.
final class RequestHistory {
  /// The maximum number of keys; beyond it any id may be in the set.
  private static let keyLimit = 24 << 20
  private static let firstCapacity = 1 << 14
  /// Random for each process, so that colliding ids cannot be constructed.
  private static let seeds = (
    UInt64.random(in: .min ... .max), UInt64.random(in: .min ... .max)
  )

  /// Open addressing; zero is a free slot.
  private var slots: UnsafeMutablePointer<UInt64>
  private var capacity = RequestHistory.firstCapacity
  private var count = 0
  /// Whether an id may have been added twice.
  private(set) var mayRepeat = false

  init() {
    slots = RequestHistory.allocate(capacity)
  }

  deinit {
    free(slots)
  }

  /// Returns the key of an id.
  static func key(of id: RequestID) -> UInt64 {
    let bits = id.bits
    let product = (bits.high ^ seeds.0).multipliedFullWidth(by: bits.low ^ seeds.1)
    return max(1, product.high ^ product.low)
  }

  /// Adds the id of an invocation; returns true if it may have been present.
  @discardableResult
  func add(_ id: RequestID) -> Bool {
    guard addNew(RequestHistory.key(of: id)) else {
      mayRepeat = true
      return true
    }
    return false
  }

  /// Clears `mayRepeat`, but keeps the ids.
  func forgetRepeats() {
    mayRepeat = false
  }

  /// Adds a key that is certainly new; otherwise does nothing and returns false.
  func addNew(_ key: UInt64) -> Bool {
    let slot = slot(of: key)
    guard slots[slot] == 0, count < RequestHistory.keyLimit else { return false }
    slots[slot] = key
    count += 1
    if count * 4 >= capacity * 3 { grow() }
    return true
  }

  func mayContain(_ id: RequestID) -> Bool {
    slots[slot(of: RequestHistory.key(of: id))] != 0 || count >= RequestHistory.keyLimit
  }

  /// Returns the slot of a key, or the free slot for it.
  private func slot(of key: UInt64) -> Int {
    let mask = capacity - 1
    var slot = Int(truncatingIfNeeded: key) & mask
    while slots[slot] != 0, slots[slot] != key { slot = (slot + 1) & mask }
    return slot
  }

  private func grow() {
    let old = UnsafeMutableBufferPointer(start: slots, count: capacity)
    capacity *= 2
    slots = RequestHistory.allocate(capacity)
    for key in old where key != 0 { slots[slot(of: key)] = key }
    free(old.baseAddress)
  }

  /// Unlike `initialize`, this lets the kernel provide zeroed pages on demand.
  private static func allocate(_ capacity: Int) -> UnsafeMutablePointer<UInt64> {
    guard let memory = calloc(capacity, MemoryLayout<UInt64>.stride) else {
      fatalError("out of memory")
    }
    return memory.bindMemory(to: UInt64.self, capacity: capacity)
  }
}
