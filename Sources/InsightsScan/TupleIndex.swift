/// Numbers distinct tuples of numbers in the order of first occurrence.
final class TupleIndex {
  let width: Int
  /// The tuples, concatenated.
  @exclusivity(unchecked) private var elements: [UInt32] = []
  @exclusivity(unchecked) private var slots: [UInt32] = Array(repeating: 0, count: 64)
  @exclusivity(unchecked) private(set) var count = 0

  /// The approximate memory in bytes.
  var byteCount: Int { (elements.capacity + slots.count) * 4 }

  init(width: Int) {
    self.width = width
  }

  /// Returns the element of a tuple.
  func element(_ index: Int, of tuple: Int) -> Int { Int(elements[tuple * width + index]) }

  /// Returns the number of the tuple whose elements are at `row` of the columns.
  func number(of columns: [[UInt32]], at row: Int) -> Int {
    var hash: UInt64 = 0
    for column in columns { hash = Self.mix(hash, column[row]) }
    let mask = slots.count - 1
    var slot = Int(truncatingIfNeeded: hash >> 20) & mask
    while slots[slot] != 0 {
      let number = Int(slots[slot]) - 1
      if holds(columns, at: row, number) { return number }
      slot = (slot + 1) & mask
    }
    for column in columns { elements.append(column[row]) }
    count += 1
    slots[slot] = UInt32(truncatingIfNeeded: count)
    if count * 2 > slots.count { grow() }
    return count - 1
  }

  private func holds(_ columns: [[UInt32]], at row: Int, _ number: Int) -> Bool {
    for index in 0..<width where elements[number * width + index] != columns[index][row] {
      return false
    }
    return true
  }

  private static func mix(_ hash: UInt64, _ element: UInt32) -> UInt64 {
    (hash ^ UInt64(element) &+ 0x9E37_79B9) &* 0xE703_7ED1_A0B4_28DB
  }

  private func grow() {
    slots = Array(repeating: 0, count: slots.count * 4)
    let mask = slots.count - 1
    for number in 0..<count {
      var hash: UInt64 = 0
      for index in 0..<width { hash = Self.mix(hash, elements[number * width + index]) }
      var slot = Int(truncatingIfNeeded: hash >> 20) & mask
      while slots[slot] != 0 { slot = (slot + 1) & mask }
      slots[slot] = UInt32(truncatingIfNeeded: number + 1)
    }
  }
}
