internal import Glibc
internal import InsightsStore

/// The request ids that invocations of this run had: a set that forgets none, and takes one that it
/// has not for its own only by an accident that never happens.
final class RequestHistory {
  /// Keys that it holds at most; with more it may have any id.
  private static let keyLimit = 24 << 20
  private static let firstCapacity = 1 << 14
  /// Chosen anew by each process, so that nobody can make up ids that fall into one place.
  private static let seeds = (
    UInt64.random(in: .min ... .max), UInt64.random(in: .min ... .max)
  )

  /// Open addressing; zero is a free slot.
  private var slots: UnsafeMutablePointer<UInt64>
  private var capacity = RequestHistory.firstCapacity
  private var count = 0
  /// Whether some id may have been opened twice.
  private(set) var mayRepeat = false

  init() {
    slots = RequestHistory.allocate(capacity)
  }

  deinit {
    free(slots)
  }

  /// What stands for an id in the history.
  static func key(of id: RequestID) -> UInt64 {
    let bits = id.bits
    let product = (bits.high ^ seeds.0).multipliedFullWidth(by: bits.low ^ seeds.1)
    return max(1, product.high ^ product.low)
  }

  /// Adds the id of an invocation; true where it may have been there already.
  @discardableResult
  func add(_ id: RequestID) -> Bool {
    guard addNew(RequestHistory.key(of: id)) else {
      mayRepeat = true
      return true
    }
    return false
  }

  /// Forgets that ids were opened twice, not the ids.
  func forgetRepeats() {
    mayRepeat = false
  }

  /// Adds a key that is certainly not there yet, else does nothing and gives false.
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

  /// Where a key is, or would be.
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

  /// Unlike `initialize`, this leaves it to the kernel to clear the pages that are used.
  private static func allocate(_ capacity: Int) -> UnsafeMutablePointer<UInt64> {
    guard let memory = calloc(capacity, MemoryLayout<UInt64>.stride) else {
      fatalError("out of memory")
    }
    return memory.bindMemory(to: UInt64.self, capacity: capacity)
  }
}
