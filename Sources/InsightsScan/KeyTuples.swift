internal import InsightsThreads

/// Numbers the distinct combinations of the values of several keys, in the order of first
/// occurrence.
///
/// Values are equal as for `GROUP BY`; see `ValueIndex`. Without keys there is one combination, 0.
final class KeyTuples {
  private let keys: [ValueIndex]
  private let tuples: TupleIndex

  init(keyCount: Int) {
    keys = (0..<keyCount).map { _ in ValueIndex() }
    tuples = TupleIndex(width: keyCount)
  }

  var keyCount: Int { keys.count }

  /// The number of combinations.
  var count: Int {
    switch keys.count {
    case 0: 1
    case 1: keys[0].count
    default: tuples.count
    }
  }

  /// The approximate memory in bytes.
  var byteCount: Int { keys.reduce(tuples.byteCount) { $0 + $1.byteCount } }

  /// Returns the number of the combination that consists of a value; only for a single key.
  func number(of value: Cell) -> Int { keys[0].number(of: value) }

  /// Returns the value of a key in a combination, in memory of this object.
  func value(ofKey key: Int, in tuple: Int) -> Cell {
    keys[key].values[keys.count == 1 ? tuple : tuples.element(key, of: tuple)]
  }

  /// Returns the number of the combination of each row, given a vector for each key.
  func numbers(of vectors: [CellVector], count: Int) -> [UInt32] {
    let numbers = zip(keys, vectors).map { $0.numbers(of: $1, count: count) }
    switch keys.count {
    case 0: return Array(repeating: 0, count: count)
    case 1: return numbers[0]
    default:
      // Consecutive rows mostly have the same combination.
      var last: UInt32 = 0
      return (0..<count).map { row in
        if row == 0 || numbers.contains(where: { $0[row] != $0[row - 1] }) {
          last = UInt32(truncatingIfNeeded: tuples.number(of: numbers, at: row))
        }
        return last
      }
    }
  }

  /// Returns the number here of each combination of another part.
  func numbers(
    of other: KeyTuples, _ cancellation: Cancellation
  ) throws(ScanFailure) -> [UInt32] {
    if keys.isEmpty { return [0] }
    if keys.count == 1 { return try keys[0].numbers(of: other.keys[0].values, cancellation) }
    var numbers: [[UInt32]] = []
    for (index, key) in keys.enumerated() {
      let values = try key.numbers(of: other.keys[index].values, cancellation)
      numbers.append((0..<other.count).map { values[other.tuples.element(index, of: $0)] })
    }
    var combined: [UInt32] = []
    combined.reserveCapacity(other.count)
    try cancellation.forEach(below: other.count) {
      combined.append(UInt32(truncatingIfNeeded: tuples.number(of: numbers, at: $0)))
    }
    return combined
  }
}
