internal import InsightsThreads

/// Numbers distinct values in the order of first occurrence.
///
/// Values are equal as for `GROUP BY`: 1 equals 1.0.
final class ValueIndex {
  /// The distinct values, in memory of their own.
  @exclusivity(unchecked) private(set) var values: [Cell] = []
  @exclusivity(unchecked) private var hashes: [UInt64] = []
  /// Open addressing: 0 is free, otherwise the number of the value plus 1.
  @exclusivity(unchecked) private var slots: [UInt32] = Array(repeating: 0, count: 64)
  private let arena = TextArena()

  var count: Int { values.count }

  /// The approximate memory in bytes.
  var byteCount: Int {
    values.capacity * MemoryLayout<Cell>.stride + hashes.capacity * 8 + slots.count * 4
      + arena.byteCount
  }

  /// Returns the number of a value, a new one if it is unknown.
  func number(of value: Cell) -> Int {
    let cell = value.normalized
    let hash = cell.hash
    let mask = slots.count - 1
    var slot = Int(truncatingIfNeeded: hash) & mask
    while slots[slot] != 0 {
      let number = Int(slots[slot]) - 1
      if hashes[number] == hash, Cell.isSame(values[number], cell) { return number }
      slot = (slot + 1) & mask
    }
    let number = values.count
    values.append(arena.copy(of: cell))
    hashes.append(hash)
    slots[slot] = UInt32(truncatingIfNeeded: number + 1)
    if values.count * 2 > slots.count { grow() }
    return number
  }

  private func grow() {
    slots = Array(repeating: 0, count: slots.count * 4)
    for number in hashes.indices { place(number) }
  }

  /// Makes space for another value; for millions of values that takes a tenth of a second.
  private func reserveOne(_ cancellation: Cancellation) throws(ScanFailure) {
    guard (values.count + 1) * 2 > slots.count else { return }
    slots = Array(repeating: 0, count: slots.count * 4)
    try cancellation.forEach(below: hashes.count, place)
  }

  private func place(_ number: Int) {
    let mask = slots.count - 1
    var slot = Int(truncatingIfNeeded: hashes[number]) & mask
    while slots[slot] != 0 { slot = (slot + 1) & mask }
    slots[slot] = UInt32(truncatingIfNeeded: number + 1)
  }

  /// Returns the numbers of another part's values.
  func numbers(
    of values: [Cell], _ cancellation: Cancellation
  ) throws(ScanFailure) -> [UInt32] {
    var numbers: [UInt32] = []
    numbers.reserveCapacity(values.count)
    try cancellation.forEach(below: values.count) { index throws(ScanFailure) in
      try reserveOne(cancellation)
      numbers.append(UInt32(truncatingIfNeeded: number(of: values[index])))
    }
    return numbers
  }

  /// Returns the numbers of the values of a vector; each entry of a dictionary is looked up once.
  func numbers(of vector: CellVector, count: Int) -> [UInt32] {
    switch vector {
    case .constant(let cell):
      return Array(repeating: UInt32(truncatingIfNeeded: number(of: cell)), count: count)
    case .dictionary(let codes, let values):
      var known = [UInt32](repeating: .max, count: values.count)
      return codes.map { code in
        let index = Int(code)
        if known[index] == .max {
          known[index] = UInt32(truncatingIfNeeded: number(of: values[index]))
        }
        return known[index]
      }
    case .cells(let cells):
      var last = Cell.null
      var lastNumber = UInt32.max
      return cells.map { cell in
        if lastNumber != .max, Cell.isSame(cell, last) { return lastNumber }
        last = cell
        lastNumber = UInt32(truncatingIfNeeded: number(of: cell))
        return lastNumber
      }
    }
  }
}
